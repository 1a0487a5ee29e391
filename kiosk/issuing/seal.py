"""Sealing to the centre: HPKE base mode (RFC 9180), X25519, HKDF-SHA256, ChaCha20-Poly1305.

A ticket is sealed before it is written, so that a stolen disk holds nothing that can be read. ChaCha20 because a
Raspberry Pi 4 has no AES instructions.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from typing import TYPE_CHECKING

from kiosk.catalog.model import SealingKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.hpke import Suite


class SealError(ValueError):
    """The sealed bytes cannot be opened: another key, other associated data, or changed on the way."""


def seal(payload: bytes, key: SealingKey, associated: bytes) -> bytes:
    """The payload, readable only with the private half of `key` and the same associated data.

    `associated` travels as HPKE's `info`. Two calls never give the same bytes: keep what was made, never seal again.
    SealError if the key is not 32 bytes in base64.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    try:
        public = X25519PublicKey.from_public_bytes(base64.b64decode(key.public_key, validate=True))
    except ValueError as error:
        raise SealError(f"sealing key {key.key_id} is not 32 bytes in base64") from error
    return _suite().encrypt(payload, public, info=associated)


def open_sealed(sealed: bytes, private_raw: bytes, associated: bytes) -> bytes:
    """The payload again; SealError if key, associated data or a single bit differ."""
    from cryptography.exceptions import InvalidTag

    try:
        return _suite().decrypt(sealed, _private(private_raw), info=associated)
    except (InvalidTag, ValueError) as error:
        raise SealError("the sealed bytes do not open with this key and this associated data") from error


@functools.lru_cache(maxsize=4)
def _private(raw: bytes) -> X25519PrivateKey:
    """Of the centre, which opens a hundred with the same key and has it in memory anyway."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(raw)


def new_key() -> tuple[bytes, bytes]:
    """A fresh key pair of the centre: private and public half, 32 raw bytes each."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def fingerprint(sealed: bytes) -> str:
    """SHA-256 of the sealed bytes, hexadecimal."""
    return hashlib.sha256(sealed).hexdigest()


@functools.cache
def _suite() -> Suite:
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
