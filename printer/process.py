"""The printer process: one spooler on one store and one printer, until a signal ends it."""

from __future__ import annotations

import errno
import fcntl
import os
import select
import signal
import sys
from contextlib import ExitStack, closing
from typing import Any, NoReturn

from offline_cache import clock, damage
from offline_cache.folder import StateFolder
from offline_cache.notify import notify
from offline_cache.occupied import Occupied
from offline_cache.pulse import Pulse
from offline_cache.store import StoreCorruptError, StoreError, open_store
from offline_cache.wake import Mailbox, post
from printer import profiles
from printer.a4.spooler import A4Thread
from printer.connection import Connection
from printer.spooler import Spooler
from printer.status_maps.registry import map_of
from printer.transport import keep_escpos_quiet
from printer.transports.registry import own, transport_of

# Nothing is looked at more often than this while nobody prints.
REST_S = 1.0
MOVING_S = 0.1
# The unit starts it again.
RESTART = {"restart": True}
# The longest that a driver may keep the loop: a port that is slow to open, a bus that is reset.
HANGS_S = 30.0
_TAKEN = frozenset({errno.EADDRINUSE, errno.EWOULDBLOCK})


def serve(spooler: Spooler, mailbox: Mailbox, stopping: list[int]) -> None:
    """Runs until a signal's number stands in `stopping`."""
    occupied = Occupied(spooler.folder)
    with Pulse(HANGS_S) as pulse, closing(occupied):
        spooler.start(clock.boottime_s())
        notify("READY=1")
        while not stopping:
            pulse.turn()
            spooler.step(clock.boottime_s())
            occupied.tell(occupied=spooler.active is not None)
            _wait(spooler, mailbox)
            for message in mailbox.receive(0.0):
                if message == RESTART:
                    stopping.append(signal.SIGTERM)
                else:
                    _take(spooler, message)


def _wait(spooler: Spooler, mailbox: Mailbox) -> None:
    connection = spooler.connection
    read: list[Any] = [mailbox]
    write: list[Any] = []
    if connection.is_open:
        read.append(connection)
        if spooler.wants_to_write():
            write.append(connection)
    moving = spooler.active is not None and spooler.active.delivery is not None
    select.select(read, write, [], MOVING_S if moving else REST_S)


def _take(spooler: Spooler, message: dict[str, Any] | None) -> None:
    match message:
        case None:
            spooler.look()
        case {"tell": str(name)}:
            printer, *told = spooler.status(clock.boottime_s())
            post(spooler.folder, name, {**printer, "jobs": told})
        case _:
            pass


def main(folder: StateFolder) -> None:
    """The process `totem run printer`. Ends on SIGTERM; SystemExit with one plain line when it cannot run."""
    stopping: list[int] = []

    def stop(number: int, _frame: object) -> None:
        stopping.append(number)
        post(folder, "printer")

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        settings, a4 = folder.settings().printer, folder.settings().page_printer
        profile = profiles.load(settings.profile)
        refused = profiles.refusal(profile, settings.unconfirmed)
        if refused is not None:
            _leave(refused)
        run = folder.make_run()
        keep_escpos_quiet(str(run))
        with ExitStack() as stack:
            owner = os.open(run / "printer.owner", os.O_RDWR | os.O_CREAT, 0o600)
            stack.callback(os.close, owner)
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            stack.enter_context(own(settings))
            connection = Connection(transport_of(settings, profile), lambda: map_of(profile))
            stack.callback(connection.close)
            store = stack.enter_context(open_store(folder))
            mailbox = stack.enter_context(Mailbox(folder, "printer"))
            if a4 is not None:
                pages = A4Thread(folder, a4)
                stack.callback(pages.stop)
                pages.start()
            serve(Spooler(folder, store, connection, profile), mailbox, stopping)
    except OSError as error:
        if error.errno in _TAKEN:
            _leave("another printer process owns this printer: stop that one first")
        _leave(str(error))
    except (StoreError, ValueError) as error:
        if isinstance(error, StoreCorruptError):
            damage.report(folder)
        _leave(str(error))


def _leave(line: str) -> NoReturn:
    sys.stderr.write(f"totem: {line}\n")
    raise SystemExit(2)
