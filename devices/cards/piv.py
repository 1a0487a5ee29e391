"""PIV cards (NIST SP 800-73-4) with an ICP-Brasil certificate in the authentication slot 9A.

The card holds only the leaf certificate: what lies between it and the root comes with the anchors. Where it also has
a card authentication key (slot 9E, no PIN), the chip proves itself with it; that counts only if both certificates name
the same card by its UUID, or anybody's key would do.
"""

from __future__ import annotations

import os
import zlib
from typing import Self

from devices.cards.base import CardFault, FileCard, KeyCard, PinOutcome, Slot, Trust
from devices.cards.pin import Pin
from devices.cards.pkcs1 import encoded
from devices.pin_pad import PinPad
from devices.transport import SUCCESS, Transport, exchange, exchange_chained
from kiosk.journey.state import CardTrouble
from offline_cache.contract.certificates import card_uuids, parse
from offline_cache.contract.checks import Check, CheckName, CheckOutcome, EvidenceRefused, RefusalReason, passed
from offline_cache.contract.profiles import ICP_BRASIL
from offline_cache.contract.verification import Verified, chain_of, check_signature

APPLICATION = bytes.fromhex("A00000030800001000")  # SP 800-73-4 part 1, 2.2, without the version
AUTHENTICATION_CERTIFICATE = bytes.fromhex("5C035FC105")  # part 1, table 3
CARD_CERTIFICATE = bytes.fromhex("5C035FC101")  # the same: X.509 certificate for card authentication
AUTHENTICATION_KEY, CARD_KEY = 0x9A, 0x9E
MAX_CERTIFICATE_BYTES = 65536
# SP 800-78-4 table 6-2: algorithm identifiers, by key
RSA_2048, EC_P256, EC_P384 = 0x07, 0x11, 0x14
NOT_SATISFIED, NOT_FOUND = 0x6982, 0x6A82
PIN_REFERENCE, PIN_DIGITS = 0x80, range(6, 9)  # part 2, 3.2.1


class Piv(FileCard, KeyCard):
    """One PIV card. Construction selects the application: CardFault UNKNOWN_FAMILY if the card has none."""

    family = "piv-icp-brasil"
    profiles = (ICP_BRASIL,)
    in_two_steps = True

    @classmethod
    def open(cls, slot: Slot) -> Self:
        return cls(slot.link, slot.link.pin_pad())

    def __init__(self, transport: Transport, pad: PinPad | None = None) -> None:
        self._transport = transport
        self._pin = Pin(transport, PIN_REFERENCE, PIN_DIGITS, pad=pad)
        self._certificate: bytes | None = None
        self._verified: Verified | None = None
        command = [0x00, 0xA4, 0x04, 0x00, len(APPLICATION), *APPLICATION, 0x00]
        _, status = exchange(transport, command)
        if status != SUCCESS:
            raise CardFault(CardTrouble.UNKNOWN_FAMILY, f"no PIV application ({status:04X})")

    def identify(self, trust: Trust) -> Verified:
        self._verified = super().identify(trust)
        return self._verified

    def complete(self, trust: Trust) -> Verified:
        """The chip answers a challenge with its card authentication key, if it has one that belongs to this card."""
        assert self._verified is not None
        return Verified(self._verified.holder, (*self._verified.checks, self._check_chip(trust)))

    def certificates(self) -> list[bytes]:
        if self._certificate is None:
            certificate = self._read(AUTHENTICATION_CERTIFICATE)
            if certificate is None:
                raise CardFault(CardTrouble.NO_IDENTITY, "no authentication certificate")
            self._certificate = certificate
        return [self._certificate]

    def _read(self, query: bytes) -> bytes | None:
        """A certificate object; None if the card has none of this name."""
        data, status = exchange(self._transport, [0x00, 0xCB, 0x3F, 0xFF, len(query), *query, 0x00])
        if status == NOT_FOUND:
            return None
        if status != SUCCESS:
            raise CardFault(CardTrouble.UNREADABLE, f"GET DATA answered {status:04X}")
        return certificate_of(data)

    def _check_chip(self, trust: Trust) -> Check:
        """SP 800-73-4 part 1, B.1.3 (PKI-CAK); a card without that key, or with a foreign one, is none the worse."""
        certificate = self._read(CARD_CERTIFICATE)
        if certificate is None:
            return Check(CheckName.CHIP, CheckOutcome.NOT_CHECKED, "the card has no card authentication key")
        parsed = parse(certificate)
        if not card_uuids(parsed) & card_uuids(parse(self.certificates()[0])):
            return Check(CheckName.CHIP, CheckOutcome.NOT_CHECKED, "the card's own key is not bound to the holder")
        between = [parse(der) for der in self.certificates()[1:]]
        chain_of(
            parsed, between, trust.anchors, trust.at, country=ICP_BRASIL.country, lists=trust.lists([certificate])
        )
        challenge = os.urandom(32)
        try:
            check_signature(certificate, challenge, self._authenticate(CARD_KEY, certificate, challenge))
        except EvidenceRefused as refused:
            if refused.reason is not RefusalReason.NOT_GENUINE:
                raise
            raise EvidenceRefused(RefusalReason.NOT_GENUINE, "the chip cannot prove itself", CheckName.CHIP) from None
        return passed(CheckName.CHIP)

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
        """GENERAL AUTHENTICATE with key 9A (part 2, 3.2.4). CardFault UNREADABLE if the PIN is no longer verified."""
        return self._authenticate(AUTHENTICATION_KEY, self.certificates()[0], digest)

    def _authenticate(self, key: int, certificate: bytes, digest: bytes) -> bytes:
        algorithm, challenge = _challenge(certificate, digest)
        template = _tlv(0x7C, _tlv(0x82, b"") + _tlv(0x81, challenge))
        data, status = exchange_chained(self._transport, (0x00, 0x87, algorithm, key), template)
        if status == NOT_SATISFIED:
            raise CardFault(CardTrouble.UNREADABLE, "the card has forgotten its PIN")
        if status != SUCCESS:
            raise CardFault(CardTrouble.UNREADABLE, f"GENERAL AUTHENTICATE answered {status:04X}")
        return _find(_find(data, 0x7C), 0x82)


