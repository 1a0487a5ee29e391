"""The sync process around its loop: it alone on a folder, its sockets, its pulse, and how it ends."""

from __future__ import annotations

import fcntl
import random
import select
import signal
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum
from typing import NoReturn

from offline_cache import catalogue_cache, damage, lookups
from offline_cache.folder import StateFolder
from offline_cache.notify import notify
from offline_cache.pulse import Pulse
from offline_cache.store import StoreCorruptError, StoreError, open_store
from offline_cache.sync import Sync
from offline_cache.wake import Mailbox

TELL_EVERY_S = 1.0
# The longest that a request may take, and a name look-up before it without anybody who answers.
HANGS_S = 60.0
_LOOKS_AGAIN_S = 0.1


def main(folder: StateFolder) -> None:
    """The process `totem run sync`: runs until it is killed. SystemExit with one plain line when it cannot run.

    SIGTERM ends it at once, in the middle of a request or of a name look-up that hangs: everything here has to survive
    SIGKILL, so an end with less haste would promise nothing more.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    try:
        with _owner(folder), open_store(folder) as store, Mailbox(folder, "sync") as mailbox, Pulse(HANGS_S) as pulse:
            sync = Sync(folder, store, random.Random())  # noqa: S311  jitter, not a secret
            _serve(sync, mailbox, lookups.Counter(folder), pulse)
    except (StoreError, OSError, ValueError) as error:
        if isinstance(error, StoreCorruptError):
            damage.report(folder)
        sys.stderr.write(f"totem: {error}\n")
        raise SystemExit(2) from error


def _serve(sync: Sync, mailbox: Mailbox, counter: lookups.Counter, pulse: Pulse) -> NoReturn:
    def between() -> None:
        pulse.turn()
        counter.serve(sync.answer)

    sync.between = between
    notify("READY=1")
    told_s, busy = 0.0, True
    while True:
        pulse.turn()
        wait_s = 0.0 if busy else sync.idle_s(time.monotonic())
        select.select([mailbox.fileno(), counter.fileno()], [], [], wait_s)
        counter.serve(sync.answer)
        for message in mailbox.receive(0):
            if message is not None:
                sync.hear(message)
        if time.monotonic() - told_s >= TELL_EVERY_S:
            told_s = time.monotonic()
            sync.tell()
        busy = sync.step(time.monotonic())


def once(folder: StateFolder) -> bool:
    """Sends what waits, now; True if the centre answered. For `totem sync once`.

    BlockingIOError while a sync process runs on this folder: it sends by itself.
    """
    with _owner(folder), open_store(folder) as store:
        sync = Sync(folder, store, random.Random())  # noqa: S311  jitter, not a secret
        while sync.step(time.monotonic()):
            pass
        return sync.reached


class FirstCatalogue(StrEnum):
    """How the first meeting with the centre ended."""

    HERE = "here"
    NONE_PUBLISHED = "none-published"
    NOT_FETCHED = "not-fetched"
    REFUSED = "refused"


def first_catalogue(folder: StateFolder, limit_s: float) -> tuple[FirstCatalogue, str]:
    """Asks until a catalogue is here, the centre says that it has none, or `limit_s` are over; why it was refused.

    A line that breaks once is no answer. Raises SealsElsewhereError for one that seals to another key than the token
    names, and BlockingIOError as `once`.
    """
    with _owner(folder), open_store(folder) as store:
        sync = Sync(folder, store, random.Random())  # noqa: S311  jitter, not a secret
        until_s = time.monotonic() + limit_s
        while True:
            while sync.step(time.monotonic()):
                pass
            if catalogue_cache.current_version(store) is not None:
                return FirstCatalogue.HERE, ""
            if isinstance(sync.refusal, catalogue_cache.SealsElsewhereError):
                raise sync.refusal
            if sync.refusal is not None:
                return FirstCatalogue.REFUSED, str(sync.refusal)
            if sync.reached and sync.wanted is None:
                return FirstCatalogue.NONE_PUBLISHED, ""
            if time.monotonic() >= until_s:
                return FirstCatalogue.NOT_FETCHED, ""
            time.sleep(_LOOKS_AGAIN_S)


@contextmanager
def _owner(folder: StateFolder) -> Generator[None]:
    """One process per device key: the centre refuses requests that overtake each other."""
    with (folder.make_run() / "sync.owner").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            line = "a sync process runs on this folder and sends by itself: `totem queue retry` wakes it"
            raise BlockingIOError(line) from error
        yield
