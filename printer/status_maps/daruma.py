"""Daruma DR800: ENQ and GS ENQ, a byte each, told apart by their order.

First byte: 0x08 error, 0x10 on line, 0x20 no paper, 0x80 cover open. Second: 0x01 near the end, 0x02 no paper, 0x08 off
line, 0x40 failure (as ACBr reads them; no manual was at hand). Nothing here confirms.
"""

from __future__ import annotations

from printer.status import Condition, Reply, Signs


class DarumaMap:
    report = b""
    query = b"\x05\x1d\x05"

    def __init__(self) -> None:
        self._answers = b""
        self._waiting = False

    def ask(self) -> None:
        self._answers, self._waiting = b"", True

    def feed(self, data: bytes) -> list[Reply]:
        if not self._waiting:
            return []
        self._answers += data
        if len(self._answers) < 2:
            return []
        self._waiting = False
        first, second = self._answers[:2]
        condition = Signs(
            cover_open=bool(first & 0x80),
            paper_out=bool(first & 0x20 or second & 0x02),
            error=bool(first & 0x08 or second & 0x40),
            offline=bool(not first & 0x10 or second & 0x08),
            paper_low=bool(second & 0x01),
        ).judged()
        return [Condition(condition, asked=True)]
