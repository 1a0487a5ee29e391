"""What can be wrong with a printer, and the status bytes that say so (Epson's ESC/POS reference)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What stops a printer until a person helps."""

    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    JAM = "jam"


@dataclass(frozen=True, slots=True)
class Condition:
    faults: frozenset[Fault] = frozenset()
    near_end: bool = False

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
                0x04 * (Fault.COVER_OPEN in faults) | 0x20 * (Fault.PAPER_OUT in faults) | 0x40 * (Fault.JAM in faults)
            )
        case 3:
            bits = 0x08 * (Fault.JAM in faults)
        case 4:
            bits = 0x0C * _near_end(condition) | 0x60 * (Fault.PAPER_OUT in faults)
        case _:
            raise ValueError("DLE EOT knows the queries 1 to 4")
    return 0x12 | bits


def paper_sensor(condition: Condition) -> int:
    """The answer to GS r 1, and the third byte of the automatic status."""
    return 0x03 * _near_end(condition) | 0x0C * (Fault.PAPER_OUT in condition.faults)


def automatic(condition: Condition) -> bytes:
    """Automatic status back (GS a): four bytes."""
    first = 0x10 | 0x08 * condition.stopped | 0x20 * (Fault.COVER_OPEN in condition.faults)
    return bytes([first, 0x08 * (Fault.JAM in condition.faults), paper_sensor(condition), 0x0F])


def _near_end(condition: Condition) -> bool:
    return condition.near_end or Fault.PAPER_OUT in condition.faults
