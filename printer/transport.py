"""The way to the printer: bytes out, bytes in, nothing about what they mean.

Reading, writing and timeouts are ours on every way: a library's write that blocks until everything is gone would not
tell how far a job has come, and one that ignores a short count loses the rest without a word.
"""

from __future__ import annotations

import os
import pickle
import platform
from pathlib import Path
from typing import Protocol

# Small, so that "accepted" means the printer's side and not our kernel's buffers.
SEND_BUFFER_BYTES = 4096


class TransportLostError(Exception):
    """The printer cannot be reached, or has just gone. `unplugged`: the cable or the device is known to be out.

    `partial`: some of the bytes that were being written may have left; otherwise none has.
    """

    def __init__(self, why: str, *, unplugged: bool = False, partial: bool = False) -> None:
        super().__init__(why)
        self.unplugged = unplugged
        self.partial = partial


class Transport(Protocol):
    """One way to one printer. Not open after construction, and again after `close`."""

    def open(self) -> None:
        """Connects, within about a second; TransportLostError if nobody answers, or if somebody else owns it."""

    def fileno(self) -> int:
        """For select; only while open."""

    def write(self, data: bytes) -> int:
        """How many of the bytes could be handed over at once, possibly 0; never waits. TransportLostError."""

    def read(self) -> bytes:
        """What has come, possibly nothing; never waits. TransportLostError when the other end has closed."""

    def in_flight(self) -> int:
        """How many handed bytes the other end has not acknowledged yet."""

    def close(self) -> None:
        """May be called at any time."""


def keep_escpos_quiet(memory: str) -> None:
    """Before python-escpos is first imported: its cache of the printer database goes into a folder in memory.

    Otherwise it makes a new folder under /tmp at every start.
    """
    _drop_half_a_cache(Path(memory))
    os.environ.setdefault("ESCPOS_CAPABILITIES_PICKLE_DIR", memory)


def _drop_half_a_cache(memory: Path) -> None:
    """Killed while it wrote its cache, python-escpos could not be imported again before the next boot."""
    cache = memory / f"{platform.python_version()}.capabilities.pickle"
    try:
        pickle.loads(cache.read_bytes())  # noqa: S301  of our own private folder, and read by the library anyway
    except FileNotFoundError:
        return
    except Exception:  # noqa: BLE001  whatever is wrong with it, it is made again
        cache.unlink(missing_ok=True)
