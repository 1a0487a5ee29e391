"""Following a request by its tracking code: one stage per screen. The PIN's digits are never here, only how many."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from offline_cache.contract.messages import TicketStatus


class TrackTrouble(StrEnum):
    """Why nothing is shown of a code; each has its own words on the screen.

    `refused` is one answer for a wrong code and a wrong PIN. `on-its-way`: given by a kiosk of ours, not arrived yet;
    `waiting-here`: given by this kiosk and not sent yet. `used-up`: no tries are left for this code; `too-many`: none
    from this kiosk for a while. `not-by-card`: whatever kept that card from opening it.
    """

    REFUSED = "refused"
    ON_ITS_WAY = "on-its-way"
    WAITING_HERE = "waiting-here"
    USED_UP = "used-up"
    TOO_MANY = "too-many"
    NO_LINK = "no-link"
    NOT_BY_CARD = "not-by-card"


@dataclass(frozen=True)
class TrackCode:
    """The code is typed: `typed` as it stands. `error`: a character is wrong or missing, told before anything is asked.

    Without a link the screen says so here, before anybody types.
    """

    typed: str = ""
    error: bool = False


@dataclass(frozen=True)
class TrackPin:
    """The six digits beside the code, in the pad's buffer; `typed` counts them. `error`: they are not six."""

    typed: int = 0
    error: bool = False


@dataclass(frozen=True)
class Tracking:
    """The centre is asked (5 s at most)."""


class StatusPaper(StrEnum):
    """What became of the printed status. `failed`: no paper came, or nobody knows. `asked`: this printer never tells,
    and nothing is called printed.
    """

    NONE = "none"
    WAITING = "waiting"
    PRINTED = "printed"
    FAILED = "failed"
    ASKED = "asked"


@dataclass(frozen=True)
class Tracked:
    """`job` is the print job of the status, where the citizen asked for paper."""

    status: TicketStatus
    paper: StatusPaper = StatusPaper.NONE
    job: str | None = None


@dataclass(frozen=True)
class TrackFailed:
    trouble: TrackTrouble
