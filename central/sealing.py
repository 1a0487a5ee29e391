"""Sealing a document: what `kiosk.issuing.document_seal` reads and checks, signed with the centre's key.

The seal travels in the fragment of the QR's address, so the online check never receives it and an offline one needs
nothing else than the published key list. Base64url, because base45 does not survive an address.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cwt import COSE, COSEKey

from kiosk.issuing.document_seal import (
    ALGORITHM,
    CODE,
    EDDSA,
    EXPIRES,
    ISSUED,
    KEY_ID,
    NUMBER,
    SERVICE,
    SUBJECT,
    WITHOUT_VALUE,
    SealedClaims,
)


@dataclass(frozen=True)
class SealKey:
    """Seals documents; its public half is published for whoever verifies them."""

    key_id: str
    private: Ed25519PrivateKey

    @property
    def public_raw(self) -> bytes:
        return self.private.public_key().public_bytes_raw()


def seal(key: SealKey, claims: SealedClaims) -> bytes:
    """The COSE_Sign1 message, tagged (18)."""
    payload: dict[int, object] = {
        SUBJECT: claims.holder_masked,
        EXPIRES: int(claims.expires.timestamp()),
        ISSUED: int(claims.issued.timestamp()),
        NUMBER: claims.number,
        CODE: claims.code,
        SERVICE: claims.service,
    }
    if claims.without_value:
        payload[WITHOUT_VALUE] = True
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    kid = key.key_id.encode()
    message = COSE.new().encode_and_sign(
        cbor2.dumps(payload),
        COSEKey.from_pem(pem, kid=kid),
        protected={ALGORITHM: EDDSA, KEY_ID: kid},
    )
    assert isinstance(message, bytes)
    return message


def address(documents_url: str, code: str, sealed: bytes) -> str:
    """What the QR holds."""
    return f"{documents_url}{code}#{base64.urlsafe_b64encode(sealed).rstrip(b'=').decode()}"
