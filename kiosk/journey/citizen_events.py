"""What the citizen does.

A PIN digit is not an event; `PinTyped` carries how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import Language, Output
from kiosk.journey.settings import Settings


@dataclass(frozen=True)
class Started:
    """A touch on the attract screen. `session` is a fresh random id made by the caller."""

    language: Language
    session: str


@dataclass(frozen=True)
class CategoryChosen:
    category: str | None


@dataclass(frozen=True)
class SearchAsked:
    """From the services to the search."""


@dataclass(frozen=True)
class QueryTyped:
    """The whole of what is searched for, after each key."""

    query: str


@dataclass(frozen=True)
class TrackAsked:
    """From the services to the tracking of a request by its code."""


@dataclass(frozen=True)
class CodeTyped:
    """The whole of the tracking code as typed so far; `Continued` has it judged."""

    code: str


@dataclass(frozen=True)
class TrackByCardAsked:
    """A card is to open the request in the place of its PIN."""


@dataclass(frozen=True)
class StatusPrintAsked:
    """What is shown of a request is wanted on paper."""


@dataclass(frozen=True)
class ServiceChosen:
    service: str


@dataclass(frozen=True)
class Continued:
    """The primary action of the present screen."""


@dataclass(frozen=True)
class WentBack:
    pass


@dataclass(frozen=True)
class Ended:
    """`Encerrar`: the citizen leaves; before the commit everything is wiped."""


@dataclass(frozen=True)
class HelpToggled:
    pass


@dataclass(frozen=True)
class LanguageToggled:
    pass


@dataclass(frozen=True)
class LanguageChosen:
    language: Language


@dataclass(frozen=True)
class AccessToggled:
    """Opens or closes the sheet of settings, before a session too."""


@dataclass(frozen=True)
class Adjusted:
    """The settings as they are from now on, from the sheet or from the bar."""

    settings: Settings


@dataclass(frozen=True)
class StillHere:
    """The one touch that answers the idle warning."""


@dataclass(frozen=True)
class Touched:
    """Any touch or key: resets the idle clock, changes nothing else."""


@dataclass(frozen=True)
class PinTyped:
    count: int


@dataclass(frozen=True)
class Answered:
    """An answer was chosen or typed for the field of the present page; `Continued` moves on."""

    field: str
    value: str


@dataclass(frozen=True)
class ChangeAsked:
    """`Mudar` beside a row of the review."""

    field: str


@dataclass(frozen=True)
class PaperChosen:
    """On the review, where the service lets one choose: with paper, or the code on the screen alone."""

    wanted: bool


@dataclass(frozen=True)
class OutputChosen:
    """On the review of a document, where there is more than one way to have it."""

    output: Output


@dataclass(frozen=True)
class Rated:
    stars: int


@dataclass(frozen=True)
class PaperDenied:
    """The citizen was asked, and says that no paper came."""
