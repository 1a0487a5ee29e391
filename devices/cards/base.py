"""What every card family gives to the worker, and what may go wrong with a card.

A family speaks to one card in one open connection. It never retries, never keeps a PIN, and never sends one when a
single try is left.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from kiosk.journey.state import CardTrouble


class CardFault(Exception):
    """The card cannot be used; `trouble` says why in the journey's words, `detail` in a technician's."""

    def __init__(self, trouble: CardTrouble, detail: str) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail


@dataclass(frozen=True)
class PinAccepted:
    pass


@dataclass(frozen=True)
class PinWrong:
    """`tries_left` as the card says after this try."""

    tries_left: int


@dataclass(frozen=True)
class PinNotSent:
    """The card was left alone: one try is left (1), or it does not count and this insertion's try is spent (None)."""

    tries_left: int | None


@dataclass(frozen=True)
class PinBlocked:
    pass


@dataclass(frozen=True)
class PinMalformed:
    """Not what this family's PINs look like; nothing was sent to the card."""

    tries_left: int | None


PinOutcome = PinAccepted | PinWrong | PinNotSent | PinBlocked | PinMalformed


class Card(ABC):
    """One inserted card, spoken to by its family's rules. Every method raises CardFault if the card fails it."""

    @abstractmethod
    def certificates(self) -> list[bytes]:
        """The authentication certificate (DER) and whatever of its chain the card holds, leaf first. No PIN."""

    @abstractmethod
    def tries_left(self) -> int | None:
        """PIN tries left, without spending one; None if the card does not say."""

    @abstractmethod
    def verify_pin(self, pin: bytearray) -> PinOutcome:
        """Sends the PIN once, unless that could block the card. The caller zeroes `pin`."""

    @abstractmethod
    def sign(self, digest: bytes) -> bytes:
        """A signature over a SHA-256 digest by the authentication key, after the PIN: PKCS#1 v1.5, or ECDSA in DER."""
