"""The one check of a citizen's card, run by the card worker and again by the centre: chain, identity, signature.

Pure: no network, no files, the time is passed in. Revocation is not looked at yet, and every result says so as a check
with the outcome `not-checked`. Certificates follow ICP-Brasil (DOC-ICP-04, Resolução CG 211/2024).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from offline_cache.contract.evidence import Evidence

# DOC-ICP-04: otherName with 8 digits of birth date, 11 of CPF, then more.
OTHER_NAME_OF_A_PERSON = "2.16.76.1.3.1"
# DOC-ICP-04 policies 2.16.76.1.2.N: 3 and 4 are A3 and A4, the key made and kept in a device; seals are 201 and 202.
POLICY_ARCS = ("2.16.76.1.2.3.", "2.16.76.1.2.4.")
OTHER_NAME_TAGS = frozenset({0x04, 0x0C, 0x13, 0x16})  # OCTET, UTF8, PRINTABLE and IA5 STRING were all seen
CURVES = frozenset({"secp256r1", "secp384r1"})
MAX_CERTIFICATE_BYTES = 65536
MAX_NAME_LENGTH = 120


class RefusalReason(StrEnum):
    """Why an evidence or a certificate was refused; every value is also a trouble of the journey."""

    NOT_TRUSTED = "not-trusted"
    EXPIRED = "expired"
    NO_IDENTITY = "no-identity"
    WEAK_KEY = "weak-key"
    NOT_GENUINE = "not-genuine"


class EvidenceRefused(Exception):
    """`detail` names what was wrong for the log; it never holds what a certificate says of a person."""

    def __init__(self, reason: RefusalReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class CheckOutcome(StrEnum):
    PASSED = "passed"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, or honestly was not. What fails is not a check: it is EvidenceRefused."""

    name: str
    outcome: CheckOutcome
    detail: str = ""


@dataclass(frozen=True)
class HolderIdentity:
    """Who a certificate names. `cpf`: 11 digits with right check digits."""

    name: str
    cpf: str


@dataclass(frozen=True)
class Verified:
    holder: HolderIdentity
    checks: tuple[Check, ...]


def holder_of(certificate_der: bytes) -> HolderIdentity:
    """The person a certificate names, from the subject's serialNumber or the ICP-Brasil otherName; never from the CN.

    EvidenceRefused NO_IDENTITY if there is no valid CPF, if the two places disagree, or if it names a company.
    """
    certificate = _parse(certificate_der)
    subject = certificate.subject.native
    in_subject = _cpf_of_serial_number(subject.get("serial_number"))
    told = {cpf for cpf in (in_subject, *_cpfs_of_other_names(certificate)) if cpf}
    if not told:
        raise EvidenceRefused(RefusalReason.NO_IDENTITY, "the certificate holds no CPF")
    if len(told) > 1:
        raise EvidenceRefused(RefusalReason.NO_IDENTITY, "the certificate holds two different CPFs")
    cpf = told.pop()
    if not is_cpf(cpf):
        raise EvidenceRefused(RefusalReason.NO_IDENTITY, "the CPF's check digits are wrong")
    name = _clean(re.sub(r":[0-9]+\s*$", "", _single(subject.get("common_name"))))
    if not name:
        raise EvidenceRefused(RefusalReason.NO_IDENTITY, "the certificate holds no name")
    return HolderIdentity(name, cpf)


def is_cpf(digits: str) -> bool:
    """Whether 11 digits are a CPF; repeated digits pass the arithmetic and are refused."""
    from stdnum.br import cpf

    return bool(re.fullmatch(r"[0-9]{11}", digits)) and len(set(digits)) > 1 and bool(cpf.is_valid(digits))


