"""The Italian identity card CIE 3.0 without its PIN: the NIS, signed, on a chip that proves itself. Contactless only.

The NIS names a card and not a person: it serves where NIS and chip key were enrolled together by somebody who saw the
holder. What the PIN opens needs secure messaging and is not read here.
"""

from __future__ import annotations

import os
from typing import Self

from devices.cards import cie_files
from devices.cards.base import CardFault, FileCard, Slot, Trust
from devices.cards.files import BY_FILE, read_der, read_selected, select, select_application
from devices.transport import SUCCESS, Transport, exchange, send
from kiosk.journey.state import CardTrouble
from offline_cache.contract.checks import CheckName, passed
from offline_cache.contract.profiles import HolderIdentity
from offline_cache.contract.verification import Verified

IAS, CIE = bytes.fromhex("A0000000308000000009816001"), bytes.fromhex("A00000000039")
NIS, CHIP_KEY, SECURITY_OBJECT = (bytes.fromhex(file) for file in ("1001", "1005", "1006"))
FILE_DESCRIPTION = 0x04  # SELECT answers with what it selected
NIS_BYTES, MAX_OBJECT_BYTES = 16, 8192
CHALLENGE_BYTES = 16


class Cie(FileCard):
    """One card. There is no key here that a holder could use."""

    family = "cie"

    @classmethod
    def open(cls, slot: Slot) -> Self:
        return cls(slot.link)

    def __init__(self, transport: Transport) -> None:
        """Other cards have an IAS application too: only both names together make a CIE."""
        self._transport = transport
        select_application(transport, IAS)
        select_application(transport, CIE)

    def identify(self, trust: Trust) -> Verified:
        """Reads the three free files, then lets the chip answer a challenge with the key that was signed."""
        nis = self._file(NIS, NIS_BYTES)
        select(self._transport, CHIP_KEY, by=BY_FILE, answer=FILE_DESCRIPTION)
        chip_key = read_der(self._transport, MAX_OBJECT_BYTES)
        security_object = self._file(SECURITY_OBJECT, MAX_OBJECT_BYTES)
        number = cie_files.nis_of(nis)
        checks = cie_files.check_security_object(security_object, nis, chip_key, trust.anchors, trust.at)
        checks += [passed(CheckName.FORMAT), cie_files.check_key(chip_key)]
        challenge = os.urandom(CHALLENGE_BYTES)
        checks.append(cie_files.check_chip(chip_key, challenge, self._answer(challenge)))
        return Verified(HolderIdentity("", number), tuple(checks))

    def _answer(self, challenge: bytes) -> bytes:
        """MSE SET for authentication with key 83, then INTERNAL AUTHENTICATE."""
        status = send(self._transport, [0x00, 0x22, 0x41, 0xA4, 0x06, 0x80, 0x01, 0x02, 0x84, 0x01, 0x83])
        if status != SUCCESS:
            raise CardFault(CardTrouble.UNREADABLE, f"MSE SET answered {status:04X}")
        command = [0x00, 0x88, 0x00, 0x00, len(challenge), *challenge, 0x00]
        answer, status = exchange(self._transport, command)
        if status != SUCCESS:
            raise CardFault(CardTrouble.UNREADABLE, f"INTERNAL AUTHENTICATE answered {status:04X}")
        return answer

    def _file(self, file: bytes, limit: int) -> bytes:
        select(self._transport, file, by=BY_FILE, answer=FILE_DESCRIPTION)
        return read_selected(self._transport, limit)
