"""Whose certificates are taken for a person's, by the policy they carry: what they must hold, and whom they name.

The policy decides, with a root of its own country: never the card's ATR, its application or the common name. Policies
and subjects: ICP-Brasil DOC-ICP-04 and Resolução CG 211/2024; AgID's CNS profile; Belgian eID PKI; DNIe DPC 7.1.6; SK
and Zetes certificate policies. Not tried with a real Belgian (CA6), Portuguese or Estonian card.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from offline_cache.contract.certificates import clean, no_identity, other_names, single, subject_of, without_number
from offline_cache.contract.national_ids import NationalId, Scheme, is_valid

# DOC-ICP-04: otherName with 8 digits of birth date, 11 of CPF, then more; and a company's number alone.
OTHER_NAME_OF_A_PERSON = "2.16.76.1.3.1"
OTHER_NAME_OF_A_COMPANY = "2.16.76.1.3.3"
RSA_BITS = 2048
CNS_NAME = re.compile(r"(?P<fiscal_code>[A-Z0-9]{16})/(?P<card>[0-9]{16})\.(?P<hash>[A-Za-z0-9+/]{27}=)")


@dataclass(frozen=True)
class HolderIdentity:
    """Who a certificate names; its number has right check digits. `name` is empty where certificates hold none."""

    name: str
    national_id: NationalId


@dataclass(frozen=True)
class Profile:
    """One kind of certificate. One of its policies must match `policies` whole; from `rsa_bits_low` up RSA is accepted,
    though as low.
    """

    name: str
    country: str
    policies: re.Pattern[str]
    identify: Callable[[Any], HolderIdentity]
    required_policy: str | None = None
    client_authentication: bool = False
    content_commitment: bool = False
    rsa_bits_low: int = RSA_BITS

    def fits(self, policies: frozenset[str]) -> bool:
        required = self.required_policy is None or self.required_policy in policies
        return required and any(self.policies.fullmatch(policy) for policy in policies)


def _brazilian_person(certificate: Any) -> HolderIdentity:
    """By the subject's serialNumber or the otherName, never by the CN; a company is refused."""
    subject = subject_of(certificate)
    number = single(subject.get("serial_number")).strip()
    if _company_number(number) or any(other_names(certificate, OTHER_NAME_OF_A_COMPANY)):
        raise no_identity("the certificate names a company")
    told = {number} if re.fullmatch(r"[0-9]{11}", number) else set()
    told.update(_people_of_other_names(certificate))
    return _brazilian(subject, Scheme.CPF, told)


def _brazilian_company_or_person(certificate: Any) -> HolderIdentity:
    subject = subject_of(certificate)
    in_subject = _company_number(single(subject.get("serial_number")).strip())
    told = {in_subject} if in_subject else set()
    for value in other_names(certificate, OTHER_NAME_OF_A_COMPANY):
        if not re.fullmatch(rb"[0-9]{14}", value):
            raise no_identity("the otherName is not of the form of ICP-Brasil")
        told.add(value.decode("ascii"))
    return _brazilian(subject, Scheme.CNPJ, told) if told else _brazilian_person(certificate)


def _company_number(serial_number: str) -> str | None:
    """Resolução CG 211/2024: 14 digits are a CNPJ, with or without its prefix."""
    found = re.fullmatch(r"(?:CNPJ:)?([0-9]{14})", serial_number)
    return found[1] if found else None


def _people_of_other_names(certificate: Any) -> Iterator[str]:
    for value in other_names(certificate, OTHER_NAME_OF_A_PERSON):
        digits = re.match(rb"[0-9]{8}([0-9]{11})", value)
        if not digits:
            raise no_identity("the otherName is not of the form of ICP-Brasil")
        yield digits[1].decode("ascii")


def _brazilian(subject: dict[str, Any], scheme: Scheme, told: set[str]) -> HolderIdentity:
    what = "CPF" if scheme is Scheme.CPF else "CNPJ"
    if not told:
        raise no_identity(f"the certificate holds no {what}")
    if len(told) > 1:
        raise no_identity(f"the certificate holds two different {what}s")
    return _named(without_number(single(subject.get("common_name"))), NationalId(scheme, told.pop()))


def _italian_cns(certificate: Any) -> HolderIdentity:
    """The name is not in the certificate: it stands in the personal data that the common name's hash binds."""
    found = cns_name_of(certificate)
    return _checked(HolderIdentity("", NationalId(Scheme.CODICE_FISCALE, found["fiscal_code"])))


def cns_name_of(certificate: Any) -> re.Match[str]:
    """Codice fiscale, card number and hash of the personal data (AgID, profile of the CNS certificate)."""
    found = CNS_NAME.fullmatch(single(subject_of(certificate).get("common_name")))
    if not found:
        raise no_identity("the common name is not of the form of a CNS")
    return found


