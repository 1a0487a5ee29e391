"""The seal of a document: COSE_Sign1 (RFC 9052) with Ed25519 over CWT claims (RFC 8392) with integer keys.

It travels in the fragment of the QR's address, https://.../v/CODE#SEAL. Whoever has the published keys checks it
without a network; the centre alone knows whether the document was ever handed over.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from kiosk.issuing.errors import CodeError
from kiosk.issuing.tracking import normalise

# RFC 8392, 3.1; the others are private use (below -65536).
SUBJECT, EXPIRES, ISSUED = 2, 4, 6
NUMBER, CODE, SERVICE, WITHOUT_VALUE = -65537, -65538, -65539, -65540
# RFC 9052, 3.1 and 4.2
ALGORITHM, CRITICAL, KEY_ID = 1, 2, 4
SIGN1_TAG = 18
# RFC 9053, 2.2
EDDSA = -8
# A QR code holds less; more is not read at all.
MAX_SEAL_CHARACTERS = 2048


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


class Refusal(StrEnum):
    """Why a seal is not taken, the first that was found."""

    NO_SEAL = "no-seal"
    UNREADABLE = "unreadable"
    UNKNOWN_KEY = "unknown-key"
    REVOKED_KEY = "revoked-key"
    SIGNATURE = "signature"
    OTHER_CODE = "other-code"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Verdict:
    """`refusal` None: the seal holds. `claims` are there only once the signature held."""

    refusal: Refusal | None
    key_id: str | None = None
    claims: SealedClaims | None = None


@dataclass(frozen=True)
class PublishedKey:
    """One entry of the published list: the key of seals (Ed25519, raw), and the certificate that signs PDFs (PEM)."""

    raw: bytes
    certificate: str | None = None
    revoked: bool = False


class KeyListError(ValueError):
    """The file is not a list of published keys."""


class _UnreadableError(Exception):
    """Not what a centre seals."""


def published_keys(text: str) -> dict[str, PublishedKey]:
    """The keys of /v1/document-keys by key id; KeyListError if the text is something else."""
    try:
        listed = json.loads(text)["keys"]
        keys = {
            str(key["key_id"]): PublishedKey(
                raw=base64.b64decode(key["public_key"], validate=True),
                certificate=key.get("certificate"),
                revoked=key.get("state") == "revoked",
            )
            for key in listed
            if key["algorithm"] == "Ed25519"
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyListError("not a list of document keys, as the centre publishes it at /v1/document-keys") from error
    if not keys or any(len(key.raw) != 32 for key in keys.values()):
        raise KeyListError("no Ed25519 key of 32 bytes in the list of document keys")
    return keys


def verify(address: str, keys: Mapping[str, PublishedKey], at: datetime) -> Verdict:
    """Whether the address in a document's QR holds at a moment, by these keys alone."""
    page, _, fragment = address.strip().partition("#")
    if not fragment:
        return Verdict(Refusal.NO_SEAL)
    try:
        protected, payload, signature = _sign1(_unarmoured(fragment))
        key_id = _key_id(protected)
    except _UnreadableError:
        return Verdict(Refusal.UNREADABLE)
    key = keys.get(key_id)
    if key is None:
        return Verdict(Refusal.UNKNOWN_KEY, key_id)
    if key.revoked:
        return Verdict(Refusal.REVOKED_KEY, key_id)
    if not _signed(key.raw, protected, payload, signature):
        return Verdict(Refusal.SIGNATURE, key_id)
    try:
        claims = _claims(payload)
    except _UnreadableError:
        return Verdict(Refusal.UNREADABLE, key_id)
    if _code_of(page) != claims.code:
        return Verdict(Refusal.OTHER_CODE, key_id, claims)
    return Verdict(Refusal.EXPIRED if claims.expires < at else None, key_id, claims)


def _unarmoured(fragment: str) -> bytes:
    """Base64url without padding, read strictly: one seal has one spelling."""
    if len(fragment) > MAX_SEAL_CHARACTERS:
        raise _UnreadableError
    try:
        sealed = base64.b64decode(fragment + "=" * (-len(fragment) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _UnreadableError from error
    if base64.urlsafe_b64encode(sealed).rstrip(b"=").decode() != fragment:
        raise _UnreadableError
    return sealed


def _sign1(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    """Protected header, payload and signature (RFC 9052, 4.2); the unprotected header says nothing here."""
    message = _decoded(sealed)
    tag, value = getattr(message, "tag", None), getattr(message, "value", None)
    if tag != SIGN1_TAG or not isinstance(value, list | tuple) or len(value) != 4:
        raise _UnreadableError
    protected, unprotected, payload, signature = value
    if not isinstance(unprotected, Mapping):
        raise _UnreadableError
    if not (isinstance(protected, bytes) and isinstance(payload, bytes) and isinstance(signature, bytes)):
        raise _UnreadableError
    return protected, payload, signature


def _key_id(protected: bytes) -> str:
    header = _decoded(protected)
    if not isinstance(header, Mapping) or header.get(ALGORITHM) != EDDSA or CRITICAL in header:
        raise _UnreadableError
    key_id = header.get(KEY_ID)
    if not isinstance(key_id, bytes):
        raise _UnreadableError
    return key_id.decode("ascii", "replace")


def _signed(public: bytes, protected: bytes, payload: bytes, signature: bytes) -> bool:
    import cbor2
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    # RFC 9052, 4.4: Sig_structure, without external data
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _claims(payload: bytes) -> SealedClaims:
    said = _decoded(payload)
    if not isinstance(said, Mapping):
        raise _UnreadableError
    try:
        if not all(isinstance(said[name], str) for name in (NUMBER, CODE, SERVICE, SUBJECT)):
            raise _UnreadableError
        return SealedClaims(
            number=said[NUMBER],
            code=said[CODE],
            service=said[SERVICE],
            holder_masked=said[SUBJECT],
            issued=datetime.fromtimestamp(said[ISSUED], UTC),
            expires=datetime.fromtimestamp(said[EXPIRES], UTC),
            without_value=said.get(WITHOUT_VALUE) is True,
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise _UnreadableError from error


def _code_of(page: str) -> str | None:
    try:
        return normalise(page.rpartition("/")[2])
    except CodeError:
        return None


def _decoded(data: bytes) -> Any:
    """Exactly one item; what CBOR can hold besides is refused as unreadable, whatever the decoder makes of it."""
    import io

    import cbor2

    stream = io.BytesIO(data)
    try:
        item = cbor2.CBORDecoder(stream).decode()
    except (cbor2.CBORError, ValueError, ArithmeticError, RecursionError, TypeError) as error:
        raise _UnreadableError from error
    if stream.read():
        raise _UnreadableError
    return item
