import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from kiosk.issuing import seal, tracking
from kiosk.issuing.compose import Allocated
from offline_cache import audit, numbers, outbox, standing
from offline_cache.contract.messages import NumberBlock
from offline_cache.folder import StateFolder
from offline_cache.issue import NoCodesError, Prepared, issue
from offline_cache.store import Store, StoreUnwritableError, open_store
from tests.offline_cache.conftest import ENROLMENT, READING
from tests.offline_cache.sealing import PRIVATE, preparing

BLOCK = NumberBlock(block="b1", series="fees", first=100, last=102)


def tables(store: Store) -> dict[str, list[dict[str, object]]]:
    names = ("outbox", "print_jobs", "audit", "counters", "number_blocks")
    return {name: store.rows(f"select * from {name}") for name in names}


def test_one_commit_holds_code_number_ticket_paper_and_audit(store: Store):
    numbers.add_block(store, BLOCK, READING)
    issued = issue(store, series="fees", prepare=preparing(b"who asked", job=True), reading=READING)
    assert tracking.is_valid(issued.code)
    assert issued.code.startswith("AAAA-0000-0")
    assert issued.number == 100
    event = outbox.batch(store)[0]
    assert (event.id, event.code, event.seq) == (issued.ticket_id, issued.code, issued.seq)
    job = store.row("select * from print_jobs")
    assert job is not None
    assert (job["id"], job["ticket_id"], job["state"]) == (issued.job, issued.ticket_id, "queued")
    last = store.rows("select * from audit order by seq")[-1]
    assert last["event"] == "ticket-issued"
    assert issued.code not in last["ids"]


def test_what_the_centre_gets_opens_with_the_associated_data_of_the_event(store: Store):
    import base64

    issue(store, series=None, prepare=preparing(b"who asked"), reading=READING)
    event = outbox.batch(store)[0]
    sealed = base64.b64decode(event.sealed)
    assert seal.open_sealed(sealed, PRIVATE, event.associated_data(ENROLMENT.kiosk)) == b"who asked"
    assert seal.fingerprint(sealed) == event.fingerprint


def test_when_preparing_fails_nothing_was_written_and_the_next_one_gets_the_same(store: Store):
    numbers.add_block(store, BLOCK, READING)
    before = tables(store)
    seen: list[Allocated] = []

    def fail(allocated: Allocated) -> Prepared:
        seen.append(allocated)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        issue(store, series="fees", prepare=fail, reading=READING)
    assert tables(store) == before
    issued = issue(store, series="fees", prepare=preparing(), reading=READING)
    assert issued.number == seen[0].number == 100
    assert issued.code[:11] == seen[0].code[:11]


def test_a_disk_that_is_full_refuses_and_writes_nothing(store: Store):
    before = tables(store)
    store.rows(f"pragma max_page_count = {store.rows('pragma page_count')[0]['page_count']}")
    with pytest.raises(StoreUnwritableError):
        issue(store, series=None, prepare=preparing(b"x" * 100_000), reading=READING)
    assert tables(store) == before


def test_of_an_anonymous_ticket_nothing_but_the_hour_tells_when_it_was_made(store: Store):
    issued = issue(store, series=None, prepare=preparing(b"words"), reading=READING, anonymous=True)
    made = uuid.UUID(issued.ticket_id).int >> 80
    assert made % 3_600_000 == 0
    assert 0 <= READING.wall.timestamp() * 1000 - made < 3_600_000
    row = store.row("select created_wall from outbox")
    assert row is not None
    assert str(row["created_wall"]).endswith(":00:00+00:00")
    assert issued.ticket_id not in str(store.rows("select ids from audit"))


def test_without_a_number_nothing_is_issued(store: Store):
    with pytest.raises(numbers.NoNumbersError, match="fees"):
        issue(store, series="fees", prepare=preparing(), reading=READING)
    assert outbox.status(store, READING).waiting == 0


def test_without_an_enrolment_or_an_allocation_there_is_no_code(folder: StateFolder):
    with open_store(folder) as store:
        with pytest.raises(NoCodesError, match="not enrolled"):
            issue(store, series=None, prepare=preparing(), reading=READING)
        standing.put(store, standing.Standing(enrolment=ENROLMENT, in_use=None))
        with pytest.raises(NoCodesError, match="enrol it again"):
            issue(store, series=None, prepare=preparing(), reading=READING)


def test_the_last_code_of_an_allocation_is_given_and_no_further_one(store: Store):
    store.execute("insert into counters (allocation, next) values ('AAAA', ?)", (tracking.COUNTER_END - 1,))
    issue(store, series=None, prepare=preparing(), reading=READING)
    with pytest.raises(NoCodesError, match="used up"):
        issue(store, series=None, prepare=preparing(), reading=READING)


def test_whatever_was_told_before_a_kill_is_in_the_store_and_nothing_is_given_twice(store: Store):
    """Fifteen processes that issue as fast as they can and say each code after its commit, killed at odd moments."""
    for number in range(15):
        first = 1 + number * 1000
        numbers.add_block(store, NumberBlock(block=f"b{number}", series="fees", first=first, last=first + 999), READING)
    worker = Path(__file__).with_name("issuing_worker.py")
    told: list[tuple[str, int]] = []
    for kill in range(15):
        arguments = [sys.executable, str(worker), str(store.folder.path)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(1 + kill % 3)]
            # A different part of the next transaction each time: about 3 ms long on this kind of machine.
            deadline = time.monotonic() + kill * 0.0005
            while time.monotonic() < deadline:
                pass
            process.send_signal(signal.SIGKILL)
            lines += process.stdout.readlines()
        # A line that the kill cut short was not said.
        whole = [line.split() for line in lines if line.endswith("\n")]
        assert whole
        told += [(code, int(number)) for code, number in whole]
    rows = store.rows("select code, id, length(sealed) as size from outbox where kind = 'ticket'")
    stored = {row["code"] for row in rows}
    assert len(told) >= 15
    assert len({code for code, _ in told}) == len(told)
    assert len({number for _, number in told}) == len(told)
    assert {code for code, _ in told} <= stored
    assert all(row["size"] for row in rows)
    # Each ticket of the store has its paper, its place in the counter and its number: no half transaction is left.
    assert {row["ticket_id"] for row in store.rows("select ticket_id from print_jobs")} == {row["id"] for row in rows}
    assert store.row("select next from counters") == {"next": len(rows)}
    assert sum(1000 - left for left in _left_per_block(store)) == len(rows)
    assert audit.first_break(store) is None
    assert store.row("pragma integrity_check") == {"integrity_check": "ok"}


def _left_per_block(store: Store) -> list[int]:
    return [row["left"] for row in store.rows("select last - next + 1 as left from number_blocks")]
