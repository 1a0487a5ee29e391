"""Pix BR Code: the EMV merchant-presented QR payload of the Brazilian central bank (Manual do BR Code).

A static code holds a key and is payable as printed; it can be told apart from others of that key by its txid. A dynamic
one holds the address of a charge that was made at a bank before.
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from dataclasses import dataclass

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing.errors import CodeError

GUI = "br.gov.bcb.pix"
FORMAT, INITIATION, CATEGORY, CURRENCY, AMOUNT = "00", "01", "52", "53", "54"
COUNTRY, NAME, CITY, ADDITIONAL, CRC = "58", "59", "60", "62", "63"
# EMV QRCPS-MPM 4.7.8: the merchant account templates; Pix writes 26, and may be read in any.
ACCOUNTS = tuple(f"{number}" for number in range(26, 52))
ACCOUNT_KEY, ACCOUNT_INFO, ACCOUNT_URL = "01", "02", "25"
# Manual do BR Code, object 01: where it says 12, the code may be used once.
REUSABLE, SINGLE_USE = "11", "12"
REAL = "986"
NO_TXID = "***"
KEY_MAX, URL_MAX, NAME_MAX, CITY_MAX, TXID_MAX, AMOUNT_MAX = 77, 77, 25, 15, 25, 13
TXID = re.compile(rf"[A-Za-z0-9]{{1,{TXID_MAX}}}")
# Without a scheme: the payer's bank puts https before it.
URL = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?/[!-~]+")
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
    info: str | None = None

    @property
    def kind(self) -> GuideKind:
        return GuideKind.PIX_DYNAMIC if self.key is None else GuideKind.PIX_STATIC

    @property
    def payable_as_printed(self) -> bool:
        """Whether it can be paid, and the payment be known again, without anything registered before."""
        return self.kind.payable_as_printed and self.txid is not None


@dataclass(frozen=True)
class _Field:
    """`at` is the place of the value's first character, from 0, in the whole payload."""

    value: str
    at: int


def static(
    *, key: str, name: str, city: str, amount_cents: int | None, txid: str | None, info: str | None = None
) -> str:
    """The payload of a static code, payable as printed. ValueError says which field does not fit.

    Name, city and `info` (what the payer is told) lose their accents, name and city are written in capitals: payers'
    apps refuse accents. Key and `info` share a field of 99 characters.
    """
    if not 0 < len(key) <= KEY_MAX or not re.fullmatch(r"[!-~]+", key):
        raise ValueError("a Pix key has 1 to 77 plain characters")
    if txid is not None and not TXID.fullmatch(txid):
        raise ValueError("a txid has 1 to 25 letters and digits")
    account = _field("00", GUI) + _field(ACCOUNT_KEY, key)
    if info is not None:
        account += _field(ACCOUNT_INFO, _plain(info, 99 - len(account) - 4, "description beside this key"))
    return _payload(None, account, amount_cents, name, city, txid)


def dynamic(*, url: str, name: str, city: str, amount_cents: int | None = None, single_use: bool = True) -> str:
    """The payload of a charge that a bank keeps at `url` (without https://). ValueError says which field does not fit.

    What is to be paid is what the bank says; an amount in the payload is only shown. The txid is the charge's own.
    """
    if len(url) > URL_MAX or not URL.fullmatch(url):
        raise ValueError("the address of a charge has up to 77 characters, a host and a path, and no https://")
    account = _field("00", GUI) + _field(ACCOUNT_URL, url)
    return _payload(SINGLE_USE if single_use else None, account, amount_cents, name, city, None)


def _payload(
    initiation: str | None, account: str, amount_cents: int | None, name: str, city: str, txid: str | None
) -> str:
    fields = [
        _field(FORMAT, "01"),
        *([] if initiation is None else [_field(INITIATION, initiation)]),
        _field(ACCOUNTS[0], account),
        _field(CATEGORY, "0000"),
        _field(CURRENCY, REAL),
        *([] if amount_cents is None else [_field(AMOUNT, _amount(amount_cents))]),
        _field(COUNTRY, "BR"),
        _field(NAME, _plain(name, NAME_MAX, "name").upper()),
        _field(CITY, _plain(city, CITY_MAX, "city").upper()),
        _field(ADDITIONAL, _field("05", txid or NO_TXID)),
    ]
    body = "".join(fields) + CRC_FIELD
    return body + crc16(body)


