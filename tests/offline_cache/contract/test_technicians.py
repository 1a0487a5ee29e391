"""A technician is made by the operator's authority alone, and a citizen never by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from devices.virtual import icp_brasil
from devices.virtual.authority import Authority, pem
from devices.virtual.icp_brasil import A3
from devices.virtual.piv import PivCard
from devices.virtual.technician import make_card, make_operator
from offline_cache.contract.checks import EvidenceRefused, RefusalReason
from offline_cache.contract.profiles import OF_FAMILY
from offline_cache.contract.staff import OperatorTrust, Role, Technician, TechnicianTrouble
from offline_cache.contract.technicians import NotATechnician, TechnicianRefused, judge
from offline_cache.contract.verification import check_chain

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OPERATOR = make_operator()
LIST = OPERATOR.revocation_list(NOW - timedelta(days=90))
TRUST = OperatorTrust((pem(OPERATOR.certificate),), LIST)
ICP = icp_brasil.Icp.make()


def seen(card: PivCard, trust: OperatorTrust = TRUST, at: datetime | None = NOW, site: str = "VA-017") -> Technician:
    return judge([card.certificate], trust, at, site)


def refused(card: PivCard, trust: OperatorTrust = TRUST, at: datetime | None = NOW, site: str = "VA-017") -> str:
    with pytest.raises(TechnicianRefused) as caught:
        seen(card, trust, at, site)
    return caught.value.trouble


def test_name_role_and_sites_come_from_the_certificate() -> None:
    found = seen(make_card(OPERATOR, role="supervisor", sites=("VA-*", "SP-001")))
    assert (found.name, found.role, found.sites) == ("Rita Lima", Role.SUPERVISOR, ("VA-*", "SP-001"))
    assert found.list_made == "2026-03-03"


def test_a_list_of_months_ago_still_counts_and_without_a_trusted_clock_too() -> None:
    card = make_card(OPERATOR)
    assert seen(card, at=None).name == "Rita Lima"
    revoked = OPERATOR.revocation_list(NOW - timedelta(days=300), parsed(card))
    for at in (NOW, None):
        assert refused(card, OperatorTrust(TRUST.anchors, revoked), at) is TechnicianTrouble.REVOKED


def parsed(card: PivCard):
    from cryptography.x509 import load_der_x509_certificate

    return load_der_x509_certificate(card.certificate)


@pytest.mark.parametrize("held", [None, b"", b"no list", make_operator().revocation_list(NOW)])
def test_without_the_operator_s_own_list_nobody_gets_in(held: bytes | None) -> None:
    assert refused(make_card(OPERATOR), OperatorTrust(TRUST.anchors, held)) is TechnicianTrouble.NO_LIST


def test_another_site_and_an_expired_card_are_told_apart() -> None:
    assert refused(make_card(OPERATOR), site="SP-001") is TechnicianTrouble.OTHER_SITE
    past = make_card(OPERATOR, begin=NOW - timedelta(days=9), end=NOW - timedelta(days=1))
    assert refused(past) is TechnicianTrouble.EXPIRED


@pytest.mark.parametrize(
    "card",
    [
        make_card(make_operator()),
        make_card(OPERATOR, staff=False),
        make_card(OPERATOR, role="mayor"),
        make_card(OPERATOR, sites=()),
        make_card(OPERATOR, policies=[A3]),
        make_card(ICP.issuing),
        icp_brasil.make_card(ICP, legacy=False),
    ],
    ids=["foreign-operator", "no-usage", "unknown-role", "no-sites", "citizen-policy", "citizens-ca", "citizen"],
)
def test_any_other_card_is_no_technician_s(card: PivCard) -> None:
    with pytest.raises(NotATechnician):
        seen(card)


def test_a_citizens_authority_among_the_operators_makes_no_technician_of_a_citizen() -> None:
    both = OperatorTrust((pem(OPERATOR.certificate) + pem(ICP.root.certificate) + pem(ICP.issuing.certificate),), LIST)
    with pytest.raises(NotATechnician):
        seen(icp_brasil.make_card(ICP, legacy=False), both)


@pytest.mark.parametrize("issuer", [OPERATOR, ICP.issuing], ids=["operator", "citizens-ca"])
def test_a_technician_s_card_names_no_citizen_whoever_is_trusted(issuer: Authority) -> None:
    card = make_card(issuer, policies=[A3])
    anchors = [pem(OPERATOR.certificate) + pem(ICP.root.certificate) + pem(ICP.issuing.certificate)]
    with pytest.raises(EvidenceRefused) as caught:
        check_chain([card.certificate], anchors, NOW, profiles=tuple(OF_FAMILY.values()))
    assert caught.value.reason is RefusalReason.NOT_TRUSTED
