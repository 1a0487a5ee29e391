"""FEBRABAN arrecadação: the barcode of guides of prefeituras, states, federal bodies and utilities.

44 digits: product `8`, segment, value id, general check digit, value (11), company (4, or 8 in segment 6), free field.
The linha digitável is the same 44 in four blocks of 11, each with a check digit of the same modulus.

Source: FEBRABAN, "Layout padrão de arrecadação/recebimento com utilização do código de barras", v06.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing.digits import Digits, is_digits, mod10, remainder11, typed
from kiosk.issuing.errors import CodeError

KIND = GuideKind.ARRECADACAO
PRODUCT = "8"
SEGMENTS = frozenset({1, 2, 3, 4, 5, 6, 7, 9})
# Segment 6 names the company by the root of its CNPJ, the others by the number FEBRABAN gave it.
CNPJ_SEGMENT = 6
MOD_10_IDS, MOD_11_IDS = frozenset({6, 7}), frozenset({8, 9})
# In reais; 7 and 9 count units of a reference currency instead.
REAIS_IDS = frozenset({6, 8})
BARCODE_DIGITS, LINE_DIGITS, BLOCK_DIGITS = 44, 48, 11
GENERAL_CHECK_AT = 3
VALUE_DIGITS, COMPANY_AT = 11, 15
DUE_DIGITS = 8


@dataclass(frozen=True)
class Arrecadacao:
    """A guide's code. `value` is cents for value ids 6 and 8, and a quantity for 7 and 9 (then no amount is known)."""

    barcode: str
    segment: int
    value_id: int
    value: int
    company: str
    free_field: str

    @property
    def amount_cents(self) -> int | None:
        return self.value if self.value_id in REAIS_IDS else None

    @property
    def line(self) -> str:
        """The linha digitável, 48 digits."""
        modulus = _modulus(self.value_id)
        blocks = (self.barcode[at : at + BLOCK_DIGITS] for at in range(0, BARCODE_DIGITS, BLOCK_DIGITS))
        return "".join(f"{block}{modulus(block)}" for block in blocks)

    @property
    def due(self) -> date | None:
        """The due date, where the free field starts with one (AAAAMMDD, a year of this century).

        The layout has no mark that says so. Digits that have not the form of a date mean there is none.
        """
        return date(*parts) if _exists(parts := _date_parts(self.free_field)) else None


def mod11(digits: str) -> int:
    """Weights 2 to 9 from the right; remainders 0 and 1 give 0, remainder 10 gives 1 (a boleto differs)."""
    remainder = remainder11(digits)
    return 0 if remainder in (0, 1) else 11 - remainder


def make(
    *, segment: int, value_id: int, amount_cents: int, febraban_id: str, free_field: str, due: date | None = None
) -> Arrecadacao:
    """The code of a guide. `febraban_id` has 4 digits, or 8 (CNPJ root) in segment 6; the free field fills the rest.

    With `due` the date takes the first 8 digits of the free field, and `free_field` is what follows. For value ids 7
    and 9 `amount_cents` is the quantity of the reference currency. ValueError says what does not fit.
    """
    if segment not in SEGMENTS:
        raise ValueError(f"segment {segment} does not exist")
    if value_id not in MOD_10_IDS | MOD_11_IDS:
        raise ValueError(f"value id {value_id} does not exist")
    if not 0 <= amount_cents < 10**VALUE_DIGITS:
        raise ValueError("the amount does not fit in 11 digits")
    company_digits = _company_digits(segment)
    if not is_digits(febraban_id, company_digits):
        raise ValueError(f"the company's number has {company_digits} digits in segment {segment}")
    free_digits = BARCODE_DIGITS - COMPANY_AT - company_digits
    if due is not None:
        if not 2000 <= due.year < 2100:
            raise ValueError("a due date lies between 2000 and 2099")
        free_field = f"{due:%Y%m%d}{free_field}"
    if not is_digits(free_field, free_digits):
        beside = f", {free_digits - DUE_DIGITS} of them after the due date" if due is not None else ""
        raise ValueError(f"the free field has {free_digits} digits in segment {segment}{beside}")
    if _looks_like_a_date(parts := _date_parts(free_field)) and not _exists(parts):
        raise ValueError("the free field starts with a date that does not exist")
    head = f"{PRODUCT}{segment}{value_id}"
    rest = f"{amount_cents:0{VALUE_DIGITS}d}{febraban_id}{free_field}"
    barcode = f"{head}{_modulus(value_id)(head + rest)}{rest}"
    return Arrecadacao(barcode, segment, value_id, amount_cents, febraban_id, free_field)


