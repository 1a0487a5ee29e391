"""FEBRABAN arrecadação, layout v06: the barcode of guides of prefeituras, states and federal bodies.

44 digits: product `8`, segment, value id, general check digit, value (11), company (4, or 8 in segment 6), free field.
The linha digitável is the same 44 in four blocks of 11, each with a check digit of the same modulus.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kiosk.issuing.errors import CodeError

PRODUCT = "8"
SEGMENTS = frozenset({1, 2, 3, 4, 5, 6, 7, 9})
# Segment 6 names the company by the root of its CNPJ, the others by the number FEBRABAN gave it.
CNPJ_SEGMENT = 6
MOD_10_IDS, MOD_11_IDS = frozenset({6, 7}), frozenset({8, 9})
# In reais; 7 and 9 count units of a reference currency instead.
REAIS_IDS = frozenset({6, 8})
BARCODE_DIGITS, LINE_DIGITS, BLOCK_DIGITS = 44, 48, 11
GENERAL_CHECK_AT = 3
VALUE_DIGITS = 11
PUNCTUATION = frozenset(" -.\t\r\n")


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
        """The due date, where the free field starts with one (AAAAMMDD).

        The layout has no mark that says so: eight digits that are no date of this century mean there is none.
        """
        try:
            due = date(int(self.free_field[:4]), int(self.free_field[4:6]), int(self.free_field[6:8]))
        except ValueError:
            return None
        return due if 2000 <= due.year < 2100 else None


def mod10(digits: str) -> int:
    """Weights 2 and 1 from the right, the digits of the products summed; 0 for remainder 0."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        product = int(digit) * (2 - index % 2)
        total += product // 10 + product % 10
    return -total % 10


def mod11(digits: str) -> int:
    """Weights 2 to 9 from the right; remainders 0 and 1 give 0, remainder 10 gives 1 (a boleto differs)."""
    total = sum(int(digit) * (2 + index % 8) for index, digit in enumerate(reversed(digits)))
    remainder = total % 11
    return 0 if remainder in (0, 1) else 11 - remainder


def _modulus(value_id: int) -> Callable[[str], int]:
    return mod10 if value_id in MOD_10_IDS else mod11


def make(*, segment: int, value_id: int, amount_cents: int, febraban_id: str, free_field: str) -> Arrecadacao:
    """The code of a guide. `febraban_id` has 4 digits, or 8 (CNPJ root) in segment 6; the free field fills the rest.

    For value ids 7 and 9 `amount_cents` is the quantity of the reference currency. ValueError says what does not fit.
    """
    if segment not in SEGMENTS:
        raise ValueError(f"segment {segment} does not exist")
    if value_id not in MOD_10_IDS | MOD_11_IDS:
        raise ValueError(f"value id {value_id} does not exist")
    if not 0 <= amount_cents < 10**VALUE_DIGITS:
        raise ValueError("the amount does not fit in 11 digits")
    company_digits = _company_digits(segment)
    if not _is_digits(febraban_id, company_digits):
        raise ValueError(f"the company's number has {company_digits} digits in segment {segment}")
    free_digits = BARCODE_DIGITS - 15 - company_digits
    if not _is_digits(free_field, free_digits):
        raise ValueError(f"the free field has {free_digits} digits in segment {segment}")
    head = f"{PRODUCT}{segment}{value_id}"
    rest = f"{amount_cents:0{VALUE_DIGITS}d}{febraban_id}{free_field}"
    barcode = f"{head}{_modulus(value_id)(head + rest)}{rest}"
    return Arrecadacao(barcode, segment, value_id, amount_cents, febraban_id, free_field)


def decode(code: str) -> Arrecadacao:
    """Reads 44 digits (barcode) or 48 (linha digitável), with or without spaces, dots and dashes.

    CodeError says what is wrong and where: a character, the length, the kind of code, a check digit.
    """
    digits, places = _strip(code)
    if len(digits) == LINE_DIGITS:
        return _decode_line(digits, places)
    if len(digits) == BARCODE_DIGITS:
        return _decode_barcode(digits, places)
    raise CodeError(f"{len(digits)} digits; a barcode has 44, a linha digitável 48", len(code) or None)


def line_blocks(line: str) -> tuple[str, ...]:
    """The four blocks as they are printed: 81620000004-9. ValueError unless the line has 48 digits."""
    if not _is_digits(line, LINE_DIGITS):
        raise ValueError("a linha digitável has 48 digits")
    width = BLOCK_DIGITS + 1
    return tuple(f"{line[at : at + BLOCK_DIGITS]}-{line[at + BLOCK_DIGITS]}" for at in range(0, LINE_DIGITS, width))


def _decode_line(digits: str, places: list[int]) -> Arrecadacao:
    modulus = _modulus(_value_id(digits, places))
    width = BLOCK_DIGITS + 1
    barcode, barcode_places = "", []
    for number, at in enumerate(range(0, LINE_DIGITS, width), start=1):
        block, check = digits[at : at + BLOCK_DIGITS], at + BLOCK_DIGITS
        if int(digits[check]) != modulus(block):
            raise CodeError(f"the check digit of block {number} is wrong", places[check])
        barcode += block
        barcode_places += places[at:check]
    return _decode_barcode(barcode, barcode_places)


def _decode_barcode(digits: str, places: list[int]) -> Arrecadacao:
    value_id = _value_id(digits, places)
    rest = digits[:GENERAL_CHECK_AT] + digits[GENERAL_CHECK_AT + 1 :]
    if int(digits[GENERAL_CHECK_AT]) != _modulus(value_id)(rest):
        raise CodeError("the general check digit is wrong", places[GENERAL_CHECK_AT])
    segment = int(digits[1])
    company_end = 15 + _company_digits(segment)
    return Arrecadacao(
        barcode=digits,
        segment=segment,
        value_id=value_id,
        value=int(digits[4:15]),
        company=digits[15:company_end],
        free_field=digits[company_end:],
    )


def _value_id(digits: str, places: list[int]) -> int:
    """The third digit, after the first two were found to be those of an arrecadação."""
    if digits[0] != PRODUCT:
        raise CodeError("not an arrecadação: the first digit is not 8", places[0])
    if int(digits[1]) not in SEGMENTS:
        raise CodeError(f"segment {digits[1]} does not exist", places[1])
    value_id = int(digits[2])
    if value_id not in MOD_10_IDS | MOD_11_IDS:
        raise CodeError(f"value id {value_id} does not exist", places[2])
    return value_id


def _company_digits(segment: int) -> int:
    return 8 if segment == CNPJ_SEGMENT else 4


def _strip(code: str) -> tuple[str, list[int]]:
    """The digits, and for each its place (from 1) in the text as given."""
    digits, places = [], []
    for place, character in enumerate(code, start=1):
        if character in PUNCTUATION:
            continue
        if not (character.isascii() and character.isdigit()):
            raise CodeError(f"{character!r} is not a digit", place)
        digits.append(character)
        places.append(place)
    return "".join(digits), places


def _is_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
