"""Star's automatic status, asked by ESC ACK SOH and reported at changes by ESC RS a 1.

The first two bytes hold a length, then: 0x20 cover, 0x08 off line; 0x40 head too hot, 0x20 unrecoverable, 0x08 cutter,
0x04 mechanism; 0x08 presenter jam; 0x08 no paper, 0x04 near the end; presenter; and the count of ETB, spread over
bits 1, 2, 3, 5 and 6 (StarPRNT and line mode specifications; npm receiptio reads the same bits).
"""

from __future__ import annotations

from printer.status import Condition, Count, Reply, Signs

_LEAST, _WITH_COUNT = 7, 8


class StarMap:
    report = b"\x1b\x1ea\x01"
    query = b"\x1b\x06\x01"

    def __init__(self) -> None:
        self._rest = b""
        self._asked = False

    def ask(self) -> None:
        self._asked = True

    def feed(self, data: bytes) -> list[Reply]:
        self._rest += data
        replies: list[Reply] = []
        while self._rest:
            if self._rest[0] & 0x91 != 0x01:
                self._rest = self._rest[1:]
                continue
            if len(self._rest) < 2:
                break
            length = _length(self._rest)
            if length < _LEAST or self._rest[1] & 0x11:
                self._rest = self._rest[1:]
                continue
            if len(self._rest) < length:
                break
            replies += self._told(self._rest[:length])
            self._rest = self._rest[length:]
        return replies

    def _told(self, status: bytes) -> list[Reply]:
        asked, self._asked = self._asked, False
        condition = Signs(
            unrecoverable=bool(status[3] & 0x20),
            cover_open=bool(status[2] & 0x20),
            paper_out=bool(status[5] & 0x08),
            jam=bool(status[3] & 0x04 or status[4] & 0x08),
            cutter=bool(status[3] & 0x08),
            hot=bool(status[3] & 0x40),
            error=bool(status[4] & 0x02),
            offline=bool(status[2] & 0x08),
            paper_low=bool(status[5] & 0x04),
        ).judged()
        replies: list[Reply] = [Condition(condition, asked=asked)]
        if len(status) >= _WITH_COUNT:
            replies.insert(0, Count(count_of(status[7])))
        return replies


def count_of(byte: int) -> int:
    return byte >> 1 & 0x07 | byte >> 2 & 0x18


def _length(status: bytes) -> int:
    """At least so many bytes; what newer models send behind them is not needed, and dropped."""
    return status[0] >> 2 & 0x18 | status[0] >> 1 & 0x07
