"""Made-up citizens and their cards, and the demonstration authority that vouches for them. Nothing here has any value.

A folder holds `anchors.pem` (roots and issuing authorities), `revocation/` (their lists, good for years), and per card
NAME.json with NAME.crt and NAME.key (PEM), or NAME.card where the family is not PIV. The authorities' own keys are
thrown away once the cards are made.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from devices.virtual import belgium, cie, cns, stored, technician
from devices.virtual.authority import BEGIN, END, Authority, Key, name, pem, usage
from devices.virtual.iso7816 import Chip
from devices.virtual.piv import PivCard
from offline_cache.contract.revocation import list_name

ANCHORS, LISTS, OPERATOR = "anchors.pem", "revocation", "operator"
# Where the lists would be published, if these authorities were any (RFC 2606: nobody answers there).
LISTS_AT = "http://crl.demonstracao.example"
LISTS_LAST = timedelta(days=365 * 19)
PERSON = x509.ObjectIdentifier("2.16.76.1.3.1")  # DOC-ICP-04, otherName of a person
POLICY = "2.16.76.1.2.3.99"  # below A3; no real authority has 99
ENDED = datetime(2020, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Who a sample card names, and what is special about it. `profile`: where the certificate holds the CPF, which
    only cards of Brazil have.
    """

    name: str
    holder: str
    cpf: str
    note: str
    family: Literal["piv-icp-brasil", "belgian-eid", "cns", "cie", "technician"] = "piv-icp-brasil"
    key: Literal["rsa", "ec"] = "rsa"
    profile: Literal["both", "serial-number", "other-name"] = "both"
    trusted: bool = True
    expired: bool = False
    revoked: bool = False
    pin: str = "123456"
    tries_left: int = 3


PEOPLE = (
    Person("maria", "Maria das Dores Oliveira", "52998224725", "owes IPTU"),
    Person("joao", "João Batista de Souza", "11144477735", "owes nothing", key="ec", profile="other-name"),
    Person("ana", "Ana Clara Ribeiro", "39053344705", "from an authority nobody trusts", trusted=False),
    Person("bia", "Beatriz Lima Duarte", "15350946056", "expired", key="ec", profile="serial-number", expired=True),
    Person("teo", "Teodoro Nunes Prado", "86288366757", "one PIN try left", key="ec", tries_left=1),
    Person("rui", "Rui Barros Cardoso", "29537995593", "reported as lost", key="ec", revoked=True),
    Person("lotte", belgium.LOTTE.given + " " + belgium.LOTTE.surname, "", "Belgian eID", "belgian-eid", pin="1234"),
    Person("giulia", "Giulia Bianchi", "", "Italian health card (CNS)", "cns", pin="12345"),
    Person("marco", "(no name)", "", "Italian identity card, no PIN here", "cie", pin=""),
    Person("rita", "Rita Lima", "", "technician of the kiosks", "technician"),
)


def make_wallet(folder: Path) -> None:
    """Makes authorities and cards, unless a complete wallet is there already: `anchors.pem` is written last."""
    if (folder / ANCHORS).is_file():
        return
    (folder / LISTS).mkdir(parents=True, exist_ok=True)
    root = Authority.root(
        _name("AC Raiz de Demonstração - sem valor"), _new_key(), address=f"{LISTS_AT}/raiz.crl"
    )
    issuing = root.intermediate(
        _name("AC de Pessoas de Demonstração - sem valor"), _new_key(), policies=[POLICY],
        address=f"{LISTS_AT}/pessoas.crl",
    )  # fmt: skip
    stranger = Authority.root(_name("AC Desconhecida - sem valor"), _new_key())
    of_brazil = [person for person in PEOPLE if person.family == "piv-icp-brasil"]
    made = {person: _make_card(folder, person, issuing if person.trusted else stranger) for person in of_brazil}
    revoked = [certificate for person, certificate in made.items() if person.revoked]
    _make_technician(folder)
    authorities = [root, issuing, *_make_visitors(folder)]
    for authority in authorities:
        _publish(folder / LISTS, authority, *(revoked if authority is issuing else ()))
    aside = folder / f"{ANCHORS}.new"
    aside.write_text("".join(pem(authority.certificate) for authority in authorities), encoding="ascii")
    aside.replace(folder / ANCHORS)


