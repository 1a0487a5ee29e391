"""EPC QR: the text of a QR code that fills in a SEPA credit transfer.

Lines in a fixed order: BCD, version, character set, SCT, BIC, name, IBAN, amount, purpose, structured reference,
unstructured remittance, note to the payer; empty ones at the end are left out. At most 331 bytes, QR level M,
version 13.

Source: European Payments Council, EPC069-12, "Quick response code: guidelines to enable data capture for the initiation
of a SEPA credit transfer", version 2.1 of 9 February 2012; in its version 002 the BIC is optional within the EEA.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban
from stdnum import iso11649

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing.errors import CodeError

KIND = GuideKind.SEPA
SERVICE, IDENTIFICATION = "BCD", "SCT"
VERSIONS = ("001", "002")
UTF_8 = "1"
CHARACTER_SETS = frozenset("12345678")
LINES, NEEDED_LINES = 12, 7
BYTES_MAX = 331
NAME_MAX, REFERENCE_MAX, TEXT_MAX, NOTE_MAX = 70, 35, 140, 70
AMOUNT_MAX_CENTS = 99_999_999_999
AMOUNT = re.compile(r"EUR([0-9]{1,9})(?:\.([0-9]{1,2}))?")
PURPOSE = re.compile(r"[A-Z0-9]{1,4}")


@dataclass(frozen=True)
class Transfer:
    """Empty texts are not there. `amount_cents` None: the payer types it."""

    name: str
    iban: str
    amount_cents: int | None
    reference: str = ""
    text: str = ""
    bic: str = ""
    purpose: str = ""
    note: str = ""


def payload(transfer: Transfer) -> str:
    """The text of the code, version 002 and UTF-8. ValueError says what does not fit."""
    amount = "" if transfer.amount_cents is None else _amount(transfer.amount_cents)
    lines = [SERVICE, "002", UTF_8, IDENTIFICATION, transfer.bic, transfer.name, transfer.iban, amount,
             transfer.purpose, transfer.reference, transfer.text, transfer.note]  # fmt: skip
    made = "\n".join(lines).rstrip("\n")
    try:
        read = parse(made)
    except CodeError as error:
        raise ValueError(error.reason) from error
    if read != transfer:
        raise ValueError("a line of a transfer holds no line end")
    return made


def parse(code: str) -> Transfer:
    """Reads a code's text; its lines end with LF or CR LF. CodeError names what is wrong and its position."""
    lines, places = _lines(code)
    if len(code.encode()) > BYTES_MAX:
        raise CodeError(f"the text has more than {BYTES_MAX} bytes", len(code))
    head = ((SERVICE,), VERSIONS, CHARACTER_SETS, (IDENTIFICATION,))
    for number, known in enumerate(head):
        if lines[number] not in known:
            raise CodeError(f"line {number + 1} is none of {', '.join(sorted(known))}", places[number])
    bic, name, iban, amount, purpose, reference, text, note = lines[4:]
    if (bic or lines[1] == "001") and not stdnum_bic.is_valid(bic):
        raise CodeError("the BIC is wrong", places[4])
    if not 0 < len(name) <= NAME_MAX:
        raise CodeError(f"the name has 1 to {NAME_MAX} characters", places[5])
    if not iban.isalnum() or not stdnum_iban.is_valid(iban):
        raise CodeError("the IBAN is wrong", places[6])
    if purpose and not PURPOSE.fullmatch(purpose):
        raise CodeError("a purpose has up to 4 capitals and digits", places[8])
    if reference and text:
        raise CodeError("a transfer has either a structured reference or a text", places[10])
    if len(reference) > REFERENCE_MAX or (reference.startswith("RF") and not iso11649.is_valid(reference)):
        raise CodeError("the creditor's reference is wrong (ISO 11649)", places[9])
    if len(text) > TEXT_MAX:
        raise CodeError(f"the text has up to {TEXT_MAX} characters", places[10])
    if len(note) > NOTE_MAX:
        raise CodeError(f"the note has up to {NOTE_MAX} characters", places[11])
    return Transfer(name, iban, _cents(amount, places[7]), reference, text, bic, purpose, note)


def _lines(code: str) -> tuple[list[str], list[int]]:
    """The twelve lines, empty ones for those left out, and where each begins."""
    lines, places, at = [], [], 1
    for line in code.split("\n"):
        places.append(at)
        at += len(line) + 1
        lines.append(line.removesuffix("\r"))
    for line, place in zip(lines, places, strict=True):
        for offset, character in enumerate(line):
            if not character.isprintable():
                raise CodeError(f"{character!r} does not belong in a transfer", place + offset)
    if not NEEDED_LINES <= len(lines) <= LINES:
        raise CodeError(f"{len(lines)} lines; a transfer has {NEEDED_LINES} to {LINES}", max(1, len(code)))
    missing = LINES - len(lines)
    return lines + [""] * missing, places + [max(1, len(code))] * missing


def _amount(amount_cents: int) -> str:
    if not 0 < amount_cents <= AMOUNT_MAX_CENTS:
        raise ValueError("an amount is 0.01 to 999999999.99 euro")
    return f"EUR{amount_cents // 100}.{amount_cents % 100:02d}"


def _cents(amount: str, place: int) -> int | None:
    if not amount:
        return None
    match = AMOUNT.fullmatch(amount)
    cents = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else 0
    if cents == 0:
        raise CodeError("the amount is not written as EUR123.45, from 0.01", place)
    return cents
