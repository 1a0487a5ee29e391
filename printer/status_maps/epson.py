"""What the printer says: its bytes told apart, and its condition read from them.

Epson TM-T88III guide p. 304 (DLE EOT), p. 428 (GS ( H); Citizen CT-S2000 p. 58-62. Silence is never "ready": a
condition is made of four replies with the fixed bits in place, or of a whole automatic status, and of nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from kiosk.journey.state import PrinterCondition
from printer.status import Block, Condition, InBand, ProcessId, Reply, Signs

# DLE EOT 1..4: printer, cause of being off line, error, paper. Answered at once, whatever is being printed.
QUERIES = (b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x03", b"\x10\x04\x04")
# GS a: tell by yourself when on line/off line (0x02), error (0x04) or paper (0x08) changes. ESC @ ends it.
REPORT_CHANGES = b"\x1da\x0e"

_FIXED_MASK, _REAL_TIME, _AUTOMATIC = 0x93, 0x12, 0x10
_IN_BAND_MASK = 0x90
_AUTOMATIC_BYTES = 4
_BLOCK_HEADERS = frozenset({0x35, 0x37, 0x3B, 0x3D, 0x5F})
_PROCESS_ID = b"\x37\x22"
_LONGEST_BLOCK_BYTES = 96


@dataclass(frozen=True)
class RealTime:
    """One reply to DLE EOT; which query it answers is known by order alone."""

    byte: int


@dataclass(frozen=True)
class Automatic:
    """Four bytes that GS a asked for."""

    data: bytes


Raw = RealTime | Automatic | ProcessId | InBand | Block


class ReplyReader:
    """Cuts the printer's bytes into replies; a reply may come in pieces. Bytes of no known kind are dropped."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Raw]:
        self._rest += data
        replies: list[Raw] = []
        while self._rest:
            first = self._rest[0]
            if first & _FIXED_MASK == _REAL_TIME:
                replies.append(RealTime(first))
                self._rest = self._rest[1:]
            elif first & _FIXED_MASK == _AUTOMATIC:
                status = self._rest[:_AUTOMATIC_BYTES]
                if any(byte & _IN_BAND_MASK for byte in status[1:]):
                    self._rest = self._rest[1:]
                    continue
                if len(status) < _AUTOMATIC_BYTES:
                    break
                replies.append(Automatic(status))
                self._rest = self._rest[_AUTOMATIC_BYTES:]
            elif first in _BLOCK_HEADERS:
                end = self._rest.find(0)
                if end < 0 and len(self._rest) < _LONGEST_BLOCK_BYTES:
                    break
                if end > 0:
                    replies.append(_block(self._rest[:end]))
                self._rest = self._rest[end + 1 if end > 0 else 1 :]
            else:
                if first & _IN_BAND_MASK == 0:
                    replies.append(InBand(first))
                self._rest = self._rest[1:]
        return replies


def condition_of(replies: Sequence[int]) -> PrinterCondition:
    """The condition that the four replies to QUERIES tell, in their order; UNKNOWN if any is not a status byte."""
    if len(replies) != len(QUERIES) or any(byte & _FIXED_MASK != _REAL_TIME for byte in replies):
        return PrinterCondition.UNKNOWN
    printer, cause, error, paper = replies
    return Signs(
        unrecoverable=bool(error & 0x20),
        cover_open=bool(cause & 0x04),
        # A roll that ends in mid-print stops the printer before the end sensor of DLE EOT 4 may say so.
        paper_out=bool(cause & 0x20 or paper & 0x60),
        jam=bool(error & 0x04),
        cutter=bool(error & 0x08),
        # It recovers by itself: the head has to cool down.
        hot=bool(error & 0x40),
        error=bool(cause & 0x40),
        offline=bool(printer & 0x08),
        paper_low=bool(paper & 0x0C),
    ).judged()


def condition_of_automatic(data: bytes) -> PrinterCondition:
    """The condition that the four bytes of an automatic status tell."""
    printer, error, paper = data[0], data[1], data[2]
    return Signs(
        unrecoverable=bool(error & 0x20),
        cover_open=bool(printer & 0x20),
        paper_out=bool(paper & 0x0C),
        jam=bool(error & 0x04),
        cutter=bool(error & 0x08),
        hot=bool(error & 0x40),
        offline=bool(printer & 0x08),
        paper_low=bool(paper & 0x03),
    ).judged()


def _block(data: bytes) -> ProcessId | Block:
    return ProcessId(data[2:]) if data[:2] == _PROCESS_ID and len(data) == 6 else Block(data)


class EpsonMap:
    """DLE EOT 1 to 4, whose answers are told apart by their order alone, and automatic status between them."""

    report = REPORT_CHANGES
    query = b"".join(QUERIES)

    def __init__(self) -> None:
        self._reader = ReplyReader()
        self._round: list[int] | None = None

    def ask(self) -> None:
        self._round = []

    def feed(self, data: bytes) -> list[Reply]:
        replies: list[Reply] = []
        for raw in self._reader.feed(data):
            match raw:
                case RealTime(byte):
                    replies += self._real_time(byte)
                case Automatic(four):
                    replies.append(Condition(condition_of_automatic(four), asked=False))
                case ProcessId() | InBand() | Block():
                    replies.append(raw)
                case _ as never:
                    assert_never(never)
        return replies

    def _real_time(self, byte: int) -> list[Reply]:
        if self._round is None:
            return []
        self._round.append(byte)
        if len(self._round) < len(QUERIES):
            return []
        answers, self._round = self._round, None
        return self.judged(answers)

    def judged(self, answers: Sequence[int]) -> list[Reply]:
        """What a whole round tells."""
        return [Condition(condition_of(answers), asked=True)]
