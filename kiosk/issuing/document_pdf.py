"""Checking a document's PDF without a network: its signature (PAdES, ETSI EN 319 142-1) by the published certificates.

Stricter than a reader of any PDF has to be, because the office's own PDFs are all alike: one signature, over every
byte of the file but itself, by a certificate of the list. Whatever was added behind it, above all a later revision,
makes the file another one. The seal that stands in the signature says what the paper must say.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from kiosk.issuing.document_seal import PublishedKey, Verdict, verify

# ISO 32000-1, 12.8.1: what is signed is given by two ranges, around the signature itself.
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
# Table 252: what a recipient needs to have the signature verified. Ours is the address of the seal.
CONTACT = re.compile(rb"/ContactInfo\s*\(((?:[^()\\]|\\[0-7]{3}){1,8000})\)")
OCTAL = re.compile(rb"\\([0-7]{3})")
MOST_BYTES = 32 * 1024 * 1024


class PdfRefusal(StrEnum):
    """Why a PDF is not taken, the first that was found."""

    NOT_SIGNED = "not-signed"
    NOT_WHOLE = "not-whole"
    UNREADABLE = "unreadable-signature"
    CHANGED = "changed"
    UNKNOWN_SIGNER = "unknown-signer"
    REVOKED_SIGNER = "revoked-signer"
    SIGNATURE = "pdf-signature"


@dataclass(frozen=True)
class PdfVerdict:
    """`refusal` None: the file is the office's, unchanged. `seal` is the verdict on the seal in it, then alone."""

    refusal: PdfRefusal | None
    seal: Verdict | None = None


class _RefusedError(Exception):
    def __init__(self, refusal: PdfRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def verify_pdf(content: bytes, keys: Mapping[str, PublishedKey], at: datetime) -> PdfVerdict:
    """Whether these bytes are a document of whoever published the keys, and whether its seal holds at a moment."""
    try:
        signed, signature = _parts(content)
        _check(signed, signature, keys)
    except _RefusedError as error:
        return PdfVerdict(error.refusal)
    address = CONTACT.search(content)
    if address is None:
        return PdfVerdict(PdfRefusal.UNREADABLE)
    # 7.3.4.2: a character may stand as three octal digits
    text = OCTAL.sub(lambda found: bytes([int(found[1], 8) & 0xFF]), address[1])
    return PdfVerdict(None, verify(text.decode("ascii", "replace"), keys, at))


def _parts(content: bytes) -> tuple[bytes, bytes]:
    """What was signed, and the signature (CMS in DER, zeros behind it)."""
    ranges = BYTE_RANGE.findall(content[:MOST_BYTES])
    if not content.startswith(b"%PDF-") or not ranges:
        raise _RefusedError(PdfRefusal.NOT_SIGNED)
    first, length, second, rest = map(int, ranges[0])
    gap = content[first + length : second]
    whole = (first, second + rest) == (0, len(content)) and len(ranges) == 1 and length < second
    if not whole or not re.fullmatch(rb"<[0-9a-fA-F]*>", gap) or len(gap) % 2:
        raise _RefusedError(PdfRefusal.NOT_WHOLE)
    return content[:length] + content[second:], bytes.fromhex(gap[1:-1].decode())


def _check(signed: bytes, signature: bytes, keys: Mapping[str, PublishedKey]) -> None:
    from asn1crypto import cms

    try:
        data = cms.ContentInfo.load(signature)["content"]
        (signer,) = data["signer_infos"]
        attributes = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
        digest = attributes["message_digest"][0].native
        pointed_at = attributes["signing_certificate_v2"][0]["certs"][0]
        to_be_signed = signer["signed_attrs"].untag().dump()
        raw, algorithm = signer["signature"].native, signer["digest_algorithm"]["algorithm"].native
        named = (pointed_at["hash_algorithm"]["algorithm"].native, pointed_at["cert_hash"].native)
        detached = data["encap_content_info"]["content"].native is None
        content_type = attributes["content_type"][0].native
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise _RefusedError(PdfRefusal.UNREADABLE) from error
    if (algorithm, named[0], content_type, detached) != ("sha256", "sha256", "data", True):
        raise _RefusedError(PdfRefusal.UNREADABLE)
    if hashlib.sha256(signed).digest() != digest:
        raise _RefusedError(PdfRefusal.CHANGED)
    _verify_by(_certificate(named[1], keys), raw, to_be_signed)


def _certificate(fingerprint: bytes, keys: Mapping[str, PublishedKey]) -> Any:
    """The published certificate that the signature names (ESS, RFC 5035), never one that came along with it."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    for key in keys.values():
        if key.certificate is None:
            continue
        try:
            certificate = x509.load_pem_x509_certificate(key.certificate.encode())
        except ValueError:
            continue
        if certificate.fingerprint(SHA256()) == fingerprint:
            if key.revoked:
                raise _RefusedError(PdfRefusal.REVOKED_SIGNER)
            return certificate
    raise _RefusedError(PdfRefusal.UNKNOWN_SIGNER)


def _verify_by(certificate: Any, raw: bytes, to_be_signed: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    public = certificate.public_key()
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(raw, to_be_signed, ec.ECDSA(SHA256()))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(raw, to_be_signed, padding.PKCS1v15(), SHA256())
        else:
            raise _RefusedError(PdfRefusal.UNREADABLE)
    except InvalidSignature as error:
        raise _RefusedError(PdfRefusal.SIGNATURE) from error
