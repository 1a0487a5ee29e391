import os
import stat
import subprocess
import sys
import threading
import time

import pytest
from sqlcipher3 import dbapi2

from offline_cache import store as store_module
from offline_cache.folder import StateFolder
from offline_cache.schema import LATEST
from offline_cache.store import (
    Hold,
    Store,
    StoreCorruptError,
    StoreInUseError,
    StoreKeyWrongError,
    StoreMissingError,
    StoreSettingRefusedError,
    StoreUnwritableError,
    StoreVersionDiffersError,
    connect,
    create_keys,
    key_path,
    open_store,
    read_key,
)


def test_what_durability_and_privacy_rest_on_is_read_back(store: Store):
    found = {
        name: next(iter(store.rows(f"pragma {name}")[0].values()))
        for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout", "temp_store")
    }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "temp_store": 2,
    }
    assert store.row("pragma user_version") == {"user_version": LATEST}


def test_a_setting_that_sqlite_does_not_take_is_refused(folder: StateFolder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store_module, "_PRAGMAS", (("synchronous", "NORMAL", 2),))
    with pytest.raises(StoreSettingRefusedError, match="synchronous"):
        open_store(folder)


def test_each_commit_is_padded_to_a_whole_sector(folder: StateFolder, store: Store):
    """psow=0: SQLite repeats the last frame up to the next sector; with psow=1 it does not."""

    def log_bytes(*, padded: bool) -> int:
        path = folder.path / f"padded-{padded}.db"
        connection = connect(path, bytes(32), create=True)
        if not padded:
            connection.close()
            connection = dbapi2.connect(path.as_uri() + "?psow=1", uri=True, isolation_level=None)
            connection.execute(f"pragma key = \"x'{bytes(32).hex()}'\"")
            connection.execute("pragma synchronous = FULL")
        connection.execute("create table if not exists t (a)")
        connection.execute("pragma wal_checkpoint(truncate)").fetchall()
        connection.execute("insert into t values (1)")
        size = (folder.path / f"padded-{padded}.db-wal").stat().st_size
        connection.close()
        return size

    assert log_bytes(padded=True) > log_bytes(padded=False)


def test_the_file_is_encrypted(folder: StateFolder, store: Store):
    store.checkpoint(lambda _: None)
    assert not folder.database.read_bytes().startswith(b"SQLite format 3")
    assert b"kiosk-1" not in folder.database.read_bytes()


def test_a_store_made_by_a_wrong_key_is_told_from_a_damaged_one(folder: StateFolder):
    key_path(folder).write_text("ab" * 32)
    with pytest.raises(StoreKeyWrongError, match="not the key of this store"):
        open_store(folder)


@pytest.mark.parametrize("text", ["", "not hexadecimal", "abcd"])
def test_a_key_file_that_is_no_key_is_named(folder: StateFolder, text: str):
    key_path(folder).write_text(text)
    with pytest.raises(StoreKeyWrongError, match=r"store\.key is not a key"):
        open_store(folder)


def test_the_key_is_private_and_never_replaced(folder: StateFolder):
    before = read_key(folder)
    create_keys(folder)
    assert read_key(folder) == before
    assert stat.S_IMODE(key_path(folder).stat().st_mode) == 0o600


def test_a_missing_store_or_key_says_what_to_run(folder: StateFolder):
    key_path(folder).unlink()
    with pytest.raises(StoreMissingError, match="totem provision"):
        open_store(folder)
    folder.database.unlink()
    with pytest.raises(StoreMissingError, match="totem run store"):
        open_store(folder)


