"""One copy of a receipt on its way to the printer, and the commands around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from printer.escpos import confirmation_request, encode
from printer.layout import lay_out
from printer.profiles import Profile
from printer.receipt import Receipt
from printer.reprint import marked
from printer.status import REPORT_CHANGES

CHUNK_BYTES = 1024
DOTS_PER_MM = 8
# What the mechanisms of kiosks do at least.
PRINT_MM_PER_S = 150
# Handing over is quick and printing is not: progress is mostly the paper.
_BYTES_SHARE, _PAPER_SHARE = 0.3, 0.65

_INITIALISE = b"\x1b@"
# Longer than the longest raster command of ours that may have been broken off: what is left of it is then white.
_FLUSH_BYTES = 24_576


def stop_now() -> bytes:
    """Real-time commands, obeyed by a printer that has stopped: DLE ENQ 2 (recover and clear the buffers), DLE DC4 8
    (clear the buffers).
    """
    return b"\x10\x05\x02" + b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"


def flush(profile: Profile) -> bytes:
    """Ends whatever command was broken off, resets, and cuts, so that nothing of it hangs before the next paper."""
    return b"\0" * _FLUSH_BYTES + _INITIALISE + REPORT_CHANGES + bytes.fromhex(profile.cut)


def fence(profile: Profile, fence_id: bytes) -> bytes:
    """A question that is answered when everything before it has been dealt with."""
    return confirmation_request(profile, fence_id)


def process_id_of_copy(process_id: bytes, copy: int) -> bytes:
    """Each copy asks under an id of its own, so that a late answer is not taken for the next copy's."""
    return process_id[:3] + bytes([32 + (process_id[3] - 32 + copy - 1) % 95])


@dataclass
class Delivery:
    """The bytes of copy number `copy`, of which `handed` have left. `tail_from`: where cut and request begin."""

    copy: int
    process_id: bytes
    data: bytes
    tail_from: int
    expected_s: float
    handed: int = 0
    _reached: float = 0.0

    @classmethod
    def of(cls, receipt: Receipt, profile: Profile, process_id: bytes, copy: int) -> Self:
        """Encodes the receipt, marked as a reprint from the second copy on. ValueError if it does not fit."""
        paper = marked(receipt, copy)
        own_id = process_id_of_copy(process_id, copy)
        data = encode(paper, profile, own_id)
        # ESC @ at its beginning ends the reports of changes, which are needed most while bytes are under way.
        body = _INITIALISE + REPORT_CHANGES + data.removeprefix(_INITIALISE)
        tail = bytes.fromhex(profile.cut) + confirmation_request(profile, own_id)
        if not body.endswith(tail):
            raise ValueError("a job ends with the cut and the request")
        length_dots = sum(strip.advance for strip in lay_out(paper, profile))
        expected_s = max(1, length_dots) / DOTS_PER_MM / PRINT_MM_PER_S
        return cls(copy, own_id, body, len(body) - len(tail), expected_s)

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
