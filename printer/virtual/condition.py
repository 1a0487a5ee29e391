"""What can be wrong with a printer, and the status bytes that say so (Epson's ESC/POS reference)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What stops a printer until a person helps."""

    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    JAM = "jam"
    CUTTER = "cutter"
    OVERHEATED = "overheated"
    ERROR = "error"


# Of what the error byte of DLE EOT 3 and that of the automatic status tell.
_ERROR_BITS = {Fault.JAM: 0x04, Fault.CUTTER: 0x08, Fault.OVERHEATED: 0x40, Fault.ERROR: 0x20}


@dataclass(frozen=True, slots=True)
class Condition:
    faults: frozenset[Fault] = frozenset()
    near_end: bool = False
    outlet_occupied: bool = False

    @property
    def stopped(self) -> bool:
        return bool(self.faults)


def real_time(condition: Condition, query: int) -> int:
    """The answer to DLE EOT n, n 1 to 4. Bits 1 and 4 are fixed."""
    faults = condition.faults
    match query:
        case 1:
            bits = 0x08 * condition.stopped
        case 2:
            bits = (
                0x04 * (Fault.COVER_OPEN in faults)
                | 0x20 * (Fault.PAPER_OUT in faults)
                | 0x40 * bool(_error_bits(condition))
            )
        case 3:
            bits = _error_bits(condition)
        case 4:
            bits = 0x0C * near_end(condition) | 0x60 * (Fault.PAPER_OUT in faults)
        case _:
            raise ValueError("DLE EOT knows the queries 1 to 4")
    return 0x12 | bits


def paper_sensor(condition: Condition) -> int:
    """The answer to GS r 1, and the third byte of the automatic status."""
    return 0x03 * near_end(condition) | 0x0C * (Fault.PAPER_OUT in condition.faults)


def automatic(condition: Condition) -> bytes:
    """Automatic status back (GS a): four bytes."""
    first = 0x10 | 0x08 * condition.stopped | 0x20 * (Fault.COVER_OPEN in condition.faults)
    return bytes([first, _error_bits(condition), paper_sensor(condition), 0x0F])


def near_end(condition: Condition) -> bool:
    return condition.near_end or Fault.PAPER_OUT in condition.faults


def _error_bits(condition: Condition) -> int:
    return sum(bit for fault, bit in _ERROR_BITS.items() if fault in condition.faults)
