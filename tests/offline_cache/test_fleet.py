"""Kiosks and a centre that lose their memory: restored, copied, forgotten; and keys that change. Over real sockets."""

import random
import shutil
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from central import backup, marks
from central import enrolment as enrolling
from central.models import Kiosk
from central.replay import replay
from offline_cache import audit, custodian, enrolment, numbers, outbox, standing
from offline_cache.folder import StateFolder
from offline_cache.store import Store, open_store
from offline_cache.sync import Sync
from tests.centre import ANCHOR, Centre, complaint, serving, serving_process
from tests.offline_cache.looping import SERIES, publish, recover, settle

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@contextmanager
def at_work(folder: StateFolder):
    """A sync process's loop that has come to rest, and its store."""
    with open_store(folder) as store:
        sync = Sync(folder, store, random.Random(7))
        yield sync, store
    shutil.rmtree(folder.run, ignore_errors=True)


def name(folder: StateFolder) -> str:
    return standing.read_copy(folder).enrolment.kiosk


def known(centre: Centre, folder: StateFolder) -> dict:
    return centre.rows(f"SELECT * FROM kiosks WHERE id = '{name(folder)}'")[0]


def codes(centre: Centre, folder: StateFolder) -> list[str]:
    """The tickets of a kiosk in the order of its numbers."""
    query = f"SELECT code FROM events WHERE kiosk = '{name(folder)}' AND code IS NOT NULL ORDER BY seq"
    return [row["code"] for row in centre.rows(query)]


def counter_of(store: Store) -> int:
    return store.row("select value from request_counter")["value"]


@pytest.fixture
def folder(with_fee, centre, tmp_path):
    return centre.folder(tmp_path / "kiosk")


# ---- the audit log and its witness --------------------------------------------------------------------


def test_the_centre_follows_the_audit_log_link_by_link(centre, folder):
    with at_work(folder) as (sync, store):
        recover(sync)
        for _ in range(3):
            complaint(store)
        settle(sync)
        sync.hear({"fault": True})
        settle(sync)
        newest, head = audit.last(store)
    assert (known(centre, folder)["audit_seq"], known(centre, folder)["audit_head"]) == (newest, head)
    assert known(centre, folder)["alarm"] is None


def test_a_log_that_was_written_anew_is_found(centre, folder):
    """Whoever holds disk and key makes a chain that is whole, but not one that goes on from what was witnessed."""
    with at_work(folder) as (sync, store):
        recover(sync)
        before = standing.load(store).allocation
        rows = store.rows("select * from audit order by seq")
        with store.transaction():
            store.execute("delete from audit")
            for row in rows:
                audit.record(store, audit.AuditEvent.EVENT_QUEUED, audit.Reading(row["boot_id"], 1.0, NOON))
            audit.record(store, audit.AuditEvent.EVENT_QUEUED, audit.Reading("x", 1.0, NOON))
        assert audit.first_break(store) is None
        sync.hear({"fault": True})
        settle(sync)
        assert known(centre, folder)["alarm"] == "disk-restored"
        assert standing.load(store).allocation != before


# ---- disks that come back -----------------------------------------------------------------------------


def test_a_disk_restored_from_an_image_is_found_at_first_contact_and_gives_other_codes(centre, folder, tmp_path):
    with at_work(folder) as (sync, store):
        recover(sync)
        complaint(store)
        settle(sync)
        counted = counter_of(store)
    image = tmp_path / "image"
    shutil.copytree(folder.path, image)
    with at_work(folder) as (sync, store):
        given = [complaint(store).code for _ in range(3)]
        recover(sync)
        settle(sync)
    assert given == codes(centre, folder)[1:]
    back = StateFolder(image)
    with at_work(back) as (sync, store):
        assert counter_of(store) == counted
        old = standing.load(store)
        waiting = complaint(store)
        recover(sync)
        settle(sync)
        fresh = standing.current(store)
        assert fresh.in_use == fresh.enrolment.allocation
        assert {fresh.enrolment.allocation, fresh.enrolment.spare_allocation}.isdisjoint(
            {old.allocation, old.spare_allocation}
        )
        assert fresh.generation == 1
        later = complaint(store)
        assert later.code[:4] == fresh.in_use
        settle(sync)
        assert outbox.status(store).waiting == 0
    assert known(centre, folder)["alarm"] == "disk-restored"
    # What was issued before the contact had a code of the old allocation: by chance the same, by two random characters.
    arrived = {row["id"]: row["seq"] for row in centre.rows("SELECT id, seq FROM events")}
    assert arrived[waiting.ticket_id] > standing.GENERATION_STEP
    assert arrived[later.ticket_id] > arrived[waiting.ticket_id]


