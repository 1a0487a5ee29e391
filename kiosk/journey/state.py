"""Where a citizen is, as plain frozen data. The reducer alone makes new states; the screens only show them.

The PIN is not here, and never is: the state knows how many digits were typed, no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kiosk.catalog.model import Catalogue, Language, Output, Service
from kiosk.journey.card_stages import CardFailed, CardTrouble, CheckingPin, EnterPin, InsertCard, ReadingCard, TooLow
from kiosk.journey.choosing_stages import ALL, Details, Searching, Services
from kiosk.journey.overlays import AccessSheet, Help, IdleWarning, LanguageChoice, Overlay
from kiosk.journey.settings import Settings
from kiosk.journey.technician_stages import TechnicianStage
from kiosk.journey.tracking_stages import TrackCode, Tracked, TrackFailed, Tracking, TrackPin
from offline_cache.contract.charges import Charge
from offline_cache.contract.evidence import Evidence, Purpose
from offline_cache.contract.messages import Debt, DocumentAnswer
from offline_cache.contract.national_ids import Scheme

# What the state is made of is had from here too, but for the stages of tracking and of technicians.
__all__ = [
    "ALL", "BEFORE_COMMIT", "PRINTS", "AccessSheet", "Attract", "Availability", "CardFailed", "CardTrouble",
    "CheckingPin", "Claim", "ClearTray", "CommitFailed", "Committing", "Consulting", "Details", "Devices", "Done",
    "EnterPin", "Failure", "Help", "Holder", "IdleWarning", "InsertCard", "JobState", "LanguageChoice", "LookupFailed",
    "LookupTrouble", "Overlay", "PrinterCondition", "Printing", "Question", "ReaderCondition", "ReadingCard", "Review",
    "Searching", "Services", "Session", "Stage", "Starting", "State", "TakeCard", "Ticket", "TooLow",
]  # fmt: skip


class PrinterCondition(StrEnum):
    """What the printer process last said; `unknown` until it has spoken, `absent` when nobody answers there,
    `unplugged` when the way to it is gone: the cable is out.
    """

    UNKNOWN = "unknown"
    READY = "ready"
    PAPER_LOW = "paper-low"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    JAM = "jam"
    STOPPED = "stopped"
    CUTTER = "cutter"
    OVERHEATED = "overheated"
    ERROR = "error"
    UNPLUGGED = "unplugged"
    ABSENT = "absent"


PRINTS = frozenset({PrinterCondition.READY, PrinterCondition.PAPER_LOW})


class ReaderCondition(StrEnum):
    UNKNOWN = "unknown"
    READY = "ready"
    ABSENT = "absent"


class JobState(StrEnum):
    """A print job's life (printer/job.py); the last four are ends."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"
    FAILED = "failed"
    ABANDONED = "abandoned"


class Availability(StrEnum):
    """Whether a service can be begun now, and if not, why. Decided before any form is shown."""

    NOW = "now"
    QUEUED = "queued"
    NO_LINK = "no-link"
    NO_READER = "no-reader"
    NO_PRINTER = "no-printer"
    NO_NUMBERS = "no-numbers"
    NOT_ENROLLED = "not-enrolled"
    NO_SPACE = "no-space"
    CLOSED = "closed"


class LookupTrouble(StrEnum):
    """Why the centre gave nothing."""

    NO_LINK = "no-link"
    NO_DEBTS = "no-debts"
    HAS_DEBTS = "has-debts"
    REFUSED = "refused"


@dataclass(frozen=True)
class Devices:
    """What the kiosk knows of its parts and of the way to the centre; changes at any moment, on any screen.

    `card_present` is None until the reader has said, and again when the reader has gone.
    """

    printer: PrinterCondition = PrinterCondition.UNKNOWN
    reader: ReaderCondition = ReaderCondition.UNKNOWN
    card_present: bool | None = None
    # None until the sync process has spoken.
    link: bool | None = None
    enrolled: bool = False
    clock_trusted: bool = True
    space: bool = True
    # The operator's wall clock, to the minute; None where the clock is not trusted.
    local: datetime | None = None
    numbers: tuple[tuple[str, int], ...] = ()
    # Somebody listens where nobody else hears: what is personal may be spoken.
    headset: bool = False
    # What the sensor at the paper outlet says; None where there is none.
    tray_empty: bool | None = None
    # The printer for A4; ABSENT where there is none.
    page_printer: PrinterCondition = PrinterCondition.ABSENT

    def numbers_left(self, series: str) -> int:
        return dict(self.numbers).get(series, 0)


@dataclass(frozen=True)
class Holder:
    """Who the card names. `proven` only after PIN and signature; before that it is a claim. `level`: the assurance of
    the checks so far.
    """

    name: str
    national_id: str
    masked_id: str
    proven: bool = False
    scheme: Scheme = Scheme.CPF
    level: int = 0


@dataclass(frozen=True)
class Starting:
    """No verified catalogue yet: nothing to serve."""


@dataclass(frozen=True)
class Attract:
    pass


@dataclass(frozen=True)
class ClearTray:
    """The last citizen's paper may still lie in the outlet: who comes next is asked to lay it aside."""


@dataclass(frozen=True)
class Claim:
    """The citizen types who they are (identification `claimed`)."""

    error: bool = False


@dataclass(frozen=True)
class Consulting:
    """A look-up at the centre is under way (5 s at most)."""


