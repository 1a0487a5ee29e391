"""One citizen's card from the first read to the last signature, on one connection: what the worker does for the kiosk.

Every outcome is an event (docs/architecture.md, the card worker). The connection is never opened again by itself:
after a swap or a reset the citizen begins again.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, assert_never

from devices.cards.base import Card, CardFault, PinAccepted, PinBlocked, PinMalformed, PinNotSent, PinWrong
from devices.cards.piv import Piv
from devices.transport import Connection
from kiosk.journey.state import CardTrouble
from offline_cache.contract.evidence import Evidence, Statement
from offline_cache.contract.verification import EvidenceRefused, check_chain, check_signature, holder_of

FAMILIES: tuple[type[Piv], ...] = (Piv,)
Report = dict[str, Any]


class CardSession:
    """Not for two threads at once."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._card: Card | None = None

    def read(self, anchors: Sequence[str], at: datetime | None) -> Report:
        """Opens the card, judges its certificates and says whom they name: `identity` or `refused`."""
        self.close()
        try:
            card = self._open()
            certificates = card.certificates()
            checks = check_chain(certificates, anchors, at)
            holder = holder_of(certificates[0])
            tries_left = card.tries_left()
        except (CardFault, EvidenceRefused) as error:
            return self._refused(error)
        return {
            "event": "identity",
            "name": holder.name,
            "national_id": holder.cpf,
            "tries_left": tries_left,
            "checks": [asdict(check) for check in checks],
        }

    def prove(self, statement: Statement, pin: bytearray | None) -> Report:
        """Verifies the PIN if there is one, then signs the statement: `proved`, `pin-refused` or `refused`.

        Without a PIN the card must still hold the one of this session. The caller zeroes `pin`.
        """
        card = self._card
        if card is None:
            return self._refused(CardFault(CardTrouble.UNREADABLE, "no card was read"))
        try:
            if pin is not None:
                refusal = self._refusal_of_pin(card, pin)
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
        return {"event": "proved", "evidence": evidence.model_dump(mode="json")}

    def close(self) -> None:
        """Resets the card, which forgets the PIN. Safe to call more than once."""
        connection, self._connection, self._card = self._connection, None, None
        if connection is not None:
            connection.close()

    def _open(self) -> Card:
        """By the first family that knows the card."""
        self._connection = Connection()
        for family in FAMILIES:
            try:
                self._card = family(self._connection)
            except CardFault as fault:
                if fault.trouble is not CardTrouble.UNKNOWN_FAMILY:
                    raise
            else:
                return self._card
        raise CardFault(CardTrouble.UNKNOWN_FAMILY, "no family knows this card")

    def _refusal_of_pin(self, card: Card, pin: bytearray) -> Report | None:
        """None if the PIN was right. With one try left, before or after this one, the citizen is sent away."""
        match card.verify_pin(pin):
            case PinAccepted():
                return None
            case PinBlocked():
                return self._refused(CardFault(CardTrouble.BLOCKED, "the PIN is blocked"))
            case PinNotSent() | PinWrong(tries_left=1):
                return self._refused(CardFault(CardTrouble.LAST_TRY, "one try is left"))
            case PinWrong(tries_left=left):
                return {"event": "pin-refused", "tries_left": left}
            case PinMalformed(tries_left=left):
                return {"event": "pin-refused", "tries_left": left}
            case other:
                assert_never(other)

    def _refused(self, error: CardFault | EvidenceRefused) -> Report:
        self.close()
        trouble = error.trouble if isinstance(error, CardFault) else CardTrouble(error.reason.value)
        return {"event": "refused", "trouble": trouble.value, "detail": error.detail}
