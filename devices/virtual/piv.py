"""A PIV card's chip in software (NIST SP 800-73-4), complete enough for OpenSC's tools to accept it."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from devices.virtual.iso7816 import (
    BAD_DATA,
    BAD_P1_P2,
    BLOCKED,
    NO_INS,
    NOT_FOUND,
    NOT_SATISFIED,
    SUCCESS,
    Answer,
    Chip,
    tlv,
    with_check_byte,
)

APPLICATION = bytes.fromhex("A000000308000010000100")
# Historical bytes of our own; T=1, nothing else.
ATR = bytes.fromhex("3B8801") + b"TotemPIV"
ALGORITHM_OF_CURVE = {"secp256r1": 0x11, "secp384r1": 0x14}
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass
class PivCard(Chip):
    """One card: key and certificate of slot 9A, a PIN and its counter, which survives power cuts as in a chip.

    `card_key`, `card_certificate`: slot 9E, which asks for no PIN.
    """

    key: Key
    certificate: bytes
    pin: str
    tries_left: int = 3
    tries: int = 3
    compressed: bool = False
    card_key: Key | None = None
    card_certificate: bytes | None = None
    _selected: bool = field(default=False, init=False)
    _verified: bool = field(default=False, init=False)

    @property
    def atr(self) -> bytes:
        return with_check_byte(ATR)

    def forget(self) -> None:
        self._selected = self._verified = False

    def answer(self, command: tuple[int, int, int, int], data: bytes) -> Answer:
        _, ins, p1, p2 = command
        if ins == 0xA4:
            return self._select(p1, data)
        if not self._selected:
            return b"", NO_INS
        if ins == 0xCB and (p1, p2) == (0x3F, 0xFF):
            return self._get_data(data)
        if ins == 0x20:
            return b"", self._verify(p2, data)
        if ins == 0x87:
            return self._authenticate(p1, p2, data)
        return b"", NO_INS

    def _select(self, p1: int, data: bytes) -> Answer:
        """By application identifier, also cut short on the right (part 2, 3.1.1); everything else is not here."""
        if p1 != 0x04 or len(data) < 9 or not APPLICATION.startswith(data):
            return b"", NOT_FOUND
        self._selected, self._verified = True, False
        identifier = tlv(b"\x4f", APPLICATION[5:])
        authority = tlv(b"\x79", tlv(b"\x4f", APPLICATION[:5]))
        return tlv(b"\x61", identifier + authority), SUCCESS

    def _get_data(self, query: bytes) -> Answer:
        objects = {
            b"\x5c\x03\x5f\xc1\x05": lambda: self._certificate_object(self.certificate),
            b"\x5c\x03\x5f\xc1\x02": self._chuid,
        }
        in_slot_9e = self.card_certificate
        if in_slot_9e is not None:
            objects[b"\x5c\x03\x5f\xc1\x01"] = lambda: self._certificate_object(in_slot_9e)
        found = objects.get(query)
        return (tlv(b"\x53", found()), SUCCESS) if found else (b"", NOT_FOUND)

    def _certificate_object(self, der: bytes) -> bytes:
        certificate = gzip.compress(der, mtime=0) if self.compressed else der
        return tlv(b"\x70", certificate) + tlv(b"\x71", bytes([self.compressed])) + tlv(b"\xfe", b"")

    def _chuid(self) -> bytes:
        """Card holder unique identifier (part 1, 3.1.2): a FASC-N of zeros, and a GUID made of the certificate."""
        guid = hashlib.sha256(self.certificate).digest()[:16]
        fields = ((b"\x30", bytes(25)), (b"\x34", guid), (b"\x35", b"20491231"), (b"\x3e", b""), (b"\xfe", b""))
        return b"".join(tlv(tag, value) for tag, value in fields)

    def _verify(self, reference: int, data: bytes) -> bytes:
        if reference != 0x80:
            return BAD_P1_P2
        if not data:
            return SUCCESS if self._verified else self._counter()
        if self.tries_left == 0:
            return BLOCKED
        if len(data) != 8:
            return BAD_DATA
        self._verified = data == self.pin.encode("ascii").ljust(8, b"\xff")
        self.tries_left = self.tries if self._verified else self.tries_left - 1
        return SUCCESS if self._verified else self._counter()

    def _counter(self) -> bytes:
        return bytes([0x63, 0xC0 | self.tries_left]) if self.tries_left else BLOCKED

    def _authenticate(self, algorithm: int, reference: int, data: bytes) -> Answer:
        """Internal authenticate (part 2, 3.2.4): 7C {82 empty, 81 challenge} gives 7C {82 signature}."""
        key = {0x9A: self.key, 0x9E: self.card_key}.get(reference)
        if key is None or algorithm != _algorithm(key):
            return b"", BAD_P1_P2
        if reference == 0x9A and not self._verified:
            return b"", NOT_SATISFIED
        challenge = _challenge(data)
        signature = _sign(key, challenge) if challenge else None
        if signature is None:
            return b"", BAD_DATA
        return tlv(b"\x7c", tlv(b"\x82", signature)), SUCCESS


def _algorithm(key: Key) -> int:
    return 0x07 if isinstance(key, rsa.RSAPrivateKey) else ALGORITHM_OF_CURVE[key.curve.name]


def _sign(key: Key, challenge: bytes) -> bytes | None:
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.private_numbers()
        modulus = numbers.public_numbers.n
        size = key.key_size // 8
        block = int.from_bytes(challenge, "big")
        if len(challenge) != size or block >= modulus:
            return None
        return pow(block, numbers.d, modulus).to_bytes(size, "big")  # raw RSA, as the chip does; keys are made up
    hashed = {32: SHA256(), 48: SHA384()}.get(len(challenge))
    return key.sign(challenge, ec.ECDSA(Prehashed(hashed))) if hashed else None


def _challenge(data: bytes) -> bytes | None:
    """The value of 81 inside 7C; the fields may come in any order."""
    outer = _fields(data)
    return _fields(outer[0x7C]).get(0x81) if 0x7C in outer else None


def _fields(data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while at + 2 <= len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length > 0x80:
            octets = length & 0x7F
            length = int.from_bytes(data[at : at + octets], "big")
            at += octets
        found[tag] = data[at : at + length]
        at += length
    return found
