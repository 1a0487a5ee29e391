"""What kiosks seal to the centre: tickets, ratings, and how papers ended. Only the centre ever reads it again."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from offline_cache.contract.evidence import Evidence
from offline_cache.contract.messages import Message
from offline_cache.contract.national_ids import Scheme


class Subject(Message):
    """For whom something is asked, where that is somebody else: as the applicant said, and on what basis they act."""

    name: str = Field(min_length=1, max_length=120)
    national_id: str | None = None
    basis: str


class TicketPayload(Message):
    """What is sealed to the centre when a citizen's request is committed; only the centre ever reads it again."""

    id: str
    code: str
    pin: str = Field(pattern=r"^\d{6}$")
    kiosk: str
    service: str
    language: str
    catalogue_version: int
    created: str
    clock_trusted: bool
    anonymous: bool
    name: str | None = None
    national_id: str | None = None
    scheme: Scheme | None = Field(default=None, description="whose number that is; None where there is no number")
    claimed: bool = False
    evidence: Evidence | None = None
    subject: Subject | None = None
    answers: dict[str, Any] = Field(default_factory=dict)
    guide: dict[str, Any] | None = None
    document_code: str | None = None
    hand_off: str | None = Field(
        default=None, pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$", description="of the page where a phone takes the document"
    )


class RatingPayload(Message):
    service: str
    stars: int = Field(ge=1, le=5)


PaperOutcome = Literal["confirmed", "unknown", "failed", "abandoned", "denied"]


class PaperPayload(Message):
    """How a print job ended. `denied`, after `unknown`: the printer cannot tell, and who stood there said that no paper
    came.
    """

    ticket_id: str
    outcome: PaperOutcome
