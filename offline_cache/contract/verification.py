"""The one check of a citizen's card, run by the card worker and again by the centre: chain, identity, signature.

Pure: no network, no files; the time and the revocation lists are passed in. What a certificate must be and whom it
names is a profile (profiles.py); what was not looked at is reported as a check with the outcome `not-checked`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from offline_cache.contract.certificates import der_blocks, parse, policies_of
from offline_cache.contract.checks import Check, CheckName, CheckOutcome, EvidenceRefused, RefusalReason, passed
from offline_cache.contract.evidence import Evidence
from offline_cache.contract.profiles import ICP_BRASIL, RSA_BITS, HolderIdentity, Profile
from offline_cache.contract.revocation import NO_LISTS, RevocationLists, judge
from offline_cache.contract.usages import OPERATOR_STAFF

CURVES = frozenset({"secp256r1", "secp384r1"})
CLIENT_AUTHENTICATION = "client_auth"
PEOPLE_OF_BRAZIL = (ICP_BRASIL,)


@dataclass(frozen=True)
class Verified:
    holder: HolderIdentity
    checks: tuple[Check, ...]


def holder_of(certificate_der: bytes, profiles: Sequence[Profile] = PEOPLE_OF_BRAZIL) -> HolderIdentity:
    """Whom a certificate names. EvidenceRefused NO_IDENTITY if its number is missing, wrong, or told in two ways."""
    certificate = parse(certificate_der)
    return _profile_of(certificate, profiles).identify(certificate)


def check_chain(
    certificates_der: Sequence[bytes],
    anchors_pem: Sequence[str],
    at: datetime | None,
    *,
    profiles: Sequence[Profile] = PEOPLE_OF_BRAZIL,
    lists: RevocationLists = NO_LISTS,
) -> list[Check]:
    """Checks key, policy, use, chain, validity and revocation of a certificate (leaf first) against pinned anchors.

    Self-signed anchors are the roots; the others may only complete a chain. `at` None says that no clock is trusted:
    the dates are then reported as not checked. Must not be called inside a running event loop. EvidenceRefused says
    what failed.
    """
    leaf, *others = [parse(der) for der in certificates_der]
    key = check_key(leaf, min((profile.rsa_bits_low for profile in profiles), default=RSA_BITS))
    profile = _profile_of(leaf, profiles)
    if key.outcome is CheckOutcome.LOW and profile.rsa_bits_low >= RSA_BITS:
        raise _weak()
    checks = [key, passed(CheckName.POLICY, profile.name), _check_usage(leaf, profile)]
    return [*checks, *chain_of(leaf, others, anchors_pem, at, country=profile.country, lists=lists)]


def chain_of(
    leaf: Any,
    others: Sequence[Any],
    anchors_pem: Sequence[str],
    at: datetime | None,
    *,
    country: str | None,
    lists: RevocationLists = NO_LISTS,
    direct: bool = False,
) -> list[Check]:
    """Chain, validity and revocation alone. The root must be of `country`, if one is given; `direct`: it must have
    signed the leaf.
    """
    anchors = [parse(der) for pem in anchors_pem for der in der_blocks(pem)]
    roots = [anchor for anchor in anchors if anchor.self_signed == "maybe"]
    national = [root for root in roots if country is None or root.subject.native.get("country_name") == country]
    between = [] if direct else [*others, *(anchor for anchor in anchors if anchor not in roots)]
    begins, ends = leaf.not_valid_before, leaf.not_valid_after
    # An expired card is told apart from a foreign one: its chain is judged at the nearest moment of its validity.
    moment = begins if at is None else min(max(at.astimezone(UTC), begins), ends)
    _build_path(leaf, between, national, moment)
    checks = [passed(CheckName.CHAIN)]
    if at is None:
        checks.append(Check(CheckName.VALIDITY, CheckOutcome.NOT_CHECKED, "the clock is not trusted"))
    elif not begins <= at <= ends:
        raise EvidenceRefused(RefusalReason.EXPIRED, "the certificate is not valid at this time", CheckName.VALIDITY)
    else:
        checks.append(passed(CheckName.VALIDITY))
    checks.append(judge(leaf, between, national, lists, at))
    return checks


def identify(
    certificates_der: Sequence[bytes],
    anchors_pem: Sequence[str],
    at: datetime | None,
    *,
    profiles: Sequence[Profile] = PEOPLE_OF_BRAZIL,
    lists: RevocationLists = NO_LISTS,
) -> Verified:
    """Whom a trusted certificate names, with every check behind it. EvidenceRefused names what failed."""
    checks = check_chain(certificates_der, anchors_pem, at, profiles=profiles, lists=lists)
    holder = holder_of(certificates_der[0], profiles)
    return Verified(holder, (passed(CheckName.FORMAT), *checks))


def verify(
    evidence: Evidence,
    anchors_pem: Sequence[str],
    at: datetime | None,
    *,
    profiles: Sequence[Profile] = PEOPLE_OF_BRAZIL,
    lists: RevocationLists = NO_LISTS,
) -> Verified:
    """Chain, identity, and the card's signature over the statement's digest. EvidenceRefused names what failed.

    That the statement is the expected one (its nonce, kiosk, session, service, purpose) is for the caller to compare.
    """
    try:
        certificates = [base64.b64decode(text, validate=True) for text in evidence.certificates]
        signature = base64.b64decode(evidence.signature, validate=True)
        digest = evidence.statement.digest()
    except (binascii.Error, ValueError) as error:
        raise _not_genuine("the evidence is not base64") from error
    verified = identify(certificates, anchors_pem, at, profiles=profiles, lists=lists)
    check_signature(certificates[0], digest, signature)
    return Verified(verified.holder, (*verified.checks, passed(CheckName.HOLDER)))


def check_signature(certificate_der: bytes, digest: bytes, signature: bytes) -> None:
    """EvidenceRefused NOT_GENUINE unless `signature` was made over this SHA-256 digest by the certificate's key."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(parse(certificate_der).public_key.dump())
    except (ValueError, UnsupportedAlgorithm):
        raise EvidenceRefused(RefusalReason.NOT_TRUSTED, "the key cannot be decoded", CheckName.KEY) from None
    hashed = Prehashed(SHA256())
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest, padding.PKCS1v15(), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, digest, ec.ECDSA(hashed))
        else:
            raise EvidenceRefused(RefusalReason.WEAK_KEY, "the key is neither RSA nor EC", CheckName.KEY)
    except InvalidSignature as error:
        raise _not_genuine("the signature does not fit the certificate") from error


