"""What every card family gives to the worker, and what may go wrong with a card.

A family speaks to one card in one open connection. It never retries, never keeps a PIN, and never sends one when a
single try is left. A new family is one file with a class of these, its profile if it has certificates of its own kind
(offline_cache/contract/profiles.py), and its line in registry.py.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from devices.issuer_cache import NOTHING_KNOWN, IssuerCache
from devices.pin_pad import PinPad
from kiosk.journey.state import CardTrouble
from offline_cache.contract.profiles import Profile
from offline_cache.contract.revocation import NO_LISTS, RevocationLists
from offline_cache.contract.verification import Verified, identify


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
    """`tries_left` as the card says after this try; None if it does not."""

    tries_left: int | None


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


@dataclass(frozen=True)
class PinNotTyped:
    """Nobody typed one on the reader's pad, or it was cancelled there; nothing was sent to the card."""

    tries_left: int | None


PinOutcome = PinAccepted | PinWrong | PinNotSent | PinBlocked | PinMalformed | PinNotTyped


def no_lists(_certificates: Sequence[bytes]) -> RevocationLists:
    return NO_LISTS


@dataclass(frozen=True)
class Trust:
    """What a card is judged by. `at` None: no clock is trusted. `lists` finds the revocation lists of a chain;
    `issuers` knows authorities that earlier cards brought along.
    """

    anchors: tuple[str, ...]
    at: datetime | None
    lists: Callable[[Sequence[bytes]], RevocationLists] = no_lists
    issuers: IssuerCache = NOTHING_KNOWN


class Link(Protocol):
    """An open connection to one card (devices/transport.py)."""

    @property
    def atr(self) -> bytes: ...

    @property
    def reader(self) -> str: ...

    def pin_pad(self) -> PinPad | None: ...

    def transmit(self, command: list[int]) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Slot:
    """Where a card is: a connection, and the PKCS#11 modules that may reach it by themselves once that is closed."""

    link: Link
    modules: tuple[str, ...] = ()


class Card(ABC):
    """One inserted card, spoken to by its family's rules. Every method raises CardFault if the card fails it."""

    @property
    @abstractmethod
    def family(self) -> str:
        """The name by which a catalogue accepts it."""

    # Whether there is more to check after the holder is known (`complete`).
    in_two_steps = False

    @abstractmethod
    def identify(self, trust: Trust) -> Verified:
        """Whom the card names and what was checked, without a PIN. EvidenceRefused if a check failed."""

    def complete(self, trust: Trust) -> Verified:
        """The same holder with every check that can be made without a PIN, while the citizen already reads the name.

        Only for families `in_two_steps`, once, after `identify`.
        """
        raise NotImplementedError

    def close(self) -> None:  # noqa: B027  most cards hold nothing of their own
        """Lets go of whatever the card holds beside the slot's connection. Safe to call more than once."""


class FileCard(Card):
    """A family that is spoken to in APDUs over the slot's own connection."""

    @classmethod
    def claims(cls, atr: bytes) -> bool:  # noqa: ARG003  most families are known by their application
        """Whether this ATR is of this family and of no other: then no other family's commands reach the card."""
        return False

    @classmethod
    @abstractmethod
    def open(cls, slot: Slot) -> Self:
        """CardFault UNKNOWN_FAMILY if it is of another family; nothing is sent that could harm a foreign card."""


class KeyCard(Card):
    """A card that proves its holder: a certificate, and its key behind a PIN."""

    profiles: tuple[Profile, ...]

    @abstractmethod
    def certificates(self) -> list[bytes]:
        """The authentication certificate (DER) and whatever of its chain the card holds, leaf first. No PIN."""

    @abstractmethod
    def tries_left(self) -> int | None:
        """PIN tries left, without spending one; None if the card does not say."""

    @abstractmethod
    def verify_pin(self, pin: bytearray) -> PinOutcome:
        """Sends the PIN once, unless that could block the card. The caller zeroes `pin`."""

    @property
    def has_pad(self) -> bool:
        """Whether the reader itself asks for the PIN, so that it never comes through this machine."""
        return False

    def verify_on_pad(self) -> PinOutcome:
        """Has the reader ask for the PIN and send it once, unless that could block the card. Only with `has_pad`."""
        raise NotImplementedError

    @abstractmethod
    def sign(self, digest: bytes) -> bytes:
        """A signature over a SHA-256 digest by the authentication key, after the PIN: PKCS#1 v1.5, or ECDSA in DER."""

    def identify(self, trust: Trust) -> Verified:
        """By the certificate alone."""
        certificates = self.certificates()
        return identify(certificates, trust.anchors, trust.at, profiles=self.profiles, lists=trust.lists(certificates))
