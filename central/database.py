"""The engine and its transactions. SQLite serves one machine; the same code runs on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

BUSY_S = 20
_TRIES = 4
T = TypeVar("T")


def engine_for(url: str) -> Engine:
    """WAL and synchronous FULL on SQLite: what was acknowledged survives a power cut."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
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


def _deadlock(error: OperationalError) -> bool:
    """PostgreSQL ended this transaction because it and another waited for each other (SQLSTATE 40P01, 40001)."""
    return getattr(error.orig, "sqlstate", None) in {"40P01", "40001"}


class Database:
    """Transactions of one centre."""

    def __init__(self, url: str) -> None:
        self.engine = engine_for(url)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commits when the block ends, rolls back when it raises."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

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
        self.engine.dispose()
