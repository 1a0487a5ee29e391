"""A guide that can be paid: made here where the paper alone is payable, taken as its registrar made it everywhere else.

Made here are an arrecadação with a static Pix for the same amount, and a static Pix alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.catalog.model import GuideRule, Operator
from kiosk.issuing import arrecadacao, digits, pix, reading
from kiosk.issuing.errors import CodeError
from kiosk.issuing.reading import Facts
from offline_cache.contract.charges import Charge
from offline_cache.contract.messages import Debt

NUMBER_DIGITS = 7
FREE_NUMBER_DIGITS = 17
TXID_NUMBER_DIGITS = 13
# Stands where a due date would, on a guide that has none.
NO_DUE = "00000000"


@dataclass(frozen=True)
class Guide:
    """`due` is None when there is none: no rule for it, or no trusted clock to count from.

    `code` is what its barcode, QR code or text says, None for a Pix; `pix` a Pix payload beside it or alone.
    `reference` is what a payment names it by. `serial` is its number in `series`, where the kiosk gave the number.
    """

    kind: GuideKind
    number: str
    amount_cents: int
    due: date | None
    reference: str
    code: Facts | None = None
    pix: str | None = None
    payee: str | None = None
    postal: str | None = None
    series: str | None = None
    serial: int | None = None

    def record(self) -> dict[str, Any]:
        """What the centre is told of it. `txid` is that of its Pix, where it has one."""
        return {
            "kind": str(self.kind),
            "number": self.number,
            "barcode": self.code.barcode if self.code else None,
            "line": self.code.line if self.code else None,
            "pix": self.pix,
            "amount_cents": self.amount_cents,
            "due": self.due.isoformat() if self.due else None,
            "txid": self.reference if self.pix is not None else None,
            "reference": self.reference,
            "series": self.series,
            "serial": self.serial,
        }


def of_debt(rule: GuideRule, operator: Operator, debt: Debt) -> Guide:
    """The guide of a debt: number, free field, txid, amount and due date are the tax system's, or its registrar's."""
    if rule.kind.registered:
        if debt.charge is None:
            raise ValueError(f"nobody made debt {debt.id} payable")
        return of_charge(rule, debt.charge, debt.amount_cents)
    return _payable_as_printed(
        rule, operator, number=debt.guide_number, free_field=debt.free_field, amount_cents=debt.amount_cents,
        due=date.fromisoformat(debt.due), txid=debt.txid,
    )  # fmt: skip


def of_number(rule: GuideRule, operator: Operator, number: int, today: date | None) -> Guide:
    """The guide of a fixed amount, with a number of this kiosk's own block; `today` None without a trusted clock.

    The free field is the due date (AAAAMMDD, zeros for none) and the number with its check digit: no two numbers of a
    series give the same. ValueError if the rule has no amount, or no series.
    """
    if rule.amount_cents is None or rule.series is None:
        raise ValueError("a guide without a fixed amount is made of a debt")
    due = today + timedelta(days=rule.due_days) if today and rule.due_days is not None else None
    plain = f"{number:0{NUMBER_DIGITS}d}"
    check = digits.mod10(plain)
    year = f"{today.year}." if today else ""
    prefix = rule.series.replace("-", "").upper()
    return _payable_as_printed(
        rule, operator, number=f"{year}{plain}-{check}",
        free_field=(f"{due:%Y%m%d}" if due else NO_DUE) + f"{plain}{check}".zfill(FREE_NUMBER_DIGITS),
        amount_cents=rule.amount_cents, due=due, txid=f"{prefix}{number:0{TXID_NUMBER_DIGITS}d}", serial=number,
    )  # fmt: skip


def of_charge(rule: GuideRule, charge: Charge, amount_cents: int) -> Guide:
    """The guide that a registrar made payable. ValueError if its code is not of the service's kind, or for another
    amount or day than what the citizen was told: then nothing is printed.
    """
    if charge.kind is not rule.kind:
        raise ValueError(f"the registrar gave a {charge.kind}, the service is a {rule.kind}")
    due = date.fromisoformat(charge.due) if charge.due else None
    try:
        # of the two days that a boleto's due factor stands for, the one that the registrar named: no clock is needed
        code = None if charge.kind is GuideKind.PIX_DYNAMIC else reading.read(charge.code, due or date.min)
        said_cents = pix.parse(charge.code).amount_cents if code is None else code.amount_cents
        kind = pix.parse(charge.code).kind if code is None else code.kind
    except CodeError as error:
        raise ValueError(f"the registrar gave a code that is none: {error}") from error
    if kind is not charge.kind or {said_cents, charge.amount_cents} - {None} != {amount_cents}:
        raise ValueError("the registrar's code is of another kind, or says another amount")
    if code is not None and code.due is not None and code.due != due:
        raise ValueError("the registrar's code says another due date")
    return Guide(
        kind=charge.kind, number=charge.number, amount_cents=amount_cents, due=due, reference=charge.reference,
        code=code, pix=charge.code if code is None else None, payee=charge.payee, postal=charge.postal,
    )  # fmt: skip


def _payable_as_printed(
    rule: GuideRule, operator: Operator, *, number: str, free_field: str, amount_cents: int, due: date | None,
    txid: str, serial: int | None = None,
) -> Guide:  # fmt: skip
    if rule.pix_key is None or not operator.pix_name or not operator.pix_city:
        raise ValueError("the catalogue does not say who is paid")
    code = None
    if rule.kind is GuideKind.ARRECADACAO:
        code = reading.of_arrecadacao(
            arrecadacao.make(
                segment=rule.segment, value_id=rule.value_id, amount_cents=amount_cents,
                febraban_id=rule.febraban_id or "", free_field=free_field,
            )
        )  # fmt: skip
    payload = pix.static(
        key=rule.pix_key, name=operator.pix_name, city=operator.pix_city, amount_cents=amount_cents, txid=txid
    )
    return Guide(
        kind=rule.kind, number=number, amount_cents=amount_cents, due=due, reference=txid, code=code, pix=payload,
        series=rule.series if serial is not None else None, serial=serial,
    )  # fmt: skip
