import base64
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from kiosk.issuing import seal
from offline_cache import audit, clock, outbox
from offline_cache.contract.messages import EventKind, EventResult
from offline_cache.folder import StateFolder
from offline_cache.store import Store, open_store
from tests.offline_cache.conftest import ENROLMENT, READING
from tests.offline_cache.pages import all_pages
from tests.offline_cache.sealing import PRIVATE, VERSION, give_catalogue, ticket

Outcome = Literal["created", "duplicate", "quarantined", "retry"]


def results(store: Store, *outcomes: Outcome) -> list[EventResult]:
    pairs = zip(outbox.batch(store), outcomes, strict=False)
    return [EventResult(id=event.id, outcome=outcome) for event, outcome in pairs]


def settle(store: Store, found: list[EventResult], safe_seq: int = 0) -> int:
    sent = {str(row["id"]): int(row["seq"]) for row in store.rows("select id, seq from outbox")}
    return outbox.settle(store, sent, found, safe_seq, reading=READING, wait=lambda _: None)


def test_an_event_is_sealed_to_the_first_key_of_the_current_catalogue(store: Store):
    give_catalogue(store)
    item = outbox.enqueue(store, EventKind.RATING, b"five stars", reading=READING)
    event = outbox.batch(store)[0]
    assert (event.id, event.kind, event.code, event.catalogue_version) == (item, EventKind.RATING, None, VERSION)
    sealed = base64.b64decode(event.sealed)
    assert seal.open_sealed(sealed, PRIVATE, event.associated_data(ENROLMENT.kiosk)) == b"five stars"


def test_before_there_is_a_catalogue_nothing_can_be_sealed(store: Store):
    with pytest.raises(outbox.NothingToSealWithError):
        outbox.enqueue(store, EventKind.RATING, b"five stars", reading=READING)


def test_a_batch_is_the_oldest_that_wait_in_order(store: Store):
    issued = [ticket(store) for _ in range(5)]
    assert [event.id for event in outbox.batch(store, 3)] == [one.ticket_id for one in issued[:3]]


def test_custody_passes_with_every_outcome_but_retry(store: Store):
    for _ in range(4):
        ticket(store)
    assert settle(store, results(store, "created", "retry", "duplicate", "quarantined")) == 3
    assert [event.seq for event in outbox.batch(store)] == [2]
    assert [(item.state, item.outcome, item.attempts) for item in outbox.items(store)] == [
        ("acknowledged", "created", 0),
        ("waiting", "retry", 1),
        ("acknowledged", "duplicate", 0),
        ("acknowledged", "quarantined", 0),
    ]
    assert outbox.status(store, READING).quarantined == 1


def test_custody_never_comes_back(store: Store):
    ticket(store)
    created = results(store, "created")
    settle(store, created)
    assert settle(store, [EventResult(id=created[0].id, outcome="retry"), *created]) == 0
    assert outbox.status(store, READING).acknowledged == 1
    assert [row["event"] for row in store.rows("select event from audit")].count("custody-passed") == 1


def test_an_answer_about_somebody_elses_item_changes_nothing(store: Store):
    ticket(store)
    unknown = EventResult(id="00000000-0000-7000-8000-000000000000", outcome="created")
    assert settle(store, [unknown]) == 0
    assert outbox.status(store, READING).waiting == 1


def test_what_waits_is_kept_even_if_the_centre_says_that_it_is_safe(store: Store):
    ticket(store)
    settle(store, [], safe_seq=99)
    assert outbox.batch(store)[0].sealed


def test_what_is_acknowledged_is_kept_until_it_is_safe(store: Store):
    for _ in range(3):
        ticket(store)
    settle(store, results(store, "created", "created", "created"), safe_seq=2)
    sizes = [row["size"] for row in store.rows("select length(sealed) as size from outbox order by seq")]
    assert sizes[:2] == [None, None]
    assert sizes[2]


def test_after_a_purge_no_file_holds_the_sealed_bytes(folder: StateFolder, store: Store):
    """The pages are decrypted first: a search in the encrypted file could not find anything."""
    for _ in range(20):
        ticket(store, b"x" * 3000)
    sealed = [base64.b64decode(event.sealed) for event in outbox.batch(store)]
    store.checkpoint(lambda _: None)
    ticket(store)
    before = all_pages(folder)
    pieces = [part for whole in sealed for part in (whole[:40], whole[1500:1540], whole[-40:])]
    # A piece may lie across two pages: nearly all are found, and none may be afterwards.
    assert sum(piece in before for piece in pieces) > 50
    settle(store, results(store, *["created"] * 20), safe_seq=20)
    assert outbox.status(store, READING).purged == 20
    assert not any(piece in all_pages(folder) for piece in pieces)


def test_purged_bytes_that_a_reader_kept_in_the_log_go_with_the_next_call(folder: StateFolder, store: Store):
    ticket(store, b"x" * 300)
    piece = base64.b64decode(outbox.batch(store)[0].sealed)[:40]
    with open_store(folder) as reader:
        reader.execute("begin")
        reader.rows("select * from outbox")
        settle(store, results(store, "created"))
        assert outbox.purge(store, 1, reading=READING, wait=lambda _: None) == (1, False)
        assert piece in all_pages(folder)
        reader.execute("rollback")
    assert outbox.purge(store, 1, reading=READING, wait=lambda _: None) == (0, True)
    assert piece not in all_pages(folder)


def test_the_age_of_what_waits_does_not_move_when_somebody_sets_the_clock(store: Store):
    ticket(store)
    later = replace(READING, boottime_s=READING.boottime_s + 90, wall=READING.wall - timedelta(days=2000))
    assert outbox.status(store, later) == outbox.OutboxStatus(1, 0, 0, 0, 90)


def test_in_another_boot_the_age_is_taken_from_the_wall_clock_and_is_never_negative(store: Store):
    ticket(store)
    rebooted = clock.Reading("another-boot", 5.0, READING.wall + timedelta(hours=1))
    assert outbox.status(store, rebooted).oldest_unsynced_s == 3600
    stale = replace(rebooted, wall=READING.wall - timedelta(days=2000))
    assert outbox.status(store, stale).oldest_unsynced_s == 0


def test_an_empty_outbox_has_no_age(store: Store):
    assert outbox.status(store, READING) == outbox.OutboxStatus(0, 0, 0, 0, None)


def test_codes_are_those_of_the_tickets_alone(store: Store):
    give_catalogue(store)
    outbox.enqueue(store, EventKind.PAPER, b"confirmed", reading=READING)
    issued = ticket(store)
    assert [item.code for item in outbox.codes(store)] == [issued.code]


def test_retry_forgets_the_attempts_and_is_on_record(store: Store):
    ticket(store)
    settle(store, results(store, "retry"))
    assert outbox.retry(store, READING) == 1
    assert next(outbox.items(store)).attempts == 0
    assert store.rows("select event from audit order by seq")[-1]["event"] == audit.AuditEvent.QUEUE_RETRIED
