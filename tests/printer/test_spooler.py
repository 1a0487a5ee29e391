from pathlib import Path

import pytest

from kiosk.journey.state import JobState, PrinterCondition
from offline_cache import print_jobs
from printer.receipt import Receipt
from printer.virtual.condition import Fault
from printer.virtual.machine import VirtualPrinter
from tests.printer import samples
from tests.printer.spooler_rig import Rig, job, queue, rig

FAST, SLOW = 2000.0, 200.0
FAULTS = {
    Fault.PAPER_OUT: PrinterCondition.PAPER_OUT,
    Fault.COVER_OPEN: PrinterCondition.COVER_OPEN,
    Fault.JAM: PrinterCondition.JAM,
    Fault.CUTTER: PrinterCondition.CUTTER,
    Fault.OVERHEATED: PrinterCondition.OVERHEATED,
    Fault.ERROR: PrinterCondition.ERROR,
}


def in_mid_print(made: Rig) -> None:
    """Everything was handed over and the mechanism is at work."""
    made.until_state(JobState.SENT)
    made.until(lambda: made.progress() > 0.5)


@pytest.mark.parametrize("profile", ["epson-tm-t20x", "generic-80mm"])
def test_a_guide_is_printed_once_and_confirmed(tmp_path: Path, profile: str) -> None:
    simple = profile == "generic-80mm"
    machine = VirtualPrinter(speed_mm_s=FAST, page_mode=not simple, process_ids=not simple)
    with rig(tmp_path, machine, profile) as made:
        queue(made.folder, made.store)
        assert made.until_end() is JobState.CONFIRMED
        assert len(made.papers()) == len(made.whole_papers()) == 1
        assert job(made.store).content is None
        assert list(made.folder.print_keys.iterdir()) == []
        assert job(made.store).copies == 1


def test_nothing_is_confirmed_before_the_paper_is_out(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=SLOW)) as made:
        queue(made.folder, made.store)
        in_mid_print(made)
        assert made.papers() == []
        assert made.until_end() is JobState.CONFIRMED
        assert len(made.papers()) == 1


def test_jobs_come_out_in_the_order_in_which_they_were_committed(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=FAST)) as made:
        for name in ("b", "a"):
            queue(made.folder, made.store, name)
        made.until_end("b")
        assert made.state("a") not in print_jobs.ENDS
        assert made.until_end("a") is JobState.CONFIRMED
        assert len(made.whole_papers()) == 2


def test_a_held_job_waits_for_its_release_and_holds_nobody_up(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=FAST)) as made:
        queue(made.folder, made.store, "held", held=True)
        queue(made.folder, made.store, "free")
        assert made.until_end("free") is JobState.CONFIRMED
        assert made.state("held") is JobState.QUEUED
        print_jobs.release(made.store, "held")
        made.spooler.look()
        assert made.until_end("held") is JobState.CONFIRMED


def test_a_held_job_is_abandoned_at_its_deadline(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=FAST)) as made:
        queue(made.folder, made.store, held=True)
        made.step()
        made.pass_time(121)
        assert made.until_end() is JobState.ABANDONED
        assert made.papers() == []


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_printer_that_is_not_ready_gets_no_byte_until_it_is(tmp_path: Path, fault: Fault) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=FAST)) as made:
        made.printer.set_fault(fault)
        made.until(lambda: made.connection.condition is FAULTS[fault])
        queue(made.folder, made.store)
        made.spooler.look()
        asked = made.connection._asked_s
        made.until(lambda: made.connection._asked_s > asked + 1)
        assert made.state() is JobState.QUEUED
        made.printer.clear_faults()
        assert made.until_end() is JobState.CONFIRMED
        assert len(made.papers()) == 1


def test_a_job_that_finds_no_paper_until_its_deadline_is_abandoned_and_never_comes_out(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=FAST)) as made:
        made.printer.set_fault(Fault.PAPER_OUT)
        queue(made.folder, made.store)
        made.until(lambda: made.connection.condition is PrinterCondition.PAPER_OUT)
        made.pass_time(121)
        assert made.until_end() is JobState.ABANDONED
        made.printer.clear_faults()
        queue(made.folder, made.store, "job-2", deadline_s=1e9)
        assert made.until_end("job-2") is JobState.CONFIRMED
        assert len(made.papers()) == 1


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_paper_that_was_interrupted_is_printed_again_whole_and_marked(tmp_path: Path, fault: Fault) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=SLOW)) as made:
        queue(made.folder, made.store)
        in_mid_print(made)
        made.printer.set_fault(fault)
        made.until(lambda: made.connection.condition is FAULTS[fault])
        made.until(lambda: [paper.torn for paper in made.papers()] == [True])
        assert made.state() not in print_jobs.ENDS
        made.printer.clear_faults()
        assert made.until_end() is JobState.CONFIRMED
        assert job(made.store).copies == 2
        assert [paper.torn for paper in made.papers()] == [True, False]


def test_paper_that_ends_in_mid_print_and_is_not_refilled_in_time_leaves_nothing_behind(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=FAST, paper_mm=100)) as made:
        queue(made.folder, made.store)
        made.until(lambda: [paper.torn for paper in made.papers()] == [True])
        made.pass_time(121)
        assert made.until_end() is JobState.ABANDONED
        assert job(made.store).content is None
        made.printer.clear_faults()
        made.until(lambda: not made.spooler.clearing.dirty)
        assert made.whole_papers() == []


