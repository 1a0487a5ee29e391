"""A technician's card in the reader: looked at without a PIN, then proven by PIN and a signature over fresh bytes.

Only PIV chips are looked at, with the operator's own trust. What is not the operator's is left alone and said to be
nobody: a citizen's card that lies in the reader is read later, by a citizen's session.
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

from devices.cards.base import CardFault, PinAccepted, PinBlocked, PinMalformed, PinNotSent, PinNotTyped, PinWrong, Slot
from devices.cards.piv import Piv
from devices.transport import Connection
from kiosk.journey.state import CardTrouble
from offline_cache.contract.checks import EvidenceRefused
from offline_cache.contract.staff import OperatorTrust, TechnicianTrouble
from offline_cache.contract.technicians import NotATechnician, TechnicianRefused, judge
from offline_cache.contract.verification import check_signature

Report = dict[str, Any]
NOBODY: Report = {"event": "no-technician"}


class TechnicianSession:
    """Not for two threads at once."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._card: Piv | None = None

    def look(self, trust: OperatorTrust, at: datetime | None, site: str) -> Report:
        """`technician`, `technician-refused`, or `no-technician` for whatever else lies there."""
        self.close()
        try:
            self._connection = Connection()
            card = Piv.open(Slot(self._connection))
            found = judge(card.certificates(), trust, at, site)
            tries_left = card.tries_left()
        except (NotATechnician, CardFault):
            self.close()
            return NOBODY
        except TechnicianRefused as refused:
            return self._refused(refused.trouble)
        if tries_left is not None and tries_left <= 1:
            return self._refused(TechnicianTrouble.LAST_TRY if tries_left else TechnicianTrouble.BLOCKED)
        self._card = card
        return {
            "event": "technician",
            "name": found.name,
            "role": found.role.value,
            "sites": list(found.sites),
            "certificate": found.certificate,
            "list_made": found.list_made,
            "tries_left": tries_left,
        }

    def prove(self, pin: bytearray) -> Report:
        """`technician-proved`, `technician-pin-refused` or `technician-refused`. The caller zeroes `pin`."""
        card = self._card
        if card is None:
            return self._refused(TechnicianTrouble.UNREADABLE)
        try:
            match card.verify_pin(pin):
                case PinNotTyped():
                    return self._refused(TechnicianTrouble.UNREADABLE)
                case PinBlocked():
                    return self._refused(TechnicianTrouble.BLOCKED)
                case PinNotSent() | PinWrong(tries_left=1):
                    return self._refused(TechnicianTrouble.LAST_TRY)
                case PinWrong(tries_left=left) | PinMalformed(tries_left=left):
                    return {"event": "technician-pin-refused", "tries_left": left}
                case PinAccepted():
                    challenge = os.urandom(32)
                    check_signature(card.certificates()[0], challenge, card.sign(challenge))
        except CardFault as fault:
            gone = fault.trouble is CardTrouble.REMOVED
            return NOBODY if gone else self._refused(TechnicianTrouble.UNREADABLE)
        except EvidenceRefused:
            return self._refused(TechnicianTrouble.NOT_GENUINE)
        self.close()  # the card has proven who is here, and forgets its PIN
        return {"event": "technician-proved"}

    def close(self) -> None:
        """Safe to call more than once."""
        self._card = None
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _refused(self, trouble: TechnicianTrouble) -> Report:
        self.close()
        return {"event": "technician-refused", "trouble": trouble.value}
