"""The personal data of an Italian CNS or TS-CNS, and how its certificate binds them. Pure.

Sources: CNS file system specification (EF.Dati_personali); AgID's profile of the CNS certificate.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from devices.cards.base import CardFault
from kiosk.journey.state import CardTrouble
from offline_cache.contract.certificates import clean, no_identity, parse
from offline_cache.contract.checks import Check, CheckName, EvidenceRefused, RefusalReason, passed
from offline_cache.contract.national_ids import NationalId, Scheme, is_valid
from offline_cache.contract.profiles import HolderIdentity, cns_name_of

HEADER_BYTES = 6
SURNAME, NAME, FISCAL_CODE = 3, 4, 8  # the fields stand in a fixed order, at no fixed place
MAX_FIELDS = 16


@dataclass(frozen=True)
class PersonalData:
    """`counted`: the length header and as many bytes as it says; the file may go on with filling."""

    surname: str
    name: str
    fiscal_code: str
    counted: bytes


def personal_data_of(data: bytes) -> PersonalData:
    """Six hexadecimal digits of total length, then per field two of length and the value in Latin-1.

    CardFault UNREADABLE if a length is none, or leads out of the file.
    """
    end = HEADER_BYTES + _number(data[:HEADER_BYTES], HEADER_BYTES)
    if end > len(data):
        raise _unreadable("the personal data are cut off")
    fields: list[str] = []
    at = HEADER_BYTES
    while at < end and len(fields) < MAX_FIELDS:
        length = _number(data[at : at + 2], 2)
        at += 2
        if at + length > end:
            raise _unreadable("a field of the personal data is cut off")
        fields.append(data[at : at + length].decode("latin-1"))
        at += length
    if len(fields) <= FISCAL_CODE:
        raise _unreadable("the personal data have too few fields")
    return PersonalData(fields[SURNAME], fields[NAME], fields[FISCAL_CODE].strip().upper(), data[:end])


def holder_of_data(data: PersonalData) -> HolderIdentity:
    """EvidenceRefused NO_IDENTITY without a valid codice fiscale and a name."""
    number = NationalId(Scheme.CODICE_FISCALE, data.fiscal_code)
    if not is_valid(number):
        raise no_identity("the codice fiscale's check character is wrong")
    name = clean(f"{data.name} {data.surname}")
    if not name:
        raise no_identity("the personal data hold no name")
    return HolderIdentity(name, number)


def check_binding(certificate_der: bytes, file: bytes, data: PersonalData, card_number: bytes) -> Check:
    """That the certificate was issued for this very file, card and person.

    Whether the filling of the file is hashed with it is not settled among issuers: both are taken.
    """
    bound = cns_name_of(parse(certificate_der))
    hashes = {base64.b64encode(hashlib.sha1(part).digest()).decode() for part in (file, data.counted)}  # noqa: S324  the cards' choice
    if bound["hash"] not in hashes:
        raise _not_genuine("the personal data are not those that were certified")
    if bound["fiscal_code"] != data.fiscal_code:
        raise no_identity("the certificate names somebody else than the data")
    if card_number.strip(b"\0 ") != bound["card"].encode():
        raise _not_genuine("the certificate is of another card")
    return passed(CheckName.DATA)


def _number(digits: bytes, count: int) -> int:
    try:
        if len(digits) == count and digits.isalnum():
            return int(digits, 16)
    except ValueError:
        pass
    raise _unreadable("a length of the personal data is no number")


def _unreadable(detail: str) -> CardFault:
    return CardFault(CardTrouble.UNREADABLE, detail)


def _not_genuine(detail: str) -> EvidenceRefused:
    return EvidenceRefused(RefusalReason.NOT_GENUINE, detail, CheckName.DATA)
