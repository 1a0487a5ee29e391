import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printer import escpos, profiles
from printer.virtual.condition import Fault
from printer.virtual.machine import VirtualPrinter
from tests.printer.samples import BARCODE, guide, ticket
from tests.printer.scanning import read_by_zbar, read_by_zxing

EPSON = profiles.load("epson-tm-t20x")
GENERIC = profiles.load("generic-80mm")
RESPONSE = b"\x37\x22A001\x00"


def job(receipt=None, profile=EPSON):
    return escpos.encode(receipt or ticket(), profile, b"A001")


def run(printer, seconds, step=0.5):
    """Lets time pass in steps; what was answered meanwhile."""
    answers = b""
    for _ in range(int(seconds / step)):
        answers += printer.advance(step)
    return answers


@pytest.mark.parametrize(
    ("faults", "answers"),
    [
        (set(), [0x12, 0x12, 0x12, 0x12]),
        ({Fault.PAPER_OUT}, [0x1A, 0x32, 0x12, 0x7E]),
        ({Fault.COVER_OPEN}, [0x1A, 0x16, 0x12, 0x12]),
        ({Fault.JAM}, [0x1A, 0x52, 0x16, 0x12]),
        ({Fault.CUTTER}, [0x1A, 0x52, 0x1A, 0x12]),
        ({Fault.OVERHEATED}, [0x1A, 0x52, 0x52, 0x12]),
        ({Fault.ERROR}, [0x1A, 0x52, 0x32, 0x12]),
        ({Fault.PAPER_OUT, Fault.COVER_OPEN}, [0x1A, 0x36, 0x12, 0x7E]),
    ],
)
def test_real_time_status_says_what_is_wrong(faults, answers):
    printer = VirtualPrinter()
    for fault in faults:
        printer.set_fault(fault)
    assert [printer.feed(bytes([0x10, 0x04, query]))[0] for query in (1, 2, 3, 4)] == answers


def test_a_roll_near_its_end_is_announced_before_it_ends():
    printer = VirtualPrinter(paper_mm=500, near_end_mm=400)
    assert printer.feed(b"\x10\x04\x04") == b"\x12"
    printer.feed(b"\x1b\x40" + b"\x1bJ\xff" * 4)
    assert printer.feed(b"\x10\x04\x04") == b"\x1e"


def test_automatic_status_comes_when_it_is_switched_on_and_at_every_change():
    printer = VirtualPrinter()
    assert printer.feed(b"\x1da\xff") == b"\x10\x00\x00\x0f"
    printer.set_fault(Fault.COVER_OPEN)
    printer.set_fault(Fault.PAPER_OUT)
    assert printer.advance(0) == b"\x38\x00\x00\x0f" + b"\x38\x00\x0f\x0f"
    printer.clear_fault(Fault.COVER_OPEN)
    printer.clear_fault(Fault.PAPER_OUT)
    assert printer.advance(0)[-4:] == b"\x10\x00\x00\x0f"


@pytest.mark.parametrize(("profile", "answer"), [(EPSON, RESPONSE), (GENERIC, b"\x00")], ids=["process-id", "in-band"])
def test_the_confirmation_comes_only_when_the_paper_is_out(profile, answer):
    printer = VirtualPrinter(speed_mm_s=100)
    assert printer.feed(job(profile=profile)) == b""
    assert run(printer, 1.0) == b""
    assert printer.papers == []
    assert run(printer, 1.0) == answer
    assert len(printer.papers) == 1


def test_status_is_told_while_the_mechanism_is_still_printing():
    printer = VirtualPrinter(speed_mm_s=100)
    printer.feed(job())
    assert printer.feed(b"\x10\x04\x01") == b"\x12"
    assert printer.papers == []


@pytest.mark.parametrize("fault", list(Fault))
def test_it_stops_in_mid_print_and_finishes_the_same_paper_after_the_remedy(fault):
    printer, undisturbed = VirtualPrinter(speed_mm_s=100), VirtualPrinter()
    undisturbed.feed(job())
    printer.feed(job())
    run(printer, 1.0)
    printer.set_fault(fault)
    assert run(printer, 60) == b""
    assert printer.papers == []
    printer.clear_fault(fault)
    assert run(printer, 2.0) == RESPONSE
    assert np.array_equal(printer.papers[0].dots, undisturbed.papers[0].dots)


def test_the_roll_ends_after_its_length_and_a_new_one_lets_the_paper_be_finished():
    printer = VirtualPrinter(paper_mm=50)
    assert printer.feed(job()) == b""
    assert printer.condition.faults == {Fault.PAPER_OUT}
    printer.clear_fault(Fault.PAPER_OUT)
    assert printer.advance(0) == RESPONSE
    assert printer.papers[0].dots.shape[0] > 50 * 203 // 25.4


