"""Made-up e-CPF and e-CNPJ in both profiles of ICP-Brasil, on the PIV chip that OpenSC's PKCS#11 module knows.

The legacy profile (DOC-ICP-04) writes everybody into otherNames; Resolução CG 211/2024 keeps the number in the
subject's serialNumber and may leave otherNames out.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from devices.virtual.authority import Authority, Key, der, name, usage
from devices.virtual.piv import PivCard

A3, SEAL = "2.16.76.1.2.3.99", "2.16.76.1.2.201.99"
PERSON, RESPONSIBLE, COMPANY, RESPONSIBLE_DATA, VOTER, CEI, COMPANY_NAME = (
    x509.ObjectIdentifier(f"2.16.76.1.3.{number}") for number in (1, 2, 3, 4, 5, 6, 8)
)
RESOLUTION_211 = x509.ObjectIdentifier("2.16.76.1.4.5.1")


@dataclass(frozen=True)
class Subject:
    """A person, or a company and who answers for it."""

    name: str
    cpf: str
    company: str | None = None
    cnpj: str | None = None


ROSA = Subject("Rosa Alves Teixeira", "39053344705")
BAKERY = Subject("Rosa Alves Teixeira", "39053344705", "Padaria Modelo Ltda", "11222333000181")


@dataclass(frozen=True)
class Icp:
    root: Authority
    issuing: Authority

    @classmethod
    def make(cls, *, address: str | None = None) -> Icp:
        said = "ICP-Demonstração"
        root = Authority.root(
            name(country="BR", organization=said, common_name="AC Raiz - sem valor"),
            _key(),
            address=address and f"{address}/raiz.crl",
        )
        below = name(country="BR", organization=said, common_name="AC Emissora - sem valor")
        return cls(root, root.intermediate(below, _key(), address=address and f"{address}/emissora.crl"))


def make_card(
    icp: Icp,
    subject: Subject = ROSA,
    *,
    legacy: bool,
    policy: str = A3,
    key: Key | None = None,
    pin: str = "123456",
    card_key: Key | None = None,
    card_uuid: str = "urn:uuid:5f1c0f4e-7d1a-4f7e-9a53-0e6a3c9d2b10",
    named_uuid: str | None = None,
) -> PivCard:
    """With `card_key` the card has slot 9E too; `named_uuid`: what its certificate says, if not the card's own."""
    key = key or _key()
    number = subject.cnpj or subject.cpf
    named = f"{subject.company or subject.name}:{number}"
    in_subject = {} if legacy else {"serial_number": number}
    certificate = icp.issuing.issue(
        name(country="BR", organization="ICP-Demonstração", common_name=named, **in_subject),
        key.public_key(),
        policies=[policy],
        key_usage=usage("digital_signature", "content_commitment", "key_encipherment"),
        extended=[ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION],
        other_names=[
            *(_legacy_names(subject) if legacy else [_octets(RESOLUTION_211, "demonstration")]),
            *([x509.UniformResourceIdentifier(card_uuid)] if card_key else []),
        ],
    )
    of_card = _of_card(icp, card_key, named_uuid or card_uuid)
    return PivCard(key, der(certificate), pin, card_key=card_key, card_certificate=of_card)


def _of_card(icp: Icp, key: Key | None, uuid: str) -> bytes | None:
    """The certificate of slot 9E: of a card and of nobody."""
    if key is None:
        return None
    said = name(country="BR", organization="ICP-Demonstração", common_name="cartão - sem valor")
    return der(icp.issuing.issue(said, key.public_key(), other_names=[x509.UniformResourceIdentifier(uuid)]))


def _legacy_names(subject: Subject) -> list[x509.OtherName]:
    """DOC-ICP-04: birth date, CPF, NIS, RG, and who issued that; empty numbers are zeros."""
    person = f"01011980{subject.cpf}".ljust(45, "0") + "SSPSP"
    if subject.cnpj is None:
        return [_octets(PERSON, person), _octets(VOTER, "0" * 19), _octets(CEI, "0" * 12)]
    return [
        _octets(RESPONSIBLE, subject.name),
        _octets(COMPANY, subject.cnpj),
        _octets(RESPONSIBLE_DATA, person),
        _octets(COMPANY_NAME, subject.company or ""),
    ]


def _octets(kind: x509.ObjectIdentifier, text: str) -> x509.OtherName:
    value = text.encode("latin-1")
    return x509.OtherName(kind, bytes([0x04, len(value)]) + value)


def _key() -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    return rsa.generate_private_key(65537, 2048)
