"""Payments that the bank and the Pix provider report: taken in from a CSV file, and held against the guides issued.

Columns: id (the bank's own, or the Pix endToEndId), channel (barcode, pix, pagopa or transfer), reference (a barcode's
44 or 46 digits, or its line; of a Pix its txid, of a notice its 18 digits, of a transfer the creditor's reference),
amount_cents, paid (ISO date). A guide may carry a barcode and a Pix for the same debt, and nothing keeps anybody from
paying both: the centre flags it, so that somebody pays one back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select

from central.centre import Centre
from central.models import Payment, Ticket
from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing import money, pagopa, reading, sepa
from kiosk.issuing.digits import is_digits
from kiosk.issuing.errors import CodeError
from kiosk.issuing.reading import Facts

NEEDED = {"number", "barcode", "reference", "amount_cents"}
BOTH, TWICE, AMOUNT, UNKNOWN = "barcode-and-pix", "twice", "amount", "unknown-guide"
"""Paid by barcode and by Pix; more than once by the same way; another amount than the guide's; a guide not of ours."""


# A barcode's amount is in reais, but for Cuaderno 57, whose reference is shorter.
IN_EURO = frozenset({"pagopa", "transfer"})
# Of a static Pix up to 25, of one with an address 26 to 35 (API Pix).
TXID = re.compile(r"[A-Za-z0-9]{1,35}")


class PaymentsError(ValueError):
    """The file is wrong; one line that names the line. Nothing of it was taken in."""


@dataclass(frozen=True)
class Taken:
    """How many payments of a file were new, and how many were known from a file before."""

    new: int
    known: int


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[!-~]{1,64}$")
    channel: Literal["barcode", "pix", "pagopa", "transfer"]
    reference: str
    amount_cents: int = Field(gt=0)
    paid: date


@dataclass
class _Guide:
    """What was issued under one reference: a debt may be printed more than once, and with another amount later."""

    number: str = ""
    service: str = ""
    tickets: list[str] = field(default_factory=list)
    amounts: set[int] = field(default_factory=set)
    payments: list[Payment] = field(default_factory=list)

    def flags(self) -> list[str]:
        channels = [payment.channel for payment in self.payments]
        found = []
        if len(set(channels)) > 1:
            found.append(BOTH)
        if len(channels) > len(set(channels)):
            found.append(TWICE)
        if not self.tickets:
            found.append(UNKNOWN)
        elif any(payment.amount_cents not in self.amounts for payment in self.payments):
            found.append(AMOUNT)
        return found


def take(centre: Centre, path: Path) -> Taken:
    """All payments of the file, or none. One that was taken in before is known by its id; PaymentsError names the line
    of what is wrong, and of an id that came before with other content.
    """
    rows = read(path)
    new = 0
    with centre.database.transaction() as session:
        for line, row in rows:
            known = session.get(Payment, row.id)
            if known is None:
                session.add(Payment(**_values(row), imported=centre.now()))
                session.flush()
                new += 1
            elif {name: getattr(known, name) for name in _values(row)} != _values(row):
                raise PaymentsError(f"{path}, line {line}: payment {row.id} came before with other content")
    return Taken(new, len(rows) - new)


def listing(centre: Centre) -> list[dict[str, Any]]:
    """The guides that were paid, by number, each with its payments and what is wrong with them."""
    with centre.database.transaction() as session:
        payments = list(session.scalars(select(Payment).order_by(Payment.paid, Payment.id)))
        issued = session.execute(select(Ticket.code, Ticket.service, Ticket.guide).order_by(Ticket.code)).all()
    guides: dict[str, _Guide] = {}
    references: dict[str, str] = {}
    for code, service, record in issued:
        if record is None or not record.keys() >= NEEDED:
            continue
        if record["barcode"] is not None:
            references[record["barcode"]] = record["reference"]
        guide = guides.setdefault(record["reference"], _Guide(record["number"], service))
        guide.tickets.append(code)
        guide.amounts.add(record["amount_cents"])
    for payment in payments:
        key = references.get(payment.reference, payment.reference)
        guides.setdefault(key, _Guide()).payments.append(payment)
    paid = {key: guide for key, guide in guides.items() if guide.payments}
    return [_told(key, guide) for key, guide in sorted(paid.items(), key=lambda item: (item[1].number, item[0]))]


