"""Bematech MP-4200 TH in ESC/Bema mode: GS F8h 1, five bytes with fixed bits in each of the first four.

Printer (0x08 off line), cause (0x02 near the end, 0x04 and 0x20 no paper, 0x40 error, 0x80 cover closed), errors (0x08
cutter, 0x20 unrecoverable, 0x40 recoverable), head (0x04 too hot), firmware. Programmer's Manual 1.0, chapter 3. The
bits for an empty buffer say nothing about what is on paper, so nothing here confirms.
"""

from __future__ import annotations

from kiosk.journey.state import PrinterCondition
from printer.status import Condition, Reply, Signs

_LENGTH = 5
# Mask and value of the bits that never change: what is not so is no status.
_FIXED = ((0x83, 0x80), (0x09, 0x01), (0x93, 0x90), (0xBB, 0x91), (0x80, 0x00))


class BematechMap:
    report = b""
    query = b"\x1d\xf81"

    def __init__(self) -> None:
        self._rest = b""

    def ask(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Reply]:
        self._rest += data
        replies: list[Reply] = []
        while len(self._rest) >= _LENGTH:
            status = self._rest[:_LENGTH]
            if any(byte & mask != value for byte, (mask, value) in zip(status, _FIXED, strict=True)):
                self._rest = self._rest[1:]
                continue
            self._rest = self._rest[_LENGTH:]
            replies.append(Condition(_judged(status), asked=True))
        return replies


def _judged(status: bytes) -> PrinterCondition:
    printer, cause, errors, head, _ = status
    return Signs(
        unrecoverable=bool(errors & 0x20),
        cover_open=not cause & 0x80,
        paper_out=bool(cause & 0x24),
        cutter=bool(errors & 0x08),
        hot=bool(head & 0x04),
        error=bool(errors & 0x40 or cause & 0x40),
        offline=bool(printer & 0x08),
        paper_low=bool(cause & 0x02),
    ).judged()
