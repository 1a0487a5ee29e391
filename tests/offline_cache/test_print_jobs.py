import base64
import os
import time

import pytest

from kiosk.catalog.model import Language
from kiosk.issuing import seal
from kiosk.journey.state import JobState
from offline_cache import clock, outbox, print_jobs
from offline_cache.contract.messages import EventKind
from offline_cache.contract.payloads import PaperPayload
from offline_cache.folder import StateFolder
from offline_cache.print_jobs import ContentDestroyedError
from offline_cache.store import Store
from printer.receipt import Receipt, Text
from tests.offline_cache.conftest import ENROLMENT
from tests.offline_cache.sealing import PRIVATE, give_catalogue

RECEIPT = Receipt(title="Guia", language=Language.PT_BR, blocks=(Text(text="Maria das Dores"),))


def queue(folder: StateFolder, store: Store, job_id: str = "job-1", *, ticket_id: str = "", held: bool = False) -> None:
    content = print_jobs.encrypt(print_jobs.new_key(folder, job_id), RECEIPT)
    with store.transaction():
        print_jobs.insert(store, job_id=job_id, ticket_id=ticket_id, content=content, deadline_s=1e9, held=held)


def job(store: Store, job_id: str = "job-1") -> print_jobs.PrintJob:
    found = print_jobs.find(store, job_id)
    assert found is not None
    return found


def test_a_queued_job_reads_back_as_the_receipt_it_was(folder: StateFolder, store: Store) -> None:
    queue(folder, store)
    waiting = print_jobs.waiting(store)
    assert [row.state for row in waiting] == [JobState.QUEUED]
    assert waiting[0].boot_id == clock.boot_id()
    assert len(waiting[0].process_id) == 4
    assert all(32 <= byte <= 126 for byte in waiting[0].process_id)
    assert print_jobs.decrypt(folder, waiting[0]) == RECEIPT


def test_the_key_lies_in_the_run_folder_for_its_owner_alone(folder: StateFolder, store: Store) -> None:
    queue(folder, store)
    key = folder.print_keys / "job-1"
    assert key.stat().st_mode & 0o777 == 0o600
    assert folder.run in key.parents
    assert folder.path not in key.parents


def test_a_key_is_never_replaced(folder: StateFolder) -> None:
    print_jobs.new_key(folder, "job-1")
    with pytest.raises(FileExistsError):
        print_jobs.new_key(folder, "job-1")


def test_jobs_are_taken_in_the_order_in_which_they_were_committed(folder: StateFolder, store: Store) -> None:
    for name in ("c", "a", "b"):
        queue(folder, store, name)
    assert [row.id for row in print_jobs.waiting(store)] == ["c", "a", "b"]


def test_a_job_is_held_until_it_is_released(folder: StateFolder, store: Store) -> None:
    queue(folder, store, held=True)
    assert job(store).held
    print_jobs.release(store, "job-1", deadline_s=77.0)
    assert not job(store).held
    assert job(store).deadline_s == 77.0


def test_release_does_not_bring_a_dropped_job_back(folder: StateFolder, store: Store) -> None:
    queue(folder, store, held=True)
    print_jobs.drop(folder, store, "job-1")
    print_jobs.release(store, "job-1")
    assert job(store).state is JobState.ABANDONED


@pytest.mark.parametrize("outcome", sorted(print_jobs.ENDS))
def test_after_its_end_a_job_is_unreadable_for_ever(folder: StateFolder, store: Store, outcome: JobState) -> None:
    queue(folder, store)
    before = job(store)
    assert print_jobs.finish(folder, store, "job-1", outcome)
    assert job(store).state is outcome
    assert job(store).content is None
    assert list(folder.print_keys.iterdir()) == []
    for row in (before, job(store)):
        with pytest.raises(ContentDestroyedError):
            print_jobs.decrypt(folder, row)


def test_a_job_ends_once(folder: StateFolder, store: Store) -> None:
    queue(folder, store)
    assert print_jobs.finish(folder, store, "job-1", JobState.CONFIRMED)
    assert not print_jobs.finish(folder, store, "job-1", JobState.UNKNOWN)
    assert not print_jobs.advance(store, "job-1", JobState.SENDING)
    assert job(store).state is JobState.CONFIRMED


def test_the_centre_is_told_once_how_a_tickets_paper_ended(folder: StateFolder, store: Store) -> None:
    give_catalogue(store)
    queue(folder, store, ticket_id="0190d2a4-0000-7000-8000-000000000001")
    print_jobs.finish(folder, store, "job-1", JobState.UNKNOWN)
    print_jobs.finish(folder, store, "job-1", JobState.CONFIRMED)
    (told,) = outbox.batch(store)
    assert told.kind is EventKind.PAPER
    opened = seal.open_sealed(base64.b64decode(told.sealed), PRIVATE, told.associated_data(ENROLMENT.kiosk))
    paper = PaperPayload.model_validate_json(opened)
    assert paper == PaperPayload(ticket_id="0190d2a4-0000-7000-8000-000000000001", outcome="unknown")


