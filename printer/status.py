"""What a printer can say, whichever way its model says it, and how its condition is judged from it.

Every model has its own bits; `printer/status_maps/` turns them into these replies. Silence is never "ready": only an
answer that is whole tells a condition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kiosk.journey.state import PrinterCondition


@dataclass(frozen=True)
class Condition:
    """The printer's word on itself. `asked`: the answer to our question, not a report of its own."""

    condition: PrinterCondition
    asked: bool


@dataclass(frozen=True)
class ProcessId:
    """`GS ( H` fn 48: everything sent before it has been printed."""

    id: bytes


@dataclass(frozen=True)
class InBand:
    """The reply to GS r, sent when the command was reached in the data."""

    byte: int


@dataclass(frozen=True)
class Count:
    """Star's ETB counter: how many ETB had everything before them printed, counted from 0 to 31 and over again."""

    number: int


@dataclass(frozen=True)
class Outlet:
    """The sensor where the citizen takes the paper."""

    occupied: bool


@dataclass(frozen=True)
class Block:
    """Any other block of data, without its closing NUL."""

    data: bytes


Reply = Condition | ProcessId | InBand | Count | Outlet | Block


class StatusMap(Protocol):
    """How one family of printers is asked and understood; one for each connection, since bytes come in pieces."""

    @property
    def report(self) -> bytes:
        """What asks it to report changes by itself; empty where nothing does."""

    @property
    def query(self) -> bytes:
        """What asks for its condition."""

    def ask(self) -> None:
        """The query has just left: bytes of an earlier answer belong to nothing."""

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that these bytes complete. Bytes of no known kind are dropped."""


@dataclass(frozen=True)
class Signs:
    """What a printer admits to, model by model under the same names."""

    unrecoverable: bool = False
    cover_open: bool = False
    paper_out: bool = False
    jam: bool = False
    cutter: bool = False
    hot: bool = False
    error: bool = False
    offline: bool = False
    paper_low: bool = False

    def judged(self) -> PrinterCondition:
        """The one condition that a person has to see to first."""
        if self.unrecoverable:
            return PrinterCondition.ERROR
        # With the cover open the paper sensors see what they like.
        if self.cover_open:
            return PrinterCondition.COVER_OPEN
        if self.paper_out:
            return PrinterCondition.PAPER_OUT
        if self.cutter:
            return PrinterCondition.CUTTER
        if self.jam:
            return PrinterCondition.JAM
        if self.hot:
            return PrinterCondition.OVERHEATED
        if self.error:
            return PrinterCondition.ERROR
        if self.offline:
            return PrinterCondition.UNKNOWN
        return PrinterCondition.PAPER_LOW if self.paper_low else PrinterCondition.READY
