"""`totem queue`: what waits for the centre, without anything personal."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from kiosk.commands.options import plain, state_option, stop
from kiosk.health.asking import listens
from offline_cache.folder import StateFolder

if TYPE_CHECKING:
    from offline_cache.outbox import QueuedItem
    from offline_cache.store import Store


@contextmanager
def _store(folder: StateFolder) -> Generator[Store]:
    from offline_cache.store import StoreError, open_store

    try:
        with open_store(folder) as store:
            yield store
    except (StoreError, OSError) as error:
        stop(plain(error))


@click.group(help="What waits for the centre.")
def queue() -> None:
    pass


_WHERE = {
    "acknowledged": " by the centre",
    "purged": " here, for it lies in the centre's backup",
    "quarantined": " at the centre, which could not read it",
}

json_option = click.option("--json", "as_json", is_flag=True, help="For machines.")


@queue.command(help="How much waits, and since when.")
@state_option
@json_option
def status(folder: StateFolder, as_json: bool) -> None:
    from offline_cache import numbers, outbox

    with _store(folder) as store:
        found, left = outbox.status(store), numbers.summary(store)
    if as_json:
        click.echo(json.dumps({**dataclasses.asdict(found), "numbers_left": left}))
        return
    age = f", the oldest for {_duration(found.oldest_unsynced_s)}" if found.oldest_unsynced_s is not None else ""
    click.echo(f"waiting       {found.waiting}{age}")
    click.echo(f"acknowledged  {found.acknowledged} (kept until they lie in the centre's backup)")
    click.echo(f"purged        {found.purged} (they lie in the centre's backup)")
    if found.quarantined:
        click.echo(f"quarantined   {found.quarantined} (the centre could not read them; look there)")
    for series, room in left.items():
        click.echo(f"numbers left  {room} of series {series}")


@queue.command(help="List every tracking code that is on disk, one a line.")
@state_option
@click.option("--where", is_flag=True, help="Say beside each when it was given, and where its ticket is.")
@json_option
def codes(folder: StateFolder, where: bool, as_json: bool) -> None:
    from offline_cache import outbox

    with _store(folder) as store:
        if as_json:
            click.echo(json.dumps([dataclasses.asdict(item) for item in outbox.codes(store)]))
            return
        for item in outbox.codes(store):
            click.echo(_told(item) if where else item.code)


def _told(item: QueuedItem) -> str:
    tried = f", tried {item.attempts} times" if item.attempts and item.state == "waiting" else ""
    return f"{item.code}  {item.created}  {item.state}{_WHERE.get(item.state, '')}{tried}"


@queue.command(help="Send what waits at once, instead of when the next try is due.")
@state_option
@json_option
def retry(folder: StateFolder, as_json: bool) -> None:
    from offline_cache import outbox, wake

    with _store(folder) as store:
        waiting = outbox.retry(store)
    wake.post(folder, "sync", {"retry": True})
    if as_json:
        click.echo(json.dumps({"waiting": waiting}))
    elif listens(folder.socket("sync")):
        click.echo(f"{waiting} to send; the sync process was told")
    else:
        click.echo(f"{waiting} to send; no sync process runs: send with `totem sync once`, or start `totem run sync`")


def _duration(seconds: int) -> str:
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
