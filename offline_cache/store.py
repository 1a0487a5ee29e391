"""The encrypted store: one SQLCipher file per kiosk, shared by its processes.

Each process holds a shared lock on `store.lock` while it has the store open; only the custodian holds it exclusively,
and only the custodian creates, migrates, checks or renames the file. So nobody can be committing into a file that was
just put aside. Power cuts: WAL, synchronous FULL and psow=0, each set and then read back. The page size stays at
SQLCipher's 4096: smaller pages commit faster, but only this one was replayed against torn blocks.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import math
import os
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from sqlcipher3 import dbapi2

from offline_cache.durable_files import make_folder_durably, write_durably
from offline_cache.folder import StateFolder
from offline_cache.schema import LATEST, OLDEST_READER_KEY, refusal

if TYPE_CHECKING:
    import sqlite_utils

BUSY_TIMEOUT_MS = 5000
_CHECKPOINT_TIMEOUT_MS = 50
# A read keeps what was purged meanwhile in the log, and the log from being emptied.
LONGEST_READ_S = 1.0
# About a millisecond's work: what is shorter is never asked for the time.
_INSTRUCTIONS = 20_000
PAGE_BYTES = 4096
KEY_BYTES = 32
SALT_BYTES = 16

# (pragma, value set, value that must be read back). Order matters: journal_mode writes the file's header.
_PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("busy_timeout", str(BUSY_TIMEOUT_MS), BUSY_TIMEOUT_MS),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("secure_delete", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("cipher_page_size", "", str(PAGE_BYTES)),
)


class StoreError(Exception):
    """The store cannot be used; the message is one plain line that says what to do."""


class StoreInUseError(StoreError):
    """Another process holds the lock, or wrote for longer than the busy timeout."""


class StoreMissingError(StoreError):
    """There is no store, or no key, in this folder."""


class StoreKeyWrongError(StoreError):
    """The key is not the one this store was made with; the store itself may be whole."""


class StoreVersionDiffersError(StoreError):
    """The file was made by an older or a newer program."""


class StoreCorruptError(StoreError):
    """The file is damaged. The process must exit: the custodian alone may put the file aside."""


class StoreUnwritableError(StoreError):
    """Disk full, read-only or failing. What was being committed is not in the store."""


class StoreSettingRefusedError(StoreError):
    """SQLite did not take a setting that durability or privacy rests on."""


# sqlcipher3 gives no error codes, only SQLite's own fixed sentences (sqlite3ErrStr in main.c).
_DAMAGED = "the store is damaged: stop this kiosk's processes and run `totem run store`"
_TROUBLES: tuple[tuple[str, type[StoreError], str], ...] = (
    ("malformed", StoreCorruptError, _DAMAGED),
    ("file is not a database", StoreCorruptError, _DAMAGED),
    ("database or disk is full", StoreUnwritableError, "the disk is full: make room in the state folder"),
    ("disk I/O error", StoreUnwritableError, "the disk fails: check or replace it"),
    ("readonly database", StoreUnwritableError, "the store is read-only: check the disk and who owns the folder"),
    ("unable to open", StoreUnwritableError, "the store cannot be opened: check the owner of the state folder"),
    ("interrupted", StoreInUseError, "reading the store took too long: try again"),
    ("database is locked", StoreInUseError, "another process keeps writing to the store: try again"),
)


@contextmanager
def plain_errors() -> Generator[None]:
    """Turns what SQLite says of disk, lock and damage into a StoreError; programming errors pass unchanged."""
    try:
        yield
    except dbapi2.DatabaseError as error:
        _tell_plainly(error)
        raise


def _tell_plainly(error: Exception) -> None:
    """Raises the StoreError that it is, if it is one."""
    said = str(error)
    for sentence, kind, line in _TROUBLES:
        if sentence in said:
            raise kind(line) from error


class Hold:
    """A lock on the store's lock file, shared or exclusive, until closed or until the process ends."""

    def __init__(self, folder: StateFolder, *, exclusive: bool) -> None:
        self._fd = os.open(folder.lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._fd, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._fd)
            if exclusive:
                raise StoreInUseError("the store is in use: stop this kiosk's processes first") from error
            raise StoreInUseError("the store is being checked: try again in a moment") from error

    def close(self) -> None:
        os.close(self._fd)


def key_path(folder: StateFolder) -> Path:
    return folder.keys / "store.key"


