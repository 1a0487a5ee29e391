"""What the mechanism does, in the order in which it was told: burn, cut, answer when it gets there."""

from __future__ import annotations

from dataclasses import dataclass

from printer.font import Dots


@dataclass(frozen=True, slots=True)
class Rows:
    dots: Dots


@dataclass(frozen=True, slots=True)
class Cut:
    pass


@dataclass(frozen=True, slots=True)
class PaperSensor:
    """GS r 1, due when everything before it is printed."""


@dataclass(frozen=True, slots=True)
class ProcessId:
    """GS ( H, due when everything before it is printed."""

    id: bytes


@dataclass(frozen=True, slots=True)
class AutomaticStatus:
    """GS a, and what other makers call it."""

    on: bool


@dataclass(frozen=True, slots=True)
class CountUp:
    """Star's ETB, due when everything before it is printed."""


@dataclass(frozen=True, slots=True)
class Status:
    """A status that is no real-time command: answered as soon as it is read. `what` is its name."""

    what: str


@dataclass(frozen=True, slots=True)
class Identity:
    """GS I: who made it (66), which model it is (67); due in its turn among the data."""

    what: int


@dataclass(frozen=True, slots=True)
class Eject:
    """The presenter: hand the paper out, or take it back."""

    retract: bool


Action = Rows | Cut | PaperSensor | ProcessId | AutomaticStatus | CountUp | Status | Identity | Eject
