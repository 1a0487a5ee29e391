"""A technician's way in when the network is the fault: the kiosk shows a number, the centre answers with a code. Pure.

Both ends make the code from a secret that they share without ever having sent it: the kiosk's own key and the centre's
key of answers, which each holds the other's public half of since the enrolment. See
docs/decisions/technician-by-challenge.md.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NONCE_DIGITS, CODE_DIGITS = 9, 8
# By the kiosk's own clock since it drew the nonce: nobody can set that one.
VALID_S = 15 * 60
TRIES = 3
_INFO = b"totem-challenge-v1"
# RFC 7748 4.1: the field of Curve25519.
_P = 2**255 - 19


def nonce(drawn: int) -> str:
    """The number that the kiosk shows: eight digits of `drawn` and Luhn's check digit (ISO/IEC 7812-1, annex B), so
    that a digit that was misheard is noticed before a code is made of it.
    """
    body = f"{drawn % 10 ** (NONCE_DIGITS - 1):0{NONCE_DIGITS - 1}d}"
    return body + str(-_luhn(body + "0") % 10)


def as_nonce(typed: str) -> str | None:
    """The nonce as somebody wrote it down, without spaces; None if it is none."""
    digits = "".join(typed.replace("-", " ").split())
    if len(digits) != NONCE_DIGITS or not (digits.isascii() and digits.isdigit()) or _luhn(digits) % 10:
        return None
    return digits


def code(own: Ed25519PrivateKey, other: str, kiosk: str, nonce: str) -> str:
    """The eight digits that answer a nonce. `other` is the public key at the other end, base64. ValueError if it is
    none.
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    secret = _shared(own, base64.b64decode(other, validate=True))
    key = HKDF(SHA256(), 32, salt=None, info=_INFO).derive(secret)
    answer = hmac.new(key, f"{kiosk}\n{nonce}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(answer) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def grouped(digits: str, size: int) -> str:
    """Digits as they are read out: 482 177 305."""
    return " ".join(digits[at : at + size] for at in range(0, len(digits), size))


def _shared(own: Ed25519PrivateKey, other: bytes) -> bytes:
    """X25519 between two Ed25519 keys: the private one by its hash (RFC 8032 5.1.5), the public one by the map between
    the two curves, u = (1 + y) / (1 - y) (RFC 7748 4.1).
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    y = int.from_bytes(other, "little") & ((1 << 255) - 1)
    if len(other) != 32 or y % _P == 1:
        raise ValueError("this is no public key of Ed25519")
    u = (1 + y) * pow(1 - y, -1, _P) % _P
    scalar = hashlib.sha512(own.private_bytes_raw()).digest()[:32]
    public = X25519PublicKey.from_public_bytes(u.to_bytes(32, "little"))
    return X25519PrivateKey.from_private_bytes(scalar).exchange(public)


def _luhn(digits: str) -> int:
    """The sum of the digits, every second one from the right but one doubled."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total
