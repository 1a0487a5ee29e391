"""One citizen's card from the first read to the last signature, on one connection: what the worker does for the kiosk.

Every outcome is an event (docs/architecture.md, the card worker). The connection is never opened again by itself:
after a swap or a reset the citizen begins again.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, assert_never

from devices.cards.base import (
    Card,
    CardFault,
    KeyCard,
    PinAccepted,
    PinBlocked,
    PinMalformed,
    PinNotSent,
    PinNotTyped,
    PinOutcome,
    PinWrong,
    Slot,
    Trust,
)
from devices.cards.registry import open_card
from devices.transport import Connection
from kiosk.journey.state import CardTrouble
from offline_cache.contract.checks import Check, CheckName, CheckOutcome, EvidenceRefused, assurance, passed
from offline_cache.contract.evidence import Evidence, Statement
from offline_cache.contract.verification import check_signature

Report = dict[str, Any]


class CardSession:
    """Not for two threads at once."""

    def __init__(self, modules: Sequence[str] = ()) -> None:
        """`modules`: the PKCS#11 modules that may be loaded, in the order in which they are tried."""
        self._modules = tuple(modules)
        self._connection: Connection | None = None
        self._card: Card | None = None
        self._checks: tuple[Check, ...] = ()
        self._unfinished: Trust | None = None

    def read(self, trust: Trust, families: Sequence[str]) -> Report:
        """Opens the card, judges what it says of itself and whom that names: `identity` or `refused`.

        An identity that is not `final` is followed by `complete`.
        """
        self.close()
        try:
            self._connection = Connection()
            card = self._card = open_card(Slot(self._connection, self._modules), families)
            verified = card.identify(trust)
            key_card = card if isinstance(card, KeyCard) else None
            tries_left = key_card.tries_left() if key_card is not None else None
            pad = key_card is not None and key_card.has_pad
        except (CardFault, EvidenceRefused) as error:
            return self._refused(error)
        self._checks = verified.checks
        self._unfinished = trust if card.in_two_steps else None
        return {
            "event": "identity",
            "family": card.family,
            "has_key": key_card is not None,
            "pad": pad,
            "final": self._unfinished is None,
            "name": verified.holder.name,
            "scheme": verified.holder.national_id.scheme.value,
            "national_id": verified.holder.national_id.value,
            "tries_left": tries_left,
            **self._judged(),
        }

    def complete(self) -> Report | None:
        """What takes longer than knowing the name: `checked` or `refused`; None if there is nothing more to check."""
        card, trust = self._card, self._unfinished
        self._unfinished = None
        if card is None or trust is None:
            return None
        try:
            self._checks = card.complete(trust).checks
        except (CardFault, EvidenceRefused) as error:
            return self._refused(error)
        return {"event": "checked", "has_key": isinstance(card, KeyCard), **self._judged()}

    def prove(self, statement: Statement, pin: bytearray | None, *, on_pad: bool = False) -> Report:
        """Verifies the PIN if there is one, then signs the statement: `proved`, `pin-refused` or `refused`.

        `on_pad`: it is typed on the reader's own keys. Without a PIN the card must still hold the one of this session.
        The caller zeroes `pin`.
        """
        card = self._card
        if card is None:
            return self._refused(CardFault(CardTrouble.UNREADABLE, "no card was read"))
        if not isinstance(card, KeyCard):
            return self._refused(CardFault(CardTrouble.NO_IDENTITY, "this family has no PIN to prove its holder with"))
        try:
            if on_pad or pin is not None:
                outcome = card.verify_on_pad() if pin is None else card.verify_pin(pin)
                refusal = self._refusal_of_pin(outcome)
                if refusal is not None:
                    return refusal
            certificates = card.certificates()
            digest = statement.digest()
            signature = card.sign(digest)
            check_signature(certificates[0], digest, signature)
        except (CardFault, EvidenceRefused) as error:
            return self._refused(error)
        evidence = Evidence(
            statement=statement,
            certificates=tuple(base64.b64encode(der).decode("ascii") for der in certificates),
            signature=base64.b64encode(signature).decode("ascii"),
        )
        if passed(CheckName.HOLDER) not in self._checks:
            self._checks = (*self._checks, passed(CheckName.HOLDER))
        return {"event": "proved", "evidence": evidence.model_dump(mode="json"), **self._judged()}

    def close(self) -> None:
        """Resets the card, which forgets the PIN. Safe to call more than once."""
        card, self._card, self._checks, self._unfinished = self._card, None, (), None
        connection, self._connection = self._connection, None
        if card is not None:
            card.close()
        if connection is not None:
            connection.close()

    def _judged(self) -> Report:
        return {"assurance": assurance(self._checks), "checks": [asdict(check) for check in self._checks]}

    def _refusal_of_pin(self, outcome: PinOutcome) -> Report | None:
        """None if the PIN was right. With one try left, before or after this one, the citizen is sent away."""
        match outcome:
            case PinAccepted():
                return None
            case PinBlocked():
                return self._refused(CardFault(CardTrouble.BLOCKED, "the PIN is blocked"))
            case PinNotSent() | PinWrong(tries_left=1):
                return self._refused(CardFault(CardTrouble.LAST_TRY, "one try is left"))
            case PinWrong(tries_left=left):
                return {"event": "pin-refused", "tries_left": left}
            case PinMalformed(tries_left=left) | PinNotTyped(tries_left=left):
                return {"event": "pin-refused", "tries_left": left}
            case other:
                assert_never(other)

    def _refused(self, error: CardFault | EvidenceRefused) -> Report:
        family = self._card.family if self._card is not None else None
        self.close()
        report: Report = {"event": "refused", "family": family, "detail": error.detail}
        if isinstance(error, CardFault):
            return {**report, "trouble": error.trouble.value, "checks": []}
        failed = Check(error.check, CheckOutcome.FAILED, error.detail)
        return {**report, "trouble": CardTrouble(error.reason.value).value, "checks": [asdict(failed)]}
