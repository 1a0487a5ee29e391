"""`totem run`: one process of the kiosk, or, in a checkout, the whole demonstration."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click

from kiosk.commands.options import CHECKOUT, INTERRUPTED, state_option, stop
from kiosk.widgets.tokens import PANELS
from offline_cache.folder import StateFolder

PARTS = ("store", "kiosk", "printer", "sync", "update")


@click.command(help="Run one process of the kiosk, or, without a name, the demonstration.")
@click.argument("part", required=False, type=click.Choice(PARTS))
@state_option
@click.option("--out", type=click.Path(path_type=Path), default=CHECKOUT / "out", help="Where pictures go.")
@click.option(
    "--panel", type=click.Choice(tuple(PANELS)), default="tall", help="The demonstration's panel: its shape and size.",
)
@click.option("--at-start", is_flag=True, help="Of update: as the machine starts, before anything else.")
def run(part: str | None, folder: StateFolder, out: Path, panel: str, at_start: bool) -> None:
    match part:
        case "store":
            _store(folder)
        case "kiosk":
            from kiosk.app import main as kiosk_main

            with _the_only_kiosk(folder):
                kiosk_main(folder)
        case "printer":
            from printer.process import main as printer_main

            printer_main(folder)
        case "sync":
            from offline_cache.sync_process import main as sync_main

            sync_main(folder)
        case "update":
            from kiosk.technician.updating.process import main as update_main

            update_main(folder, at_start=at_start)
        case _:
            _demonstrate(folder, out, panel)


@contextmanager
def _the_only_kiosk(folder: StateFolder) -> Generator[None]:
    """A second screen on one folder would take the sockets of the first, and leave it deaf when it ends."""
    with (folder.make_run() / "kiosk.owner").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stop("another kiosk process shows the screen of this folder: stop that one first")
        yield


def _store(folder: StateFolder) -> None:
    from offline_cache import custodian
    from offline_cache.store import StoreError

    try:
        custodian.prepare(folder)
    except StoreError as error:
        stop(str(error))


def _demonstrate(folder: StateFolder, out: Path, panel: str) -> None:
    from kiosk.simulation import demonstrate

    def end(*_args: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    places = demonstrate.places(folder.path, panel)
    try:
        play = demonstrate.in_window if os.environ.get("DISPLAY") else demonstrate.unattended
        status = play(places, out)
    except demonstrate.CANNOT_RUN as error:
        stop(str(error))
    except KeyboardInterrupt:
        stop("ended before its time; nothing is left running", INTERRUPTED)
    raise SystemExit(status)