def decode(code: str) -> Arrecadacao:
    """Reads 44 digits (barcode) or 48 (linha digitável), with or without spaces, dots and dashes.

    CodeError says what is wrong and where: a character, the length, the kind of code, a check digit, a due date that
    has the form of one and is no day (30 February).
    """
    digits = typed(code)
    if len(digits.text) == LINE_DIGITS:
        return _decode_line(digits)
    if len(digits.text) == BARCODE_DIGITS:
        return _decode_barcode(digits)
    raise CodeError(f"{len(digits.text)} digits; a barcode has 44, a linha digitável 48", max(1, len(code)))


def line_blocks(line: str) -> tuple[str, ...]:
    """The four blocks as they are printed: 81620000004-9. ValueError unless the line has 48 digits."""
    if not is_digits(line, LINE_DIGITS):
        raise ValueError("a linha digitável has 48 digits")
    width = BLOCK_DIGITS + 1
    return tuple(f"{line[at : at + BLOCK_DIGITS]}-{line[at + BLOCK_DIGITS]}" for at in range(0, LINE_DIGITS, width))


def _modulus(value_id: int) -> Callable[[str], int]:
    return mod10 if value_id in MOD_10_IDS else mod11


def _decode_line(digits: Digits) -> Arrecadacao:
    modulus = _modulus(_value_id(digits))
    barcode = Digits("", ())
    for number, at in enumerate(range(0, LINE_DIGITS, BLOCK_DIGITS + 1), start=1):
        block, check = digits.part(at, at + BLOCK_DIGITS), at + BLOCK_DIGITS
        if int(digits.text[check]) != modulus(block.text):
            raise CodeError(f"the check digit of block {number} is wrong", digits.places[check])
        barcode += block
    return _decode_barcode(barcode)


def _decode_barcode(digits: Digits) -> Arrecadacao:
    text = digits.text
    value_id = _value_id(digits)
    rest = text[:GENERAL_CHECK_AT] + text[GENERAL_CHECK_AT + 1 :]
    if int(text[GENERAL_CHECK_AT]) != _modulus(value_id)(rest):
        raise CodeError("the general check digit is wrong", digits.places[GENERAL_CHECK_AT])
    segment = int(text[1])
    free_at = COMPANY_AT + _company_digits(segment)
    found = Arrecadacao(
        barcode=text,
        segment=segment,
        value_id=value_id,
        value=int(text[4:COMPANY_AT]),
        company=text[COMPANY_AT:free_at],
        free_field=text[free_at:],
    )
    if _looks_like_a_date(parts := _date_parts(found.free_field)) and not _exists(parts):
        day = found.free_field[:DUE_DIGITS]
        raise CodeError(f"the due date {day} does not exist", digits.places[free_at])
    return found


def _value_id(digits: Digits) -> int:
    """The third digit, after the first two were found to be those of an arrecadação."""
    product, segment, value_id = digits.text[0], int(digits.text[1]), int(digits.text[2])
    if product != PRODUCT:
        raise CodeError("not an arrecadação: the first digit is not 8", digits.places[0])
    if segment not in SEGMENTS:
        raise CodeError(f"segment {segment} does not exist", digits.places[1])
    if value_id not in MOD_10_IDS | MOD_11_IDS:
        raise CodeError(f"value id {value_id} does not exist", digits.places[2])
    return value_id


def _company_digits(segment: int) -> int:
    return 8 if segment == CNPJ_SEGMENT else 4


def _date_parts(free_field: str) -> tuple[int, int, int]:
    return int(free_field[:4]), int(free_field[4:6]), int(free_field[6:8])


def _looks_like_a_date(parts: tuple[int, int, int]) -> bool:
    year, month, day = parts
    return 2000 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= 31


def _exists(parts: tuple[int, int, int]) -> bool:
    try:
        date(*parts)
    except ValueError:
        return False
    return _looks_like_a_date(parts)
