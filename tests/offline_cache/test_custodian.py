import os
import shutil
from pathlib import Path

import pytest

from offline_cache import custodian, numbers, outbox, standing
from offline_cache.contract.messages import Enrolment
from offline_cache.folder import StateFolder
from offline_cache.store import (
    Store,
    StoreCorruptError,
    StoreInUseError,
    StoreKeyWrongError,
    StoreMissingError,
    StoreVersionDiffersError,
    create_keys,
    key_id_path,
    key_path,
    open_store,
)
from tests.offline_cache.conftest import ENROLMENT, READING
from tests.offline_cache.other_programs import another_program
from tests.offline_cache.sealing import ticket


def enrol(folder: StateFolder, enrolment: Enrolment = ENROLMENT) -> None:
    with open_store(folder) as store:
        standing.save(store, enrolment, READING)


def damage(folder: StateFolder) -> None:
    content = bytearray(folder.database.read_bytes())
    content[len(content) // 2] ^= 1
    folder.database.write_bytes(content)


def events(folder: StateFolder) -> list[str]:
    with open_store(folder) as store:
        return [row["event"] for row in store.rows("select event from audit order by seq")]


def in_use(folder: StateFolder) -> str | None:
    with open_store(folder) as store:
        found = standing.current(store)
    assert found is not None
    return found.in_use


def test_a_new_folder_gets_a_store_and_a_second_run_leaves_it_alone(tmp_path: Path):
    folder = StateFolder(tmp_path / "state")
    create_keys(folder)
    assert custodian.prepare(folder, READING) == custodian.Prepared(created=True, migrated_from=None, quarantined=None)
    before = folder.database.read_bytes()
    assert custodian.prepare(folder, READING) == custodian.Prepared(created=False, migrated_from=None, quarantined=None)
    assert folder.database.read_bytes() == before
    assert events(folder) == ["store-created"]


def test_without_a_key_nothing_is_made(tmp_path: Path):
    folder = StateFolder(tmp_path / "state")
    with pytest.raises(StoreMissingError, match=r"store\.key is missing"):
        custodian.prepare(folder, READING)
    assert not folder.database.exists()


def test_it_refuses_while_a_process_has_the_store_open(store: Store):
    with pytest.raises(StoreInUseError):
        custodian.prepare(store.folder, READING)


def test_an_older_store_is_migrated_and_keeps_what_it_holds(folder: StateFolder, monkeypatch: pytest.MonkeyPatch):
    from offline_cache import schema

    enrol(folder)
    before = schema.LATEST
    another_program(monkeypatch, [("create table later (a text) strict",)], [before])
    assert custodian.prepare(folder, READING).migrated_from == before
    with open_store(folder) as opened:
        assert opened.rows("select * from later") == []
        assert standing.load(opened) == ENROLMENT


def test_a_newer_store_is_left_as_it_is(folder: StateFolder):
    with open_store(folder) as store:
        store.execute("pragma user_version = 99")
        store.execute("delete from meta where key = 'oldest_reader'")
    with pytest.raises(StoreVersionDiffersError, match="update the program"):
        custodian.prepare(folder, READING)
    assert not (folder.path / "quarantine").exists()


def test_a_wrong_key_never_puts_a_whole_store_aside(folder: StateFolder):
    right = key_path(folder).read_text()
    key_path(folder).write_text("ab" * 32)
    with pytest.raises(StoreKeyWrongError):
        custodian.prepare(folder, READING)
    key_id_path(folder).unlink()
    with pytest.raises(StoreCorruptError):
        custodian.prepare(folder, READING)
    key_path(folder).write_text(right)
    assert custodian.prepare(folder, READING).quarantined is None


def test_a_damaged_store_is_put_aside_and_the_spare_allocation_taken(folder: StateFolder):
    enrol(folder)
    damage(folder)
    damaged = folder.database.read_bytes()
    prepared = custodian.prepare(folder, READING)
    assert prepared.quarantined == folder.path / "quarantine" / "0001"
    assert (prepared.quarantined / "store.db").read_bytes() == damaged
    assert in_use(folder) == "BBBB"
    assert events(folder) == ["store-created", "store-quarantined", "store-salvaged"]


def test_after_a_loss_seq_and_request_counter_go_on_above_all_that_were_used(folder: StateFolder):
    enrol(folder)
    with open_store(folder) as store:
        assert standing.next_request_counter(store) == 1
        assert numbers.blocks(store, "fees") == 0
    damage(folder)
    custodian.prepare(folder, READING)
    with open_store(folder) as store:
        assert standing.next_request_counter(store) == standing.GENERATION_STEP + 1
        # The lease after a loss asks for another block than the first lease ever did.
        assert numbers.blocks(store, "fees") == standing.GENERATION_STEP
        assert ticket(store).seq == standing.GENERATION_STEP + 1


def test_a_store_that_vanished_counts_as_lost(folder: StateFolder):
    enrol(folder)
    folder.database.unlink()
    assert custodian.prepare(folder, READING).created
    assert in_use(folder) == "BBBB"


def test_a_second_loss_leaves_no_allocation_rather_than_one_that_was_used(folder: StateFolder):
    enrol(folder)
    for expected in ("BBBB", None, None):
        damage(folder)
        custodian.prepare(folder, READING)
        assert in_use(folder) == expected


def test_a_cut_in_the_middle_of_starting_fresh_does_not_waste_the_spare(
    folder: StateFolder, monkeypatch: pytest.MonkeyPatch
):
    enrol(folder)
    damage(folder)
    with monkeypatch.context() as patch:
        patch.setattr(custodian, "_carry_over", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            custodian.prepare(folder, READING)
    custodian.prepare(folder, READING)
    assert in_use(folder) == "BBBB"
    copy = standing.read_copy(folder)
    assert copy is not None
    assert copy.opened


def test_a_cut_while_putting_aside_neither_revives_the_lost_store_nor_feeds_its_log_to_the_next(
    folder: StateFolder,
):
    enrol(folder)
    log = folder.database.with_name("store.db-wal")
    with open_store(folder) as store:
        store.execute("insert into meta (key, value) values ('lost', '1')")
        left = log.read_bytes()
    folder.database.unlink()
    log.write_bytes(left)
    prepared = custodian.prepare(folder, READING)
    assert prepared.quarantined is not None
    assert (prepared.quarantined / "store.db-wal").read_bytes() == left
    assert in_use(folder) == "BBBB"


def test_the_copy_beside_the_store_is_mended_from_the_store(folder: StateFolder):
    enrol(folder)
    standing.copy_path(folder).unlink()
    custodian.prepare(folder, READING)
    assert standing.read_copy(folder) == standing.Standing(enrolment=ENROLMENT, in_use="AAAA")


def test_a_cut_in_the_middle_of_a_checkpoint_damages_nothing(folder: StateFolder, store: Store):
    """The first page and others are torn in the file; what they were going to be lies whole in the log."""
    # Enough to make the file longer, which is written down on its first page.
    issued = [ticket(store, b"x" * 3000).code for _ in range(5)]
    copy = StateFolder(folder.path.parent / "after")
    shutil.copytree(folder.path, copy.path)
    with copy.database.open("r+b") as file:
        file.write(os.urandom(4096))
    assert custodian.prepare(copy, READING).quarantined is None
    with open_store(copy) as opened:
        assert [item.code for item in outbox.codes(opened)] == issued


def test_what_an_older_store_holds_is_in_its_place_after_the_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from offline_cache import audit, print_jobs

    folder = StateFolder(tmp_path / "state")
    create_keys(folder)
    with monkeypatch.context() as before:
        another_program(before, [], [], of=3)
        custodian.prepare(folder, READING)
        with open_store(folder) as opened, opened.transaction():
            standing.put(opened, standing.Standing(enrolment=ENROLMENT, in_use="AAAA", generation=1, opened=True))
            for seq, state in ((5, 2), (7, 0)):
                opened.execute(
                    "insert into outbox (seq, id, kind, code, catalogue_version, key_id, sealed, fingerprint, state,"
                    " created_boot_id, created_monotonic, created_wall, clock_trusted, outcome, attempts)"
                    " values (?, ?, 'ticket', ?, 3, 'k', ?, 'f', ?, 'b', 1.5, 'w', 1, 'retry', 2)",
                    (seq, f"id-{seq}", f"code-{seq}", None if state == 2 else b"sealed", state),
                )
            opened.execute(
                "insert into print_jobs (id, ticket_id, state, content, boot_id, deadline_s, created_seq, process_id,"
                " copies, detail, outlet)"
                " values ('job', 'id-7', 'queued', x'00ff', 'b', 9.5, 4, x'41424344', 1, 'held', 'pages')"
            )
            audit.record(opened, audit.AuditEvent.ENROLLED, READING, {"kiosk": "kiosk-1"})
    assert custodian.prepare(folder, READING).migrated_from == 3
    with open_store(folder) as opened:
        rows = opened.rows("select seq, id, code, sealed, state, outcome, attempts from outbox order by seq")
        assert [tuple(row.values()) for row in rows] == [
            (5, "id-5", "code-5", None, 2, "retry", 2), (7, "id-7", "code-7", b"sealed", 0, "retry", 2),
        ]  # fmt: skip
        (job,) = print_jobs.waiting(opened)
        assert (job.id, job.content, job.deadline_s, job.created_seq, job.process_id, job.copies, job.held) == (
            "job", b"\x00\xff", 9.5, 4, b"ABCD", 1, True,
        )  # fmt: skip
        assert audit.first_break(opened) is None
        assert audit.last(opened)[0] == 2
        assert opened.rows("pragma integrity_check") == [{"integrity_check": "ok"}]
        # And it is counted on from what was counted, in the generation that runs.
        assert ticket(opened).seq == standing.GENERATION_STEP + 1
