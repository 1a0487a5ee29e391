"""Whose certificates they are, by policy and root's country; and whom those of the other countries name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from devices.virtual.authority import Authority, der, name, pem, usage
from devices.virtual.icp_brasil import BAKERY, ROSA, make_card
from offline_cache.contract.checks import CheckName, EvidenceRefused, RefusalReason
from offline_cache.contract.national_ids import Scheme
from offline_cache.contract.profiles import (
    BELGIAN_EID,
    CNS,
    DNIE,
    ESTONIAN,
    ICP_BRASIL,
    ICP_BRASIL_WITH_COMPANIES,
    OF_FAMILY,
    PORTUGUESE,
    Profile,
    profiles_of,
)
from offline_cache.contract.verification import Verified, holder_of, identify
from tests.devices.samples import icp_brasil

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP384R1())
ROOTS = {
    country: Authority.root(name(country=country, common_name="Root"), KEY)
    for country in ("BR", "ES", "PT", "EE", "IT")
}
ANCHORS = [pem(root.certificate) for root in ROOTS.values()]
CLIENT = [ExtendedKeyUsageOID.CLIENT_AUTH]
NCP_PLUS, ESTEID = "0.4.0.2042.1.2", "1.3.6.1.4.1.51361.1.1.1"


def subject(number: str, given: str = "Ana", surname: str = "Pérez Gómez") -> x509.Name:
    return name(country="XX", common_name="whoever", given_name=given, surname=surname, serial_number=number)


def known(certificate: x509.Certificate, *profiles: Profile) -> Verified:
    return identify([der(certificate)], ANCHORS, NOW, profiles=profiles or tuple(OF_FAMILY.values()))


def refusal(certificate: x509.Certificate, *profiles: Profile) -> EvidenceRefused:
    with pytest.raises(EvidenceRefused) as refused:
        known(certificate, *profiles)
    return refused.value


@pytest.mark.parametrize(
    ("number", "scheme", "value"),
    [
        ("54362315K", Scheme.DNI, "54362315K"),
        ("IDCES-54362315K", Scheme.DNI, "54362315K"),
        ("X2482300W", Scheme.NIE, "X2482300W"),
        ("IDCES-X2482300W", Scheme.NIE, "X2482300W"),
    ],
)
@pytest.mark.parametrize("policy", ["2.16.724.1.2.2.2.4", "2.16.724.1.2.2.2.4.1.0"])
def test_a_dnie_names_a_dni_or_a_nie(number: str, scheme: Scheme, value: str, policy: str) -> None:
    holder = known(ROOTS["ES"].issue(subject(number), KEY.public_key(), policies=[policy]), DNIE).holder
    assert (holder.name, holder.national_id.scheme, holder.national_id.value) == ("Ana Pérez Gómez", scheme, value)


def test_the_dnie_s_signature_certificate_proves_nobody() -> None:
    for policy, granted in (("2.16.724.1.2.2.2.3", "content_commitment"), ("2.16.724.1.2.2.2.4", "content_commitment")):
        both = usage("digital_signature", granted)
        certificate = ROOTS["ES"].issue(subject("54362315K"), KEY.public_key(), policies=[policy], key_usage=both)
        assert refusal(certificate, DNIE).reason is RefusalReason.NOT_TRUSTED


def test_a_portuguese_card_names_a_civil_number() -> None:
    certificate = ROOTS["PT"].issue(subject("BI123456789"), KEY.public_key(), policies=["2.16.620.1.1.1.2.4.0.7"])
    assert known(certificate, PORTUGUESE).holder.national_id.value == "123456789"


def test_an_estonian_card_names_a_personal_code() -> None:
    certificate = ROOTS["EE"].issue(
        subject("PNOEE-36805280109"), KEY.public_key(), policies=[NCP_PLUS, ESTEID], extended=CLIENT
    )
    assert known(certificate, ESTONIAN).holder.national_id.value == "36805280109"


@pytest.mark.parametrize("policies", [[ESTEID], [NCP_PLUS], [NCP_PLUS, "1.3.6.1.4.1.51361.1.2.1"]])
def test_an_estonian_certificate_needs_both_policies(policies: list[str]) -> None:
    certificate = ROOTS["EE"].issue(subject("PNOEE-36805280109"), KEY.public_key(), policies=policies, extended=CLIENT)
    assert refusal(certificate, ESTONIAN).check is CheckName.POLICY


def test_a_root_vouches_for_its_own_country_only() -> None:
    for country in ("BR", "PT", "EE"):
        certificate = ROOTS[country].issue(subject("54362315K"), KEY.public_key(), policies=["2.16.724.1.2.2.2.4"])
        assert refusal(certificate, DNIE).reason is RefusalReason.NOT_TRUSTED


def test_without_the_purpose_of_client_authentication_a_cns_proves_nobody() -> None:
    common = name(country="IT", common_name="BNCGLI80A41F205F/7430099900000001.lsKV/lNtBAmc8x5lzSb+cxx2UzE=")
    for extended in ([], [ExtendedKeyUsageOID.EMAIL_PROTECTION]):
        certificate = ROOTS["IT"].issue(common, KEY.public_key(), policies=["1.3.76.16.2.1"], extended=extended)
        assert refusal(certificate, CNS).check is CheckName.USAGE


def test_only_a_cns_may_have_a_key_of_1024_bits() -> None:
    small = rsa.generate_private_key(65537, 1024).public_key()
    spanish = ROOTS["ES"].issue(subject("54362315K"), small, policies=["2.16.724.1.2.2.2.4"])
    assert refusal(spanish, DNIE, CNS).reason is RefusalReason.WEAK_KEY


@pytest.mark.parametrize("legacy", [True, False])
def test_a_company_is_known_only_where_companies_are_accepted(legacy: bool) -> None:
    certificate = make_card(icp_brasil(), BAKERY, legacy=legacy).certificate
    holder = holder_of(certificate, [ICP_BRASIL_WITH_COMPANIES])
    assert (holder.name, holder.national_id.scheme) == ("Padaria Modelo Ltda", Scheme.CNPJ)
    with pytest.raises(EvidenceRefused) as refused:
        holder_of(certificate, [ICP_BRASIL])
    assert refused.value.reason is RefusalReason.NO_IDENTITY
    assert "company" in refused.value.detail
    person = make_card(icp_brasil(), ROSA, legacy=legacy).certificate
    assert holder_of(person, [ICP_BRASIL_WITH_COMPANIES]).national_id.scheme is Scheme.CPF


def test_families_choose_profiles_and_those_without_certificates_have_none() -> None:
    assert profiles_of(["belgian-eid", "cie", "cns"]) == (BELGIAN_EID, CNS)
