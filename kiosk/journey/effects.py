"""What the reducer asks of the world: a closed union. app.py hands each to the part that performs it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import Language
from kiosk.journey.affine import Affine
from kiosk.journey.technician_stages import Act
from offline_cache.contract.evidence import Evidence, Purpose
from offline_cache.contract.messages import TicketStatus


@dataclass(frozen=True)
class ReadCard:
    """Read the inserted card without PIN and check its chain. Answers CardRead or CardRefused."""


@dataclass(frozen=True)
class ProveHolder:
    """Get a nonce (the centre's if the link is up), let the card check the PIN if it was typed, and sign.

    For LOOKUP the PIN lies in the pad's buffer and goes to the worker with this, or is typed on the reader's own keys
    (`on_pad`); for COMMIT the card is challenged
    again without PIN. Answers Proved, PinRefused or CardRefused.
    """

    purpose: Purpose
    session: str
    service: str
    needs_centre: bool = False
    on_pad: bool = False


@dataclass(frozen=True)
class LookUp:
    """Ask the centre, 5 s at most. Answers DebtsFound, DocumentComposed, ChargeMade or LookupRefused.

    `evidence` is None for a charge, which says nothing of who asks.
    """

    what: str
    session: str
    service: str
    language: Language
    evidence: Evidence | None


@dataclass(frozen=True)
class Track:
    """What became of the request of that code: in this kiosk's outbox, else at the centre, 5 s at most.

    `ask_centre`: six digits lie in the pad's buffer and go along; else there is no link to ask by. With `evidence`
    a card opens it, and no digits go along. Answers StatusFound or StatusRefused.
    """

    session: str
    code: str
    ask_centre: bool
    evidence: Evidence | None = None


@dataclass(frozen=True)
class PrintStatus:
    """Print what is known of a request, by the printer process like any other paper. Answers StatusPrinting, then the
    job's JobChanged.
    """

    session: str
    status: TicketStatus


@dataclass(frozen=True)
class Commit:
    """Number, sealed ticket and print job in one transaction. Answers Committed or CommitRefused.

    What it writes is read from the state at this moment; afterwards the printer process is woken.
    """


@dataclass(frozen=True)
class ReleasePrintJob:
    """The card is out: the printer process may begin, and has `limit_s` from now."""

    job: str
    limit_s: int


@dataclass(frozen=True)
class DropPrintJob:
    """The citizen has gone, or the job's deadline has passed: no paper may come out for the next one."""

    job: str


@dataclass(frozen=True)
class DenyPaper:
    """The citizen, who was asked, saw no paper of that job: the centre is to know."""

    job: str


@dataclass(frozen=True)
class SendRating:
    service: str
    stars: int


@dataclass(frozen=True)
class LookForTechnician:
    """A card came into a kiosk at rest. Answers TechnicianSeen, TechnicianRefused or NoTechnician."""


@dataclass(frozen=True)
class ProveTechnician:
    """The pad's digits go to the card. Answers TechnicianProved, TechnicianPinRefused or TechnicianRefused."""


@dataclass(frozen=True)
class KeepLockout:
    """So many wrong PINs in a row, to be known after a restart."""

    failures: int


@dataclass(frozen=True)
class NoteTechnician:
    """One line more in the audit log: what was done, by which certificate, in which role."""

    act: str
    certificate: str = ""
    role: str = ""


@dataclass(frozen=True)
class Examine:
    """Look at everything that this kiosk needs. Answers Examined."""


@dataclass(frozen=True)
class BeginChallenge:
    """Draw a nonce, and say who this kiosk is. Answers ChallengeBegun."""


@dataclass(frozen=True)
class CheckCode:
    """The pad's digits, against what the centre answers to that nonce. Answers CodeJudged."""

    nonce: str


@dataclass(frozen=True)
class DoAct:
    """What takes time or another process. Answers ActTold, a test's paper TestPaperMade and its JobChanged."""

    act: Act


@dataclass(frozen=True)
class ReadLog:
    """The newest lines, in pieces for QR codes. Answers LogRead."""


@dataclass(frozen=True)
class KeepCalibration:
    """Touches are set right so from now on, after what was set right before."""

    calibration: Affine


@dataclass(frozen=True)
class Restart:
    """All programs of this kiosk begin anew, once what was noted is on disk."""


@dataclass(frozen=True)
class Wipe:
    """The session is over: zero the PIN pad, forget the pictures, replace the card worker."""


Effect = (
    ReadCard
    | ProveHolder
    | LookUp
    | Track
    | PrintStatus
    | Commit
    | ReleasePrintJob
    | DropPrintJob
    | DenyPaper
    | SendRating
    | LookForTechnician
    | ProveTechnician
    | KeepLockout
    | NoteTechnician
    | Examine
    | BeginChallenge
    | CheckCode
    | DoAct
    | ReadLog
    | KeepCalibration
    | Restart
    | Wipe
)
