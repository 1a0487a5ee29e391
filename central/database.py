"""The engine and its transactions. SQLite serves one machine; the same code runs on PostgreSQL."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Executable, create_engine, event
from sqlalchemy.exc import DisconnectionError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

BUSY_S = 20
_SURELY_ALIVE_S = 2.0
_TRIES = 4
T = TypeVar("T")


def engine_for(url: str, *, relaxed: bool = False) -> Engine:
    """WAL and synchronous FULL on SQLite: what was acknowledged survives a power cut. `relaxed`: on PostgreSQL a commit
    does not wait for the disk, and is there at the latest when a later one that waits is.
    """
    if not url.startswith("sqlite"):
        options = {"options": "-c synchronous_commit=off"} if relaxed else {}
        engine = create_engine(url, connect_args=options, hide_parameters=True)
        event.listen(engine, "checkin", _put_back)
        event.listen(engine, "checkout", _take)
        return engine
    # hidden, because an error's text reaches the log and the parameters are people's
    engine = create_engine(url, connect_args={"timeout": BUSY_S}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # the driver's own implicit BEGIN is deferred, and a deferred read-then-write fails beside another writer
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _put_back(_connection: Any, record: Any) -> None:
    record.info["idle_since_s"] = time.monotonic()


def _take(connection: Any, record: Any, _proxy: object) -> None:
    """A connection that was idle may have been closed by a database that was started again. One that was used just now
    is not asked: that would double the way there of every request.
    """
    if time.monotonic() - record.info.get("idle_since_s", math.inf) < _SURELY_ALIVE_S:
        return
    try:
        connection.execute("select 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error


def _deadlock(error: OperationalError) -> bool:
    """PostgreSQL ended this transaction because it and another waited for each other (SQLSTATE 40P01, 40001)."""
    return getattr(error.orig, "sqlstate", None) in {"40P01", "40001"}


class Database:
    """Transactions of one centre."""

    def __init__(self, url: str) -> None:
        self.engine = engine_for(url)
        self._relaxed = self.engine if url.startswith("sqlite") else engine_for(url, relaxed=True)
        self._at_once = self._relaxed.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def transaction(self, *, relaxed: bool = False) -> Iterator[Session]:
        """Commits when the block ends, rolls back when it raises. `relaxed`: for what is told again soon, so that the
        last of it may be forgotten in a power cut (on PostgreSQL; on SQLite nothing is).
        """
        with Session(self._relaxed if relaxed else self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def at_once(self, statement: Executable, values: Mapping[str, object]) -> int:
        """One statement as a relaxed transaction of its own; how many rows it touched."""
        if self._relaxed is self.engine:
            with self.transaction() as session:
                return int(session.execute(statement, values).rowcount)  # type: ignore[attr-defined]
        with self._at_once.connect() as connection:
            return int(connection.execute(statement, values).rowcount)

    def serialised(self, work: Callable[[Session], T]) -> T:
        """What `work` gives, in a transaction of its own. Done anew, from the beginning, when another process was in
        the way: it wrote the same row first, or each waited for the other.
        """
        for attempt in range(_TRIES):
            try:
                with self.transaction() as session:
                    return work(session)
            except (IntegrityError, OperationalError) as error:
                if attempt == _TRIES - 1 or (isinstance(error, OperationalError) and not _deadlock(error)):
                    raise
        raise AssertionError("a try either returns or raises")

    def migrate(self, to: str = "head") -> None:
        """Brings the schema to a version, the newest by default."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, to)

    def close(self) -> None:
        self._relaxed.dispose()
        self.engine.dispose()
