"""`totem sync once`: sends what waits, now."""

from __future__ import annotations

import json
import sys

import click
import structlog

from kiosk.commands.options import plain, state_option, stop
from offline_cache.folder import StateFolder


@click.group(help="The way to the centre.")
def sync() -> None:
    pass


@sync.command(help="Send what waits now; exit 1 if the centre could not be reached.")
@state_option
@click.option("--json", "as_json", is_flag=True, help="One line of JSON, for machines.")
def once(folder: StateFolder, as_json: bool) -> None:
    from offline_cache import outbox
    from offline_cache.store import StoreError, open_store
    from offline_cache.sync_process import once as sync_once

    # standard output belongs to the answer
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        linked = sync_once(folder)
        with open_store(folder) as store:
            waiting = outbox.status(store).waiting
    except (StoreError, OSError, ValueError) as error:
        stop(plain(error))
    if as_json:
        click.echo(json.dumps({"reached": linked, "waiting": waiting}))
        sys.exit(0 if linked else 1)
    if not linked:
        stop("the centre could not be reached; nothing was lost, it is tried again by itself", 1)
    click.echo(f"sent; {waiting} still waiting")
