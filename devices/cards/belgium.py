"""The Belgian electronic identity card (applet 1.7 and 1.8): the strongest identity without a PIN.

The register's signature covers the data and, from applet 1.8 on, the hash of a key with which the chip answers a
challenge. Source: Reference manual Belpic V1.8.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from devices.cards import belgium_files
from devices.cards.base import CardFault, FileCard, KeyCard, PinOutcome, Slot, Trust
from devices.cards.belgium_files import Address, signature_in_der
from devices.cards.files import FileMissing, read_der, read_selected, select, select_application
from devices.cards.pin import Pin
from devices.issuer_cache import NOTHING_KNOWN, IssuerCache
from devices.pin_pad import PinPad
from devices.transport import SUCCESS, Transport, exchange, send
from kiosk.journey.state import CardTrouble
from offline_cache.contract.certificates import no_identity
from offline_cache.contract.checks import Check, CheckName, CheckOutcome, EvidenceRefused, passed
from offline_cache.contract.profiles import BELGIAN_EID
from offline_cache.contract.verification import Verified, check_chain, holder_of

APPLICATION = bytes.fromhex("A00000003029057000AD13100101FF")  # 2.2
ATRS = frozenset(
    bytes.fromhex(atr)
    for atr in (
        "3B7F96000080318065B085040120120FFF829000",  # applet 1.8
        "3B9813400AA503010101AD1311",  # applets 1.1 to 1.7
    )
)
ID, ID_SIGNATURE, ADDRESS, ADDRESS_SIGNATURE, CHIP_KEY = (
    bytes.fromhex(f"3F00DF01{file}") for file in ("4031", "4032", "4033", "4034", "4040")
)
AUTHENTICATION, ISSUER, REGISTER = (bytes.fromhex(f"3F00DF00{file}") for file in ("5038", "503A", "503C"))
BELPIC = bytes.fromhex("3F00DF00")
MAX_DATA_BYTES = 4096
PIN_REFERENCE, PIN_DIGITS = 0x01, range(4, 13)
# Two digits a byte behind the first byte, whose lower half is how many there are, in a block of seven bytes more.
PAD_FORM = (0x89, 0x47, 0x04)
AUTHENTICATION_KEY = 0x82
# Table 14 (applet 1.8): ECDSA with SHA-2-256; and of applet 1.7: PKCS#1 v1.5 with SHA-256. Both take the hash.
ECDSA_SHA256, RSA_SHA256 = 0x01, 0x08
NOT_SATISFIED = 0x6982
CHALLENGE_BYTES = 48
CHUNK = 0x100  # Le 00: what a READ BINARY may answer at most (6.4)


class BelgianEid(FileCard, KeyCard):
    """One card. Its holder is named by the register's signed file; the certificate only has to agree."""

    family = "belgian-eid"
    profiles = (BELGIAN_EID,)
    in_two_steps = True

    @classmethod
    def claims(cls, atr: bytes) -> bool:
        return atr in ATRS

    @classmethod
    def open(cls, slot: Slot) -> Self:
        return cls(slot.link, slot.link.pin_pad(), expected=cls.claims(slot.link.atr))

    def __init__(self, transport: Transport, pad: PinPad | None = None, *, expected: bool = False) -> None:
        """Selects the applet by its full name: CardFault UNKNOWN_FAMILY if there is none.

        On a card whose ATR says that it is Belgian (`expected`) the applet is mostly selected by itself: it is selected
        by name only if its first file is not found.
        """
        self._transport = transport
        self._pin = Pin(transport, PIN_REFERENCE, PIN_DIGITS, encode=_block, pad=pad, form=PAD_FORM)
        self._certificates: list[bytes] | None = None
        self._identity: belgium_files.Identity | None = None
        self._of_data: list[Check] = []
        self._selected = not expected
        if not expected:
            select_application(transport, APPLICATION)

    def identify(self, trust: Trust) -> Verified:
        """What the register signed: name and number. A certificate of the register that is known need not be read."""
        # What does not depend on this card is checked while it is being read.
        with ThreadPoolExecutor(1) as beside:
            known = beside.submit(_known_registers, trust)
            data, signature = self._file(ID), self._file(ID_SIGNATURE)
            of_data = self._register_checks(trust, signature, data, known.result())
        identity = belgium_files.identity_of(data)
        belgium_files.check_validity(identity, trust.at)
        self._identity, self._of_data = identity, [*of_data, passed(CheckName.FORMAT)]
        return Verified(identity.holder, tuple(self._of_data))

    def complete(self, trust: Trust) -> Verified:
        """A chip that proves itself, and a certificate (if there is one) that names the same person."""
        identity = self._identity
        assert identity is not None
        of_data = [*self._of_data, self._prove_chip(identity)]
        of_certificate = self._agreement(identity, trust)
        # Chain, dates and revocation of the citizen's certificate say more than those of the register's.
        told = {check.name for check in of_certificate}
        return Verified(identity.holder, (*(check for check in of_data if check.name not in told), *of_certificate))

    def _register_checks(
        self, trust: Trust, signature: bytes, data: bytes, known: Sequence[tuple[bytes, list[Check]]]
    ) -> list[Check]:
        """That the register signed this, by one of its certificates that are known, else by the one on the card."""
        for register, checks in known:
            try:
                return [*checks, belgium_files.check_data(register, signature, data)]
            except (EvidenceRefused, CardFault):
                continue
        register = self._certificate(REGISTER)
        checks = belgium_files.check_register(register, trust.anchors, trust.at)
        trust.issuers.keep(register)
        return [*checks, belgium_files.check_data(register, signature, data)]

    def address(self, trust: Trust) -> Address:
        """Where the holder lives, as the register signed it together with the identity."""
        data, signature = self._file(ADDRESS), self._file(ADDRESS_SIGNATURE)
        message = belgium_files.address_message(data, self._file(ID_SIGNATURE))
        self._register_checks(trust, signature, message, _known_registers(trust))
        return belgium_files.address_of(data)

    def certificates(self) -> list[bytes]:
        """Children's cards have none: CardFault NO_IDENTITY."""
        return self._chain(NOTHING_KNOWN)

    def _chain(self, issuers: IssuerCache) -> list[bytes]:
        if self._certificates is None:
            leaf = self._certificate(AUTHENTICATION)
            if not leaf:
                raise CardFault(CardTrouble.NO_IDENTITY, "the card has no authentication certificate")
            self._certificates = [leaf, issuers.issuer_of(leaf) or self._certificate(ISSUER)]
        return self._certificates

    def tries_left(self) -> int | None:
        return self._pin.tries_left()

    def verify_pin(self, pin: bytearray) -> PinOutcome:
        return self._pin.verify(pin)

    @property
    def has_pad(self) -> bool:
        return self._pin.pad is not None

    def verify_on_pad(self) -> PinOutcome:
        return self._pin.verify_on_pad()

    def sign(self, digest: bytes) -> bytes:
        """MSE SET and PSO: COMPUTE DIGITAL SIGNATURE (6.12, 6.13) with the authentication key, never the other one."""
        rsa = _is_rsa(self.certificates()[0])
        select(self._transport, BELPIC)
        algorithm = RSA_SHA256 if rsa else ECDSA_SHA256
        status = send(self._transport, [0x00, 0x22, 0x41, 0xB6, 0x05, 0x04, 0x80, algorithm, 0x84, AUTHENTICATION_KEY])
        if status != SUCCESS:
            raise CardFault(CardTrouble.UNREADABLE, f"MSE SET answered {status:04X}")
        answer, status = exchange(self._transport, [0x00, 0x2A, 0x9E, 0x9A, len(digest), *digest, 0x00])
        if status == NOT_SATISFIED:
            raise CardFault(CardTrouble.UNREADABLE, "the card has forgotten its PIN")
        if status != SUCCESS:
            raise CardFault(CardTrouble.UNREADABLE, f"PSO: CDS answered {status:04X}")
        return answer if rsa else signature_in_der(answer)

    def _prove_chip(self, identity: belgium_files.Identity) -> Check:
        """INTERNAL AUTHENTICATE (6.11). After 5000 without a PIN a card refuses, which proves nothing either way."""
        if not identity.key_hash:
            return Check(CheckName.CHIP, CheckOutcome.NOT_CHECKED, "the card is older than its chip's key")
        select(self._transport, CHIP_KEY)
        key = read_der(self._transport, MAX_DATA_BYTES)
        belgium_files.check_chip_key(identity, key)
        challenge = os.urandom(CHALLENGE_BYTES)
        command = [0x00, 0x88, 0x02, 0x81, 2 + len(challenge), 0x94, len(challenge), *challenge, 0x00]
        answer, status = exchange(self._transport, command)
        if status != SUCCESS:
            return Check(CheckName.CHIP, CheckOutcome.NOT_CHECKED, f"the chip refuses to prove itself ({status:04X})")
        return belgium_files.check_chip(key, challenge, answer)

    def _agreement(self, identity: belgium_files.Identity, trust: Trust) -> list[Check]:
        """The checks of the certificate, which must name the same person; none if the card has no certificate."""
        try:
            certificates = self._chain(trust.issuers)
        except CardFault as fault:
            if fault.trouble is not CardTrouble.NO_IDENTITY:
                raise
            return []
        lists = trust.lists(certificates)
        checks = check_chain(certificates, trust.anchors, trust.at, profiles=self.profiles, lists=lists)
        if holder_of(certificates[0], self.profiles).national_id != identity.holder.national_id:
            raise no_identity("the certificate names somebody else than the data")
        trust.issuers.keep(certificates[1])
        return checks

    def _file(self, path: bytes) -> bytes:
        self._select(path)
        return read_selected(self._transport, MAX_DATA_BYTES, chunk=CHUNK)

    def _select(self, path: bytes) -> None:
        try:
            select(self._transport, path)
        except CardFault as fault:
            if self._selected or fault.trouble is not CardTrouble.UNREADABLE:
                raise
            self._selected = True
            select_application(self._transport, APPLICATION)
            select(self._transport, path)
        self._selected = True

    def _certificate(self, path: bytes) -> bytes:
        """Empty if the file is missing or full of zeros."""
        try:
            self._select(path)
        except FileMissing:
            return b""
        return read_der(self._transport, chunk=CHUNK)


def _known_registers(trust: Trust) -> list[tuple[bytes, list[Check]]]:
    """The register's certificates that earlier cards brought along and that are good today, with what was checked."""
    good: list[tuple[bytes, list[Check]]] = []
    for der in trust.issuers.known:
        try:
            good.append((der, belgium_files.check_register(der, trust.anchors, trust.at)))
        except EvidenceRefused:
            continue
    return good


def _block(pin: bytearray) -> list[int]:
    """GlobalPlatform: 2n, the digits two a byte, filled up with F."""
    digits = [digit - 0x30 for digit in pin] + [0xF] * (14 - len(pin))
    return [0x20 | len(pin), *(high << 4 | low for high, low in zip(digits[::2], digits[1::2], strict=True))]


def _is_rsa(certificate: bytes) -> bool:
    from offline_cache.contract.certificates import parse

    return bool(parse(certificate).public_key.algorithm == "rsa")