def test_a_citizen_who_saw_no_paper_is_heard_once_and_only_of_a_job_in_doubt(
    folder: StateFolder, store: Store
) -> None:
    give_catalogue(store)
    ticket = "0190d2a4-0000-7000-8000-000000000001"
    queue(folder, store, ticket_id=ticket)
    assert not print_jobs.deny(store, "job-1")
    print_jobs.finish(folder, store, "job-1", JobState.UNKNOWN, "cannot-confirm")
    assert print_jobs.deny(store, "job-1")
    assert not print_jobs.deny(store, "job-1")
    assert not print_jobs.deny(store, "another")
    ended, said = (
        PaperPayload.model_validate_json(
            seal.open_sealed(base64.b64decode(told.sealed), PRIVATE, told.associated_data(ENROLMENT.kiosk))
        )
        for told in outbox.batch(store)
    )
    assert (ended.outcome, said) == ("unknown", PaperPayload(ticket_id=ticket, outcome="denied"))


def test_what_was_confirmed_is_not_denied(folder: StateFolder, store: Store) -> None:
    give_catalogue(store)
    queue(folder, store, ticket_id="0190d2a4-0000-7000-8000-000000000001")
    print_jobs.finish(folder, store, "job-1", JobState.CONFIRMED)
    assert not print_jobs.deny(store, "job-1")
    assert outbox.status(store).waiting == 1


def test_of_a_technicians_test_page_the_centre_is_told_nothing(folder: StateFolder, store: Store) -> None:
    give_catalogue(store)
    queue(folder, store)
    print_jobs.finish(folder, store, "job-1", JobState.CONFIRMED)
    assert outbox.status(store).waiting == 0


def test_an_end_is_not_an_advance_and_an_advance_is_no_end(folder: StateFolder, store: Store) -> None:
    queue(folder, store)
    with pytest.raises(ValueError, match="ends by finish"):
        print_jobs.advance(store, "job-1", JobState.CONFIRMED)
    with pytest.raises(ValueError, match="not an end"):
        print_jobs.finish(folder, store, "job-1", JobState.SENT)


def test_dropping_a_queued_job_ends_it_at_once(folder: StateFolder, store: Store) -> None:
    queue(folder, store)
    print_jobs.drop(folder, store, "job-1")
    assert job(store).state is JobState.ABANDONED
    assert not (folder.print_keys / "job-1").exists()


def test_dropping_a_begun_job_marks_it_and_the_mark_stays(folder: StateFolder, store: Store) -> None:
    queue(folder, store)
    assert print_jobs.advance(store, "job-1", JobState.SENDING, copies=1)
    print_jobs.drop(folder, store, "job-1")
    assert print_jobs.advance(store, "job-1", JobState.SENT)
    assert job(store).dropped
    assert job(store).state is JobState.SENT
    assert job(store).copies == 1
    assert (folder.print_keys / "job-1").exists()


def test_the_end_of_a_job_leaves_nothing_to_read(folder: StateFolder, store: Store) -> None:
    queue(folder, store)
    before = job(store)
    print_jobs.finish(folder, store, "job-1", JobState.CONFIRMED)
    with pytest.raises(ContentDestroyedError):
        print_jobs.decrypt(folder, before)
    assert job(store).content is None


def test_content_under_a_foreign_key_is_refused(folder: StateFolder, store: Store) -> None:
    queue(folder, store)
    (folder.print_keys / "job-1").write_bytes(os.urandom(32))
    with pytest.raises(ContentDestroyedError):
        print_jobs.decrypt(folder, job(store))


def test_orphan_keys_are_removed_and_young_ones_and_those_of_open_jobs_left(folder: StateFolder, store: Store) -> None:
    queue(folder, store, "open")
    print_jobs.new_key(folder, "orphan")
    assert print_jobs.remove_orphan_keys(folder, store) == 0
    assert print_jobs.remove_orphan_keys(folder, store, now_s=time.time() + 3600) == 1
    assert [file.name for file in folder.print_keys.iterdir()] == ["open"]


def test_rows_of_jobs_that_ended_long_ago_are_deleted(folder: StateFolder, store: Store) -> None:
    for number in range(4):
        queue(folder, store, f"job-{number}")
    for number in (0, 1, 3):
        print_jobs.finish(folder, store, f"job-{number}", JobState.CONFIRMED)
    print_jobs.forget_ended(store, keep=1)
    assert [row["id"] for row in store.rows("select id from print_jobs order by created_seq")] == ["job-2", "job-3"]


def test_the_text_of_a_job_is_not_in_clear_in_any_file(folder: StateFolder, store: Store) -> None:
    queue(folder, store)
    for place in (folder.path, folder.run):
        for file in place.rglob("*"):
            assert not file.is_file() or b"Dores" not in file.read_bytes()
