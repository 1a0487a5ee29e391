"""pagoPA payment notice (Italy): the text of its QR code, and of the Data Matrix of its postal part.

Paying one asks the creditor for the open position: it is payable online only.

Sources: PagoPA, "Guida tecnica sugli avvisi di pagamento" (docs.pagopa.it, Codice QR): version 002, QR 4-M, UTF-8. The
notice number: SACI, "Numero avviso" (aux digit, then for aux 0 and 3 two digits of application or segregation code, 13
of position and 2 of check: the rest of the 16 digits before it divided by 93; for aux 1, 17 free digits). The postal
part: Poste Italiane, "Autorizzazione alla stampa in proprio", 2019, 4.2, and its reading by the app IO of pagopa.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing.digits import is_digits
from kiosk.issuing.errors import CodeError

KIND = GuideKind.PAGOPA
MARK, VERSION = "PAGOPA", "002"
NOTICE_DIGITS, CREDITOR_DIGITS = 18, 11
# QR 4-M holds 62 bytes; 42 of them are before the amount. The largest amount of a notice is 999.999.999,99 euro.
AMOUNT_DIGITS = 11
CHECK_MODULUS = 93
CHECKED_AUX, UNCHECKED_AUX = frozenset("023"), frozenset("1")
POSTAL_MARK = "codfase=NBPA;"
POSTAL_LENGTH = 256
POSTAL_DOCUMENT = "896"
POSTAL_AMOUNT_DIGITS, POSTAL_ACCOUNT_DIGITS, ACCOUNT_AT = 10, 12, 35
DEBTOR_ID, DEBTOR_NAME, REASON, FILLER = 16, 40, 110, 12
POSTAL_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789&'-.:_, ")


@dataclass(frozen=True)
class Notice:
    """`number` has 18 digits, `creditor` is the fiscal code of the body that is paid, 11 digits."""

    number: str
    creditor: str
    amount_cents: int

    @property
    def qr(self) -> str:
        """The text of the QR code."""
        return f"{MARK}|{VERSION}|{self.number}|{self.creditor}|{self.amount_cents}"


def make(*, number: str, creditor: str, amount_cents: int) -> Notice:
    """A notice; ValueError says what does not fit."""
    try:
        _check_number(number, 1)
        _check_creditor(creditor, 1)
    except CodeError as error:
        raise ValueError(error.reason) from error
    if not 0 < amount_cents < 10**AMOUNT_DIGITS:
        raise ValueError("the amount of a notice has 1 to 11 digits and is more than nothing")
    return Notice(number, creditor, amount_cents)


def check_digits(first: str) -> str:
    """The two check digits behind the first 16 of a notice number with aux digit 0 or 3."""
    return f"{int(first) % CHECK_MODULUS:02d}"


def postal(notice: Notice, *, account: str, debtor_id: str, debtor_name: str, reason: str) -> str:
    """The text of the Data Matrix, 256 characters. `account` is the creditor's postal account, up to 12 digits.

    Texts are cut to their fields (40 and 110 characters), in capitals, without accents; what the code may not hold
    becomes a blank. ValueError says what does not fit.
    """
    if not 0 < len(account) <= POSTAL_ACCOUNT_DIGITS or not is_digits(account, len(account)):
        raise ValueError("a postal account has up to 12 digits")
    if notice.amount_cents >= 10**POSTAL_AMOUNT_DIGITS:
        raise ValueError("the amount does not fit in the 10 digits of the postal part")
    if len(debtor_id) not in (11, DEBTOR_ID) or not (debtor_id.isascii() and debtor_id.isalnum()):
        raise ValueError("a debtor's fiscal code has 11 or 16 letters and digits")
    line = (
        f"18{notice.number}12{account:0>{POSTAL_ACCOUNT_DIGITS}}10{notice.amount_cents:0{POSTAL_AMOUNT_DIGITS}d}"
        f"3{POSTAL_DOCUMENT}"
    )
    texts = f"{debtor_id.upper():<{DEBTOR_ID}}{_postal_text(debtor_name, DEBTOR_NAME)}{_postal_text(reason, REASON)}"
    return f"{POSTAL_MARK}{line}1P1{notice.creditor}{texts}{'':{FILLER}}A"


def parse(text: str) -> Notice:
    """Reads a QR code's text, or a Data Matrix's of the postal part; CodeError names what is wrong and its position."""
    for place, character in enumerate(text, start=1):
        if not character.isprintable():
            raise CodeError(f"{character!r} does not belong in a notice", place)
    return _parse_postal(text) if text.startswith(POSTAL_MARK) else _parse_qr(text)


def _parse_qr(text: str) -> Notice:
    parts = text.split("|")
    if parts[0] != MARK:
        raise CodeError("not a pagoPA notice: it does not start with PAGOPA", 1)
    if len(parts) != 5:
        raise CodeError(f"{len(parts)} parts between |; a notice has 5", len(text))
    _, version, number, creditor, amount = parts
    number_at = len(MARK) + len(version) + 3
    creditor_at = number_at + len(number) + 1
    amount_at = creditor_at + len(creditor) + 1
    if version != VERSION:
        raise CodeError(f"version {version} of the notice is not known (002 is)", len(MARK) + 2)
    _check_number(number, number_at)
    _check_creditor(creditor, creditor_at)
    if not 0 < len(amount) <= AMOUNT_DIGITS or not is_digits(amount, len(amount)):
        raise CodeError("the amount has 1 to 11 digits", amount_at)
    return Notice(number, creditor, int(amount))


def _parse_postal(text: str) -> Notice:
    if len(text) != POSTAL_LENGTH:
        raise CodeError(f"{len(text)} characters; the postal part has {POSTAL_LENGTH}", len(text))
    for at, fixed in ((13, "18"), (33, "12"), (47, "10"), (59, "3" + POSTAL_DOCUMENT), (63, "1P1"), (255, "A")):
        if text[at : at + len(fixed)] != fixed:
            raise CodeError(f"{fixed} is expected", at + 1)
    number, account, amount, creditor = text[15:33], text[ACCOUNT_AT:47], text[49:59], text[66:77]
    _check_number(number, 16)
    if not is_digits(account, POSTAL_ACCOUNT_DIGITS):
        raise CodeError("the postal account has 12 digits", 36)
    if not is_digits(amount, POSTAL_AMOUNT_DIGITS):
        raise CodeError("the amount has 10 digits", 50)
    _check_creditor(creditor, 67)
    return Notice(number, creditor, int(amount))


def _check_number(number: str, position: int) -> None:
    if not is_digits(number, NOTICE_DIGITS):
        raise CodeError("a notice number has 18 digits", position)
    if number[0] in UNCHECKED_AUX:
        return
    if number[0] not in CHECKED_AUX:
        raise CodeError(f"aux digit {number[0]} does not exist", position)
    if number[16:] != check_digits(number[:16]):
        raise CodeError("the check digits of the notice number are wrong", position + 16)


def _check_creditor(creditor: str, position: int) -> None:
    """A legal person's fiscal code ends with a check digit by Luhn's rule (DPR 605/1973; DM 23 December 1976)."""
    if not is_digits(creditor, CREDITOR_DIGITS):
        raise CodeError("the creditor's fiscal code has 11 digits", position)
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in creditor[1::2])
    if (doubled + sum(int(digit) for digit in creditor[::2])) % 10:
        raise CodeError("the check digit of the creditor's fiscal code is wrong", position + 10)


def _postal_text(text: str, length: int) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    kept = "".join(character if character in POSTAL_CHARACTERS else " " for character in plain)
    return f"{kept[:length]:<{length}}"