def check_chain(certificates_der: Sequence[bytes], anchors_pem: Sequence[str], at: datetime | None) -> list[Check]:
    """Checks key, policy, use, chain and validity of a certificate (leaf first) against the pinned anchors.

    Self-signed anchors are the roots; the others may only complete a chain. `at` None says that no clock is trusted:
    the dates are then reported as not checked. Must not be called inside a running event loop. EvidenceRefused says
    what failed.
    """
    leaf, *others = [_parse(der) for der in certificates_der]
    checks = [_check_key(leaf), _check_policy(leaf), _check_usage(leaf)]
    anchors = [_parse(der) for pem in anchors_pem for der in _der_blocks(pem)]
    roots = [anchor for anchor in anchors if anchor.self_signed == "maybe"]
    begins, ends = leaf.not_valid_before, leaf.not_valid_after
    # An expired card is told apart from a foreign one: its chain is judged at the nearest moment of its validity.
    moment = begins if at is None else min(max(at.astimezone(UTC), begins), ends)
    _build_path(leaf, [*others, *(anchor for anchor in anchors if anchor not in roots)], roots, moment)
    checks.append(Check("chain", CheckOutcome.PASSED))
    if at is None:
        checks.append(Check("validity", CheckOutcome.NOT_CHECKED, "the clock is not trusted"))
    elif not begins <= at <= ends:
        raise EvidenceRefused(RefusalReason.EXPIRED, "the certificate is not valid at this time")
    else:
        checks.append(Check("validity", CheckOutcome.PASSED))
    checks.append(Check("revocation", CheckOutcome.NOT_CHECKED, "no revocation list was consulted"))
    return checks


def verify(evidence: Evidence, anchors_pem: Sequence[str], at: datetime | None) -> Verified:
    """Chain, identity, and the card's signature over the statement's digest. EvidenceRefused names what failed.

    That the statement is the expected one (its nonce, kiosk, session, service, purpose) is for the caller to compare.
    """
    try:
        certificates = [base64.b64decode(text, validate=True) for text in evidence.certificates]
        signature = base64.b64decode(evidence.signature, validate=True)
        digest = evidence.statement.digest()
    except (binascii.Error, ValueError) as error:
        raise EvidenceRefused(RefusalReason.NOT_GENUINE, "the evidence is not base64") from error
    checks = check_chain(certificates, anchors_pem, at)
    holder = holder_of(certificates[0])
    check_signature(certificates[0], digest, signature)
    return Verified(holder, (*checks, Check("signature", CheckOutcome.PASSED)))


