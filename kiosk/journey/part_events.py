"""What the parts of the kiosk report: the card and its reader, the centre, the store, the printers, the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.catalog.model import Catalogue
from kiosk.journey.state import (
    CardTrouble,
    Holder,
    JobState,
    LookupTrouble,
    PrinterCondition,
    ReaderCondition,
    Ticket,
)
from kiosk.journey.tracking_stages import TrackTrouble
from offline_cache.contract.charges import Charge
from offline_cache.contract.checks import Check
from offline_cache.contract.evidence import Evidence
from offline_cache.contract.messages import Debt, DocumentAnswer, TicketStatus


@dataclass(frozen=True)
class CardInserted:
    pass


@dataclass(frozen=True)
class CardRemoved:
    pass


@dataclass(frozen=True)
class CardRead:
    """Read without PIN: a claim. `tries_left` as the card says; `has_key`: it can prove its holder by a PIN,
    typed on the reader's own keys where it has a `pad`.

    Unless it is `final`, `CardChecked` follows with all checks.
    """

    holder: Holder
    tries_left: int | None
    checks: tuple[Check, ...] = ()
    has_key: bool = True
    final: bool = True
    pad: bool = False


@dataclass(frozen=True)
class CardChecked:
    """Everything that can be checked without the PIN was checked."""

    checks: tuple[Check, ...]
    has_key: bool


@dataclass(frozen=True)
class CardRefused:
    trouble: CardTrouble


@dataclass(frozen=True)
class PinRefused:
    """Wrong PIN, with tries left; never sent when only the last is left (then CardRefused LAST_TRY)."""

    tries_left: int | None


@dataclass(frozen=True)
class Proved:
    """The card signed the statement after its PIN; with this signature the checks are these."""

    evidence: Evidence
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class DebtsFound:
    """`session` is who asked: an answer may come when the next citizen is already there. `masked_id`: whose debts."""

    session: str
    masked_id: str
    debts: tuple[Debt, ...]


@dataclass(frozen=True)
class DocumentComposed:
    session: str
    document: DocumentAnswer


@dataclass(frozen=True)
class ChargeMade:
    """The centre's registrar made the guide payable that this service is for."""

    session: str
    charge: Charge


@dataclass(frozen=True)
class LookupRefused:
    session: str
    trouble: LookupTrouble


@dataclass(frozen=True)
class StatusFound:
    """What the centre says of the code; `session` is who asked."""

    session: str
    status: TicketStatus


@dataclass(frozen=True)
class StatusPrinting:
    """The print job of a status; None if none could be made."""

    session: str
    job: str | None


@dataclass(frozen=True)
class StatusRefused:
    session: str
    trouble: TrackTrouble


@dataclass(frozen=True)
class Committed:
    """It is on disk for good."""

    session: str
    ticket: Ticket


@dataclass(frozen=True)
class CommitRefused:
    """Nothing was written."""

    session: str


@dataclass(frozen=True)
class JobChanged:
    """`reason`: why it ended, as printer/job.py has it."""

    job: str
    state: JobState
    progress: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class PrinterChanged:
    condition: PrinterCondition


@dataclass(frozen=True)
class PagePrinterChanged:
    """The printer for A4."""

    condition: PrinterCondition


@dataclass(frozen=True)
class ReaderChanged:
    condition: ReaderCondition


@dataclass(frozen=True)
class HeadsetChanged:
    plugged: bool


@dataclass(frozen=True)
class TrayChanged:
    """The sensor at the paper outlet."""

    empty: bool


@dataclass(frozen=True)
class LinkChanged:
    up: bool


@dataclass(frozen=True)
class StandingChanged:
    """What the store says of this kiosk: enrolment, numbers left per series, room on the disk, trust in the clock.

    `local`: the operator's wall clock to the minute, None where the clock is not trusted.
    """

    enrolled: bool
    numbers: tuple[tuple[str, int], ...]
    space: bool
    clock_trusted: bool
    local: datetime | None = None


@dataclass(frozen=True)
class CatalogueVerified:
    """A catalogue that TUF vouched for; taken between sessions, never inside one."""

    catalogue: Catalogue


@dataclass(frozen=True)
class Tick:
    """Once a second, monotonic seconds."""

    now_s: float


@dataclass(frozen=True)
class Crashed:
    """An exception reached the top. `number` is shown to the citizen and logged."""

    number: str


@dataclass(frozen=True)
class Recovered:
    """The failsafe screen has stood long enough."""