def read(path: Path) -> list[tuple[int, _Row]]:
    """The rows with their lines; PaymentsError names file and line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PaymentsError(f"{path} is not UTF-8: save the file as UTF-8") from error
    with io.StringIO(text, newline="") as file:
        reader = csv.DictReader(file)
        if missing := _Row.model_fields.keys() - set(reader.fieldnames or ()):
            raise PaymentsError(f"{path}, line 1: these columns are missing: {', '.join(sorted(missing))}")
        return [(reader.line_num, _row(path, reader.line_num, record)) for record in reader]


def _row(path: Path, line: int, record: dict[str, Any]) -> _Row:
    try:
        row = _Row.model_validate(record)
        return row.model_copy(update={"reference": _reference(row)})
    except ValidationError as error:
        places = ", ".join(".".join(str(part) for part in problem["loc"]) for problem in error.errors())
        raise PaymentsError(f"{path}, line {line}: wrong or missing: {places}") from error
    except CodeError as error:
        raise PaymentsError(f"{path}, line {line}: reference: {error}") from error


def _reference(row: _Row) -> str:
    """The barcode, whichever form was written; a txid, a notice's number, a creditor's reference as they are."""
    match row.channel:
        case "barcode":
            return _barcode(reading.read(row.reference, row.paid))
        case "pix" if not TXID.fullmatch(row.reference):
            raise CodeError("a txid has 1 to 35 letters and digits", 1)
        case "pagopa" if not is_digits(row.reference, pagopa.NOTICE_DIGITS):
            raise CodeError("a notice number has 18 digits", 1)
        case "transfer" if not 0 < len(row.reference) <= sepa.REFERENCE_MAX:
            raise CodeError("a creditor's reference has 1 to 35 characters", 1)
        case _:
            return row.reference


def _barcode(facts: Facts) -> str:
    """What a payment is filed under: of Cuaderno 57 what banks report, which fits beside the rest."""
    if facts.kind is GuideKind.CUADERNO_57:
        return f"{(facts.company or '').replace('-', '')}{facts.line}"
    return facts.barcode


def _values(row: _Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "channel": row.channel,
        "reference": row.reference,
        "amount_cents": row.amount_cents,
        "paid": row.paid.isoformat(),
    }


def _told(key: str, guide: _Guide) -> dict[str, Any]:
    return {
        "guide": guide.number or None,
        "reference": key,
        "service": guide.service or None,
        "tickets": guide.tickets,
        "flags": guide.flags(),
        "payments": [_told_payment(payment) for payment in guide.payments],
    }


def _told_payment(payment: Payment) -> dict[str, Any]:
    return {
        "id": payment.id,
        "channel": payment.channel,
        "amount_cents": payment.amount_cents,
        "paid": payment.paid,
    }


def lines(listed: Iterable[dict[str, Any]]) -> list[str]:
    """The listing for people, a line a guide, what is wrong first."""
    said = []
    for row in listed:
        paid = "; ".join(
            f"{_amount(payment)} by {payment['channel']} on {payment['paid']} ({payment['id']})"
            for payment in row["payments"]
        )
        flags = "".join(f"{flag.upper()}  " for flag in row["flags"])
        tickets = f"  tickets {', '.join(row['tickets'])}" if row["tickets"] else ""
        said.append(f"{flags}guide {row['guide'] or row['reference']}{tickets}  {paid}")
    return said


def _amount(payment: dict[str, Any]) -> str:
    return (money.euro if payment["channel"] in IN_EURO else money.reais)(payment["amount_cents"])