def test_nobody_opens_the_store_while_the_custodian_of_another_process_holds_it(folder: StateFolder):
    code = (
        "import sys; from pathlib import Path; from offline_cache.folder import StateFolder;"
        "from offline_cache.store import Hold; hold = Hold(StateFolder(Path(sys.argv[1])), exclusive=True);"
        "print('held', flush=True); sys.stdin.read()"
    )
    arguments = [sys.executable, "-c", code, str(folder.path)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(StoreInUseError, match="being checked"):
            open_store(folder)
        other.kill()
    open_store(folder).close()


def test_the_custodian_waits_for_nobody_and_says_so(folder: StateFolder, store: Store):
    with pytest.raises(StoreInUseError, match="stop this kiosk's processes"):
        Hold(folder, exclusive=True)


@pytest.mark.parametrize(("version", "word"), [(LATEST + 1, "newer"), (LATEST - 1, "older")])
def test_a_store_of_another_version_is_refused(folder: StateFolder, version: int, word: str):
    with open_store(folder) as store:
        store.execute(f"pragma user_version = {version}")
        store.execute("delete from meta where key = 'oldest_reader'")
    with pytest.raises(StoreVersionDiffersError, match=word):
        open_store(folder)


def test_another_thread_may_not_use_it(store: Store):
    caught: list[BaseException] = []

    def use() -> None:
        try:
            store.rows("select 1")
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert "open one per thread" in str(caught[0])


def test_a_transaction_is_all_or_nothing(store: Store):
    with pytest.raises(ZeroDivisionError), store.transaction():  # noqa: PT012
        store.execute("insert into meta (key, value) values ('a', '1')")
        _ = 1 / 0
    assert store.row("select * from meta where key = 'a'") is None


def test_work_in_bulk_belongs_to_the_same_transaction(store: Store):
    with pytest.raises(ZeroDivisionError), store.transaction():  # noqa: PT012
        store.db.table("meta").insert_all({"key": f"bulk-{number}", "value": "1"} for number in range(500))
        assert store.db.table("meta").count_where("key like 'bulk-%'") == 500
        _ = 1 / 0
    assert store.rows("select * from meta where key like 'bulk-%'") == []


def test_an_inner_transaction_can_fail_alone(store: Store):
    with store.transaction():
        store.execute("insert into meta (key, value) values ('outer', '1')")
        with pytest.raises(ZeroDivisionError), store.transaction():  # noqa: PT012
            store.execute("insert into meta (key, value) values ('inner', '1')")
            _ = 1 / 0
    keys = {row["key"] for row in store.rows("select key from meta")}
    assert "outer" in keys
    assert "inner" not in keys


def test_a_reader_who_writes_next_is_not_overtaken_by_another_writer(folder: StateFolder, store: Store):
    """A deferred transaction would fail here with SQLITE_BUSY_SNAPSHOT."""
    with store.transaction(), open_store(folder) as other:
        store.rows("select count(*) from meta")
        other.execute("pragma busy_timeout = 0")
        with pytest.raises(StoreInUseError), other.transaction():
            pass
        store.execute("insert into meta (key, value) values ('a', '1')")


def test_a_full_disk_is_a_plain_line_and_nothing_was_written(store: Store):
    pages = store.rows("pragma page_count")[0]["page_count"]
    store.rows(f"pragma max_page_count = {pages}")
    with pytest.raises(StoreUnwritableError, match="disk is full"), store.transaction():  # noqa: PT012
        store.execute("insert into meta (key, value) values ('small', '1')")
        store.execute("insert into meta (key, value) values ('large', ?)", ("x" * 100_000,))
    assert store.row("select * from meta where key in ('small', 'large')") is None


def test_a_damaged_page_is_a_typed_error(folder: StateFolder):
    damaged = bytearray(folder.database.read_bytes())
    for position in range(100, len(damaged), 4096):
        damaged[position] ^= 1
    folder.database.write_bytes(damaged)
    with pytest.raises(StoreCorruptError, match="totem run store"):
        open_store(folder)


def test_the_log_cannot_be_emptied_while_somebody_reads(folder: StateFolder, store: Store):
    waits: list[float] = []
    with open_store(folder) as reader:
        reader.execute("begin")
        reader.rows("select * from meta")
        store.execute("insert into meta (key, value) values ('a', '1')")
        assert not store.checkpoint(waits.append, tries=3, pause_s=0.5)
        assert waits == [0.5, 0.5]
        reader.execute("rollback")
        assert store.checkpoint(waits.append)
    assert os.path.getsize(f"{folder.database}-wal") == 0  # noqa: PTH202


def test_no_read_lasts_longer_than_a_second_and_the_next_one_goes_on(
    folder: StateFolder, store: Store, monkeypatch: pytest.MonkeyPatch
):
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select max(x) from n"
    monkeypatch.setattr(store_module, "LONGEST_READ_S", 0.1)
    began_s = time.monotonic()
    with pytest.raises(StoreInUseError, match="took too long"):
        store.rows(endless)
    assert time.monotonic() - began_s < 5
    assert store.rows("select 1 as one") == [{"one": 1}]
    # Nothing of it keeps the log from being emptied.
    with open_store(folder) as other:
        assert other.checkpoint(lambda _: None)


def test_writing_is_not_cut_short(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store_module, "LONGEST_READ_S", 0.0)
    many = "with recursive n(x) as (select 1 union all select x + 1 from n where x < 200000)"
    with store.transaction():
        store.execute(f"insert into meta (key, value) {many} select 'many', max(x) from n")
        assert store.rows(f"{many} select count(*) as n from n") == [{"n": 200_000}]
    assert store.row("select value from meta where key = 'many'") == {"value": "200000"}