def test_a_disk_that_was_copied_stops_both_machines(centre, folder, tmp_path):
    with at_work(folder) as (sync, store):
        recover(sync)
    shutil.copytree(folder.path, tmp_path / "copy")
    copy = StateFolder(tmp_path / "copy")
    with at_work(folder) as (sync, store):
        complaint(store)
        recover(sync)
        settle(sync)
        sync.hear({"fault": True})
        settle(sync)
    with at_work(copy) as (sync, store):
        recover(sync)
    assert known(centre, folder)["alarm"] == "disk-restored"
    with at_work(folder) as (sync, store):
        kept = complaint(store)
        settle(sync)
        assert not sync.link
        assert outbox.waits(store, kept.code)
    assert (known(centre, folder)["alarm"], known(centre, folder)["state"]) == ("disk-copied", "revoked")
    with at_work(copy) as (sync, store):
        settle(sync)
        assert not sync.link


def test_a_kiosk_on_its_spare_gets_two_allocations_again(centre, folder):
    with at_work(folder) as (sync, store):
        recover(sync)
    folder.database.write_bytes(b"rubbish" * 1000)
    assert custodian.prepare(folder).quarantined is not None
    with at_work(folder) as (sync, store):
        spare = standing.current(store)
        assert spare.in_use == spare.enrolment.spare_allocation
        recover(sync)
        settle(sync)
        fresh = standing.current(store)
        assert fresh.in_use == fresh.enrolment.allocation
        assert fresh.in_use not in {spare.enrolment.allocation, spare.in_use}
        assert fresh.generation == 1
        complaint(store)
        settle(sync)
        assert outbox.status(store).waiting == 0
    assert known(centre, folder)["alarm"] == "store-lost"


def test_allocations_whose_answer_was_lost_come_again(centre, kiosk, relay):
    with at_work(kiosk) as (sync, store):
        recover(sync)
        found = standing.current(store)
        with store.transaction():
            standing.put(store, found.model_copy(update={"in_use": found.enrolment.spare_allocation}))
        sync.hear({"fault": True})
        sync.step(0.0 + 1e9)
        relay.answers = "lose"
        sync.step(1e9)
        relay.answers = "pass"
        recover(sync)
        settle(sync)
        fresh = standing.load(store)
    query = f"SELECT prefix FROM allocations WHERE kiosk = '{fresh.kiosk}' AND retired = 0"
    assert {row["prefix"] for row in centre.rows(query)} == {fresh.allocation, fresh.spare_allocation}
    assert len(centre.rows(f"SELECT prefix FROM allocations WHERE kiosk = '{fresh.kiosk}'")) == 4


# ---- a kiosk that was revoked ------------------------------------------------------------------------


def test_a_revoked_kiosk_comes_back_under_its_name_and_nothing_of_its_queue_is_lost(centre, folder):
    with at_work(folder) as (sync, store):
        recover(sync)
        enrolling.revoke(centre.centre, name(folder))
        waiting = complaint(store)
        settle(sync)
        assert not sync.link
    (folder.keys / "device.key").unlink()
    secret = enrolling.make_secret(centre.centre, timedelta(hours=1), readmits=name(folder))
    before = name(folder)
    enrolment.enrol(folder, secret=secret, root=centre.root)
    assert name(folder) == before
    with at_work(folder) as (sync, store):
        recover(sync)
        settle(sync)
        assert outbox.status(store).waiting == 0
    assert waiting.code in codes(centre, folder)


# ---- quarantine ---------------------------------------------------------------------------------------