def certificate_of(data: bytes) -> bytes:
    """The DER of a certificate object: 53 {70 certificate, 71 how it is compressed, FE} (part 1, appendix A)."""
    fields = _find(data, 0x53)
    certificate, information = _find(fields, 0x70), _find(fields, 0x71)
    if information[:1] != b"\x01":
        return certificate
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(certificate, MAX_CERTIFICATE_BYTES)
    except zlib.error as error:
        raise CardFault(CardTrouble.UNREADABLE, "the certificate cannot be inflated") from error
    if not inflater.eof:
        raise CardFault(CardTrouble.UNREADABLE, "the certificate is cut off or too long")
    return plain


def _challenge(certificate: bytes, digest: bytes) -> tuple[int, bytes]:
    """The algorithm of the certificate's key, and the block that the card has to sign with it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.x509 import load_der_x509_certificate

    try:
        key = load_der_x509_certificate(certificate).public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CardFault(CardTrouble.UNREADABLE, "the certificate cannot be decoded") from error
    if isinstance(key, rsa.RSAPublicKey) and key.key_size == 2048:
        return RSA_2048, encoded(digest, 256)
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1":
        return EC_P256, digest
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp384r1":
        return EC_P384, digest.rjust(48, b"\x00")  # the same number, in the length that the card expects
    raise CardFault(CardTrouble.WEAK_KEY, "a key that PIV does not know")


def _tlv(tag: int, value: bytes) -> bytes:
    length = len(value)
    if length < 0x80:
        return bytes([tag, length]) + value
    octets = length.to_bytes(2 if length > 0xFF else 1, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + value


def _find(data: bytes, wanted: int) -> bytes:
    """The value of the first field with this one-byte tag; CardFault UNREADABLE if it is missing or cut off."""
    at = 0
    while at + 2 <= len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length > 0x80:
            octets = length & 0x7F
            length = int.from_bytes(data[at : at + octets], "big")
            at += octets
        if at + length > len(data):
            break
        if tag == wanted:
            return data[at : at + length]
        at += length
    raise CardFault(CardTrouble.UNREADABLE, f"the card's answer has no field {wanted:02X}")
