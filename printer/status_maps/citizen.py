"""Citizen's kiosk printers (PPU-231II): DLE EOT as Epson's, but the paper byte has sensors of its own.

0x20 no paper, 0x40 paper at the outlet, 0x04 and 0x08 two sensors near the roll's end. Nothing is reported unasked.
"""

from __future__ import annotations

from collections.abc import Sequence

from printer.status import Condition, Outlet, Reply, Signs
from printer.status_maps.epson import EpsonMap

_FIXED_MASK, _FIXED = 0x93, 0x12


class CitizenMap(EpsonMap):
    report = b""

    def judged(self, answers: Sequence[int]) -> list[Reply]:
        if any(byte & _FIXED_MASK != _FIXED for byte in answers):
            return []
        printer, cause, error, paper = answers
        condition = Signs(
            unrecoverable=bool(error & 0x20),
            cover_open=bool(cause & 0x04),
            paper_out=bool(cause & 0x20 or paper & 0x20),
            jam=bool(error & 0x04),
            cutter=bool(error & 0x08),
            hot=bool(error & 0x40),
            error=bool(cause & 0x40),
            offline=bool(printer & 0x08),
            paper_low=bool(paper & 0x0C),
        ).judged()
        return [Outlet(bool(paper & 0x40)), Condition(condition, asked=True)]
