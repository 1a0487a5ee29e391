"""Custom's VKP80 and KPM: the full status, asked by DLE EOT 20 and reported at changes by GS E0h 15.

Six bytes: 10h 0Fh, paper (0x01 none, 0x04 near the end, 0x20 a ticket in the outlet), user (0x01 head up, 0x02 cover),
errors that pass (0x01 head temperature, 0x08 voltage, 0x40 jam), errors that do not (0x01 cutter, 0x02 its cover, 0x04
and 0x08 memory). Custom's command references (VKP80II, KPM216, KPM300).
"""

from __future__ import annotations

from printer.status import Condition, InBand, Outlet, Reply, Signs

_HEAD = b"\x10\x0f"
_LENGTH = 6


class CustomMap:
    report = b"\x1d\xe0\x0f"
    query = b"\x10\x04\x14"

    def __init__(self) -> None:
        self._rest = b""
        self._asked = False

    def ask(self) -> None:
        self._asked = True

    def feed(self, data: bytes) -> list[Reply]:
        self._rest += data
        replies: list[Reply] = []
        while self._rest:
            if not _HEAD.startswith(self._rest[:2]):
                # GS r answers with one byte whose bits 0x90 are off.
                if self._rest[0] & 0x90 == 0:
                    replies.append(InBand(self._rest[0]))
                self._rest = self._rest[1:]
                continue
            if len(self._rest) < _LENGTH:
                break
            replies += self._told(self._rest[:_LENGTH])
            self._rest = self._rest[_LENGTH:]
        return replies

    def _told(self, status: bytes) -> list[Reply]:
        _, _, paper, user, passing, lasting = status
        asked, self._asked = self._asked, False
        condition = Signs(
            unrecoverable=bool(lasting & 0x0C),
            cover_open=bool(user & 0x03 or lasting & 0x02),
            paper_out=bool(paper & 0x01),
            jam=bool(passing & 0x40),
            cutter=bool(lasting & 0x01),
            hot=bool(passing & 0x01),
            error=bool(passing & 0x08),
            paper_low=bool(paper & 0x04),
        ).judged()
        return [Outlet(bool(paper & 0x20)), Condition(condition, asked=asked)]
