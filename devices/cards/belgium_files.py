"""What the files of a Belgian eID mean: identity, address, and the register's signatures over them. Pure.

Sources: Belgian Electronic Identity Card content v5.4, and ID and Address file contents v5.0 (applet 1.8).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from devices.cards.base import CardFault
from kiosk.journey.state import CardTrouble
from offline_cache.contract.certificates import clean, no_identity, parse, policies_of, single, subject_of
from offline_cache.contract.checks import Check, CheckName, EvidenceRefused, RefusalReason, passed
from offline_cache.contract.national_ids import NationalId, Scheme, is_valid
from offline_cache.contract.profiles import HolderIdentity
from offline_cache.contract.verification import chain_of

NATIONAL_NUMBER, SURNAME, GIVEN_NAMES, VALID_UNTIL, KEY_HASH = 0x06, 0x07, 0x08, 0x04, 0x1A
STREET, ZIP, MUNICIPALITY = 0x01, 0x02, 0x03
KNOWN_TAGS = range(0x40)
# The national register's policy under each generation of the root: 2.16.56.N.1.1.4.
REGISTER_POLICY = "2.16.56.", ".1.1.4"
REGISTER_NAMES = ("RRN", "RRN", "BE")


@dataclass(frozen=True)
class Identity:
    """EF(ID#RN), as far as a kiosk needs it. `key_hash` is SHA-384 of EF(Puk#1); empty on cards before applet 1.8."""

    holder: HolderIdentity
    valid_until: str
    key_hash: bytes


@dataclass(frozen=True)
class Address:
    street: str
    zip_code: str
    municipality: str


def fields(data: bytes) -> dict[int, bytes]:
    """Simplified TLV (content v5.4, 6.1): each FF of the length adds 255 to the byte after it; zeros fill the file up.

    CardFault UNREADABLE if a field is cut off, comes twice, or has a tag that no version has.
    """
    found: dict[int, bytes] = {}
    at = 0
    while at + 1 < len(data):
        tag, at, length = data[at], at + 1, 0
        if tag == 0 and found:
            if any(data[at:]):
                raise _unreadable("there is something after the end")
            break
        while at < len(data) and data[at] == 0xFF:
            length, at = length + 0xFF, at + 1
        if at >= len(data):
            raise _unreadable("a length is cut off")
        length, at = length + data[at], at + 1
        if at + length > len(data):
            raise _unreadable("a field is cut off")
        if tag in found or tag not in KNOWN_TAGS:
            raise _unreadable("a field comes twice, or is none of this file's")
        found[tag] = data[at : at + length]
        at += length
    return found


def identity_of(data: bytes) -> Identity:
    """EvidenceRefused NO_IDENTITY without a valid national number and a name."""
    found = fields(data)
    number = NationalId(Scheme.BELGIAN_REGISTER, _text(found, NATIONAL_NUMBER))
    if not is_valid(number):
        raise no_identity("the national number's check digits are wrong")
    name = clean(f"{_text(found, GIVEN_NAMES)} {_text(found, SURNAME)}")
    if not name:
        raise no_identity("the identity file holds no name")
    return Identity(HolderIdentity(name, number), _text(found, VALID_UNTIL), found.get(KEY_HASH, b""))


def check_validity(identity: Identity, at: datetime | None) -> None:
    """The card's own last day (DD.MM.YYYY); EvidenceRefused EXPIRED after it."""
    try:
        last_day = datetime.strptime(identity.valid_until, "%d.%m.%Y").replace(tzinfo=UTC).date()
    except ValueError:
        raise _unreadable("the card does not say until when it is valid") from None
    if at is not None and at.astimezone(UTC).date() > last_day:
        raise EvidenceRefused(RefusalReason.EXPIRED, "the card is no longer valid", CheckName.VALIDITY)


def address_of(data: bytes) -> Address:
    found = fields(data)
    return Address(*(clean(_text(found, tag)) for tag in (STREET, ZIP, MUNICIPALITY)))


def address_message(address: bytes, identity_signature: bytes) -> bytes:
    """What the register signed for the address (6.2.5): the file without trailing zeros, then EF(SGN#ID)."""
    return address.rstrip(b"\0") + identity_signature


def check_register(register_der: bytes, anchors_pem: Sequence[str], at: datetime | None) -> list[Check]:
    """That this certificate is the national register's, signed by a pinned Belgian root itself.

    A citizen's certificate chains to the same root: only name, policy and place in the chain tell the register's.
    """
    certificate = parse(register_der)
    subject = subject_of(certificate)
    names = tuple(single(subject.get(part)) for part in ("common_name", "organization_name", "country_name"))
    begin, end = REGISTER_POLICY
    policy = any(policy.startswith(begin) and policy.endswith(end) for policy in policies_of(certificate))
    if names != REGISTER_NAMES or not policy:
        raise EvidenceRefused(RefusalReason.NOT_TRUSTED, "the data is not signed by the register", CheckName.DATA)
    return chain_of(certificate, [], anchors_pem, at, country="BE", direct=True)


def check_data(register_der: bytes, signature: bytes, message: bytes) -> Check:
    """That the register signed this: ECDSA with SHA-384; before applet 1.8, RSA with SHA-256. Else NOT_GENUINE."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding

    key = _public_key(parse(register_der).public_key.dump())
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(_without_filling(signature), message, ec.ECDSA(hashes.SHA384()))
        else:
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise EvidenceRefused(RefusalReason.NOT_GENUINE, "the register did not sign this", CheckName.DATA) from None
    return passed(CheckName.DATA)


def check_chip_key(identity: Identity, chip_key: bytes) -> None:
    """That EF(Puk#1) is the key whose hash the register signed."""
    if hashlib.sha384(chip_key).digest() != identity.key_hash:
        raise EvidenceRefused(
            RefusalReason.NOT_GENUINE, "the chip's key is not the one that was signed", CheckName.CHIP
        )


def check_chip(chip_key: bytes, challenge: bytes, answer: bytes) -> Check:
    """That the chip signed 48 random bytes in the place of a SHA-384 hash; r and s side by side. Else NOT_GENUINE."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

    key = _public_key(chip_key)
    try:
        if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp384r1":
            raise EvidenceRefused(RefusalReason.WEAK_KEY, "the chip's key is not on P-384", CheckName.CHIP)
        key.verify(signature_in_der(answer), challenge, ec.ECDSA(Prehashed(hashes.SHA384())))
    except InvalidSignature:
        raise EvidenceRefused(RefusalReason.NOT_GENUINE, "the chip cannot prove itself", CheckName.CHIP) from None
    return passed(CheckName.CHIP)


def signature_in_der(answer: bytes) -> bytes:
    """Two numbers of the same length, as ASN.1. CardFault UNREADABLE if these are not two halves."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    half, odd = divmod(len(answer), 2)
    if odd or not 32 <= half <= 66:
        raise _unreadable("a signature has an impossible length")
    return encode_dss_signature(int.from_bytes(answer[:half], "big"), int.from_bytes(answer[half:], "big"))


def _public_key(info: bytes) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(info)
    except (ValueError, UnsupportedAlgorithm):
        raise _unreadable("a key cannot be decoded") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) and not (
        isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048
    ):
        raise EvidenceRefused(RefusalReason.WEAK_KEY, "a key that is not taken for the register's", CheckName.DATA)
    return key


def _without_filling(signature: bytes) -> bytes:
    """6.2.5: an ASN.1 signature in a file of fixed length; its own length is two more than its second byte says."""
    return signature[: 2 + signature[1]] if len(signature) > 1 else signature


def _text(found: dict[int, bytes], tag: int) -> str:
    try:
        return found.get(tag, b"").decode("utf-8")
    except UnicodeDecodeError:
        raise _unreadable("a text is not UTF-8") from None


def _unreadable(detail: str) -> CardFault:
    return CardFault(CardTrouble.UNREADABLE, detail)
