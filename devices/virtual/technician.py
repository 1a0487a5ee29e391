"""A made-up operator of kiosks, and the cards of its technicians (PIV chips)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from devices.virtual.authority import BEGIN, END, Authority, Key, der, name, usage
from devices.virtual.piv import PivCard
from offline_cache.contract.technicians import DETAILS
from offline_cache.contract.usages import OPERATOR_STAFF

SAID = "Operação de Totens (demonstração)"


def make_operator() -> Authority:
    return Authority.root(
        name(country="BR", organization=SAID, common_name="AC da Operação - sem valor"),
        ec.generate_private_key(ec.SECP256R1()),
        address="http://operacao.demonstracao.example/tecnicos.crl",
    )


def make_card(
    operator: Authority,
    holder: str = "Rita Lima",
    *,
    role: str = "technician",
    sites: Sequence[str] = ("VA-*",),
    staff: bool = True,
    policies: Sequence[str] = (),
    pin: str = "123456",
    key: Key | None = None,
    begin: datetime = BEGIN,
    end: datetime = END,
) -> PivCard:
    key = key or ec.generate_private_key(ec.SECP256R1())
    purposes = [ExtendedKeyUsageOID.CLIENT_AUTH, *([x509.ObjectIdentifier(OPERATOR_STAFF)] if staff else [])]
    certificate = operator.issue(
        name(country="BR", organization=SAID, common_name=holder),
        key.public_key(),
        policies=policies,
        key_usage=usage("digital_signature"),
        extended=purposes,
        own=[x509.UnrecognizedExtension(x509.ObjectIdentifier(DETAILS), details(role, sites))],
        begin=begin,
        end=end,
    )
    return PivCard(key, der(certificate), pin)


def details(role: str, sites: Sequence[str]) -> bytes:
    """SEQUENCE {role UTF8String, sites SEQUENCE OF UTF8String}."""

    class Sites(core.SequenceOf):  # type: ignore[misc]
        _child_spec = core.UTF8String

    class Details(core.Sequence):  # type: ignore[misc]
        _fields = [("role", core.UTF8String), ("sites", Sites)]  # noqa: RUF012  asn1crypto's own form

    return bytes(Details({"role": role, "sites": list(sites)}).dump())
