from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.journey.state import PrinterCondition
from printer.status import Block, InBand, ProcessId
from printer.status_maps.epson import Automatic, RealTime, ReplyReader, condition_of, condition_of_automatic

READY = (0x12, 0x12, 0x12, 0x12)


@pytest.mark.parametrize(
    ("replies", "condition"),
    [
        (READY, PrinterCondition.READY),
        ((0x12, 0x12, 0x12, 0x1E), PrinterCondition.PAPER_LOW),
        ((0x1A, 0x32, 0x12, 0x12), PrinterCondition.PAPER_OUT),
        ((0x1A, 0x12, 0x12, 0x72), PrinterCondition.PAPER_OUT),
        ((0x12, 0x12, 0x12, 0x72), PrinterCondition.PAPER_OUT),
        ((0x1A, 0x16, 0x12, 0x7E), PrinterCondition.COVER_OPEN),
        ((0x1A, 0x52, 0x1A, 0x12), PrinterCondition.CUTTER),
        ((0x1A, 0x52, 0x16, 0x12), PrinterCondition.JAM),
        ((0x1A, 0x52, 0x12, 0x12), PrinterCondition.ERROR),
        ((0x1A, 0x52, 0x32, 0x12), PrinterCondition.ERROR),
        ((0x1A, 0x52, 0x52, 0x12), PrinterCondition.OVERHEATED),
        ((0x1A, 0x12, 0x12, 0x12), PrinterCondition.UNKNOWN),
        ((0x16, 0x12, 0x12, 0x12), PrinterCondition.READY),
    ],
)
def test_four_replies_tell_the_condition(replies: tuple[int, ...], condition: PrinterCondition) -> None:
    assert condition_of(replies) is condition


@pytest.mark.parametrize("replies", [(), (0x12, 0x12, 0x12), (0x12, 0x12, 0x12, 0x00), (0, 0, 0, 0), (0xFF,) * 4])
def test_silence_and_nonsense_are_never_taken_for_paper(replies: tuple[int, ...]) -> None:
    assert condition_of(replies) is PrinterCondition.UNKNOWN


@pytest.mark.parametrize(
    ("data", "condition"),
    [
        (b"\x10\x00\x00\x0f", PrinterCondition.READY),
        (b"\x14\x00\x00\x0f", PrinterCondition.READY),
        (b"\x10\x00\x03\x0f", PrinterCondition.PAPER_LOW),
        (b"\x18\x00\x0f\x0f", PrinterCondition.PAPER_OUT),
        (b"\x38\x00\x00\x0f", PrinterCondition.COVER_OPEN),
        (b"\x18\x08\x00\x0f", PrinterCondition.CUTTER),
        (b"\x18\x04\x00\x0f", PrinterCondition.JAM),
        (b"\x18\x20\x00\x0f", PrinterCondition.ERROR),
        (b"\x18\x40\x00\x0f", PrinterCondition.OVERHEATED),
    ],
)
def test_an_automatic_status_tells_the_condition(data: bytes, condition: PrinterCondition) -> None:
    assert condition_of_automatic(data) is condition


STREAM = b"\x12\x37\x22AB2\x7e\x00\x18\x00\x0c\x0f\x1a\x0c\x5fTM-T20X\x00\x72\x00"
REPLIES = [
    RealTime(0x12),
    ProcessId(b"AB2\x7e"),
    Automatic(b"\x18\x00\x0c\x0f"),
    RealTime(0x1A),
    InBand(0x0C),
    Block(b"\x5fTM-T20X"),
    RealTime(0x72),
    InBand(0x00),
]


def test_kinds_of_replies_are_told_apart_in_one_stream() -> None:
    assert ReplyReader().feed(STREAM) == REPLIES


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_replies_that_come_in_pieces_are_the_same_replies(cuts: list[int]) -> None:
    reader, places = ReplyReader(), [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[start:end] for start, end in pairwise(places)]
    assert [reply for piece in pieces for reply in reader.feed(piece)] == REPLIES


def test_flow_control_bytes_are_no_replies() -> None:
    assert ReplyReader().feed(b"\x11\x13\x12") == [RealTime(0x12)]


def test_what_only_begins_like_an_automatic_status_is_none() -> None:
    assert Automatic not in {type(reply) for reply in ReplyReader().feed(b"P/1.1 400")}


@given(st.binary(max_size=200))
def test_noise_never_holds_the_reader_up_for_ever(noise: bytes) -> None:
    reader = ReplyReader()
    reader.feed(noise)
    reader.feed(b"\x00" * 97)
    assert reader.feed(b"\x12")[-1:] == [RealTime(0x12)]
