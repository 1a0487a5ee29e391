"""A4 jobs from the store to the printer and to their ends, before a virtual printer behind a real port."""

import pytest

from kiosk.journey.state import JobState, PrinterCondition
from offline_cache import print_jobs
from printer.a4.cups import Queue
from printer.virtual.a4 import A4Fault, VirtualA4Printer, VirtualA4Server
from tests.printer.a4.conftest import PDF


@pytest.fixture
def server(tmp_path):
    out = tmp_path / "printed"
    out.mkdir()
    with VirtualA4Server(VirtualA4Printer(out, sheet_s=0.1)) as running:
        yield running


@pytest.fixture
def at(rig, server):
    return rig(Queue("pages", f"127.0.0.1:{server.port}"))


def test_a_sheet_comes_out_as_it_was_signed_and_is_confirmed_and_forgotten(at, server, folder) -> None:
    at.commit()
    at.until_state(JobState.CONFIRMED)
    (paper,) = server.printer.papers
    assert paper.read_bytes() == PDF
    job = print_jobs.find(at.store, "job-1")
    assert job.content is None
    assert not list(folder.print_keys.iterdir())
    assert {"page_printer": "ready"} in at.heard
    assert {"job": "job-1", "state": "confirmed", "progress": 1.0} in at.heard


def test_a_held_sheet_waits_for_the_card_and_its_deadline_passes_all_the_same(at, server) -> None:
    at.commit(held=True)
    for _ in range(5):
        at.step()
    assert at.state() is JobState.QUEUED
    at.shift_s = 121
    at.step()
    assert at.state() is JobState.ABANDONED
    assert server.printer.papers == []


@pytest.mark.parametrize(
    ("fault", "condition"),
    [(A4Fault.PAPER_OUT, PrinterCondition.PAPER_OUT), (A4Fault.COVER_OPEN, PrinterCondition.COVER_OPEN),
     (A4Fault.JAM, PrinterCondition.JAM), (A4Fault.STOPPED, PrinterCondition.STOPPED)],
)  # fmt: skip
def test_each_fault_is_shown_for_what_it_is_and_printing_goes_on_after_it(at, server, fault, condition) -> None:
    server.printer.fault = fault
    at.commit()
    at.until(lambda: at.spooler.condition is condition)
    assert {"page_printer": condition.value} in at.heard
    assert at.state() is JobState.QUEUED, "nothing is handed to a printer that cannot print"
    server.printer.fault = None
    at.until_state(JobState.CONFIRMED)


def test_paper_that_runs_out_under_a_sheet_holds_it_until_its_deadline_and_then_takes_it_back(at, server) -> None:
    server.printer.sheet_s = 3600
    at.commit()
    at.until_state(JobState.SENT)
    server.printer.fault = A4Fault.PAPER_OUT
    at.until(lambda: at.spooler.condition is PrinterCondition.PAPER_OUT)
    at.shift_s = 121
    at.until_state(JobState.UNKNOWN)
    server.printer.fault = None
    at.shift_s = 0
    server.printer.sheet_s = 0.1
    at.commit("job-2")
    at.until_state(JobState.CONFIRMED, job="job-2")
    assert len(server.printer.papers) == 1, "what was taken back does not come out for the next citizen"


def test_a_sheet_that_is_coming_out_at_its_deadline_is_left_alone(at, server) -> None:
    server.printer.sheet_s = 0.6
    at.commit()
    at.until_state(JobState.SENT)
    at.shift_s = 121
    at.until_state(JobState.CONFIRMED)


def test_a_citizen_who_leaves_takes_the_waiting_sheet_along(at, server, folder) -> None:
    server.printer.fault = A4Fault.PAPER_OUT
    at.commit(held=False)
    at.step()
    print_jobs.drop(folder, at.store, "job-1")
    at.until_state(JobState.ABANDONED)
    server.printer.fault = None
    for _ in range(5):
        at.step()
    assert server.printer.papers == []


def test_nobody_at_the_other_end_is_an_absent_printer_and_the_sheet_waits(rig, server) -> None:
    nobody = rig(Queue("pages", "127.0.0.1:1"))
    nobody.commit()
    nobody.step()
    assert nobody.spooler.condition is PrinterCondition.ABSENT
    assert nobody.state() is JobState.QUEUED


def test_a_process_that_died_with_a_sheet_at_the_printer_says_that_nobody_knows(at, server) -> None:
    server.printer.sheet_s = 3600
    at.commit()
    at.until_state(JobState.SENT)
    at.restart()
    assert at.state() is JobState.UNKNOWN
    server.printer.sheet_s = 0.1
    at.commit("job-2")
    at.until_state(JobState.CONFIRMED, job="job-2")
    assert len(server.printer.papers) == 1, "it was taken back"


def test_the_receipts_spooler_does_not_touch_a_sheet_nor_the_other_way_round(at, server) -> None:
    at.commit()
    assert print_jobs.waiting(at.store, "receipt") == []
    assert [job.id for job in print_jobs.waiting(at.store, "pages")] == ["job-1"]


def test_a_job_whose_key_is_gone_fails(at, folder) -> None:
    at.commit()
    print_jobs.destroy_key(folder, "job-1")
    at.until_state(JobState.FAILED)
