"""Debts out of a CSV file, and the sample of the made-up prefeitura.

The sample is written as of `SAMPLE_DAY`; `copy_sample` moves every date by the days gone since, so that what lies ahead
in the sample lies ahead on the day of the demonstration.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from central.debts import DebtRow, DebtsError, OpenDebt, in_order
from offline_cache.contract.national_ids import NationalId

SAMPLE = Path(__file__).parent / "sample" / "debts.csv"
SAMPLE_DAY = date(2026, 11, 24)


class CsvDebts:
    """Read anew at each look-up: an administrator may replace the file while the centre runs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open_debts(self, whose: NationalId) -> tuple[OpenDebt, ...]:
        """Everything this citizen owes; DebtsError if the file is wrong."""
        return in_order(row for row in read(self._path) if row.whose == whose)

    def check(self) -> str:
        rows = read(self._path)
        return f"{self._path}: {len(rows)} debts of {len({row.whose for row in rows})} citizens"


def read(path: Path) -> tuple[DebtRow, ...]:
    """All rows; DebtsError names file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DebtsError(f"{path} is not UTF-8: save the file as UTF-8") from error
    with io.StringIO(text, newline="") as file:
        reader = csv.DictReader(file)
        if missing := DebtRow.model_fields.keys() - set(reader.fieldnames or ()):
            raise DebtsError(f"{path}, line 1: these columns are missing: {', '.join(sorted(missing))}")
        rows = []
        for record in reader:
            try:
                rows.append(DebtRow.model_validate(record))
            except ValidationError as error:
                places = ", ".join(".".join(str(part) for part in problem["loc"]) for problem in error.errors())
                raise DebtsError(f"{path}, line {reader.line_num}: wrong or missing: {places}") from error
    return tuple(rows)


def copy_sample(target: Path, today: date) -> None:
    """The sample with its dates moved to `today`; `{year}` in a title is the year in which it falls due."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(DebtRow.model_fields), lineterminator="\n")
    writer.writeheader()
    for row in read(SAMPLE):
        due = row.due + (today - SAMPLE_DAY)
        moved = {"due": due.isoformat(), "title": row.title.replace("{year}", str(due.year))}
        writer.writerow(row.model_dump() | moved)
    target.write_text(out.getvalue(), encoding="utf-8")
