"""One copy of a receipt on its way to the printer, and the commands around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from printer.escpos import begin, body, ending, request
from printer.layout import lay_out
from printer.profiles import Confirmation, Profile
from printer.receipt import Receipt
from printer.reprint import marked
from printer.status_maps.registry import map_of

CHUNK_BYTES = 1024
MM_PER_INCH = 25.4
# What the mechanisms of kiosks do at least.
PRINT_MM_PER_S = 150
# Handing over is quick and printing is not: progress is mostly the paper.
_BYTES_SHARE, _PAPER_SHARE = 0.3, 0.65

# Longer than the longest raster command of ours that may have been broken off: what is left of it is then white.
_FLUSH_BYTES = 24_576
_GS_R = b"\x1dr\x01"
FENCE_ASKS = 2
"""How often a fence in band asks: one answer more is the job's own."""
_COUNTS = 32


def stop_now(profile: Profile) -> bytes:
    """What a printer that has stopped obeys in real time: forget what is held. On Epson's: DLE ENQ 2 (recover and clear
    the buffers), DLE DC4 8 (clear the buffers).
    """
    return bytes.fromhex(profile.stop)


def flush(profile: Profile) -> bytes:
    """Ends whatever command was broken off, resets, and cuts, so that nothing of it hangs before the next paper."""
    return b"\0" * _FLUSH_BYTES + begin(profile) + map_of(profile).report + bytes.fromhex(profile.cut)


def fence(profile: Profile, fence_id: bytes) -> bytes:
    """A question that is answered when everything before it has been dealt with; nothing where there is none."""
    if profile.confirmation in {Confirmation.PRESENTER, Confirmation.IN_BAND}:
        return _GS_R * FENCE_ASKS
    return request(profile, fence_id)


def counted_request(profile: Profile, count: int | None) -> tuple[bytes, int | None]:
    """Star's question, and the count that answers it. Never 0: that is what the printer says after a power cut."""
    if profile.confirmation is not Confirmation.COUNTER or count is None:
        return b"", None
    times = 2 if count == _COUNTS - 1 else 1
    return request(profile, b"    ") * times, (count + times) % _COUNTS


def process_id_of_copy(process_id: bytes, copy: int) -> bytes:
    """Each copy asks under an id of its own, so that a late answer is not taken for the next copy's."""
    return process_id[:3] + bytes([32 + (process_id[3] - 32 + copy - 1) % 95])


@dataclass
class Delivery:
    """The bytes of copy number `copy`, of which `handed` have left. `tail_from`: where cut and request begin.

    `expected_count`: what a counter says when the paper is out; None elsewhere.
    """

    copy: int
    process_id: bytes
    data: bytes
    tail_from: int
    expected_s: float
    expected_count: int | None = None
    handed: int = 0
    _reached: float = 0.0

    @classmethod
    def of(cls, receipt: Receipt, profile: Profile, process_id: bytes, copy: int, count: int | None = None) -> Self:
        """Encodes the receipt, marked as a reprint from the second copy on. ValueError if it does not fit.

        `count` is what the printer's counter says now.
        """
        paper = marked(receipt, copy)
        own_id = process_id_of_copy(process_id, copy)
        # The reset at the beginning ends the reports of changes, which are needed most while bytes are under way.
        head = begin(profile) + map_of(profile).report + body(paper, profile)
        counted, expected = counted_request(profile, count)
        tail = ending(paper, profile) + (counted or request(profile, own_id))
        length_dots = sum(strip.advance for strip in lay_out(paper, profile))
        expected_s = max(1, length_dots) / profile.dpi * MM_PER_INCH / PRINT_MM_PER_S
        return cls(copy, own_id, head + tail, len(head), expected_s, expected)

    @property
    def whole(self) -> bool:
        return self.handed == len(self.data)

    @property
    def at_tail(self) -> bool:
        return self.handed >= self.tail_from

    def next_chunk(self) -> bytes:
        """Never reaches from before the tail into it."""
        end = self.handed + CHUNK_BYTES
        return self.data[self.handed : end if self.at_tail else min(end, self.tail_from)]

    def progress(self, in_flight: int, waited_s: float) -> float:
        """0 to below 1: bytes that the printer has taken, then the time that paper of this length needs.

        Never less than before. 1 is not an estimate: it is the printer's answer.
        """
        reached = _BYTES_SHARE * max(0, self.handed - in_flight) / len(self.data)
        if self.whole:
            reached += _PAPER_SHARE * min(1.0, waited_s / self.expected_s)
        self._reached = max(self._reached, round(reached, 3))
        return self._reached
