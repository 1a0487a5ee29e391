"""`totem guide`, `totem pix` and `totem code`: read and make what guides and tickets carry. No state, no network."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import click

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.commands.guide_makers import MAKERS, Maker
from kiosk.commands.options import stop
from kiosk.issuing import arrecadacao, boleto, money, reading, tracking
from kiosk.issuing import pix as br_code
from kiosk.issuing.errors import CodeError
from kiosk.issuing.reading import Facts

T = TypeVar("T")
Row = Mapping[str, str | int | bool | None]

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")


class Day(click.ParamType[date]):
    """A day as 2026-12-31."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day, as 2026-12-31 is", param, ctx)


DAY = Day()


@click.group()
def guide() -> None:
    """Decode or make the code of a payment guide."""


@guide.command("decode")
@click.argument("code", nargs=-1, required=True)
@click.option("--today", type=DAY, default=lambda: datetime.now().astimezone().date(), show_default="this day",
              help="A boleto's due factor means one of two days, 9000 days apart: which one, depends on the day.")
@as_json
def decode_guide(code: tuple[str, ...], today: date, as_json: bool) -> None:
    """Read a guide's CODE, with or without spaces, dots and dashes. 44 digits of a barcode, or the line that people
    type: 47 of a boleto, 48 of an arrecadação; 46 digits of Cuaderno 57; the text of a pagoPA QR, of its Data Matrix or
    of an EPC QR. A wrong code is told with reason and position, and ends with status 1.
    """
    _show(_guide_row(_verdict(lambda: reading.read(" ".join(code), today))), as_json)


@guide.command("make")
@click.option("--kind", type=click.Choice([kind.value for kind in MAKERS]), default=GuideKind.ARRECADACAO.value,
              show_default=True, help="What is made; each option below names its kinds.")
@click.option("--amount-cents", type=int, help="The amount in cents; a quantity for value ids 7 and 9. "
              "All kinds; sepa alone may leave it to who pays.")
@click.option("--due", type=DAY, help="The due date. arrecadacao: takes the first 8 digits of the free field; boleto; "
              "cuaderno-57: from suffix 500 on.")
@click.option("--free-field", help="arrecadacao: 25 digits (21 in segment 6), 8 fewer beside --due; boleto: 25.")
@click.option("--segment", type=int, help="arrecadacao: 1 prefeitura (the default), 2 sanitation, 3 energy and gas, "
              "4 telephone, 5 government, 6 by CNPJ, 7 traffic fines, 9 a bank's own.")
@click.option("--value-id", type=int, help="arrecadacao: 6 or 8 (the default) reais, 7 or 9 a quantity; 6 and 7 check "
              "modulo 10, 8 and 9 modulo 11.")
@click.option("--company", help="arrecadacao: FEBRABAN number of 4 digits, in segment 6 the 8 digits of a CNPJ root.")
@click.option("--bank", help="boleto: number of the bank that registered it, 3 digits.")
@click.option("--issuer", help="cuaderno-57: the digits of the issuer's NIF, up to 8.")
@click.option("--suffix", help="cuaderno-57: 3 digits; from 500 on --due is asked for.")
@click.option("--reference", help="cuaderno-57: up to 11 digits; sepa: structured creditor's reference.")
@click.option("--identification", help="cuaderno-57: up to 6 digits, below suffix 500.")
@click.option("--notice", help="pagopa: notice number of 18 digits.")
@click.option("--creditor", help="pagopa: the creditor's fiscal code, 11 digits.")
@click.option("--postal-account", help="pagopa: the creditor's postal account; makes the Data Matrix of the postal "
              "part, with --debtor-id, --debtor-name and --reason.")
@click.option("--debtor-id", help="pagopa, postal part: the debtor's fiscal code.")
@click.option("--debtor-name", help="pagopa, postal part: the debtor's name.")
@click.option("--reason", help="pagopa, postal part: what is paid.")
@click.option("--name", help="sepa: who is paid, at most 70 characters.")
@click.option("--iban", help="sepa: the account that is paid.")
@click.option("--bic", help="sepa: its bank, outside the European Economic Area.")
@click.option("--text", help="sepa: what is paid, at most 140 characters.")
@as_json
def make_guide(kind: str, as_json: bool, **given: Any) -> None:
    """Make the code of a guide. It is payable as it stands only if it is an arrecadação; any other must have been
    registered or agreed on before.
    """
    maker = MAKERS[GuideKind(kind)]
    given = {name: value for name, value in given.items() if value is not None}
    _check_options(kind, maker, given)
    made = _use(lambda: maker.make(**given))
    if as_json or made.kind in _BY_DIGITS:
        _show(_guide_row(made), as_json)
    else:
        click.echo(made.barcode)


# Their codes are digits, shown with what they mean; the others are a text for a two-dimensional code.
_BY_DIGITS = {GuideKind.ARRECADACAO, GuideKind.BOLETO, GuideKind.CUADERNO_57}


@click.group()
def pix() -> None:
    """Decode or make a Pix payload (BR Code)."""