@dataclass(frozen=True)
class LookupFailed:
    trouble: LookupTrouble


@dataclass(frozen=True)
class Question:
    """Page `index` of the form. `error`: the answer was missing or not valid."""

    index: int
    error: bool = False


@dataclass(frozen=True)
class Review:
    pass


@dataclass(frozen=True)
class Committing:
    """The card is challenged again, then everything is written in one transaction."""


@dataclass(frozen=True)
class CommitFailed:
    """Nothing was registered; the answers are still here and may be sent again."""


@dataclass(frozen=True)
class TakeCard:
    pass


@dataclass(frozen=True)
class Printing:
    """`progress` 0..1 is what the printer process measured. `trouble`: the printer waits for a hand."""

    job: JobState = JobState.QUEUED
    progress: float = 0.0
    trouble: PrinterCondition | None = None


@dataclass(frozen=True)
class Done:
    """`job`: CONFIRMED says printed; anything else shows code and PIN on the screen instead.

    `taken`: a sensor, or the citizen with the last button, said that the paper is out of the outlet. `asks`: this
    printer never tells what it printed, so the citizen is asked; nothing is called printed.
    """

    job: JobState
    stars: int | None = None
    taken: bool = False
    asks: bool = False


@dataclass(frozen=True)
class Failure:
    """An exception was caught; the session is wiped, nothing can be pressed."""

    number: str


Stage = (
    Starting
    | Attract
    | ClearTray
    | Services
    | Searching
    | TrackCode
    | TrackPin
    | Tracking
    | Tracked
    | TrackFailed
    | Details
    | Claim
    | InsertCard
    | ReadingCard
    | CardFailed
    | TooLow
    | EnterPin
    | CheckingPin
    | Consulting
    | LookupFailed
    | Question
    | Review
    | Committing
    | CommitFailed
    | TakeCard
    | Printing
    | Done
    | Failure
    | TechnicianStage
)

BEFORE_COMMIT = (
    ClearTray, Services, Searching, TrackCode, TrackPin, Tracking, Tracked, TrackFailed, Details, Claim, InsertCard,
    ReadingCard, CardFailed, TooLow, EnterPin, CheckingPin, Consulting, LookupFailed, Question, Review, Committing,
    CommitFailed,
)  # fmt: skip


@dataclass(frozen=True)
class Ticket:
    """What was registered, for good. The PIN is masked on screen whenever paper carries it."""

    id: str
    code: str
    pin: str
    job: str | None
    title: str
    # The centre's page about it, for a phone; without the PIN.
    page: str | None = None
    amount_cents: int | None = None
    due: str | None = None
    queued: bool = False


@dataclass(frozen=True)
class Session:
    """One citizen's visit. `id` is random and leaves the kiosk only in proofs; anonymous tickets never carry it."""

    id: str
    language: Language
    started_s: float
    service: Service | None = None
    holder: Holder | None = None
    evidence: Evidence | None = None
    awaiting: Purpose | None = None
    read_a_card: bool = False
    # PIN tries as the card last said; None when it does not say.
    tries_left: int | None = None
    # Whether the PIN is typed on the reader's own keys.
    pad: bool = False
    debts: tuple[Debt, ...] = ()
    document: DocumentAnswer | None = None
    charge: Charge | None = None
    answers: dict[str, str] = field(default_factory=dict)
    ticket: Ticket | None = None
    # False: no paper is wanted, the code is read from the screen.
    paper: bool = True
    # How the document is wanted; `queued`: it was begun while the centre was away, and is not here to be printed.
    output: Output = Output.THERMAL
    queued: bool = False
    # Where `back` from a service leads.
    came_from: Services | Searching = field(default_factory=Services)
    # The tracking code that is asked about; `by_card`: a card is to open it in the place of its PIN.
    tracked_code: str | None = None
    by_card: bool = False
    # How often the absolute limit was put off; whether its last warning was seen.
    extensions: int = 0
    last_told: bool = False
    # Until when the paper of the ticket may be begun, on the scale of `State.now_s`.
    paper_until_s: float = 0.0


@dataclass(frozen=True)
class State:
    """Everything the screen shows. `now_s` and `touched_s` are monotonic seconds."""

    catalogue: Catalogue | None = None
    devices: Devices = Devices()
    stage: Stage = Starting()
    overlay: Overlay | None = None
    session: Session | None = None
    language: Language = Language.PT_BR
    now_s: float = 0.0
    touched_s: float = 0.0
    next_catalogue: Catalogue | None = None
    # The card in the reader is of somebody whose session is over: it is never read for who comes next.
    card_left: bool = False
    settings: Settings = field(default_factory=Settings)
    # Paper of a session that is over, which nobody said to have taken.
    paper_left: bool = False
    # Wrong PINs of technicians in a row, and until when none is asked for one (on the scale of `now_s`).
    wrong_pins: int = 0
    locked_until_s: float = 0.0
    # The same of codes of the centre, which lock out nobody who has a card; and how many of the tries that end in such
    # a lock are used up, whichever number they answered.
    wrong_codes: int = 0
    used_tries: int = 0
    codes_locked_until_s: float = 0.0
    # When the programs were started, on the scale of `now_s`, and the hour at which they begin anew ("03:00").
    started_s: float = 0.0
    restart: str = ""