def test_paper_that_ends_in_mid_print_is_printed_after_the_refill(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=FAST, paper_mm=100)) as made:
        queue(made.folder, made.store)
        made.until(lambda: made.connection.condition is PrinterCondition.PAPER_OUT)
        made.until(lambda: [paper.torn for paper in made.papers()] == [True])
        made.printer.clear_faults()
        assert made.until_end() is JobState.CONFIRMED
        assert len(made.whole_papers()) == 1


def test_a_printer_switched_off_in_mid_print_leaves_a_doubt_and_no_second_paper(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=SLOW)) as made:
        queue(made.folder, made.store)
        in_mid_print(made)
        made.printer.power(on=False)
        assert made.until_end() is JobState.UNKNOWN
        made.until(lambda: made.connection.condition is PrinterCondition.ABSENT)
        made.printer.power(on=True)
        queue(made.folder, made.store, "job-2")
        assert made.until_end("job-2") is JobState.CONFIRMED
        assert len(made.whole_papers()) == 1


def long_paper() -> Receipt:
    """More bytes than the buffers of a wire hold."""
    return samples.guide().model_copy(update={"blocks": samples.guide().blocks * 30})


def stuck(made: Rig) -> None:
    """Bytes were handed over, and for a while none is taken any more."""
    made.until_state(JobState.SENDING)
    assert made.spooler.active is not None
    before, still = -1, 0
    while still < 10:
        made.step()
        delivery = made.spooler.active.delivery
        assert delivery is not None
        still = still + 1 if delivery.handed == before else 0
        before = delivery.handed
    assert 0 < before < delivery.tail_from


def test_a_wire_cut_before_the_tail_had_left_leads_to_a_marked_second_copy(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=None), "generic-80mm", choke_bytes=20_000) as made:
        queue(made.folder, made.store, receipt=long_paper())
        stuck(made)
        assert made.choke is not None
        made.choke.cut()
        assert made.until_end() is JobState.CONFIRMED
        assert job(made.store).copies == 2


def test_a_printer_that_takes_no_more_bytes_is_not_waited_for_without_end(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=None), "generic-80mm", choke_bytes=20_000) as made:
        queue(made.folder, made.store, receipt=long_paper())
        stuck(made)
        made.pass_time(130)
        assert made.until_end() is JobState.ABANDONED
        assert job(made.store).copies == 1


def test_a_printer_that_is_absent_at_first_is_found_without_a_restart(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=FAST)) as made:
        made.printer.power(on=False)
        queue(made.folder, made.store)
        made.until(lambda: made.connection.condition is PrinterCondition.ABSENT)
        assert made.state() is JobState.QUEUED
        made.printer.power(on=True)
        assert made.until_end() is JobState.CONFIRMED
        assert len(made.papers()) == 1


def test_the_citizen_who_has_gone_gets_no_paper_after_the_refill(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=SLOW)) as made:
        queue(made.folder, made.store)
        in_mid_print(made)
        made.printer.set_fault(Fault.COVER_OPEN)
        made.until(lambda: made.connection.condition is PrinterCondition.COVER_OPEN)
        print_jobs.drop(made.folder, made.store, "job-1")
        assert made.until_end() is JobState.ABANDONED
        made.printer.clear_faults()
        made.until(lambda: not made.spooler.clearing.dirty)
        assert made.whole_papers() == []


def test_a_job_that_was_dropped_while_it_waited_is_forgotten(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=FAST)) as made:
        made.printer.set_fault(Fault.PAPER_OUT)
        queue(made.folder, made.store)
        made.until(lambda: made.spooler.active is not None)
        print_jobs.drop(made.folder, made.store, "job-1")
        made.printer.clear_faults()
        made.until(lambda: made.spooler.active is None)
        assert made.papers() == []


def test_a_job_whose_key_is_gone_has_failed(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=FAST)) as made:
        queue(made.folder, made.store)
        print_jobs.destroy_key(made.folder, "job-1")
        assert made.until_end() is JobState.FAILED


def test_what_the_kiosk_hears_is_what_happens(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=SLOW)) as made:
        queue(made.folder, made.store)
        made.until_end()
        made.until(lambda: any(message.get("state") == "confirmed" for message in made.heard))
        conditions = [message["printer"] for message in made.heard if "printer" in message]
        states = [message["state"] for message in made.heard if message.get("job") == "job-1"]
        progress = [message["progress"] for message in made.heard if message.get("job") == "job-1"]
        assert conditions[-1] == "ready"
        assert [state for state, after in zip(states, [*states[1:], None], strict=True) if state != after] == [
            "queued",
            "sent",
            "confirmed",
        ]
        assert progress == sorted(progress)
        assert [value for value in progress if value == 1.0] == progress[states.index("confirmed") :]


def test_what_an_earlier_process_had_begun_ends_in_doubt_and_the_kiosk_hears_of_it(tmp_path: Path) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=150)) as it:
        queue(it.folder, it.store)
        it.until_state(JobState.SENT)
        it.restart()
        it.until(lambda: {"job": "job-1", "state": "unknown", "progress": 1.0, "reason": "restart"} in it.heard)
        assert it.state() is JobState.UNKNOWN
