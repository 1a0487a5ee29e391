"""`totem sync once`: sends what waits, now."""

from __future__ import annotations

import click

from kiosk.commands.options import state_option, stop
from offline_cache.folder import StateFolder


@click.group(help="The way to the centre.")
def sync() -> None:
    pass


@sync.command(help="Send what waits now; exit 1 if the centre could not be reached.")
@state_option
def once(folder: StateFolder) -> None:
    from offline_cache import outbox
    from offline_cache.store import StoreError, open_store
    from offline_cache.sync import once as sync_once

    try:
        linked = sync_once(folder)
        with open_store(folder) as store:
            waiting = outbox.status(store).waiting
    except (StoreError, OSError, ValueError) as error:
        stop(str(error))
    if not linked:
        stop("the centre could not be reached; nothing was lost, it is tried again by itself", 1)
    click.echo(f"sent; {waiting} still waiting")
