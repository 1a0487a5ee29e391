"""Boleto bancário: 44 digits in the barcode, 47 in the linha digitável. Never payable before a bank registered it.

44: bank (3), currency `9`, check digit, due factor (4), amount (10), the bank's free field (25). The line puts bank,
currency and free field first, in three fields with a check digit each, then the check digit, factor and amount.

Sources: Carta-Circular BCB 2.926/2000, as bank manuals quote it (fields, check digits); FEBRABAN, "Manual operacional
do fator de vencimento da cobrança bancária", 2012: factor 1000 is 3 July 2000 and 9999 is 21 February 2025; a first
digit 0 means that there is no factor and all 14 digits are the amount; Comunicado FEBRABAN 082/2012: from 22 February
2025 the factors begin again at 1000, and a factor is read as the date between 3000 days back and 5500 ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing.digits import Digits, is_digits, mod10, remainder11, typed
from kiosk.issuing.errors import CodeError

KIND = GuideKind.BOLETO
CURRENCY = "9"
BARCODE_DIGITS, LINE_DIGITS = 44, 47
CHECK_AT, FACTOR_AT, AMOUNT_AT, FREE_AT = 4, 5, 9, 19
FREE_DIGITS, AMOUNT_DIGITS, AMOUNT_DIGITS_WITHOUT_DUE = 25, 10, 13
FIRST_FACTOR, FACTORS = 1000, 9000
FIRST_DAY = date(2000, 7, 3)
LAST_DAY = FIRST_DAY + timedelta(days=2 * FACTORS - 1)
DAYS_AHEAD = 5500
# Of the line's three fields with a check digit: where each begins in the line, and its digits without it.
FIELDS = ((0, 9), (10, 10), (21, 10))


@dataclass(frozen=True)
class Boleto:
    """A boleto's code. `due` is None where the code holds no due date."""

    barcode: str
    bank: str
    due: date | None
    amount_cents: int
    free_field: str

    @property
    def line(self) -> str:
        """The linha digitável, 47 digits."""
        code = self.barcode
        account = code[:CHECK_AT] + code[FREE_AT:]
        fields = (account[:9], account[9:19], account[19:])
        checked = "".join(f"{field}{mod10(field)}" for field in fields)
        return f"{checked}{code[CHECK_AT]}{code[FACTOR_AT:FREE_AT]}"


def mod11(digits: str) -> int:
    """Weights 2 to 9 from the right, 11 minus the remainder; 0, 10 and 11 give 1, so that the digit is never 0."""
    check = 11 - remainder11(digits)
    return 1 if check in (10, 11) else check


def make(*, bank: str, due: date | None, amount_cents: int, free_field: str) -> Boleto:
    """The code of a boleto that a bank registered under this free field. ValueError says what does not fit."""
    if not is_digits(bank, 3) or bank[0] == "8":
        raise ValueError("a bank's number has 3 digits, the first of them not 8")
    if not is_digits(free_field, FREE_DIGITS):
        raise ValueError(f"the free field of a boleto has {FREE_DIGITS} digits")
    digits = AMOUNT_DIGITS if due else AMOUNT_DIGITS_WITHOUT_DUE
    if not 0 <= amount_cents < 10**digits:
        raise ValueError(f"the amount does not fit in {digits} digits")
    value = f"{_factor(due):04d}{amount_cents:010d}" if due else f"{amount_cents:014d}"
    check = mod11(f"{bank}{CURRENCY}{value}{free_field}")
    return Boleto(f"{bank}{CURRENCY}{check}{value}{free_field}", bank, due, amount_cents, free_field)


def decode(code: str, today: date) -> Boleto:
    """Reads 44 digits (barcode) or 47 (linha digitável), with or without spaces, dots and dashes.

    A factor stands for two days 9000 days apart: read is the last one no later than 5500 days after `today`. (The 500
    days that the rule leaves to neither side are so counted as past.) CodeError says what is wrong and where.
    """
    digits = typed(code)
    if len(digits.text) == LINE_DIGITS:
        return _decode_line(digits, today)
    if len(digits.text) == BARCODE_DIGITS:
        return _decode_barcode(digits, today)
    raise CodeError(f"{len(digits.text)} digits; a barcode has 44, a boleto's line 47", max(1, len(code)))


def line_blocks(line: str) -> tuple[str, ...]:
    """The line in its five fields as they are printed. ValueError unless it has 47 digits."""
    if not is_digits(line, LINE_DIGITS):
        raise ValueError("a boleto's line has 47 digits")
    return (f"{line[:5]}.{line[5:10]}", f"{line[10:15]}.{line[15:21]}", f"{line[21:26]}.{line[26:32]}", line[32],
            line[33:])  # fmt: skip


def _decode_line(digits: Digits, today: date) -> Boleto:
    _check_head(digits)
    account = Digits("", ())
    for number, (at, length) in enumerate(FIELDS, start=1):
        field = digits.part(at, at + length)
        if int(digits.text[at + length]) != mod10(field.text):
            raise CodeError(f"the check digit of field {number} is wrong", digits.places[at + length])
        account += field
    return _decode_barcode(account.part(0, CHECK_AT) + digits.part(32, LINE_DIGITS) + account.part(CHECK_AT, 29), today)


def _decode_barcode(digits: Digits, today: date) -> Boleto:
    _check_head(digits)
    text = digits.text
    if int(text[CHECK_AT]) != mod11(text[:CHECK_AT] + text[CHECK_AT + 1 :]):
        raise CodeError("the general check digit is wrong", digits.places[CHECK_AT])
    factor = int(text[FACTOR_AT:AMOUNT_AT])
    dated = factor >= FIRST_FACTOR
    return Boleto(
        barcode=text,
        bank=text[:3],
        due=_day(factor, today) if dated else None,
        amount_cents=int(text[AMOUNT_AT if dated else FACTOR_AT : FREE_AT]),
        free_field=text[FREE_AT:],
    )


def _check_head(digits: Digits) -> None:
    if digits.text[0] == "8":
        raise CodeError("not a boleto: the first digit is 8", digits.places[0])
    if digits.text[3] != CURRENCY:
        raise CodeError("not a boleto in reais: the fourth digit is not 9", digits.places[3])


def _factor(due: date) -> int:
    if not FIRST_DAY <= due <= LAST_DAY:
        raise ValueError(f"a boleto falls due between {FIRST_DAY} and {LAST_DAY}")
    return FIRST_FACTOR + (due - FIRST_DAY).days % FACTORS


def _day(factor: int, today: date) -> date:
    first = FIRST_DAY + timedelta(days=factor - FIRST_FACTOR)
    second = first + timedelta(days=FACTORS)
    return second if second <= today + timedelta(days=DAYS_AHEAD) else first
