"""The books of registrars: a CSV file that a bank can be handed, or a table in a database of its own. Both work alone.

A charge is written, for good, before anybody is told of it; two kiosks that ask at once get two numbers.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from sqlalchemy import BigInteger, Column, Engine, MetaData, String, Table, create_engine, func, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from central import registrar_codes
from central.registrar import Book, Claim, RegistrarError
from central.registrar_codes import Account
from offline_cache.contract.charges import Charge

if TYPE_CHECKING:
    from central.state import CentralState

CHARGE = tuple(Charge.model_fields)
COLUMNS = ("claim", "serial", *CHARGE)
LINE_END = r"\n"
# Another process may have taken the number that was free a moment ago.
TRIES = 5


def open_book(state: CentralState, name: str, account: Account) -> Book:
    """The book of one registrar."""
    return SqlBook(name, account.url) if account.url else CsvBook(state.path / "registered" / f"{name}.csv")


@dataclass(frozen=True)
class CsvBook:
    """One line a charge, in the order of registration. Kept open to one writer at a time by a lock on the file."""

    path: Path

    def enter(self, claim: Claim, account: Account) -> Charge:
        with self._locked() as descriptor:
            rows = self._rows(descriptor)
            for _, key, known in rows:
                if key == claim.key:
                    return known
            number = max((serial for serial, _, _ in rows), default=account.first_number - 1) + 1
            made = _made(account, number, claim)
            line = io.StringIO(newline="")
            writer = csv.writer(line, lineterminator="\n")
            if not rows:
                writer.writerow(COLUMNS)
            # the text of an EPC QR has lines of its own; here a charge is one line
            told = made.model_copy(update={"code": made.code.replace("\n", LINE_END)})
            writer.writerow([claim.key, number, *told.model_dump(mode="json").values()])
            os.write(descriptor, line.getvalue().encode())
            os.fsync(descriptor)
        return made

    def check(self) -> str:
        if not self.path.exists():
            return f"{self.path}: nothing registered yet"
        with self._locked() as descriptor:
            return f"{self.path}: {len(self._rows(descriptor))} registered"

    @contextmanager
    def _locked(self) -> Generator[int]:
        try:
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise RegistrarError(f"{self.path} cannot be opened: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _rows(self, descriptor: int) -> list[tuple[int, str, Charge]]:
        """All that was registered. A last line that was cut off by a crash was told to nobody and is taken away."""
        data = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            os.ftruncate(descriptor, len(whole))
        with io.StringIO(whole.decode(), newline="") as file:
            reader = csv.DictReader(file)
            return [self._row(reader.line_num, record) for record in reader]

    def _row(self, line: int, record: dict[str, Any]) -> tuple[int, str, Charge]:
        try:
            code = record["code"].replace(LINE_END, "\n")
            return int(record["serial"]), record["claim"], _charge(record | {"code": code})
        except (KeyError, ValueError) as error:
            raise RegistrarError(f"{self.path}, line {line}: cannot be read") from error


@dataclass(frozen=True)
class SqlBook:
    """A table `registered_NAME` in the registrar's database, made if it is missing."""

    name: str
    url: str

    def enter(self, claim: Claim, account: Account) -> Charge:
        table = self._table()
        try:
            for _ in range(TRIES):
                if (entered := self._enter(table, claim, account)) is not None:
                    return entered
        except SQLAlchemyError as error:
            raise self._unusable(error) from None
        raise RegistrarError(f"the book of registrar {self.name} gives no number: others take each first")

    def _enter(self, table: Table, claim: Claim, account: Account) -> Charge | None:
        """None if somebody else was quicker: then it is looked at again."""
        try:
            with _engine(self.url).begin() as connection:
                known = connection.execute(select(table).where(table.c.claim == claim.key)).mappings().first()
                if known is not None:
                    return _charge(dict(known))
                highest = connection.execute(select(func.max(table.c.serial))).scalar()
                number = account.first_number if highest is None else int(highest) + 1
                made = _made(account, number, claim)
                connection.execute(insert(table).values(claim=claim.key, serial=number, **made.model_dump(mode="json")))
        except IntegrityError:
            return None
        return made

    def check(self) -> str:
        table = self._table()
        try:
            with _engine(self.url).connect() as connection:
                found = connection.execute(select(func.count()).select_from(table)).scalar()
        except SQLAlchemyError as error:
            raise self._unusable(error) from None
        return f"table {table.name}: {found} registered"

    def _unusable(self, error: Exception) -> RegistrarError:
        return RegistrarError(f"the book of registrar {self.name} cannot be used: {type(error).__name__}")

    def _table(self) -> Table:
        metadata = MetaData()
        table = Table(
            f"registered_{self.name.replace('-', '_')}", metadata,
            Column("claim", String(160), primary_key=True),
            Column("serial", BigInteger, unique=True, nullable=False),
            *(Column(name, BigInteger if name == "amount_cents" else String(600)) for name in CHARGE),
        )  # fmt: skip
        try:
            metadata.create_all(_engine(self.url))
        except (SQLAlchemyError, ModuleNotFoundError) as error:
            raise self._unusable(error) from None
        return table


def _made(account: Account, number: int, claim: Claim) -> Charge:
    try:
        return registrar_codes.charge(account, number, claim)
    except ValueError as error:
        raise RegistrarError(f"no {account.kind} can be made of claim {claim.key}: {error}") from error


def _charge(record: dict[str, Any]) -> Charge:
    try:
        return Charge.model_validate({name: record[name] or None for name in CHARGE})
    except ValidationError as error:
        places = ", ".join(sorted({str(problem["loc"][0]) for problem in error.errors()}))
        raise RegistrarError(f"a charge of the book is wrong: {places}") from None


@cache
def _engine(url: str) -> Engine:
    return create_engine(url, hide_parameters=True, pool_pre_ping=True)
