"""The seal of a document: COSE_Sign1 (RFC 9052) with Ed25519 over CWT claims (RFC 8392) with integer keys.

It travels in the fragment of the QR's address, so the online check never receives it and an offline one needs nothing
else than the published key list. Base64url, because base45 does not survive an address.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

import cbor2
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cwt import COSE, COSEKey

from central.keys import DocumentKey

# RFC 8392, 3.1; the others are private use (below -65536).
SUBJECT, EXPIRES, ISSUED = 2, 4, 6
NUMBER, CODE, SERVICE, WITHOUT_VALUE = -65537, -65538, -65539, -65540
# RFC 9052, 3.1
ALGORITHM, KEY_ID = 1, 4
EDDSA = -8


@dataclass(frozen=True)
class SealedClaims:
    """What the seal says; nothing that is not on the paper."""

    number: str
    code: str
    service: str
    holder_masked: str
    issued: datetime
    expires: datetime
    without_value: bool


def seal(key: DocumentKey, claims: SealedClaims) -> bytes:
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