def test_recovery_with_clearing_tears_off_what_was_begun_and_forgets_the_rest():
    printer = VirtualPrinter(paper_mm=50)
    printer.feed(job())
    printer.feed(b"\x10\x05\x02")
    printer.load(None)
    assert printer.advance(10) == b""
    assert [paper.torn for paper in printer.papers] == [True]
    assert printer.papers[0].dots.shape[0] == 50 * 203 // 25.4
    assert printer.feed(job()) == RESPONSE


def test_clearing_is_ignored_while_nothing_is_wrong():
    printer = VirtualPrinter(speed_mm_s=100)
    printer.feed(job() + b"\x10\x05\x02")
    assert run(printer, 5) == RESPONSE


def test_without_power_it_is_silent_and_what_it_held_is_lost():
    printer = VirtualPrinter(speed_mm_s=100)
    printer.feed(job())
    run(printer, 0.5)
    printer.power_off()
    assert printer.feed(b"\x10\x04\x01") == b""
    printer.power_on()
    assert run(printer, 5) == b""
    assert [paper.torn for paper in printer.papers] == [True]


def test_a_job_cut_short_is_flushed_with_nulls_and_a_reset():
    printer = VirtualPrinter()
    printer.feed(job(guide())[:700])  # inside the crest
    assert printer.feed(b"\x00" * 20_000 + job()) == RESPONSE
    whole = ticket_dots()
    assert np.array_equal(printer.papers[-1].dots[-len(whole) :], whole)


def ticket_dots():
    printer = VirtualPrinter()
    printer.feed(job())
    return printer.papers[0].dots


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=400), min_size=1, max_size=40))
def test_how_the_bytes_arrive_does_not_change_the_paper(sizes):
    data, printer, answers = job(), VirtualPrinter(), b""
    for size in sizes:
        answers += printer.feed(data[:size])
        data = data[size:]
    assert answers + printer.feed(data) == RESPONSE
    assert np.array_equal(printer.papers[0].dots, ticket_dots())


def test_real_time_requests_are_answered_even_when_they_arrive_in_pieces():
    printer = VirtualPrinter()
    answers = [printer.feed(bytes([byte])) for byte in b"\x10\x04\x01\x10\x04\x04"]
    assert answers == [b"", b"", b"\x12", b"", b"", b"\x12"]


def dots_on(data):
    printer = VirtualPrinter()
    printer.feed(data + b"\x1dV\x00")
    return int(printer.papers[0].dots.sum()) if printer.papers else 0


def test_a_barcode_wider_than_the_line_prints_nothing():
    digits = BARCODE.encode()
    assert dots_on(b"\x1dw\x02\x1dh\x68\x1dkF" + bytes([len(digits)]) + digits + b"\n") == 0
    assert dots_on(b"\x1dw\x02\x1dh\x68\x1dkF\x14" + digits[:20] + b"\n") > 0


def test_a_printer_without_page_mode_does_not_print_a_pages_barcode():
    printer = VirtualPrinter(page_mode=False)
    printer.feed(job(guide()))
    assert BARCODE not in read_by_zxing(printer.papers[0].image)


@pytest.mark.parametrize(("number", "codec"), [(0, "cp437"), (2, "cp850"), (19, "cp858"), (16, "cp1252")])
def test_the_code_page_decides_which_letters_are_printed(number, codec):
    expected = VirtualPrinter()
    expected.feed(b"\x1bt\x13" + "é".encode("cp858") + b"\n\x1dV\x00")
    printer = VirtualPrinter()
    printer.feed(b"\x1bt" + bytes([number]) + "é".encode(codec) + b"\n\x1dV\x00")
    assert np.array_equal(printer.papers[0].dots, expected.papers[0].dots)


def test_what_python_escpos_sends_comes_out():
    from escpos.printer import Dummy

    stripes = Image.new("1", (200, 100), 1)
    stripes.paste(0, (50, 0, 150, 100))
    dummy = Dummy(profile="TM-T20II")
    dummy.set(align="center", bold=True, double_height=True, double_width=True)
    dummy.text("Prefeitura de São José\n")
    dummy.set_with_default()
    dummy.qr("https://vilaaurora.example/p/7K2M", native=True, size=6)
    for implementation in ("bitImageRaster", "graphics", "bitImageColumn"):
        dummy.image(stripes, impl=implementation)
    dummy.barcode("12345678", "ITF", width=2, height=80, function_type="B")
    dummy.cut()
    printer = VirtualPrinter()
    printer.feed(dummy.output)
    assert printer.unknown == []
    image = printer.papers[0].image
    assert {"https://vilaaurora.example/p/7K2M", "12345678"} <= read_by_zxing(image) & read_by_zbar(image)
    black = ~np.array(image)
    assert (black[:, 50:150].all(axis=1) & ~black[:, :50].any(axis=1)).sum() >= 300


def test_a_relative_position_moves_from_where_the_line_stands():
    absolute, relative = VirtualPrinter(), VirtualPrinter()
    absolute.feed(b"A\x1b$\x70\x00B\n\x1dV\x00")
    relative.feed(b"A\x1b\\\x64\x00B\n\x1dV\x00")
    assert np.array_equal(absolute.papers[0].dots, relative.papers[0].dots)
