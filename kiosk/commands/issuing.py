"""`totem guide`, `totem pix` and `totem code`: read and make what guides and tickets carry. No state, no network."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

import click

from kiosk.commands.options import stop
from kiosk.issuing import arrecadacao as layout
from kiosk.issuing import money, tracking
from kiosk.issuing import pix as br_code
from kiosk.issuing.arrecadacao import Arrecadacao
from kiosk.issuing.errors import CodeError

T = TypeVar("T")
Facts = Mapping[str, str | int | bool | None]

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")


@click.group()
def guide() -> None:
    """Decode or make the code of a payment guide (FEBRABAN arrecadação)."""


@guide.command("decode")
@click.argument("code")
@as_json
def decode_guide(code: str, as_json: bool) -> None:
    """Read a guide's CODE. 44 digits of a barcode or 48 of a linha digitável, with or without punctuation."""
    _show(_guide_facts(_verdict(lambda: layout.decode(code))), as_json)


@guide.command("make")
@click.option("--segment", type=int, default=1, show_default=True, help="1 prefeitura, 2 sanitation, 3 energy ...")
@click.option("--value-id", type=int, default=8, show_default=True, help="6 and 8 reais; 7 and 9 a quantity.")
@click.option("--amount-cents", type=int, required=True, help="The amount in cents.")
@click.option("--company", required=True, help="FEBRABAN id of 4 digits; segment 6: 8 digits of a CNPJ.")
@click.option("--free-field", required=True, help="25 digits (21 in segment 6); a due date comes first, as AAAAMMDD.")
@as_json
def make_guide(
    segment: int, value_id: int, amount_cents: int, company: str, free_field: str, as_json: bool
) -> None:
    """Make the barcode and the linha digitável."""
    made = _use(
        lambda: layout.make(
            segment=segment,
            value_id=value_id,
            amount_cents=amount_cents,
            febraban_id=company,
            free_field=free_field,
        )
    )
    _show(_guide_facts(made), as_json)


@click.group()
def pix() -> None:
    """Decode or make a Pix payload (BR Code)."""


@pix.command("decode")
@click.argument("payload")
@as_json
def decode_pix(payload: str, as_json: bool) -> None:
    """Read a Pix PAYLOAD. Static or dynamic: its structure is checked as well as its CRC."""
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
@click.option("--key", required=True, help="The payee's Pix key.")
@click.option("--name", required=True, help="The payee, at most 25 characters; accents are stripped.")
@click.option("--city", required=True, help="At most 15 characters.")
@click.option("--amount-cents", type=int, default=None, help="Without it, who pays types the amount.")
@click.option("--txid", default=None, help="1 to 25 letters and digits.")
@as_json
def make_pix(key: str, name: str, city: str, amount_cents: int | None, txid: str | None, as_json: bool) -> None:
    """Make the payload of a static code."""
    payload = _use(lambda: br_code.static(key=key, name=name, city=city, amount_cents=amount_cents, txid=txid))
    if as_json:
        _show({"payload": payload}, as_json)
    else:
        click.echo(payload)


@click.group()
def code() -> None:
    """Check a code that people type."""


@code.command("check")
@click.argument("code")
@as_json
def check_code(code: str, as_json: bool) -> None:
    """Check the CODE of a ticket or a document. Says which it is, and how it is printed."""
    normal = _verdict(lambda: tracking.normalise(code))
    kind = "document" if len(normal.replace("-", "")) == tracking.DOCUMENT_CHARACTERS else "tracking"
    _show({"kind": kind, "code": normal}, as_json)


def _guide_facts(found: Arrecadacao) -> Facts:
    return {
        "kind": "arrecadacao",
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


def _show(facts: Facts, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for name, value in facts.items():
        if value is None:
            continue
        if name == "amount_cents":
            click.echo(f"amount: {money.reais(int(value))}")
        elif name == "line":
            click.echo(f"line: {' '.join(layout.line_blocks(str(value)))}")
        else:
            click.echo(f"{name.replace('_', ' ')}: {value}")
