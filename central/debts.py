"""What citizens owe: one interface to the tax system, and its implementation over a CSV file.

Columns: cpf, id, title, detail, property_id, amount_cents, due (ISO date), guide_number. The sample of the made-up
prefeitura is written as of `SAMPLE_DAY`; `copy_sample` moves every date by the days gone since, so that what lies
ahead in the sample lies ahead on the day of the demonstration.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from offline_cache.contract.messages import Debt

SAMPLE = Path(__file__).parent / "sample" / "debts.csv"
SAMPLE_DAY = date(2026, 11, 24)
# FEBRABAN arrecadação v06: a due date AAAAMMDD takes the first 8 of the 25 free digits.
NUMBER_DIGITS = 17


class DebtsError(ValueError):
    """The file is wrong; one line that names the line."""


class DebtSource(Protocol):
    """The tax system, whatever it is."""

    def open_debts(self, cpf: str) -> tuple[Debt, ...]:
        """Everything this citizen owes, the nearest due date first."""
        ...


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    cpf: str = Field(pattern=r"^\d{11}$")
    id: str = Field(pattern=r"^[a-z0-9-]{1,48}$")
    title: str = Field(min_length=1)
    detail: str
    property_id: str
    amount_cents: int = Field(gt=0)
    due: date
    guide_number: str = Field(pattern=r"^[\d./-]{1,24}$")

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


class CsvDebts:
    """Read anew at each look-up: an administrator may replace the file while the centre runs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open_debts(self, cpf: str) -> tuple[Debt, ...]:
        """Everything this citizen owes; DebtsError if the file is wrong."""
        rows = [row for row in read(self._path) if row.cpf == cpf]
        return tuple(row.debt() for row in sorted(rows, key=lambda row: (row.due, row.id)))


def overdue(debts: tuple[Debt, ...], today: date) -> bool:
    """Whether something was not paid in time."""
    return any(date.fromisoformat(debt.due) < today for debt in debts)


def read(path: Path) -> tuple[_Row, ...]:
    """All rows; DebtsError names file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DebtsError(f"{path} is not UTF-8: save the file as UTF-8") from error
    with io.StringIO(text, newline="") as file:
        reader = csv.DictReader(file)
        if missing := _Row.model_fields.keys() - set(reader.fieldnames or ()):
            raise DebtsError(f"{path}, line 1: these columns are missing: {', '.join(sorted(missing))}")
        rows = []
        for record in reader:
            try:
                rows.append(_Row.model_validate(record))
            except ValidationError as error:
                places = ", ".join(".".join(str(part) for part in problem["loc"]) for problem in error.errors())
                raise DebtsError(f"{path}, line {reader.line_num}: wrong or missing: {places}") from error
    return tuple(rows)


def copy_sample(target: Path, today: date) -> None:
    """The sample with its dates moved to `today`; `{year}` in a title is the year in which it falls due."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(_Row.model_fields), lineterminator="\n")
    writer.writeheader()
    for row in read(SAMPLE):
        due = row.due + (today - SAMPLE_DAY)
        moved = {"due": due.isoformat(), "title": row.title.replace("{year}", str(due.year))}
        writer.writerow(row.model_dump() | moved)
    target.write_text(out.getvalue(), encoding="utf-8")
