"""Copying the database aside, and telling each kiosk how far its events are safe.

A kiosk destroys a payload only when it lies in the backup: a centre that was restored has forgotten what came later.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import structlog
from sqlalchemy import create_engine, select, union
from sqlalchemy.orm import Session

from central import backup_postgresql, marks
from central.backup_postgresql import BackupError
from central.centre import Centre
from central.database import Database
from central.models import Conflict, Kiosk, Series, StoredEvent
from central.state import CentralState

log = structlog.get_logger("central.backup")
GENERATION_BITS = 32


def run(centre: Centre) -> dict[str, int]:
    """Makes the backup and raises `safe_seq`; gives it per kiosk. BackupError says why there is none."""
    target = backup_file(centre.state)
    with _alone(target.parent):
        if centre.state.settings.database_url is None:
            held, numbers = _of_sqlite(centre.state.database, target)
        else:
            held, numbers = backup_postgresql.dump(centre, target)
        with centre.database.transaction() as session:
            for name, value in numbers.items():
                session.get_one(Series, name, with_for_update=True).ceiling = value
            safe = {}
            for kiosk in session.scalars(select(Kiosk).order_by(Kiosk.id).with_for_update()):
                safe[kiosk.id] = kiosk.safe_seq = held.get(kiosk.id, kiosk.safe_seq)
            return safe


class WhenWritten:
    """Does a job only if somebody has written into a SQLite database since it was last done (sqlite.org/pragma.html,
    data_version: another number after every commit of another connection).
    """

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(database, check_same_thread=False)
        self._seen: int | None = None

    def do(self, job: Callable[[], object]) -> None:
        (now,) = self._connection.execute("PRAGMA data_version").fetchone()
        if now != self._seen:
            job()
            self._seen = now

    def close(self) -> None:
        self._connection.close()


def backup_file(state: CentralState) -> Path:
    """Where the newest backup lies: a database of SQLite, or an archive of pg_restore."""
    return state.backup if state.settings.database_url is None else state.backup.with_name("central.dump")


def _of_sqlite(source: Path, target: Path) -> tuple[dict[str, int], dict[str, int]]:
    aside = target.with_name(f".{target.name}.new")
    aside.unlink(missing_ok=True)
    os.close(os.open(aside, os.O_WRONLY | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(aside)) as copy:
        live.backup(copy)
        # one file without a log beside it, complete in itself
        copy.execute("PRAGMA journal_mode=DELETE")
    engine = create_engine(f"sqlite+pysqlite:///{aside}", hide_parameters=True)
    try:
        with Session(engine) as session, session.begin():
            held, numbers = safe_in(session)
            # Whoever puts this copy in place, however they do it, has a centre that knows it was put back.
            marks.mark_copy(session)
    finally:
        engine.dispose()
    put_in_place(aside, target)
    return held, numbers


def safe_in(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """Of a database: up to which `seq` it holds each kiosk's events without a gap, and each series' next number."""
    ends: dict[str, int] = {}
    held = union(
        select(StoredEvent.kiosk, StoredEvent.seq).join(Kiosk, Kiosk.id == StoredEvent.kiosk)
        .where(StoredEvent.seq > Kiosk.safe_seq),
        select(Conflict.kiosk, Conflict.seq).join(Kiosk, Kiosk.id == Conflict.kiosk)
        .where(Conflict.seq > Kiosk.safe_seq),
    ).subquery()
    # A disk that begins anew counts from a base of its own, and offers there whatever it has kept.
    starts = {
        kiosk: max(safe_seq, generation << GENERATION_BITS)
        for kiosk, safe_seq, generation in session.execute(select(Kiosk.id, Kiosk.safe_seq, Kiosk.generation))
    }
    for kiosk, seq in session.execute(select(held.c.kiosk, held.c.seq).order_by(held.c.kiosk, held.c.seq)):
        end = ends.get(kiosk, starts[kiosk])
        ends[kiosk] = end + 1 if seq == end + 1 else end
    return ends, {row.name: row.next for row in session.scalars(select(Series))}


def put_in_place(aside: Path, target: Path) -> None:
    """Synced, then renamed over the last one."""
    for path in (aside, target.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if path == aside:
            aside.replace(target)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time: an administrator makes one while a timer or the server makes another."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def restore(state: CentralState, source: Path) -> None:
    """Puts a backup in the place of the database; what was there is kept beside it. BackupError if it is none, or the
    server runs. Whoever serves it then is another centre to the kiosks, which offer again what they still keep.
    """
    if not source.is_file():
        raise BackupError(f"{source} is missing: name the backup to put back")
    with _not_served(state):
        if state.settings.database_url is None:
            _restore_sqlite(state, source)
        else:
            backup_postgresql.restore(state.settings.database_url, source)
        database = Database(state.database_url)
        try:
            with database.transaction() as session:
                marks.mark_copy(session)
        finally:
            database.close()


def _restore_sqlite(state: CentralState, source: Path) -> None:
    aside = state.database.with_name(f".{state.database.name}.new")
    shutil.copyfile(source, aside)
    aside.chmod(0o600)
    try:
        with closing(sqlite3.connect(f"{aside.as_uri()}?mode=ro", uri=True)) as copy:
            whole = copy.execute("pragma integrity_check").fetchone() == ("ok",)
            whole = whole and copy.execute("select count(*) from marks").fetchone() is not None
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        aside.unlink()
        raise BackupError(f"{source} is no whole backup of a centre: name another")
    number = 1 + sum(1 for _ in state.path.glob("before-restore-*"))
    kept = state.path / f"before-restore-{number}"
    kept.mkdir(mode=0o700)
    for suffix in ("", "-wal", "-shm"):
        file = state.database.with_name(state.database.name + suffix)
        if file.exists():
            file.rename(kept / file.name)
    put_in_place(aside, state.database)


@contextmanager
def _not_served(state: CentralState) -> Iterator[None]:
    with (state.path / "serve.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"{state.path} is being served: stop the server first") from error
        yield