def check_signature(certificate_der: bytes, digest: bytes, signature: bytes) -> None:
    """EvidenceRefused NOT_GENUINE unless `signature` was made over this SHA-256 digest by the certificate's key."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(_parse(certificate_der).public_key.dump())
    except (ValueError, UnsupportedAlgorithm):
        raise EvidenceRefused(RefusalReason.NOT_TRUSTED, "the key cannot be decoded") from None
    hashed = Prehashed(SHA256())
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest, padding.PKCS1v15(), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, digest, ec.ECDSA(hashed))
        else:
            raise EvidenceRefused(RefusalReason.WEAK_KEY, "the key is neither RSA nor EC")
    except InvalidSignature as error:
        raise EvidenceRefused(RefusalReason.NOT_GENUINE, "the signature does not fit the certificate") from error


def _parse(der: bytes) -> Any:
    """An asn1crypto certificate whose fields were all decoded; NOT_TRUSTED if these bytes are not one."""
    from asn1crypto import x509

    if len(der) > MAX_CERTIFICATE_BYTES:
        raise EvidenceRefused(RefusalReason.NOT_TRUSTED, "the certificate is too long")
    try:
        certificate = x509.Certificate.load(der, strict=True)
        _ = certificate.native  # decodes everything now: a malformed field must not surface later
    except Exception:  # noqa: BLE001  hostile bytes were seen to break the decoder in half a dozen ways
        raise EvidenceRefused(RefusalReason.NOT_TRUSTED, "the certificate cannot be decoded") from None
    return certificate


def _der_blocks(pem: str) -> Iterator[bytes]:
    from asn1crypto.pem import unarmor

    for _, _, der in unarmor(pem.encode(), multiple=True):
        yield der


def _cpf_of_serial_number(value: object) -> str | None:
    """Resolução CG 211/2024: 11 digits are a CPF; 14 are a CNPJ, with or without its prefix."""
    if value is None:
        return None
    text = _single(value).strip()
    if re.fullmatch(r"(CNPJ:)?[0-9]{14}", text):
        raise EvidenceRefused(RefusalReason.NO_IDENTITY, "the certificate names a company")
    return text if re.fullmatch(r"[0-9]{11}", text) else None


def _cpfs_of_other_names(certificate: Any) -> Iterator[str]:
    from asn1crypto import parser

    for general_name in certificate.subject_alt_name_value or ():
        if general_name.name != "other_name" or general_name.chosen["type_id"].dotted != OTHER_NAME_OF_A_PERSON:
            continue
        try:
            explicit = parser.parse(general_name.chosen["value"].dump(), strict=True)[4]  # the content of [0]
            class_, method, tag, _, value, _ = parser.parse(explicit, strict=True)
        except ValueError as error:
            raise EvidenceRefused(RefusalReason.NO_IDENTITY, "the otherName cannot be decoded") from error
        digits = re.match(rb"[0-9]{8}([0-9]{11})", value)
        if class_ != 0 or method != 0 or tag not in OTHER_NAME_TAGS or not digits:
            raise EvidenceRefused(RefusalReason.NO_IDENTITY, "the otherName is not of the form of ICP-Brasil")
        yield digits[1].decode("ascii")


def _single(value: object) -> str:
    """An attribute that occurs more than once has no meaning here."""
    if isinstance(value, list):
        raise EvidenceRefused(RefusalReason.NO_IDENTITY, "the subject repeats an attribute")
    return value if isinstance(value, str) else ""


def _clean(text: str) -> str:
    """Without control and formatting characters, which would reach the screen and the printer; bounded."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(char for char in spaced if unicodedata.category(char)[0] != "C").strip()[:MAX_NAME_LENGTH]


def _check_key(leaf: Any) -> Check:
    key = leaf.public_key
    if key.algorithm == "rsa":
        numbers = key["public_key"].parsed.native
        if int(numbers["modulus"]).bit_length() < 2048 or numbers["public_exponent"] != 65537:
            raise EvidenceRefused(RefusalReason.WEAK_KEY, "RSA below 2048 bits, or an unusual exponent")
    elif key.algorithm != "ec" or key.curve[0] != "named" or key.curve[1] not in CURVES:
        raise EvidenceRefused(RefusalReason.WEAK_KEY, "the key is neither RSA nor on P-256 or P-384")
    return Check("key", CheckOutcome.PASSED)


def _check_policy(leaf: Any) -> Check:
    policies: Iterable[Any] = leaf.certificate_policies_value or ()
    if not any(policy["policy_identifier"].dotted.startswith(POLICY_ARCS) for policy in policies):
        raise EvidenceRefused(RefusalReason.NOT_TRUSTED, "the certificate has no policy A3 or A4")
    return Check("policy", CheckOutcome.PASSED)


def _check_usage(leaf: Any) -> Check:
    usage = leaf.key_usage_value
    if usage is None or "digital_signature" not in usage.native:
        raise EvidenceRefused(RefusalReason.NOT_TRUSTED, "the key may not make digital signatures")
    return Check("usage", CheckOutcome.PASSED)


def _build_path(leaf: Any, others: Sequence[Any], roots: Sequence[Any], moment: datetime) -> None:
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import (
        ExpiredError,
        NotYetValidError,
        PathBuildingError,
        ValidationError,
    )

    context = ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False, revocation_mode="soft-fail")
    validator = CertificateValidator(leaf, intermediate_certs=others, validation_context=context)
    try:
        asyncio.run(validator.async_validate_path())
    except (ExpiredError, NotYetValidError):
        raise EvidenceRefused(RefusalReason.EXPIRED, "a certificate of the chain is not valid then") from None
    except (ValidationError, PathBuildingError, ValueError):  # whose text names the holder
        raise EvidenceRefused(RefusalReason.NOT_TRUSTED, "no chain to a trusted root") from None
