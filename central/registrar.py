"""Who makes guides payable that are not payable as printed: one interface, whatever bank or agency is behind it.

`registrars.toml` of the centre's folder has a table for each, named as the catalogue's guides name it. What a registrar
gave is kept in its book (`central.registrar_books`): the same claim gets the same charge for ever.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from pydantic import TypeAdapter, ValidationError

from central.registrar_codes import Account
from kiosk.catalog import problems
from kiosk.catalog.guide_kinds import GuideKind
from offline_cache.contract.charges import Charge
from offline_cache.contract.national_ids import NationalId

if TYPE_CHECKING:
    from central.state import CentralState


class RegistrarError(ValueError):
    """The registrar is not there, or gave nothing; one line that says where, and nobody's data."""


@dataclass(frozen=True)
class Debtor:
    """Who owes, proven by their card."""

    name: str
    national_id: NationalId


@dataclass(frozen=True)
class Claim:
    """What is to be paid. `key` names it for ever: a claim that comes again gets the charge it got."""

    key: str
    title: str
    amount_cents: int
    due: date | None = None
    debtor: Debtor | None = None


class Registrar(Protocol):
    """A bank, a Pix provider, pagoPA, a creditor's own books."""

    @property
    def kind(self) -> GuideKind:
        """What it makes."""
        ...

    def register(self, claim: Claim) -> Charge:
        """The charge of this claim, payable from now on. RegistrarError if there is none to be had."""
        ...

    def check(self) -> str:
        """What an administrator is told of one that works; RegistrarError if it does not. Registers nothing."""
        ...


def registrars(state: CentralState) -> dict[str, Registrar]:
    """All of registrars.toml by name; none without the file. RegistrarError names what is wrong in it."""
    from central.registrar_books import open_book

    return {name: _Numbering(account, open_book(state, name, account)) for name, account in accounts(state).items()}


def named(state: CentralState, name: str | None, kind: GuideKind) -> Registrar:
    """RegistrarError if there is none of that name, or it makes guides of another kind."""
    found = registrars(state).get(name or "")
    if found is None:
        raise RegistrarError(f"{state.registrars} has no registrar [{name}]")
    if found.kind is not kind:
        raise RegistrarError(f"{state.registrars}: registrar [{name}] makes {found.kind}, the catalogue wants {kind}")
    return found


def accounts(state: CentralState) -> dict[str, Account]:
    """What registrars.toml says, by name."""
    file = state.registrars
    if not file.is_file():
        return {}
    value: dict[str, object] = {}
    try:
        value = tomllib.loads(file.read_text(encoding="utf-8"))
        return TypeAdapter(dict[str, Account]).validate_python(value)
    except ValidationError as error:
        raise RegistrarError(f"{file}: {'; '.join(map(str, problems.lines(error, value)))}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RegistrarError(f"{file}: {error}") from error


class Book(Protocol):
    """Where charges are kept. Its numbers rise by one and are never given twice."""

    def enter(self, claim: Claim, account: Account) -> Charge:
        """The charge of this claim: the one that stands there, or a new one, written for good before it is told."""
        ...

    def check(self) -> str: ...


@dataclass(frozen=True)
class _Numbering:
    """A made-up registrar, and every real one that takes what we number under an agreement (a bank's remittance file,
    a creditor's own references): the account says what the codes look like, the book is what is handed over.
    """

    account: Account
    book: Book

    @property
    def kind(self) -> GuideKind:
        return GuideKind(self.account.kind)

    def register(self, claim: Claim) -> Charge:
        return self.book.enter(claim, self.account)

    def check(self) -> str:
        return f"{self.account.kind}: {self.book.check()}"
