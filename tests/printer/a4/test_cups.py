"""The same through a real cupsd, whose printer is virtual; among the long ones, through CUPS's own test printer."""

import re
import tempfile
from pathlib import Path

import pytest

from kiosk.journey.state import JobState, PrinterCondition
from printer.a4 import ipp
from printer.a4.cups import CupsError, Queue, condition_of
from printer.a4.ipp import Attribute, JobStateCode
from printer.virtual.a4 import A4Fault, VirtualA4Printer, VirtualA4Server
from tests.printer.a4.conftest import PDF
from tests.printer.a4.cups_rig import Cups, IppEve, answers, until


@pytest.fixture
def cups():
    # CUPS works as a user of its own, who does not get into pytest's private folders
    with tempfile.TemporaryDirectory(prefix="totem-cups-") as folder:
        running = Cups(Path(folder))
        yield running
        running.close()


def test_one_sheet_goes_through_a_real_cupsd_and_every_trouble_is_shown_for_what_it_is(cups, rig) -> None:
    """Paper out, a stopped queue, a printer that vanished: one way through all of it, since cupsd takes its time."""
    with VirtualA4Server(VirtualA4Printer(cups.folder / "printed", sheet_s=0.2)) as server:
        cups.add_printer(f"ipp://127.0.0.1:{server.port}/ipp/print", "-m", "raw")
        at = rig(cups.queue)
        at.commit()
        at.until_state(JobState.CONFIRMED)
        assert [paper.read_bytes() for paper in server.printer.papers] == [PDF]
        assert not list((cups.folder / "spool").glob("d*")), "CUPS keeps no copy"

        server.printer.fault = A4Fault.PAPER_OUT
        at.commit("empty")
        at.until(lambda: at.spooler.condition is PrinterCondition.PAPER_OUT)
        assert at.state("empty") is JobState.QUEUED, "the printer itself was asked: CUPS would have found out too late"
        at.shift_s = 121
        at.until_state(JobState.ABANDONED, job="empty")
        at.shift_s, server.printer.fault = 0, None

        cups.admin("cupsdisable", cups.queue.name)
        at.until(lambda: at.spooler.condition is PrinterCondition.STOPPED)
        at.commit("stopped")
        at.step()
        assert at.state("stopped") is JobState.QUEUED, "nothing is put into a stopped queue"
        cups.admin("cupsenable", cups.queue.name)
        at.until_state(JobState.CONFIRMED, job="stopped")
        assert len(server.printer.papers) == 2, "the sheet that was given up did not come out after all"

        cups.admin("cupsreject", cups.queue.name)
        assert cups.queue.condition() is PrinterCondition.STOPPED
    assert Queue("nothing", str(cups.socket)).condition() is PrinterCondition.ABSENT


def test_a_printer_that_vanishes_under_a_sheet_ends_in_doubt_never_as_printed(cups, rig) -> None:
    with VirtualA4Server(VirtualA4Printer(cups.folder / "printed", sheet_s=3600)) as server:
        cups.add_printer(f"ipp://127.0.0.1:{server.port}/ipp/print", "-m", "raw")
        at = rig(cups.queue)
        at.commit()
        at.until_state(JobState.SENT)
    assert cups.queue.condition() is PrinterCondition.ABSENT, "whatever CUPS may call it"
    at.shift_s = 121
    at.until_state(JobState.UNKNOWN)


@pytest.mark.long
def test_a_sheet_goes_through_cups_to_its_own_test_printer_without_a_driver(cups, rig) -> None:
    """ippeveprinter, set up as any modern printer is (`-m everywhere`), on paper of its own choice: it must be A4."""
    with IppEve(cups.folder) as printer:
        until(lambda: answers(("127.0.0.1", printer.port)), "ippeveprinter")
        cups.add_printer(f"ipp://localhost:{printer.port}/ipp/print", "-m", "everywhere")
        at = rig(cups.queue)
        at.commit()
        at.until_state(JobState.CONFIRMED)
        assert len(printer.printed()) == 1
        assert re.search(r"^IPP_MEDIA(_COL)?=.*(iso_a4_210x297mm|29700)", printer.media(), re.MULTILINE)


@pytest.mark.parametrize(
    ("reasons", "state", "condition"),
    [
        (("none",), 3, PrinterCondition.READY),
        (("media-low-warning",), 3, PrinterCondition.PAPER_LOW),
        (("media-empty-error",), 5, PrinterCondition.PAPER_OUT),
        (("media-empty-warning",), 4, PrinterCondition.READY),
        (("media-needed",), 4, PrinterCondition.PAPER_OUT),
        (("media-jam-error", "media-empty"), 5, PrinterCondition.JAM),
        (("door-open-report",), 5, PrinterCondition.COVER_OPEN),
        (("paused",), 5, PrinterCondition.STOPPED),
        (("none",), 5, PrinterCondition.STOPPED),
        (("offline-report",), 5, PrinterCondition.ABSENT),
        (("toner-empty-error",), 5, PrinterCondition.ERROR),
    ],
)
def test_what_cups_says_is_read_as_what_it_means(reasons, state, condition) -> None:
    said = [Attribute(ipp.ENUM, "printer-state", (state,)), Attribute(ipp.KEYWORD, "printer-state-reasons", reasons)]
    assert condition_of(ipp.answer(ipp.reply(0, 1, [(ipp.PRINTER, said)]))) is condition


def test_whatever_answers_at_the_port_is_no_reason_to_fall_over(tmp_path) -> None:
    from hypothesis import given
    from hypothesis import strategies as st

    @given(st.binary(max_size=200))
    def read(data):
        try:
            ipp.answer(data)
        except ipp.IppError:
            return

    read()
    with pytest.raises(CupsError):
        Queue("x", str(tmp_path / "nobody")).job_state(1)


def test_what_is_asked_is_read_back_as_it_was_meant() -> None:
    asked = ipp.request(ipp.Operation.PRINT_JOB, [Attribute(ipp.URI, "printer-uri", ("ipp://x/y",))],
                        [Attribute(ipp.INTEGER, "copies", (1,))]) + b"%PDF"
    found, document, number = ipp.received(asked)
    assert (found.status, document, number) == (ipp.Operation.PRINT_JOB, b"%PDF", ipp.REQUEST_ID)
    assert found.first(ipp.OPERATION, "printer-uri") == ("ipp://x/y",)
    assert found.first(ipp.JOB, "copies") == (1,)
    assert JobStateCode.COMPLETED > JobStateCode.PROCESSING