@pix.command("decode")
@click.argument("payload")
@as_json
def decode_pix(payload: str, as_json: bool) -> None:
    """Read a Pix PAYLOAD. Static or dynamic: its structure is checked as well as its CRC. A wrong one is told with
    reason and position, and ends with status 1.
    """
    found = _verdict(lambda: br_code.parse(payload))
    _show(
        {
            "key": found.key,
            "url": found.url,
            "name": found.name,
            "city": found.city,
            "amount_cents": found.amount_cents,
            "txid": found.txid,
            "single_use": found.single_use,
        },
        as_json,
    )


@pix.command("make")
@click.option("--key", help="The receiver's Pix key: a static code, payable as printed.")
@click.option("--url", help="Where a bank keeps the charge, without https://: a dynamic code.")
@click.option("--name", required=True, help="Who is paid, at most 25 characters; accents are taken off.")
@click.option("--city", required=True, help="At most 15 characters.")
@click.option("--amount-cents", type=int, default=None, help="Without it, who pays types the amount (static), or the "
              "bank says it (dynamic).")
@click.option("--txid", default=None, help="Static: 1 to 25 letters and digits, by which the payment is known again.")
@click.option("--info", default=None, help="Static: what the payer is told.")
@click.option("--reusable", is_flag=True, help="Dynamic: may be paid more than once.")
@as_json
def make_pix(
    key: str | None, url: str | None, name: str, city: str, amount_cents: int | None, txid: str | None,
    info: str | None, reusable: bool, as_json: bool,
) -> None:  # fmt: skip
    """Make a payload. Of a static code from --key, or of a dynamic one from --url."""
    if (key is None) == (url is None):
        stop("give either --key (static) or --url (dynamic)")
    if url is not None and (txid, info) != (None, None):
        stop("--txid and --info belong to a static code: give --key")
    if key is not None and reusable:
        stop("--reusable belongs to a dynamic code; a static one always is")
    payload = _use(
        lambda: br_code.static(key=key, name=name, city=city, amount_cents=amount_cents, txid=txid, info=info)
        if key is not None
        else br_code.dynamic(url=url or "", name=name, city=city, amount_cents=amount_cents, single_use=not reusable)
    )
    if as_json:
        _show({"payload": payload}, as_json)
    else:
        click.echo(payload)


@click.group()
def code() -> None:
    """Check a code that people type."""


@code.command("check")
@click.argument("code", nargs=-1, required=True)
@as_json
def check_code(code: tuple[str, ...], as_json: bool) -> None:
    """Check the CODE of a ticket (12 characters) or a document (16). Says which it is, and how it is printed. The check
    character finds any single wrong character and any two neighbours swapped; a code in which it does not fit ends with
    status 1, and names the neighbours that may be swapped (of a wrong character no code can tell the place).
    """
    normal = _verdict(lambda: tracking.normalise(" ".join(code)))
    kind = "document" if len(normal.replace("-", "")) == tracking.DOCUMENT_CHARACTERS else "tracking"
    _show({"kind": kind, "code": normal}, as_json)


def _check_options(kind: str, maker: Maker, given: Mapping[str, Any]) -> None:
    """Every option belongs to a kind: one of another kind is a slip, not something to pass over."""
    if needless := given.keys() - maker.needed - maker.optional:
        stop(f"{_options(needless)} does not belong to kind {kind}: see `totem guide make --help`")
    if missing := maker.needed - given.keys():
        stop(f"kind {kind} needs {_options(missing)}: see `totem guide make --help`")


def _options(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(f"--{name.replace('_', '-')}" for name in names))


def _guide_row(found: Facts) -> Row:
    return {
        "kind": found.kind.value,
        "barcode": found.barcode,
        "line": found.line,
        "amount_cents": found.amount_cents,
        "segment": found.segment,
        "value_id": found.value_id,
        "due": found.due.isoformat() if found.due else None,
        "company": found.company,
        "free_field": found.free_field,
    }


def _verdict(read: Callable[[], T]) -> T:
    """A code that is wrong is a negative verdict: one line with reason and position, status 1."""
    try:
        return read()
    except CodeError as error:
        stop(str(error), status=1)


def _use(make: Callable[[], T]) -> T:
    """A value that does not fit is wrong use: one line, status 2."""
    try:
        return make()
    except ValueError as error:
        stop(str(error))


def _show(row: Row, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    for name, value in row.items():
        if value is not None:
            label = "amount" if name == "amount_cents" else name.replace("_", " ")
            click.echo(f"{label}: {_said(name, value, str(row.get('kind')))}")


def _said(name: str, value: str | int | bool, kind: str) -> str:
    if name == "amount_cents":
        euro = kind in {GuideKind.PAGOPA, GuideKind.CUADERNO_57, GuideKind.SEPA}
        return money.euro(int(value)) if euro else money.reais(int(value))
    if name == "line" and kind == GuideKind.ARRECADACAO:
        return " ".join(arrecadacao.line_blocks(str(value)))
    if name == "line" and kind == GuideKind.BOLETO:
        return " ".join(boleto.line_blocks(str(value)))
    return " ".join(str(value).splitlines())
