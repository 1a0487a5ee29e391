"""Cuaderno 57 (Spain): the barcode of receipts paid at a bank's counter, cash machine or website, format 507.

46 digits in a GS1-128 (set C): `90` application identifier, `507` format, issuer (8: the digits of its NIF), suffix
(3), reference (11) and its check digits (2), identification (6), amount in cents (10), `0` parity. From suffix 500 on
the identification is the last day of payment, DDMMAA, and the bank takes nothing after it.

Source: AEB, CECA and UNACC, "Cobros por ventanilla y autoservicio", Cuaderno 57, January 2001 and June 2015 (version
57013): section 2, annex 2 (check digits), annex 4 (barcode).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing.digits import Digits, is_digits, typed
from kiosk.issuing.errors import CodeError

KIND = GuideKind.CUADERNO_57
HEAD, PARITY = "90507", "0"
DIGITS = 46
ISSUER_AT, SUFFIX_AT, REFERENCE_AT, CHECK_AT, IDENTIFICATION_AT, AMOUNT_AT = 5, 13, 16, 27, 29, 35
DATED_SUFFIX = 500
MODULUS = 97


@dataclass(frozen=True)
class Receipt57:
    """`reference` without its check digits. `due` is the last day of payment, where the suffix says there is one."""

    barcode: str
    issuer: str
    suffix: str
    reference: str
    identification: str
    amount_cents: int
    due: date | None


def make(
    *, issuer: str, suffix: str, reference: str, amount_cents: int, identification: str = "", due: date | None = None
) -> Receipt57:
    """The code of a receipt; numbers are filled up with zeros on the left. ValueError says what does not fit.

    From suffix 500 on `due` is asked for and is the identification; below it there is none.
    """
    if not is_digits(suffix, 3):
        raise ValueError("a suffix has 3 digits")
    if (int(suffix) >= DATED_SUFFIX) != (due is not None):
        raise ValueError("a last day of payment belongs to suffixes from 500 on, and only there")
    if due is not None:
        if identification:
            raise ValueError("the last day of payment takes the place of the identification")
        if not 2000 <= due.year < 2100:
            raise ValueError("the last day of payment lies between 2000 and 2099")
        identification = f"{due:%d%m%y}"
    parts = {"an issuer": (issuer, 8), "a reference": (reference, 11), "an identification": (identification or "0", 6)}
    for name, (part, longest) in parts.items():
        if not 0 < len(part) <= longest or not is_digits(part, len(part)):
            raise ValueError(f"{name} has 1 to {longest} digits")
    if not 0 <= amount_cents < 10**10:
        raise ValueError("the amount does not fit in 10 digits")
    issuer, reference, identification = (part.zfill(longest) for part, longest in parts.values())
    check = check_digits(issuer, suffix, reference, identification, amount_cents)
    barcode = f"{HEAD}{issuer}{suffix}{reference}{check}{identification}{amount_cents:010d}{PARITY}"
    return Receipt57(barcode, issuer, suffix, reference, identification, amount_cents, due)


def check_digits(issuer: str, suffix: str, reference: str, identification: str, amount_cents: int) -> str:
    """Annex 2: the sum of all, over 97; 100 minus the first two decimals of the quotient, 00 if there are none."""
    remainder = (int(issuer) + int(suffix) + int(reference) + int(identification) + amount_cents) % MODULUS
    return "00" if remainder == 0 else f"{100 - 100 * remainder // MODULUS:02d}"


def decode(code: str) -> Receipt57:
    """Reads 46 digits, with or without spaces, dots and dashes; CodeError says what is wrong and where."""
    digits = typed(code)
    text = digits.text
    if len(text) != DIGITS:
        raise CodeError(f"{len(text)} digits; a receipt of Cuaderno 57 has {DIGITS}", max(1, len(code)))
    if not text.startswith(HEAD):
        raise CodeError(f"not a receipt of Cuaderno 57: it does not start with {HEAD}", digits.places[0])
    if text[-1] != PARITY:
        raise CodeError("the last digit is not 0", digits.places[-1])
    issuer, suffix = text[ISSUER_AT:SUFFIX_AT], text[SUFFIX_AT:REFERENCE_AT]
    reference, identification = text[REFERENCE_AT:CHECK_AT], text[IDENTIFICATION_AT:AMOUNT_AT]
    amount_cents = int(text[AMOUNT_AT:-1])
    if text[CHECK_AT:IDENTIFICATION_AT] != check_digits(issuer, suffix, reference, identification, amount_cents):
        raise CodeError("the check digits of the reference are wrong", digits.places[CHECK_AT])
    due = _day(digits.part(IDENTIFICATION_AT, AMOUNT_AT)) if int(suffix) >= DATED_SUFFIX else None
    return Receipt57(text, issuer, suffix, reference, identification, amount_cents, due)


def _day(digits: Digits) -> date:
    text = digits.text
    try:
        return date(2000 + int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError as error:
        raise CodeError(f"the last day of payment {text} does not exist", digits.places[0]) from error
