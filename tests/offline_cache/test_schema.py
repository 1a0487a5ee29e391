"""A store goes forward only; a program that a kiosk went back to opens what it can work with, and touches no other."""

import shutil
from pathlib import Path

import pytest

from offline_cache import custodian, outbox, schema, standing
from offline_cache.folder import StateFolder
from offline_cache.store import Store, StoreError, StoreVersionDiffersError, open_store
from tests.offline_cache.conftest import ENROLMENT, READING
from tests.offline_cache.other_programs import another_program
from tests.offline_cache.sealing import ticket

ADDED = ("create table later (a text) strict", "alter table outbox add column later text")


def content(folder: StateFolder) -> dict[str, bytes]:
    """Every byte of the store and of its log. The log's index is no content: it is made anew from the log."""
    names = (folder.database.name, f"{folder.database.name}-wal")
    return {name: (folder.path / name).read_bytes() for name in names if (folder.path / name).exists()}


def left_by_a_newer_program(folder: StateFolder, tmp_path: Path, readers: int) -> StateFolder:
    """The folder as the power left it: what was written last lies in the log."""
    cut = StateFolder(tmp_path / "cut")
    with pytest.MonkeyPatch.context() as newer:
        another_program(newer, [ADDED], [readers])
        custodian.prepare(folder, READING)
        with open_store(folder) as opened:
            standing.save(opened, ENROLMENT, READING)
            with opened.transaction():
                opened.execute("insert into later (a) values ('of the newer one')")
            shutil.copytree(folder.path, cut.path)
    assert (cut.path / "store.db-wal").stat().st_size
    return cut


def test_each_version_says_which_program_can_still_work_with_it(folder: StateFolder) -> None:
    assert len(schema.READERS) == len(schema.MIGRATIONS)
    assert all(1 <= oldest <= version for version, oldest in enumerate(schema.READERS, start=1))
    assert list(schema.READERS) == sorted(schema.READERS), "who reads a later one reads what came before it"
    with open_store(folder) as opened:
        row = opened.row("select value from meta where key = ?", (schema.OLDEST_READER_KEY,))
    assert row == {"value": str(schema.OLDEST_READER)}


@pytest.mark.parametrize("who", ["custodian", "process"])
def test_a_store_that_is_too_new_is_refused_in_one_plain_line_and_keeps_every_byte(
    folder: StateFolder, tmp_path: Path, who: str
) -> None:
    cut = left_by_a_newer_program(folder, tmp_path, schema.LATEST + 1)
    before = content(cut)
    with pytest.raises(StoreVersionDiffersError) as refused:
        custodian.prepare(cut, READING) if who == "custodian" else open_store(cut)
    assert content(cut) == before
    assert not (cut.path / "quarantine").exists()
    assert str(refused.value) == (
        f"the store is newer than this program ({schema.LATEST + 1}, not {schema.LATEST}): nothing in it was touched;"
        " update the program"
    )


def test_the_newer_program_finds_everything_after_an_older_one_was_refused(folder: StateFolder, tmp_path: Path) -> None:
    cut = left_by_a_newer_program(folder, tmp_path, schema.LATEST + 1)
    with pytest.raises(StoreError):
        custodian.prepare(cut, READING)
    with pytest.MonkeyPatch.context() as newer:
        another_program(newer, [ADDED], [schema.LATEST + 1])
        custodian.prepare(cut, READING)
        with open_store(cut) as opened:
            assert opened.rows("select a from later") == [{"a": "of the newer one"}]


def test_a_newer_store_that_this_program_can_work_with_is_opened_and_written(
    folder: StateFolder, tmp_path: Path
) -> None:
    cut = left_by_a_newer_program(folder, tmp_path, schema.LATEST)
    assert custodian.prepare(cut, READING) == custodian.Prepared(created=False, migrated_from=None, quarantined=None)
    with open_store(cut) as opened:
        issued = ticket(opened)
        assert [item.code for item in outbox.codes(opened)] == [issued.code]
    with pytest.MonkeyPatch.context() as newer:
        another_program(newer, [ADDED], [schema.LATEST])
        assert custodian.prepare(cut, READING).migrated_from is None
        with open_store(cut) as opened:
            assert [item.code for item in outbox.codes(opened)] == [issued.code]


def test_a_store_that_does_not_say_it_is_for_its_own_version_alone(folder: StateFolder) -> None:
    with open_store(folder) as opened:
        opened.execute("delete from meta where key = ?", (schema.OLDEST_READER_KEY,))
        opened.execute(f"pragma user_version = {schema.LATEST + 1}")
    with pytest.raises(StoreVersionDiffersError):
        open_store(folder)


def test_a_migration_that_fails_half_way_leaves_the_store_as_it_was(folder: StateFolder) -> None:
    with pytest.MonkeyPatch.context() as newer:
        another_program(newer, [(*ADDED, "insert into nowhere values (1)")], [schema.LATEST])
        with pytest.raises(Exception, match="nowhere"):
            custodian.prepare(folder, READING)
    assert custodian.prepare(folder, READING).migrated_from is None
    with open_store(folder) as opened:
        assert not tables(opened) & {"later"}


def tables(opened: Store) -> set[str]:
    return {row["name"] for row in opened.rows("select name from sqlite_master where type = 'table'")}
