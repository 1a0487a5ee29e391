"""What can happen while a technician is there, beside what happens to everybody: theirs first, then the parts'."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.health.findings import Finding
from kiosk.journey.technician_stages import Act
from offline_cache.contract.staff import Technician, TechnicianTrouble


@dataclass(frozen=True)
class MaintenanceAsked:
    """Somebody wants to get in by a code of the centre."""


@dataclass(frozen=True)
class ActAsked:
    act: Act


@dataclass(frozen=True)
class FieldTouched:
    """A field of the touch test."""

    field: int


@dataclass(frozen=True)
class CrossTouched:
    """Where the finger was put down, in shares of the screen's width and height from the lower left."""

    x: float
    y: float


@dataclass(frozen=True)
class TechnicianSeen:
    """The operator's authority vouches for this card; who holds it is not proven yet."""

    who: Technician
    tries_left: int | None


@dataclass(frozen=True)
class NoTechnician:
    """The card is some other, or it has gone."""


@dataclass(frozen=True)
class TechnicianProved:
    pass


@dataclass(frozen=True)
class TechnicianPinRefused:
    tries_left: int | None


@dataclass(frozen=True)
class TechnicianRefused:
    trouble: TechnicianTrouble


@dataclass(frozen=True)
class LockoutKnown:
    """How many wrong PINs in a row technicians had typed when the kiosk was last on."""

    failures: int


@dataclass(frozen=True)
class ChallengeBegun:
    """`kiosk` None: this kiosk is not enrolled, and no centre knows it."""

    kiosk: str | None
    nonce: str


@dataclass(frozen=True)
class CodeJudged:
    """`right` None: nobody could say, for the sending program does not run."""

    right: bool | None


@dataclass(frozen=True)
class Examined:
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ActTold:
    """What came of an act so far; `done`: nothing more comes."""

    act: Act
    findings: tuple[Finding, ...]
    done: bool = True


@dataclass(frozen=True)
class TestPaperMade:
    """A test's print job; None if none could be made."""

    __test__ = False  # pytest would take it for a test by its name

    job: str | None


@dataclass(frozen=True)
class LogRead:
    pages: tuple[str, ...]


AtRest = (
    MaintenanceAsked
    | ChallengeBegun
    | TechnicianSeen
    | TechnicianRefused
    | NoTechnician
    | TechnicianProved
    | TechnicianPinRefused
    | LockoutKnown
)
Within = ActAsked | FieldTouched | CrossTouched | CodeJudged | Examined | ActTold | TestPaperMade | LogRead
TechnicianEvent = AtRest | Within
