"""Debts out of the tax system's own database, by one query that its administrators write. It is never written to.

The query names the citizen as `:national_id` (and `:scheme`, where citizens of several countries are asked for) and
gives the columns of `DebtRow`, both among them: a query that forgets its condition must show nobody the debts of
somebody else.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import CursorResult, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from central.debts import DebtRow, DebtsError, OpenDebt, in_order
from offline_cache.contract.national_ids import NationalId, Scheme

# A kiosk waits 5 s for a look-up as a whole.
LIMIT_S = 3
NOBODY = NationalId(Scheme.CPF, "00000000000")
COLUMNS = tuple(DebtRow.model_fields)
QUERY = f"SELECT {', '.join(COLUMNS)} FROM debts WHERE scheme = :scheme AND national_id = :national_id"  # noqa: S608  names of our own fields


class SqlDebts:
    """`url` as SQLAlchemy writes them; `query` gives the columns of a DebtRow for `:scheme` and `:national_id`.

    Without a query they are those of a table `debts`.
    """

    def __init__(self, url: str, query: str | None) -> None:
        self._url = url
        self._query = query or QUERY

    def open_debts(self, whose: NationalId) -> tuple[OpenDebt, ...]:
        """Everything this citizen owes; DebtsError if the database is away or the query is wrong, without its words.

        What a database says of an error may hold what was asked for, which is personal.
        """
        try:
            rows = self._rows(whose)
        except SQLAlchemyError as error:
            kind = type(error).__name__
            raise DebtsError(f"the tax system's database cannot be asked ({kind}): run `totem central debts`") from None
        if any(row.whose != whose for row in rows):
            raise DebtsError("debts_query gives the debts of others: it must ask for national_id = :national_id")
        return in_order(rows)

    def check(self) -> str:
        """Asks for nobody's debts."""
        try:
            found = len(self._rows(NOBODY))
        except SQLAlchemyError as error:
            words = getattr(error, "orig", None) or error
            raise DebtsError(f"the tax system's database cannot be asked: {words}") from error
        if found:
            raise DebtsError(
                "debts_query gives debts for a number that nobody has: it must ask for national_id = :national_id"
            )
        return f"{make_url(self._url).render_as_string(hide_password=True)}: the query runs and gives the right columns"

    def _rows(self, whose: NationalId) -> list[DebtRow]:
        with _engine(self._url).connect() as connection:
            said = {"scheme": str(whose.scheme), "national_id": whose.value}
            asked = {name: value for name, value in said.items() if f":{name}" in self._query}
            found: CursorResult[Any] = connection.execute(text(self._query), asked)
            if missing := set(COLUMNS) - set(found.keys()):
                raise DebtsError(f"debts_query does not give these columns: {', '.join(sorted(missing))}")
            records = [dict(row) for row in found.mappings()]
        return [_row(number, record) for number, record in enumerate(records, start=1)]


def _row(number: int, record: dict[str, Any]) -> DebtRow:
    known = {name: record[name] for name in COLUMNS}
    known["property_id"] = known["property_id"] or ""
    try:
        return DebtRow.model_validate(known)
    except ValidationError as error:
        places = ", ".join(sorted({str(problem["loc"][0]) for problem in error.errors()}))
        raise DebtsError(f"row {number} that debts_query gives: wrong or missing: {places}") from None


@cache
def _engine(url: str) -> Engine:
    """One pool a database. Read-only, and within the limit, where we know how to say so."""
    try:
        return _new_engine(url)
    except ModuleNotFoundError as error:
        raise DebtsError(f"debts_url of central.toml needs what is not installed here: {error.name}") from error


def _new_engine(url: str) -> Engine:
    known = make_url(url)
    match known.get_backend_name():
        case "sqlite":
            if known.database and not Path(known.database).is_file():
                raise DebtsError(f"{known.database} is missing: debts_url of central.toml names it")
            engine = create_engine(url, hide_parameters=True, connect_args={"timeout": LIMIT_S})

            @event.listens_for(engine, "connect")
            def read_only(connection: Any, _record: object) -> None:
                connection.execute("PRAGMA query_only=ON")

            return engine
        case "postgresql":
            options = f"-c statement_timeout={LIMIT_S * 1000} -c default_transaction_read_only=on"
            return create_engine(
                url, hide_parameters=True, pool_pre_ping=True,
                connect_args={"connect_timeout": LIMIT_S, "options": options},
            )  # fmt: skip
        case _:
            return create_engine(url, hide_parameters=True, pool_pre_ping=True)