def _make_visitors(folder: Path) -> list[Authority]:
    """Cards of other countries; the authorities that a kiosk has to know for them."""
    register = belgium.Register.make(address=f"{LISTS_AT}/be")
    issuer = cns.Issuer.make(address=f"{LISTS_AT}/it")
    ministry = cie.Ministry.make()
    cards: dict[str, stored.Stored] = {
        "belgian-eid": belgium.make_card(register),
        "cns": cns.make_card(issuer),
        "cie": cie.make_card(ministry),
    }
    for person in PEOPLE:
        if person.family in cards:
            _write_private(folder / f"{person.name}.card", stored.dumped(cards[person.family]).encode("ascii"))
            _write_about(folder, person)
    _publish(folder / LISTS, register.citizens)
    return [register.root, issuer.root, issuer.citizens, ministry.csca]


def _make_technician(folder: Path) -> None:
    """The operator's authority stays apart from all others: a kiosk gets it when it is set up."""
    operator = technician.make_operator()
    (folder / OPERATOR).mkdir(exist_ok=True)
    (folder / OPERATOR / "anchors.pem").write_text(pem(operator.certificate), encoding="ascii")
    (folder / OPERATOR / "revocation.crl").write_bytes(operator.revocation_list(BEGIN, lasts=LISTS_LAST))
    for person in PEOPLE:
        if person.family == "technician":
            card = technician.make_card(operator, person.holder, pin=person.pin)
            _write_piv(folder, person, card.key, x509.load_der_x509_certificate(card.certificate))


def _publish(folder: Path, authority: Authority, *revoked: x509.Certificate) -> None:
    if authority.address is not None:
        der = authority.revocation_list(BEGIN, *revoked, lasts=LISTS_LAST)
        (folder / list_name(authority.address)).write_bytes(der)


def names(folder: Path) -> list[str]:
    """The cards of a wallet, in the order of the people above."""
    return [person.name for person in PEOPLE if (folder / f"{person.name}.json").is_file()]


def person(folder: Path, name: str) -> Person:
    """What is written on a card. KeyError if there is none of this name."""
    path = folder / f"{name}.json"
    if name not in names(folder):
        raise KeyError(f"there is no card {name} in {folder}: there are {', '.join(names(folder)) or 'none'}")
    return Person(**json.loads(path.read_text(encoding="utf-8")))


def insertable(folder: Path, name: str) -> Chip:
    """A fresh card of any family: its PIN counter is as it was made. KeyError if there is none of this name."""
    if person(folder, name).family in {"piv-icp-brasil", "technician"}:
        return load(folder, name)
    return stored.loaded((folder / f"{name}.card").read_text(encoding="ascii"))


def load(folder: Path, name: str) -> PivCard:
    """The same for cards of Brazil. KeyError if there is none of this name."""
    written = person(folder, name)
    key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    certificate = x509.load_pem_x509_certificate((folder / f"{name}.crt").read_bytes())
    return PivCard(key, certificate.public_bytes(serialization.Encoding.DER), written.pin, written.tries_left)


def anchors(folder: Path) -> str:
    """The PEM certificates that a catalogue pins for these cards."""
    return (folder / ANCHORS).read_text(encoding="ascii")


def _name(common_name: str, **more: str) -> x509.Name:
    return name(country="BR", organization="ICP-Demonstração", common_name=common_name, **more)


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _make_card(folder: Path, person: Person, issuer: Authority) -> x509.Certificate:
    key: Key = _new_key() if person.key == "rsa" else ec.generate_private_key(ec.SECP256R1())
    begin, end = ENDED if person.expired else (BEGIN, END)
    number = {"serial_number": person.cpf} if person.profile != "other-name" else {}
    # 8 digits of birth date, 11 of CPF, 11 of NIS, 15 of RG, as an OCTET STRING
    digits = f"01011980{person.cpf}".ljust(45, "0").encode("ascii")
    other = x509.OtherName(PERSON, bytes([0x04, len(digits)]) + digits)
    certificate = issuer.issue(
        _name(f"{person.holder}:{person.cpf}", **number),
        key.public_key(),
        policies=[POLICY],
        key_usage=usage("digital_signature", "content_commitment"),
        other_names=[other] if person.profile != "serial-number" else [],
        begin=begin,
        end=end,
    )
    _write_piv(folder, person, key, certificate)
    return certificate


def _write_piv(folder: Path, person: Person, key: Key, certificate: x509.Certificate) -> None:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write_private(folder / f"{person.name}.key", private)
    (folder / f"{person.name}.crt").write_text(pem(certificate), encoding="ascii")
    _write_about(folder, person)


def _write_about(folder: Path, person: Person) -> None:
    written = json.dumps(asdict(person), ensure_ascii=False, indent=2)
    (folder / f"{person.name}.json").write_text(written, encoding="utf-8")


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
