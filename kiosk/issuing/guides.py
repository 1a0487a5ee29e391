"""A guide that is payable as it is printed: arrecadação and static Pix for the same amount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kiosk.catalog.model import GuideRule, Operator
from kiosk.issuing import arrecadacao, digits, pix
from offline_cache.contract.messages import Debt

NUMBER_DIGITS = 7
FREE_NUMBER_DIGITS = 17
TXID_NUMBER_DIGITS = 13
# Stands where a due date would, on a guide that has none.
NO_DUE = "00000000"


@dataclass(frozen=True)
class Guide:
    """`due` is None when there is none: no rule for it, or no trusted clock to count from."""

    number: str
    code: arrecadacao.Arrecadacao
    pix: str
    amount_cents: int
    due: date | None
    txid: str

    def record(self) -> dict[str, Any]:
        """What the centre is told of it."""
        return {
            "number": self.number,
            "barcode": self.code.barcode,
            "line": self.code.line,
            "pix": self.pix,
            "amount_cents": self.amount_cents,
            "due": self.due.isoformat() if self.due else None,
            "txid": self.txid,
        }


def of_debt(rule: GuideRule, operator: Operator, debt: Debt) -> Guide:
    """The guide of a debt: number, free field, txid, amount and due date are the tax system's."""
    return _guide(
        rule,
        operator,
        number=debt.guide_number,
        free_field=debt.free_field,
        amount_cents=debt.amount_cents,
        due=date.fromisoformat(debt.due),
        txid=debt.txid,
    )


def of_number(rule: GuideRule, operator: Operator, number: int, today: date | None) -> Guide:
    """The guide of a fixed amount, with a number of this kiosk's own block; `today` None without a trusted clock.

    The free field is the due date (AAAAMMDD, zeros for none) and the number with its check digit: no two numbers of a
    series give the same. ValueError if the rule has no amount.
    """
    if rule.amount_cents is None:
        raise ValueError("a guide without a fixed amount is made of a debt")
    due = today + timedelta(days=rule.due_days) if today and rule.due_days is not None else None
    plain = f"{number:0{NUMBER_DIGITS}d}"
    check = digits.mod10(plain)
    year = f"{today.year}." if today else ""
    prefix = rule.series.replace("-", "").upper()
    return _guide(
        rule,
        operator,
        number=f"{year}{plain}-{check}",
        free_field=(f"{due:%Y%m%d}" if due else NO_DUE) + f"{plain}{check}".zfill(FREE_NUMBER_DIGITS),
        amount_cents=rule.amount_cents,
        due=due,
        txid=f"{prefix}{number:0{TXID_NUMBER_DIGITS}d}",
    )


def _guide(
    rule: GuideRule, operator: Operator, *, number: str, free_field: str, amount_cents: int, due: date | None, txid: str
) -> Guide:
    code = arrecadacao.make(
        segment=rule.segment,
        value_id=rule.value_id,
        amount_cents=amount_cents,
        febraban_id=rule.febraban_id,
        free_field=free_field,
    )
    payload = pix.static(
        key=rule.pix_key, name=operator.pix_name, city=operator.pix_city, amount_cents=amount_cents, txid=txid
    )
    return Guide(number=number, code=code, pix=payload, amount_cents=amount_cents, due=due, txid=txid)
