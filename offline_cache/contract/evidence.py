"""What a citizen's card signs, and what travels as proof of who held it.

The card signs SHA-256(tag || kiosk || session || service || nonce) with its authentication key after the PIN; the
fields are length-prefixed so that no two statements share bytes. The nonce is the centre's when the link is up, else
32 random bytes of the kiosk. The centre checks the same evidence again and does not trust the kiosk's word.
"""

from __future__ import annotations

import base64
import hashlib
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

DOMAIN_TAG = b"totem-holder-challenge-v1"


class Purpose(StrEnum):
    """A signature made to look something up is not one made to register, and the reverse."""

    LOOKUP = "lookup"
    COMMIT = "commit"


class Statement(BaseModel):
    """What is signed. `nonce` is base64 of 32 bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")

    purpose: Purpose
    kiosk: str = Field(max_length=64)
    session: str = Field(max_length=64)
    service: str = Field(max_length=64)
    nonce: str
    nonce_of_centre: bool

    def digest(self) -> bytes:
        """SHA-256 over the tag and the length-prefixed fields, 32 bytes."""
        parts = [
            DOMAIN_TAG,
            self.purpose.encode(),
            self.kiosk.encode(),
            self.session.encode(),
            self.service.encode(),
            base64.b64decode(self.nonce, validate=True),
        ]
        return hashlib.sha256(b"".join(len(part).to_bytes(2, "big") + part for part in parts)).digest()


class Evidence(BaseModel):
    """A statement, the card's signature over its digest (base64) and the certificates (DER in base64, leaf first).

    RSA keys sign PKCS#1 v1.5 with SHA-256 over the digest as the message's hash; EC keys sign the digest by ECDSA.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")

    statement: Statement
    certificates: tuple[str, ...] = Field(min_length=1, max_length=8)
    signature: str