def test_what_lies_in_quarantine_is_judged_again_and_takes_its_place(centre, folder):
    with at_work(folder) as (sync, store):
        recover(sync)
        issued = complaint(store)
        key = next(file for file in sorted(centre.state.keys.glob("sealing-*.key"), reverse=True))
    # A centre that is restored without its newest key cannot open what was sealed to it.
    own = Centre(centre.state, centre.port)
    own.centre.keys.sealing.clear()
    aside = key.rename(key.with_suffix(".aside"))
    try:
        with open_store(folder) as store:
            from central import intake
            from offline_cache.contract.messages import EventBatch

            answer = intake.receive(own.centre, name(folder), EventBatch(items=tuple(outbox.batch(store))))
            assert {result.outcome for result in answer.results} == {"quarantined"}
            assert [row["reason"] for row in replay(own.centre, [issued.ticket_id])] == ["unknown-key"]
    finally:
        aside.rename(key)
    assert [row["reason"] for row in replay(own.centre, [issued.ticket_id])] == [None]
    assert centre.rows(f"SELECT state FROM events WHERE id = '{issued.ticket_id}'") == [{"state": "created"}]
    assert centre.rows(f"SELECT code FROM tickets WHERE id = '{issued.ticket_id}'") == [{"code": issued.code}]


# ---- a centre that was put back -----------------------------------------------------------------------


def test_a_centre_restored_from_yesterdays_backup_gets_everything_once_and_gives_nothing_again(tmp_path):
    with serving(tmp_path / "central", ANCHOR) as yesterday:
        publish(yesterday)
        state = yesterday.state
        folder = yesterday.folder(tmp_path / "kiosk")
        with at_work(folder) as (sync, store):
            recover(sync)
            first = complaint(store)
            settle(sync)
            backup.run(yesterday.centre)
            kept = tmp_path / "yesterday.db"
            shutil.copyfile(state.backup, kept)
            # Backups of today are not made, as on a disk that fails: nothing of today is safe.
        port = yesterday.port
        (state.path / "central.toml").write_text(
            (state.path / "central.toml").read_text().replace("backup_every_s = 0.1", "backup_every_s = 3600.0")
        )
    later = tmp_path / "kiosk2"
    with serving_process(state, port):
        today = Centre(state, port)
        with at_work(folder) as (sync, store):
            lost = [complaint(store) for _ in range(5)]
            recover(sync)
            settle(sync)
            assert outbox.status(store).waiting == 0
            numbers_before = numbers.summary(store)[SERIES]
        other = today.folder(later)
        with at_work(other) as (sync, store):
            recover(sync)
            settle(sync)
            leased = store.rows("select first, last from number_blocks")
        assert numbers_before
    with closing(sqlite3.connect(state.database)) as database:
        assert database.execute("select count(*) from tickets").fetchone() == (6,)
    backup.restore(state, kept)
    with serving_process(state, port):
        restored = Centre(state, port)
        assert len(restored.rows("SELECT * FROM tickets")) == 1
        with at_work(folder) as (sync, store):
            recover(sync)
            settle(sync)
            assert outbox.status(store).waiting == 0
            assert audit.told(store, audit.AuditEvent.OFFERED_AGAIN)[0] == 1
        assert codes(restored, folder) == [first.code, *(ticket.code for ticket in lost)]
        # The other kiosk is forgotten: neither its numbers nor its name are given again.
        third = restored.folder(tmp_path / "kiosk3")
        assert name(third) not in {name(folder), name(other)}
        with at_work(third) as (sync, store):
            recover(sync)
            settle(sync)
            mine = store.rows("select first, last from number_blocks")
        assert all(a["last"] < b["first"] or b["last"] < a["first"] for a in mine for b in leased)
        # It comes back under its name, and its queue with it.
        with open_store(other) as store:
            waiting = complaint(store)
        secret = enrolling.make_secret(restored.centre, timedelta(hours=1), readmits=name(other))
        (other.keys / "device.key").unlink()
        enrolment.enrol(other, secret=secret, root=restored.root)
        with at_work(other) as (sync, store):
            recover(sync)
            settle(sync)
        assert codes(restored, other) == [waiting.code]
    # Put back once more, from the same file: another life again.
    with restored.centre.database.transaction() as session:
        before = marks.epoch(session)
    backup.restore(state, kept)
    with serving_process(state, port), Centre(state, port).centre.database.transaction() as session:
        assert marks.epoch(session) != before
        assert session.get(Kiosk, name(folder)) is not None
