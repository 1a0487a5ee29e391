"""Copying the database aside, and telling each kiosk how far its events are safe.

A kiosk destroys a payload only when it lies in the backup: a centre that was restored has forgotten what came later.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import structlog
from sqlalchemy import select

from central.centre import Centre
from central.models import Kiosk

log = structlog.get_logger("central.backup")


class BackupError(Exception):
    """One line that says why no backup was made."""


def run(centre: Centre) -> dict[str, int]:
    """Makes the backup and raises `safe_seq`; gives it per kiosk. BackupError where the database is not SQLite."""
    if centre.state.settings.database_url is not None:
        raise BackupError("this centre's database is not in its folder: back it up with the database's own tools")
    target = centre.state.backup
    with _alone(target.parent):
        _copy(centre.state.database, target)
        with centre.database.transaction() as session:
            kiosks = list(session.scalars(select(Kiosk).order_by(Kiosk.id)))
            with closing(sqlite3.connect(target)) as copy:
                for kiosk in kiosks:
                    kiosk.safe_seq = _contiguous(copy, kiosk.id, kiosk.safe_seq)
            return {kiosk.id: kiosk.safe_seq for kiosk in kiosks}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time: an administrator makes one while a timer or the server makes another."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _copy(source: Path, target: Path) -> None:
    """Beside the last one, whole and synced, then renamed over it."""
    aside = target.with_name(f".{target.name}.new")
    aside.unlink(missing_ok=True)
    os.close(os.open(aside, os.O_WRONLY | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(aside)) as copy:
        live.backup(copy)
        # one file without a log beside it, complete in itself
        copy.execute("PRAGMA journal_mode=DELETE")
    for path in (aside, target.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if path == aside:
            aside.replace(target)


def _contiguous(copy: sqlite3.Connection, kiosk: str, start: int) -> int:
    """The highest number up to which the copy holds every event of the kiosk, from the first one on."""
    held = copy.execute(
        "SELECT seq FROM events WHERE kiosk = :kiosk AND seq > :start"
        " UNION SELECT seq FROM conflicts WHERE kiosk = :kiosk AND seq > :start ORDER BY seq",
        {"kiosk": kiosk, "start": start},
    )
    for (seq,) in held:
        if seq != start + 1:
            break
        start = seq
    return start
