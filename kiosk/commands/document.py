"""`totem document`: check the seal of a document on paper. No state, no network: the published keys are a file."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from kiosk.commands.options import plain, stop
from kiosk.issuing import tracking
from kiosk.issuing.document_seal import KeyListError, Refusal, Verdict, published_keys, verify
from kiosk.issuing.errors import CodeError

REASONS = {
    Refusal.NO_SEAL: "a code alone carries no seal: give the whole address that the QR holds",
    Refusal.UNREADABLE: "the seal cannot be read: the address was cut or changed",
    Refusal.UNKNOWN_KEY: "the seal was made with a key that is not in the list: another office, or an old list",
    Refusal.SIGNATURE: "the signature does not hold: this seal was changed, or the office did not make it",
    Refusal.OTHER_CODE: "the seal is of another document: its code is not the one in the address",
    Refusal.EXPIRED: "the document has expired",
}


@click.group()
def document() -> None:
    """Check a document's seal without a network."""


@document.command("verify")
@click.argument("address", metavar="CODE-OR-URL")
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The published keys: what the centre answers at /v1/document-keys, saved as a file.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")
def verify_document(address: str, keys_file: Path, as_json: bool) -> None:
    """Check a document's seal. Prints what the paper must say; CODE-OR-URL is what its QR holds.

    Exit 0 if the seal holds, 1 if not. Whether the document was handed over at all, the centre alone knows.
    """
    try:
        keys = published_keys(keys_file.read_text(encoding="utf-8"))
    except OSError as error:
        stop(plain(error))
    except (KeyListError, UnicodeDecodeError) as error:
        stop(f"{keys_file}: {error}")
    if "/" not in address and "#" not in address:
        _check_characters(address)
    verdict = verify(address, keys, datetime.now(UTC))
    facts = _facts(verdict)
    if as_json:
        reason = verdict.refusal.value if verdict.refusal else None
        click.echo(json.dumps({"valid": verdict.refusal is None, "reason": reason, **facts}, ensure_ascii=False))
        sys.exit(0 if verdict.refusal is None else 1)
    # an expired document is the office's own; one whose code differs is another paper's
    if verdict.refusal in (None, Refusal.EXPIRED):
        _print(facts)
    if verdict.refusal is not None:
        stop(REASONS[verdict.refusal], status=1)
    click.echo("The seal holds. Compare these lines with the paper.")


def _check_characters(code: str) -> None:
    """A mistyped code is said to be one before anything else is asked."""
    try:
        tracking.normalise(code)
    except CodeError as error:
        stop(str(error), status=1)


def _facts(verdict: Verdict) -> dict[str, str | bool | None]:
    claims = verdict.claims
    if claims is None:
        return {"key_id": verdict.key_id}
    return {
        "key_id": verdict.key_id,
        "number": claims.number,
        "code": claims.code,
        "service": claims.service,
        "cpf": claims.holder_masked,
        "issued": claims.issued.isoformat(timespec="minutes"),
        "expires": claims.expires.isoformat(timespec="minutes"),
        "without_value": claims.without_value,
    }


def _print(facts: dict[str, str | bool | None]) -> None:
    for name, value in facts.items():
        if name == "without_value":
            if value:
                click.echo("NO VALUE: made by a simulation")
        elif name in ("issued", "expires"):
            # the day that the paper names, where this machine stands where the paper was given
            click.echo(f"{name}: {datetime.fromisoformat(str(value)).astimezone():%Y-%m-%d %H:%M %z}")
        elif value is not None:
            click.echo(f"{name.replace('_', ' ')}: {value}")
