"""Whether a chain was revoked, by the lists that are at hand. Pure: the lists are given, nothing is fetched.

A list counts until its nextUpdate, and for the operator's grace after it. Without a list that counts, nothing is
claimed: the check is `not-checked` and the assurance stays lower. What a list names as revoked is refused, however old
the list is.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from offline_cache.contract.certificates import der_blocks, parse
from offline_cache.contract.checks import (
    Check,
    CheckName,
    CheckOutcome,
    EvidenceRefused,
    RefusalReason,
    passed,
)

GRACE = timedelta(hours=24)
MAX_LIST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class RevocationLists:
    """Complete CRLs in DER, for the leaf's issuer and all above it; `grace` is how late the next one may be.

    `at`: the moment for which the lists are judged, where it is another than that of the signature (a ticket that lay
    in a queue): what was revoked until today is refused.
    """

    lists: tuple[bytes, ...] = ()
    grace: timedelta = GRACE
    at: datetime | None = None


NO_LISTS = RevocationLists()


def list_name(address: str) -> str:
    """Under which every room keeps the list of this address: the SHA-256 of it in hexadecimal, and `.crl`."""
    return f"{hashlib.sha256(address.encode()).hexdigest()}.crl"


def lists_for(
    certificates: Sequence[bytes],
    anchors_pem: Sequence[str],
    read: Callable[[str], bytes | None],
    grace: timedelta = GRACE,
    at: datetime | None = None,
) -> RevocationLists:
    """The lists at hand for a chain (DER) and the authorities that may complete it; `read` gives a list by its name.

    What is missing or cannot be read is left out: the judgement says so.
    """
    names: dict[str, None] = {}
    for der in (*certificates, *(der for pem in anchors_pem for der in der_blocks(pem))):
        try:
            names.update(dict.fromkeys(map(list_name, distribution_points(parse(der)))))
        except EvidenceRefused:
            continue  # it is refused where it is judged
    return RevocationLists(tuple(found for name in names if (found := read(name)) is not None), grace, at)


def this_update(der: bytes) -> datetime | None:
    """When a list was made; None for what is no list that could ever count."""
    parsed = _parse(der)
    return parsed[1] if parsed else None


def signed_by(der: bytes, anchors_pem: Sequence[str]) -> bool:
    """False for a list that names one of these authorities as its issuer, and was not signed by it."""
    from cryptography.x509 import load_der_x509_certificate, load_der_x509_crl

    found = load_der_x509_crl(der)
    issuers = [
        issuer
        for pem in anchors_pem
        for block in der_blocks(pem)
        if (issuer := load_der_x509_certificate(block)).subject == found.issuer
    ]
    return not issuers or any(found.is_signature_valid(issuer.public_key()) for issuer in issuers)  # type: ignore[arg-type]


def distribution_points(certificate: Any) -> tuple[str, ...]:
    """The http addresses at which the list for this certificate is published (RFC 5280 clause 4.2.1.13)."""
    found: list[str] = []
    for point in certificate.crl_distribution_points_value or ():
        name = point["distribution_point"]
        if name.native is None or name.name != "full_name":
            continue
        found += [general.native for general in name.chosen if general.name == "uniform_resource_identifier"]
    return tuple(url for url in found if url.startswith(("http://", "https://")))


def judge(leaf: Any, others: Sequence[Any], roots: Sequence[Any], lists: RevocationLists, at: datetime | None) -> Check:
    """REVOKED if a list names the leaf or one of its authorities. The chain itself was judged before."""
    parsed = [found for der in lists.lists if (found := _parse(der)) is not None]
    if not parsed:
        return Check(CheckName.REVOCATION, CheckOutcome.NOT_CHECKED, "no revocation list was consulted")
    if at is None:
        newest = max(this_update for _, this_update, _ in parsed)
        _status(leaf, others, roots, parsed, newest)
        return Check(CheckName.REVOCATION, CheckOutcome.NOT_CHECKED, "the clock is not trusted")
    at = lists.at or at
    if _status(leaf, others, roots, parsed, at):
        return passed(CheckName.REVOCATION)
    # Late lists are judged at the last moment when they all counted.
    due = min(next_update for _, _, next_update in parsed)
    late = at - due
    if late <= timedelta(0) or not _status(leaf, others, roots, parsed, due - timedelta(seconds=1)):
        return Check(CheckName.REVOCATION, CheckOutcome.NOT_CHECKED, "a revocation list of the chain is missing")
    hours = int(late.total_seconds() // 3600)
    if late > lists.grace:
        return Check(CheckName.REVOCATION, CheckOutcome.NOT_CHECKED, f"the revocation list is {hours} h late")
    return passed(CheckName.REVOCATION, f"the revocation list is {hours} h late, within the grace")


def _parse(der: bytes) -> tuple[Any, datetime, datetime] | None:
    """A list with its dates; None for what is none, or does not say when the next one comes."""
    from asn1crypto import crl

    if len(der) > MAX_LIST_BYTES:
        return None
    try:
        found = crl.CertificateList.load(der, strict=True)
        this_update = found["tbs_cert_list"]["this_update"].native
        next_update = found["tbs_cert_list"]["next_update"].native
        _ = found["tbs_cert_list"]["crl_extensions"].native
    except Exception:  # noqa: BLE001  a spoilt file must not end a citizen's session
        return None
    if not isinstance(this_update, datetime) or not isinstance(next_update, datetime):
        return None
    return found, this_update.astimezone(UTC), next_update.astimezone(UTC)


def _status(
    leaf: Any,
    others: Sequence[Any],
    roots: Sequence[Any],
    lists: Sequence[tuple[Any, datetime, datetime]],
    at: datetime,
) -> bool:
    """Whether every certificate of the chain is known not to be revoked; REVOKED if one is."""
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import PathBuildingError, RevokedError, ValidationError

    moment = min(max(at.astimezone(UTC), leaf.not_valid_before), leaf.not_valid_after)
    context = ValidationContext(
        trust_roots=list(roots),
        moment=moment,
        allow_fetching=False,
        revocation_mode="hard-fail",
        crls=[found for found, _, _ in lists],
    )
    validator = CertificateValidator(leaf, intermediate_certs=others, validation_context=context)
    try:
        asyncio.run(validator.async_validate_path())
    except RevokedError:
        raise EvidenceRefused(
            RefusalReason.REVOKED, "a certificate of the chain was revoked", CheckName.REVOCATION
        ) from None
    except (ValidationError, PathBuildingError, ValueError):  # whose text names the holder
        return False
    return True
