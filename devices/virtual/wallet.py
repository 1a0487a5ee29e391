"""Made-up citizens and their cards, and the demonstration authority that vouches for them. Nothing here has any value.

A folder holds `anchors.pem` (root and issuing authority), and per card NAME.json, NAME.crt and NAME.key (PEM). The
authorities' own keys are thrown away once the cards are made.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from devices.virtual.piv import Key, PivCard

ANCHORS = "anchors.pem"
PERSON = x509.ObjectIdentifier("2.16.76.1.3.1")  # DOC-ICP-04, otherName of a person
POLICY = x509.ObjectIdentifier("2.16.76.1.2.3.99")  # below A3; no real authority has 99
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2044, 1, 1, tzinfo=UTC)
CA_BEGIN, CA_END = datetime(2019, 1, 1, tzinfo=UTC), datetime(2049, 1, 1, tzinfo=UTC)
ENDED = datetime(2020, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Who a sample card names, and what is special about it. `profile`: where the certificate holds the CPF."""

    name: str
    holder: str
    cpf: str
    note: str
    key: Literal["rsa", "ec"] = "rsa"
    profile: Literal["both", "serial-number", "other-name"] = "both"
    trusted: bool = True
    expired: bool = False
    pin: str = "123456"
    tries_left: int = 3


PEOPLE = (
    Person("maria", "Maria das Dores Oliveira", "52998224725", "owes IPTU"),
    Person("joao", "João Batista de Souza", "11144477735", "owes nothing", key="ec", profile="other-name"),
    Person("ana", "Ana Clara Ribeiro", "39053344705", "from an authority nobody trusts", trusted=False),
    Person("bia", "Beatriz Lima Duarte", "15350946056", "expired", key="ec", profile="serial-number", expired=True),
    Person("teo", "Teodoro Nunes Prado", "86288366757", "one PIN try left", key="ec", tries_left=1),
)


def make_wallet(folder: Path) -> None:
    """Makes authority and cards, unless a complete wallet is there already: `anchors.pem` is written last."""
    if (folder / ANCHORS).is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    root = _authority("AC Raiz de Demonstração - sem valor", None)
    issuing = _authority("AC de Pessoas de Demonstração - sem valor", root)
    stranger = _authority("AC Desconhecida - sem valor", None)
    for person in PEOPLE:
        _make_card(folder, person, issuing if person.trusted else stranger)
    anchors = folder / f"{ANCHORS}.new"
    anchors.write_text(_pem(root.certificate) + _pem(issuing.certificate), encoding="ascii")
    anchors.replace(folder / ANCHORS)


def names(folder: Path) -> list[str]:
    """The cards of a wallet, in the order of the people above."""
    return [person.name for person in PEOPLE if (folder / f"{person.name}.json").is_file()]


def person(folder: Path, name: str) -> Person:
    """What is written on a card. KeyError if there is none of this name."""
    path = folder / f"{name}.json"
    if name not in names(folder):
        raise KeyError(f"there is no card {name} in {folder}: there are {', '.join(names(folder)) or 'none'}")
    return Person(**json.loads(path.read_text(encoding="utf-8")))


def load(folder: Path, name: str) -> PivCard:
    """A fresh card: its PIN counter is as it was made. KeyError if there is none of this name."""
    written = person(folder, name)
    key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    certificate = x509.load_pem_x509_certificate((folder / f"{name}.crt").read_bytes())
    return PivCard(key, certificate.public_bytes(serialization.Encoding.DER), written.pin, written.tries_left)


def anchors(folder: Path) -> str:
    """The PEM certificates that a catalogue pins for these cards."""
    return (folder / ANCHORS).read_text(encoding="ascii")


@dataclass(frozen=True)
class _Authority:
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate


def _name(common_name: str, *, serial_number: str | None = None) -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "BR"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "ICP-Demonstração"),
        x509.NameAttribute(NameOID.COMMON_NAME, common_name),
    ]
    if serial_number:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, serial_number))
    return x509.Name(parts)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _authority(common_name: str, issuer: _Authority | None) -> _Authority:
    key = rsa.generate_private_key(65537, 2048)
    name = _name(common_name)
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(CA_BEGIN)
        .not_valid_after(CA_END)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0 if issuer else 1), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if issuer:
        policy = x509.PolicyInformation(POLICY, None)
        builder = builder.add_extension(x509.CertificatePolicies([policy]), critical=False)
    return _Authority(key, builder.sign(signer, hashes.SHA256()))


def _make_card(folder: Path, person: Person, issuer: _Authority) -> None:
    key: Key = rsa.generate_private_key(65537, 2048) if person.key == "rsa" else ec.generate_private_key(ec.SECP256R1())
    begin, end = ENDED if person.expired else (BEGIN, END)
    serial_number = person.cpf if person.profile != "other-name" else None
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(f"{person.holder}:{person.cpf}", serial_number=serial_number))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.CertificatePolicies([x509.PolicyInformation(POLICY, None)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    if person.profile != "serial-number":
        # 8 digits of birth date, 11 of CPF, 11 of NIS, 15 of RG, as an OCTET STRING
        digits = f"01011980{person.cpf}".ljust(45, "0").encode("ascii")
        other = x509.OtherName(PERSON, bytes([0x04, len(digits)]) + digits)
        builder = builder.add_extension(x509.SubjectAlternativeName([other]), critical=False)
    certificate = builder.sign(issuer.key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write_private(folder / f"{person.name}.key", private)
    (folder / f"{person.name}.crt").write_text(_pem(certificate), encoding="ascii")
    written = json.dumps(asdict(person), ensure_ascii=False, indent=2)
    (folder / f"{person.name}.json").write_text(written, encoding="utf-8")


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