def key_id_path(folder: StateFolder) -> Path:
    """A mark of the key that the store was made with, which tells a wrong key from a damaged file."""
    return folder.path / "store.key-id"


def key_id(key: bytes) -> str:
    return hmac.new(key, b"totem-store-key-id", hashlib.sha256).hexdigest()[:32]


def salt_path(folder: StateFolder) -> Path:
    """The salt of the store's pages, beside the store. The file's own copy lies in its first block, which a power cut
    in the middle of a checkpoint may tear: then the log holds everything, and could not be read.
    """
    return folder.path / "store.salt"


def read_salt(folder: StateFolder) -> bytes | None:
    """The salt, not secret; None where the store's own file must do."""
    try:
        salt = bytes.fromhex(salt_path(folder).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return salt if len(salt) == SALT_BYTES else None


def create_keys(folder: StateFolder) -> None:
    """Makes `store.key` (64 hex digits, mode 0600) if there is none; never replaces one."""
    path = key_path(folder)
    make_folder_durably(path.parent)
    if path.exists():
        return
    write_durably(path, os.urandom(KEY_BYTES).hex() + "\n")


def read_key(folder: StateFolder) -> bytes:
    """The raw key; StoreMissingError or StoreKeyWrongError if it is absent, malformed, or not this store's."""
    path = key_path(folder)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise StoreMissingError(f"{path} is missing: run `totem provision`, or `make run` in a checkout") from error
    except ValueError as error:
        raise StoreKeyWrongError(f"{path} is not a key: it must hold 64 hexadecimal digits") from error
    if len(key) != KEY_BYTES:
        raise StoreKeyWrongError(f"{path} is not a key: it must hold 64 hexadecimal digits")
    mark = key_id_path(folder)
    if mark.exists() and not hmac.compare_digest(mark.read_text(encoding="ascii").strip(), key_id(key)):
        raise StoreKeyWrongError(f"{path} is not the key of this store: put the right key back")
    return key


def connect(path: Path, key: bytes, salt: bytes | None = None, *, create: bool = False) -> Any:
    """A connection with every setting read back. psow=0 pads each commit to a whole sector of the disk. Without `salt`
    the file's own is used.
    """
    connection = dbapi2.connect(
        f"{path.resolve().as_uri()}?mode={'rwc' if create else 'rw'}&psow=0", uri=True, isolation_level=None
    )
    try:
        # Its notes go to standard error otherwise, where one plain line belongs.
        connection.execute("pragma cipher_log_level = NONE")
        connection.execute(f"pragma key = \"x'{key.hex()}{(salt or b'').hex()}'\"")
        _set_and_read_back(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_and_read_back(connection: Any) -> None:
    for name, value, expected in _PRAGMAS:
        if value:
            connection.execute(f"pragma {name} = {value}").fetchall()
        if connection.execute(f"pragma {name}").fetchone() != (expected,):
            line = f"SQLite refused {name} = {value or expected}: install the program's packages again"
            raise StoreSettingRefusedError(line)


class Store:
    """One thread's connection to the store. Made by `open_store`."""

    def __init__(self, folder: StateFolder, connection: Any, hold: Hold | None) -> None:
        self.folder = folder
        self._connection = connection
        self._hold = hold
        self._thread = threading.get_ident()
        self._depth = 0
        self._db: sqlite_utils.Database | None = None
        self._read_until_s = math.inf

    @property
    def connection(self) -> Any:
        """The connection; RuntimeError from any thread but the one that opened this store."""
        if threading.get_ident() != self._thread:
            raise RuntimeError("a store belongs to the thread that opened it: open one per thread")
        return self._connection

    @property
    def db(self) -> sqlite_utils.Database:
        """The tables, for looking around in them and for work in bulk; write inside `transaction`."""
        if self._db is None:
            # It loads numpy, which the screen's process must not wait for.
            import sqlite_utils

            self._db = sqlite_utils.Database(self.connection)
        return self._db

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """The rows of a query, as dictionaries. Outside a transaction it may take LONGEST_READ_S."""
        if not self._depth:
            self._read_until_s = time.monotonic() + LONGEST_READ_S
        try:
            cursor = self.connection.execute(sql, parameters)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
        except dbapi2.DatabaseError as error:
            _tell_plainly(error)
            raise
        finally:
            self._read_until_s = math.inf

    def bounded(self) -> Self:
        """From now on no read lasts longer than LONGEST_READ_S: StoreInUseError ends it. For all but the custodian, who
        is alone and reads everything.
        """
        self.connection.set_progress_handler(lambda: time.monotonic() > self._read_until_s, _INSTRUCTIONS)
        return self

    def row(self, sql: str, parameters: Sequence[object] = ()) -> dict[str, Any] | None:
        """The first row, or None."""
        return next(iter(self.rows(sql, parameters)), None)

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Runs a statement that writes; how many rows it touched. Belongs inside `transaction`."""
        try:
            return int(self.connection.execute(sql, parameters).rowcount)
        except dbapi2.DatabaseError as error:
            _tell_plainly(error)
            raise

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, and on disk for good when it ends without an error.

        BEGIN IMMEDIATE, because a deferred transaction that reads and then writes fails at once beside another
        writer. Inside another transaction it is a savepoint of that one.
        """
        return _Transaction(self)

    def joined(self) -> AbstractContextManager[None]:
        """Part of the transaction under way, or one of its own: for what is undone with the whole or not at all."""
        return nullcontext() if self._depth else _Transaction(self)

    def checkpoint(self, wait: Callable[[float], object], tries: int = 5, pause_s: float = 0.1) -> bool:
        """Empties the write-ahead log, where purged bytes live on; False if readers kept it busy all the time.

        `wait` sleeps, for example `time.sleep`. Each try is short: while it waits for readers it keeps writers out.
        """
        try:
            self.execute(f"pragma busy_timeout = {_CHECKPOINT_TIMEOUT_MS}")
            for attempt in range(tries):
                if attempt:
                    wait(pause_s)
                if self.rows("pragma wal_checkpoint(truncate)")[0]["busy"] == 0:
                    return True
            return False
        finally:
            self.execute(f"pragma busy_timeout = {BUSY_TIMEOUT_MS}")

    def close(self) -> None:
        self.connection.close()
        if self._hold is not None:
            self._hold.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Transaction:
    """What `Store.transaction` gives; no generator, because this is the way of every ticket."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> None:
        store, depth = self._store, self._store._depth
        self._begin, self._end, self._undo = (
            ("begin immediate", "commit", "rollback")
            if depth == 0
            else (f"savepoint t{depth}", f"release t{depth}", f"rollback to t{depth}")
        )
        store.execute(self._begin)
        store._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        store, self._store._depth = self._store, self._store._depth - 1
        done = False
        try:
            if kind is None:
                store.execute(self._end)
                done = True
        finally:
            # SQLite may have rolled back by itself (disk full, I/O error).
            if not done and store.connection.in_transaction:
                store.execute(self._undo)
        if isinstance(error, dbapi2.DatabaseError):
            _tell_plainly(error)


def open_store(folder: StateFolder) -> Store:
    """Opens the store that the custodian prepared, for the calling thread. StoreError says what is wrong."""
    if not folder.database.exists():
        raise StoreMissingError(f"there is no store in {folder.path}: run `totem run store`")
    hold = Hold(folder, exclusive=False)
    try:
        key, salt = read_key(folder), read_salt(folder)
        version_of(folder, key, salt, as_it_is=True)
        with plain_errors():
            connection = connect(folder.database, key, salt)
        return Store(folder, connection, hold).bounded()
    except BaseException:
        hold.close()
        raise


def version_of(folder: StateFolder, key: bytes, salt: bytes | None, *, as_it_is: bool = False) -> int:
    """The version of the folder's store. StoreVersionDiffersError if it is too new for this program; `as_it_is`: or if
    it must be brought forward first.

    Only reads: opened for writing, closing alone would move the log over, and a store that is refused keeps every byte.
    """
    with plain_errors():
        connection = dbapi2.connect(f"{folder.database.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            connection.execute("pragma cipher_log_level = NONE")
            connection.execute(f"pragma key = \"x'{key.hex()}{(salt or b'').hex()}'\"")
            connection.execute(f"pragma busy_timeout = {BUSY_TIMEOUT_MS}")
            version = int(connection.execute("pragma user_version").fetchone()[0])
            if version > LATEST:
                found = connection.execute("select value from meta where key = ?", (OLDEST_READER_KEY,)).fetchone()
                why = refusal(version, int(found[0]) if found else version)
                if why is not None:
                    raise StoreVersionDiffersError(why)
        finally:
            connection.close()
    if as_it_is and version < LATEST:
        raise StoreVersionDiffersError(
            f"the store is older than this program ({version}, not {LATEST}): run `totem run store`"
        )
    return version