def _profile_of(certificate: Any, profiles: Sequence[Profile]) -> Profile:
    policies = policies_of(certificate)
    found = next((profile for profile in profiles if profile.fits(policies)), None)
    if found is None:
        raise EvidenceRefused(
            RefusalReason.NOT_TRUSTED, "the certificate has no policy that is accepted here", CheckName.POLICY
        )
    return found


def check_key(leaf: Any, rsa_bits_low: int = RSA_BITS) -> Check:
    """That its key is strong enough; low from `rsa_bits_low` up to RSA_BITS. EvidenceRefused WEAK_KEY if it is not."""
    key = leaf.public_key
    if key.algorithm == "rsa":
        numbers = key["public_key"].parsed.native
        bits = int(numbers["modulus"]).bit_length()
        if bits < rsa_bits_low or numbers["public_exponent"] != 65537:
            raise _weak()
        if bits < RSA_BITS:
            return Check(CheckName.KEY, CheckOutcome.LOW, f"RSA of {bits} bits")
    elif key.algorithm != "ec" or key.curve[0] != "named" or key.curve[1] not in CURVES:
        raise _weak()
    return passed(CheckName.KEY)


def _weak() -> EvidenceRefused:
    return EvidenceRefused(
        RefusalReason.WEAK_KEY, "neither RSA of 2048 bits with e = 65537, nor on P-256 or P-384", CheckName.KEY
    )


def _not_genuine(detail: str) -> EvidenceRefused:
    return EvidenceRefused(RefusalReason.NOT_GENUINE, detail, CheckName.HOLDER)


def _check_usage(leaf: Any, profile: Profile) -> Check:
    usage = leaf.key_usage_value
    granted = usage.native if usage is not None else set()
    if "digital_signature" not in granted:
        raise _wrong_use("the key may not make digital signatures")
    if "non_repudiation" in granted and not profile.content_commitment:
        raise _wrong_use("the key is for signatures that bind, not for proving who is here")
    extended = leaf.extended_key_usage_value
    if extended is not None and OPERATOR_STAFF in {purpose.dotted for purpose in extended}:
        raise _wrong_use("the key is that of the operator's staff")
    if profile.client_authentication and (extended is None or CLIENT_AUTHENTICATION not in extended.native):
        raise _wrong_use("the key is not for client authentication")
    return passed(CheckName.USAGE)


def _wrong_use(detail: str) -> EvidenceRefused:
    return EvidenceRefused(RefusalReason.NOT_TRUSTED, detail, CheckName.USAGE)


def _build_path(leaf: Any, others: Sequence[Any], roots: Sequence[Any], moment: datetime) -> None:
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import (
        ExpiredError,
        NotYetValidError,
        PathBuildingError,
        ValidationError,
    )

    context = ValidationContext(
        trust_roots=list(roots), moment=moment, allow_fetching=False, revocation_mode="soft-fail"
    )
    validator = CertificateValidator(leaf, intermediate_certs=others, validation_context=context)
    try:
        asyncio.run(validator.async_validate_path())
    except (ExpiredError, NotYetValidError):
        raise EvidenceRefused(
            RefusalReason.EXPIRED, "a certificate of the chain is not valid then", CheckName.VALIDITY
        ) from None
    except (ValidationError, PathBuildingError, ValueError):  # whose text names the holder
        raise EvidenceRefused(RefusalReason.NOT_TRUSTED, "no chain to a trusted root", CheckName.CHAIN) from None
