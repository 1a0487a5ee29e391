"""A technician before the kiosk: one stage per screen. The digits of PIN and code are never here, only how many."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.health.findings import Finding
from offline_cache.contract import challenge
from offline_cache.contract.staff import Role, Technician, TechnicianTrouble


class Act(StrEnum):
    """What a technician can do; under these words it stands in the audit log."""

    STATE = "state"
    TEST_PRINT = "test-print"
    PRINT_STATUS = "print-status"
    TEST_READER = "test-reader"
    TEST_TOUCH = "test-touch"
    CALIBRATE = "calibrate"
    TEST_SCREEN = "test-screen"
    TEST_SOUND = "test-sound"
    TEST_NETWORK = "test-network"
    PAPER_CHANGED = "paper-changed"
    QUEUE = "queue"
    SEND_NOW = "send-now"
    CATALOGUE = "catalogue"
    ROLL_BACK = "roll-back"
    LOG = "log"
    RESTART = "restart"
    RESTART_PROGRAMS = "restart-programs"
    RESTART_MACHINE = "restart-machine"


# What changes what citizens get needs a card: a code may have been read out to anybody.
NEED_A_CARD = frozenset({Act.CALIBRATE, Act.ROLL_BACK})


def allowed(who: Technician, act: Act) -> bool:
    return who.role is not Role.REMOTE or act not in NEED_A_CARD


@dataclass(frozen=True)
class TechnicianPin:
    who: Technician
    tries_left: int | None = None
    wrong: bool = False
    typed: int = 0


@dataclass(frozen=True)
class TechnicianChecking:
    who: Technician
    tries_left: int | None = None


@dataclass(frozen=True)
class TechnicianMode:
    """Who was proven to be here, and how the kiosk is; `findings` None while it is looked at."""

    who: Technician
    findings: tuple[Finding, ...] | None = None


@dataclass(frozen=True)
class TechnicianAct:
    """One thing is being done, and what came of it so far. `job`: the paper that is waited for."""

    who: Technician
    act: Act
    findings: tuple[Finding, ...] = ()
    busy: bool = False
    job: str | None = None


@dataclass(frozen=True)
class TouchTest:
    """`hit`: the fields that were touched, of `TOUCH_FIELDS`."""

    who: Technician
    hit: frozenset[int] = frozenset()


TOUCH_FIELDS = 12


@dataclass(frozen=True)
class Calibrating:
    """Where the crosses were touched so far, in shares of the screen's width and height."""

    who: Technician
    touched: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class ScreenTest:
    """Plain grounds, one after the other, of `SCREEN_GROUNDS`."""

    who: Technician
    at: int = 0


SCREEN_GROUNDS = ("#FFFFFF", "#000000", "#FF0000", "#00FF00", "#0000FF", "#808080")


@dataclass(frozen=True)
class LogExcerpt:
    """The newest lines of the log in pieces, one QR code each; None while it is read."""

    who: Technician
    pages: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Challenge:
    """The kiosk shows `nonce`; eight digits of the centre answer it until `until_s`."""

    kiosk: str
    nonce: str
    until_s: float
    tries_left: int = challenge.TRIES
    typed: int = 0
    wrong: bool = False
    checking: bool = False


@dataclass(frozen=True)
class TechnicianFailed:
    """Why it opens nothing; `trouble` None: too many wrong PINs or codes, and nobody gets in until `locked_until_s`."""

    trouble: TechnicianTrouble | None
    locked_until_s: float = 0.0


Inside = TechnicianMode | TechnicianAct | TouchTest | Calibrating | ScreenTest | LogExcerpt
INSIDE = (TechnicianMode, TechnicianAct, TouchTest, Calibrating, ScreenTest, LogExcerpt)
TechnicianStage = TechnicianPin | TechnicianChecking | Challenge | TechnicianFailed | Inside
TECHNICIAN_STAGES = (TechnicianPin, TechnicianChecking, Challenge, TechnicianFailed, *INSIDE)