def parse(payload: str) -> Pix:
    """Reads a payload and checks its structure as well as its CRC; CodeError names the field and its position."""
    for place, character in enumerate(payload, start=1):
        if not character.isprintable():
            raise CodeError(f"{character!r} does not belong in a payload", place)
    fields = _fields(payload, 0, len(payload))
    if next(iter(fields)) != FORMAT or fields[FORMAT].value != "01":
        raise CodeError("the payload does not start with format 01", 1)
    _check_crc(payload, fields)
    account = _pix_account(payload, fields)
    key, url, info = account.get(ACCOUNT_KEY), account.get(ACCOUNT_URL), account.get(ACCOUNT_INFO)
    if (key is None) == (url is None):
        raise CodeError("a Pix account has either a key or an address", account["00"].at + 1)
    if key is not None and not 0 < len(key.value) <= KEY_MAX:
        raise CodeError("a Pix key has 1 to 77 characters", key.at + 1)
    if url is not None and (len(url.value) > URL_MAX or not URL.fullmatch(url.value)):
        raise CodeError("the address has not the form host/path (up to 77 characters, no https://)", url.at + 1)
    initiation = fields.get(INITIATION)
    if initiation is not None and initiation.value not in (REUSABLE, SINGLE_USE):
        raise CodeError("the initiation method (01) is neither 11 nor 12", initiation.at + 1)
    category = _needed(fields, CATEGORY, "the category")
    if not re.fullmatch(r"[0-9]{4}", category.value):
        raise CodeError("the category (52) has four digits", category.at + 1)
    _expect(fields, CURRENCY, REAL, "the currency is not the real (986)")
    _expect(fields, COUNTRY, "BR", "the country is not BR")
    return Pix(
        key=key.value if key else None,
        url=url.value if url else None,
        name=_text(fields, NAME, NAME_MAX, "name"),
        city=_text(fields, CITY, CITY_MAX, "city"),
        amount_cents=_amount_cents(fields.get(AMOUNT)),
        txid=_txid(payload, _needed(fields, ADDITIONAL, "the txid (62-05)")),
        single_use=initiation is not None and initiation.value == SINGLE_USE,
        info=info.value if info else None,
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
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    if not letters.isprintable():
        raise ValueError(f"a Pix {what} holds no control characters")
    plain = " ".join(letters.split())
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
        raise CodeError("there is nothing to read", start + 1)
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
    raise CodeError("no account of Pix (br.gov.bcb.pix) is in it", _end(fields))


def _needed(fields: dict[str, _Field], number: str, what: str) -> _Field:
    if number not in fields:
        raise CodeError(f"{what} is missing (field {number})", _end(fields))
    return fields[number]


def _end(fields: dict[str, _Field]) -> int:
    """Where a field that is missing should have stood at the latest: before the CRC's."""
    return fields[CRC].at - 3


def _expect(fields: dict[str, _Field], number: str, value: str, reason: str) -> None:
    field = _needed(fields, number, "the currency" if number == CURRENCY else "the country")
    if field.value != value:
        raise CodeError(reason, field.at + 1)


def _text(fields: dict[str, _Field], number: str, longest: int, what: str) -> str:
    field = _needed(fields, number, f"the {what}")
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


def _txid(payload: str, additional: _Field) -> str | None:
    inner = _fields(payload, additional.at, additional.at + len(additional.value))
    if "05" not in inner:
        raise CodeError("the txid (62-05) is missing", additional.at + 1)
    field = inner["05"]
    if field.value == NO_TXID:
        return None
    if not TXID.fullmatch(field.value):
        raise CodeError("a txid has 1 to 25 letters and digits", field.at + 1)
    return field.value
