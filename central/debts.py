"""What citizens owe: one interface to the tax system, over a CSV file or over its own database.

Both give rows of these columns: scheme and national_id (whose), service (of the catalogue, by which it is paid), id,
title, detail, property_id, amount_cents, due (ISO date), guide_number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, ConfigDict, Field

from offline_cache.contract.messages import Debt
from offline_cache.contract.national_ids import NationalId, Scheme

if TYPE_CHECKING:
    from central.state import CentralState

# FEBRABAN arrecadação v06: a due date AAAAMMDD takes the first 8 of the 25 free digits.
NUMBER_DIGITS = 17


class DebtsError(ValueError):
    """What the tax system gave cannot be used, or it gave nothing; one line that says where, and nobody's data."""


@dataclass(frozen=True)
class OpenDebt:
    """A debt, and the service of the catalogue by which it is paid."""

    service: str
    debt: Debt


class DebtSource(Protocol):
    """The tax system, whatever it is."""

    def open_debts(self, whose: NationalId) -> tuple[OpenDebt, ...]:
        """Everything this citizen owes, the nearest due date first. DebtsError if the source is wrong or away."""
        ...

    def check(self) -> str:
        """What an administrator is told of a source that works; DebtsError if it does not."""
        ...


class DebtRow(BaseModel):
    """One debt as the tax system gives it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scheme: Scheme
    national_id: str = Field(pattern=r"^[0-9A-Z]{8,16}$")
    service: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")
    id: str = Field(pattern=r"^[a-z0-9-]{1,48}$")
    title: str = Field(min_length=1)
    detail: str
    property_id: str
    amount_cents: int = Field(gt=0)
    due: date
    guide_number: str = Field(pattern=r"^[\d./-]{1,24}$")

    @property
    def whose(self) -> NationalId:
        return NationalId(self.scheme, self.national_id)

    def debt(self) -> Debt:
        number = "".join(filter(str.isdigit, self.guide_number)).zfill(NUMBER_DIGITS)
        return Debt(
            id=self.id,
            title=self.title,
            detail=self.detail,
            property_id=self.property_id or None,
            amount_cents=self.amount_cents,
            due=self.due.isoformat(),
            guide_number=self.guide_number,
            free_field=f"{self.due:%Y%m%d}{number}",
            txid=f"VA{number}",
        )


def source(state: CentralState) -> DebtSource:
    """What central.toml says: the tax system's database, or a CSV file in the centre's folder."""
    from central.debts_csv import CsvDebts
    from central.debts_sql import SqlDebts

    settings = state.settings
    return SqlDebts(settings.debts_url, settings.debts_query) if settings.debts_url else CsvDebts(state.debts)


def in_order(rows: Iterable[DebtRow]) -> tuple[OpenDebt, ...]:
    """The nearest due date first."""
    return tuple(OpenDebt(row.service, row.debt()) for row in sorted(rows, key=lambda row: (row.due, row.id)))


def overdue(debts: tuple[OpenDebt, ...], today: date) -> bool:
    """Whether something was not paid in time, whatever it is paid by."""
    return any(date.fromisoformat(each.debt.due) < today for each in debts)
