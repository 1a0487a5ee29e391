"""Pix BR Code: the EMV merchant-presented QR payload of the Brazilian central bank (Manual do BR Code)."""

from __future__ import annotations

import binascii
import re
import unicodedata
from dataclasses import dataclass

from kiosk.issuing.errors import CodeError

GUI = "br.gov.bcb.pix"
FORMAT, INITIATION, CATEGORY, CURRENCY, AMOUNT = "00", "01", "52", "53", "54"
COUNTRY, NAME, CITY, ADDITIONAL, CRC = "58", "59", "60", "62", "63"
# EMV QRCPS-MPM 4.7.8: the merchant account templates; Pix writes 26, and may be read in any.
ACCOUNTS = tuple(f"{number}" for number in range(26, 52))
REAL = "986"
NO_TXID = "***"
KEY_MAX, NAME_MAX, CITY_MAX, TXID_MAX, AMOUNT_MAX = 77, 25, 15, 25, 13
CRC_FIELD = f"{CRC}04"


@dataclass(frozen=True)
class Pix:
    """A payload's content: `key` of a static code or `url` of a dynamic one; `txid` None where the payload says ***."""

    key: str | None
    url: str | None
    name: str
    city: str
    amount_cents: int | None
    txid: str | None
    single_use: bool


@dataclass(frozen=True)
class _Field:
    """`at` is the place of the value's first character, from 0, in the whole payload."""

    value: str
    at: int


def static(*, key: str, name: str, city: str, amount_cents: int | None, txid: str | None) -> str:
    """The payload of a static code, payable as printed. ValueError says which field does not fit.

    Name and city lose their accents and are written in capitals: payers' apps refuse accents.
    """
    if not 0 < len(key) <= KEY_MAX or not key.isascii():
        raise ValueError("a Pix key has 1 to 77 plain characters")
    if txid is not None and not re.fullmatch(rf"[A-Za-z0-9]{{1,{TXID_MAX}}}", txid):
        raise ValueError("a txid has 1 to 25 letters and digits")
    account = _field("00", GUI) + _field("01", key)
    fields = [
        _field(FORMAT, "01"),
        _field("26", account),
        _field(CATEGORY, "0000"),
        _field(CURRENCY, REAL),
        *([] if amount_cents is None else [_field(AMOUNT, _amount(amount_cents))]),
        _field(COUNTRY, "BR"),
        _field(NAME, _plain(name, NAME_MAX, "name")),
        _field(CITY, _plain(city, CITY_MAX, "city")),
        _field(ADDITIONAL, _field("05", txid or NO_TXID)),
    ]
    body = "".join(fields) + CRC_FIELD
    return body + crc16(body)


def parse(payload: str) -> Pix:
    """Reads a payload and checks its structure as well as its CRC; CodeError names the field and its position."""
    fields = _fields(payload, 0, len(payload))
    if next(iter(fields)) != FORMAT or fields[FORMAT].value != "01":
        raise CodeError("the payload does not start with format 01", 1)
    _check_crc(payload, fields)
    account = _pix_account(payload, fields)
    key, url = account.get("01"), account.get("25")
    if (key is None) == (url is None):
        raise CodeError("a Pix account has either a key or an address", account["00"].at + 1)
    additional = fields.get(ADDITIONAL)
    if additional is None:
        raise CodeError("the txid (62-05) is missing")
    inner = _fields(payload, additional.at, additional.at + len(additional.value))
    _expect(fields, CURRENCY, REAL, "the currency is not the real (986)")
    _expect(fields, COUNTRY, "BR", "the country is not BR")
    return Pix(
        key=key.value if key else None,
        url=url.value if url else None,
        name=_text(fields, NAME, NAME_MAX, "name"),
        city=_text(fields, CITY, CITY_MAX, "city"),
        amount_cents=_amount_cents(fields.get(AMOUNT)),
        txid=_txid(inner, additional),
        single_use=INITIATION in fields and fields[INITIATION].value == "12",
    )


