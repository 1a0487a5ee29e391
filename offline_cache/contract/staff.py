"""The operator's technicians: what a kiosk knows of one, and why a card of theirs may open nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a card lets its holder do."""

    TECHNICIAN = "technician"
    SUPERVISOR = "supervisor"
    # By a code of the centre: never on a card.
    REMOTE = "remote"


class TechnicianTrouble(StrEnum):
    """Why a card of the operator opens nothing here."""

    EXPIRED = "expired"
    REVOKED = "revoked"
    NO_LIST = "no-list"
    OTHER_SITE = "other-site"
    NOT_GENUINE = "not-genuine"
    LAST_TRY = "last-try"
    BLOCKED = "blocked"
    UNREADABLE = "unreadable"
    # Of the way in by a code of the centre.
    NOT_ENROLLED = "not-enrolled"
    UNANSWERED = "unanswered"
    TOO_LATE = "too-late"


@dataclass(frozen=True)
class Technician:
    """`certificate` is its serial number in hexadecimal; `list_made`: of when the revocation list is."""

    name: str
    role: Role
    sites: tuple[str, ...]
    certificate: str
    list_made: str


@dataclass(frozen=True)
class OperatorTrust:
    """The operator's own authority (PEM) and its revocation list (DER), handed over when the kiosk was set up."""

    anchors: tuple[str, ...]
    revocation_list: bytes | None
