"""From the card to its PIN: one stage per screen. The PIN's digits are never here, only how many."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from offline_cache.contract.checks import Lack


class CardTrouble(StrEnum):
    """Why a card cannot be used here; each has its own words on the screen."""

    UNREADABLE = "unreadable"
    UNKNOWN_FAMILY = "unknown-family"
    NOT_TRUSTED = "not-trusted"
    EXPIRED = "expired"
    NO_IDENTITY = "no-identity"
    WEAK_KEY = "weak-key"
    BLOCKED = "blocked"
    LAST_TRY = "last-try"
    NOT_GENUINE = "not-genuine"
    REVOKED = "revoked"
    REMOVED = "removed"
    LEFT_BEHIND = "left-behind"


@dataclass(frozen=True)
class InsertCard:
    pass


@dataclass(frozen=True)
class ReadingCard:
    pass


@dataclass(frozen=True)
class CardFailed:
    trouble: CardTrouble


@dataclass(frozen=True)
class TooLow:
    """The card is genuine and proves less than the service asks; `reach` is the level it can come to."""

    lack: Lack
    reach: int


@dataclass(frozen=True)
class EnterPin:
    """`tries_left` is what the card says; None when it does not say. `typed` counts digits. `pad`: the reader has keys
    of its own, and the PIN is typed there and nowhere else.
    """

    tries_left: int | None = None
    wrong: bool = False
    typed: int = 0
    pad: bool = False


@dataclass(frozen=True)
class CheckingPin:
    """`pad`: the reader waits for the PIN on its own keys."""

    pad: bool = False