def crc16(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, initial FFFF) as four capital hexadecimal digits."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def _field(number: str, value: str) -> str:
    if len(value) > 99:
        raise ValueError(f"field {number} is longer than 99 characters")
    return f"{number}{len(value):02d}{value}"


def _amount(amount_cents: int) -> str:
    if amount_cents <= 0:
        raise ValueError("an amount is more than nothing")
    text = f"{amount_cents // 100}.{amount_cents % 100:02d}"
    if len(text) > AMOUNT_MAX:
        raise ValueError("the amount does not fit in 13 characters")
    return text


def _plain(text: str, longest: int, what: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper().strip()
    if not 0 < len(plain) <= longest:
        raise ValueError(f"a Pix {what} has 1 to {longest} characters")
    return plain


def _fields(payload: str, start: int, end: int) -> dict[str, _Field]:
    """The fields of payload[start:end], in order: two digits of id, two of length, the value."""
    fields: dict[str, _Field] = {}
    at = start
    while at < end:
        head = payload[at : min(at + 4, end)]
        if not (len(head) == 4 and head.isascii() and head.isdigit()):
            raise CodeError("an id and a length of four digits are expected", at + 1)
        number, length = head[:2], int(head[2:])
        if at + 4 + length > end:
            raise CodeError(f"the length of field {number} runs past the end", at + 3)
        if number in fields:
            raise CodeError(f"field {number} stands twice", at + 1)
        fields[number] = _Field(payload[at + 4 : at + 4 + length], at + 4)
        at += 4 + length
    if not fields:
        raise CodeError("there is nothing to read", start + 1 if payload else None)
    return fields


def _check_crc(payload: str, fields: dict[str, _Field]) -> None:
    if next(reversed(fields)) != CRC or len(fields[CRC].value) != 4:
        raise CodeError("the payload does not end with its CRC (63)", len(payload))
    found = fields[CRC]
    if found.value.upper() != crc16(payload[: found.at]):
        raise CodeError("the CRC is wrong", found.at + 1)


def _pix_account(payload: str, fields: dict[str, _Field]) -> dict[str, _Field]:
    for number in ACCOUNTS:
        if number in fields:
            field = fields[number]
            account = _fields(payload, field.at, field.at + len(field.value))
            if "00" in account and account["00"].value.lower() == GUI:
                return account
    raise CodeError("no account of Pix (br.gov.bcb.pix) is in it")


def _expect(fields: dict[str, _Field], number: str, value: str, reason: str) -> None:
    if number not in fields:
        raise CodeError(f"field {number} is missing")
    if fields[number].value != value:
        raise CodeError(reason, fields[number].at + 1)


def _text(fields: dict[str, _Field], number: str, longest: int, what: str) -> str:
    if number not in fields:
        raise CodeError(f"the {what} ({number}) is missing")
    field = fields[number]
    if not 0 < len(field.value) <= longest:
        raise CodeError(f"the {what} has 1 to {longest} characters", field.at + 1)
    return field.value


def _amount_cents(field: _Field | None) -> int | None:
    if field is None:
        return None
    match = re.fullmatch(r"([0-9]+)(?:\.([0-9]{1,2}))?", field.value)
    if match is None or len(field.value) > AMOUNT_MAX:
        raise CodeError("the amount is not written as 123.45", field.at + 1)
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _txid(inner: dict[str, _Field], additional: _Field) -> str | None:
    if "05" not in inner:
        raise CodeError("the txid (62-05) is missing", additional.at + 1)
    field = inner["05"]
    if field.value == NO_TXID:
        return None
    if not re.fullmatch(rf"[A-Za-z0-9]{{1,{TXID_MAX}}}", field.value):
        raise CodeError("a txid has 1 to 25 letters and digits", field.at + 1)
    return field.value