def _belgian(certificate: Any) -> HolderIdentity:
    subject = subject_of(certificate)
    return _named(_given_and_surname(subject), NationalId(Scheme.BELGIAN_REGISTER, _number(subject)))


def _spanish(certificate: Any) -> HolderIdentity:
    subject = subject_of(certificate)
    number = _number(subject).removeprefix("IDCES-")
    scheme = Scheme.NIE if number[:1] in {"X", "Y", "Z"} else Scheme.DNI
    return _named(_given_and_surname(subject), NationalId(scheme, number))


def _portuguese(certificate: Any) -> HolderIdentity:
    subject = subject_of(certificate)
    number = _number(subject)
    if not number.startswith("BI"):
        raise no_identity("the serial number is not a civil number")
    return _named(_given_and_surname(subject), NationalId(Scheme.PORTUGUESE_CIVIL, number[2:]))


def _estonian(certificate: Any) -> HolderIdentity:
    """ETSI EN 319 412-1 clause 5.1.3: `PNO`, the country, a hyphen, the number."""
    subject = subject_of(certificate)
    number = _number(subject)
    if not number.startswith("PNOEE-"):
        raise no_identity("the serial number is not an Estonian personal code")
    return _named(_given_and_surname(subject), NationalId(Scheme.ISIKUKOOD, number.removeprefix("PNOEE-")))


def _number(subject: dict[str, Any]) -> str:
    return single(subject.get("serial_number")).strip()


def _given_and_surname(subject: dict[str, Any]) -> str:
    return clean(f"{single(subject.get('given_name'))} {single(subject.get('surname'))}")


def _named(name: str, number: NationalId) -> HolderIdentity:
    holder = _checked(HolderIdentity(name, number))
    if not name:
        raise no_identity("the certificate holds no name")
    return holder


def _checked(holder: HolderIdentity) -> HolderIdentity:
    if not is_valid(holder.national_id):
        raise no_identity("the number's form or check digits are wrong")
    return holder


# Policies 2.16.76.1.2.N: 3 and 4 are A3 and A4, the key made and kept in a device; seals are 201 and 202.
_A3_OR_A4 = re.compile(r"2\.16\.76\.1\.2\.[34]\.[0-9.]+")
ICP_BRASIL = Profile("icp-brasil", "BR", _A3_OR_A4, _brazilian_person, content_commitment=True)
ICP_BRASIL_WITH_COMPANIES = Profile(
    "icp-brasil", "BR", _A3_OR_A4, _brazilian_company_or_person, content_commitment=True
)
CNS = Profile(
    "cns",
    "IT",
    re.compile(r"1\.3\.76\.16\.2\.1|1\.3\.159\.6\.1\.3\.2\.10|1\.3\.76\.12\.1\.1\.10\.2\.2\.10"),
    _italian_cns,
    client_authentication=True,
    rsa_bits_low=1024,  # the keys of version 1.0 cards
)
# Authentication of citizens (2) and foreigners (7) under each generation of the root (1, 9, 10, 12 are known).
BELGIAN_EID = Profile("belgian-eid", "BE", re.compile(r"2\.16\.56\.[0-9]+\.1\.1\.[27]\.2"), _belgian)
DNIE = Profile("dnie", "ES", re.compile(r"2\.16\.724\.1\.2\.2\.2\.4(\.[0-9]+\.[0-9]+)?"), _spanish)
PORTUGUESE = Profile("portuguese", "PT", re.compile(r"2\.16\.620\.1\.1\.1\.2\.[0-9.]+"), _portuguese)
ESTONIAN = Profile(
    "estonian",
    "EE",
    re.compile(r"1\.3\.6\.1\.4\.1\.51361\.[12]\.1\.[1-7]|1\.3\.6\.1\.4\.1\.51455\.[12]\.1\.1"),
    _estonian,
    required_policy="0.4.0.2042.1.2",  # ETSI EN 319 411-1: NCP+
    client_authentication=True,
)
OF_FAMILY = {
    "piv-icp-brasil": ICP_BRASIL,
    "icp-brasil": ICP_BRASIL_WITH_COMPANIES,
    "belgian-eid": BELGIAN_EID,
    "cns": CNS,
    "dnie": DNIE,
    "portuguese": PORTUGUESE,
    "estonian": ESTONIAN,
}


def profiles_of(families: Iterable[str]) -> tuple[Profile, ...]:
    """The certificates by which the holders of these card families (a catalogue's `card_families`) are known."""
    return tuple(OF_FAMILY[family] for family in families if family in OF_FAMILY)
