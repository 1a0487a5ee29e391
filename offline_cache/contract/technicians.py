"""Whom a technician's card names, by the operator's own authority, its key usage and its details, and by nothing else.

A store of its own on both sides: the operator's root never vouches for a citizen (a certificate with this usage is
refused there), and no citizens' root ever makes a technician. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from offline_cache.contract.certificates import clean, parse, policies_of, single, subject_of
from offline_cache.contract.checks import CheckName, CheckOutcome, EvidenceRefused
from offline_cache.contract.profiles import OF_FAMILY
from offline_cache.contract.revocation import RevocationLists, this_update
from offline_cache.contract.staff import OperatorTrust, Role, Technician, TechnicianTrouble
from offline_cache.contract.usages import OPERATOR_STAFF
from offline_cache.contract.verification import chain_of, check_key

# OIDs under 2.25 are made of UUIDs (ITU-T X.667): nobody else has these.
DETAILS = "2.25.151537168162259892644330086962264784311"
MAX_SITES, MAX_TEXT = 64, 64


class NotATechnician(Exception):
    """Some other card: nothing is said of it."""


class TechnicianRefused(Exception):
    def __init__(self, trouble: TechnicianTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def judge(certificates: Sequence[bytes], trust: OperatorTrust, at: datetime | None, site: str) -> Technician:
    """Who this is, for this site. `at` None: no clock is trusted, and the dates are left aside: then a technician is
    needed most. A revocation list must be there; it counts however old it is, for kiosks stay offline for weeks.

    NotATechnician for any other card; TechnicianRefused for one of the operator's that opens nothing here.
    """
    try:
        leaf, *others = [parse(der) for der in certificates]
        usage = leaf.extended_key_usage_value
        if usage is None or OPERATOR_STAFF not in {purpose.dotted for purpose in usage} or leaf.ca:
            raise NotATechnician
        if any(profile.fits(policies_of(leaf)) for profile in OF_FAMILY.values()) or not _signs(leaf):
            raise NotATechnician
        check_key(leaf)
        chain_of(leaf, others, trust.anchors, at, country=None)
    except EvidenceRefused as refused:
        if refused.check is CheckName.VALIDITY:
            raise TechnicianRefused(TechnicianTrouble.EXPIRED) from None
        raise NotATechnician from None
    made = _check_revocation(leaf, others, trust, at)
    role, sites = _details(leaf)
    if not any(fnmatchcase(site, pattern) for pattern in sites):
        raise TechnicianRefused(TechnicianTrouble.OTHER_SITE)
    name = clean(single(subject_of(leaf).get("common_name")))
    return Technician(name, role, sites, f"{leaf.serial_number:x}", made.astimezone(UTC).date().isoformat())


def _check_revocation(leaf: Any, others: Sequence[Any], trust: OperatorTrust, at: datetime | None) -> datetime:
    made = this_update(trust.revocation_list) if trust.revocation_list is not None else None
    if made is None or trust.revocation_list is None:
        raise TechnicianRefused(TechnicianTrouble.NO_LIST)
    lists = RevocationLists((trust.revocation_list,), at=made)
    moment = at or min(max(made, leaf.not_valid_before), leaf.not_valid_after)
    try:
        checks = chain_of(leaf, others, trust.anchors, moment, country=None, lists=lists)
    except EvidenceRefused:
        raise TechnicianRefused(TechnicianTrouble.REVOKED) from None
    if not any(check.name is CheckName.REVOCATION and check.outcome is CheckOutcome.PASSED for check in checks):
        raise TechnicianRefused(TechnicianTrouble.NO_LIST)
    return made


def _signs(certificate: Any) -> bool:
    usage = certificate.key_usage_value
    return usage is not None and "digital_signature" in usage.native


def _details(leaf: Any) -> tuple[Role, tuple[str, ...]]:
    """SEQUENCE {role UTF8String, sites SEQUENCE OF UTF8String}; sites may end in * . NotATechnician without them."""
    from asn1crypto import core

    class Sites(core.SequenceOf):  # type: ignore[misc]
        _child_spec = core.UTF8String

    class Details(core.Sequence):  # type: ignore[misc]
        _fields = [("role", core.UTF8String), ("sites", Sites)]  # noqa: RUF012  asn1crypto's own form

    for extension in leaf["tbs_certificate"]["extensions"]:
        if extension["extn_id"].dotted != DETAILS:
            continue
        try:
            found = Details.load(extension["extn_value"].contents, strict=True).native
            role, sites = Role(found["role"]), tuple(found["sites"])
        except (ValueError, TypeError):
            raise NotATechnician from None
        if role is Role.REMOTE or not 1 <= len(sites) <= MAX_SITES:
            raise NotATechnician
        if any(not 1 <= len(site) <= MAX_TEXT for site in sites):
            raise NotATechnician
        return role, sites
    raise NotATechnician
