"""`totem document`: check a document on paper or as a PDF. No state, no network: the published keys are a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from kiosk.commands.options import plain, stop
from kiosk.issuing import tracking
from kiosk.issuing.document_pdf import PdfRefusal, verify_pdf
from kiosk.issuing.document_seal import KeyListError, PublishedKey, Refusal, Verdict, published_keys, verify
from kiosk.issuing.errors import CodeError

REASONS = {
    Refusal.NO_SEAL: "a code alone carries no seal: give the whole address that the QR holds",
    Refusal.UNREADABLE: "the seal cannot be read: the address was cut or changed",
    Refusal.UNKNOWN_KEY: "the seal was made with a key that is not in the list: another office, or an old list",
    Refusal.REVOKED_KEY: "the seal was made with a key that the office has revoked: ask the office by the code",
    Refusal.SIGNATURE: "the signature does not hold: this seal was changed, or the office did not make it",
    Refusal.OTHER_CODE: "the seal is of another document: its code is not the one in the address",
    Refusal.EXPIRED: "the document has expired",
}


PDF_REASONS = {
    PdfRefusal.NOT_SIGNED: "this is no signed PDF",
    PdfRefusal.NOT_WHOLE: "something was added to the signed file, or it was cut: only the whole file as issued counts",
    PdfRefusal.UNREADABLE: "the signature is not one that an office makes",
    PdfRefusal.CHANGED: "the file was changed after it was signed",
    PdfRefusal.UNKNOWN_SIGNER: "its signer is not in the list: another office, or an old list",
    PdfRefusal.REVOKED_SIGNER: "it was signed with a key that the office has revoked: ask the office by the code",
    PdfRefusal.SIGNATURE: "the signature does not hold: the office did not make it",
}


@click.group()
def document() -> None:
    """Check a document without a network."""


@document.command("verify")
@click.argument("address", metavar="FILE-OR-URL")
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The published keys: what the centre answers at /v1/document-keys, saved as a file.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")
def verify_document(address: str, keys_file: Path, as_json: bool) -> None:
    """Check a document. Prints what the paper must say; FILE-OR-URL is its PDF, or what its QR holds.

    Exit 0 if it holds, 1 if not. Whether the document was handed over at all, or revoked since, the centre alone knows.
    """
    try:
        keys = published_keys(keys_file.read_text(encoding="utf-8"))
    except OSError as error:
        stop(plain(error))
    except (KeyListError, UnicodeDecodeError) as error:
        stop(f"{keys_file}: {error}")
    verdict = _of_file(Path(address), keys, as_json=as_json) if _is_file(address) else _of_address(address, keys)
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


def _is_file(address: str) -> bool:
    """What ends like a PDF is meant to be one, whether it is there or not."""
    return address.lower().endswith(".pdf") or ("://" not in address and "#" not in address and Path(address).is_file())


def _of_address(address: str, keys: Mapping[str, PublishedKey]) -> Verdict:
    if "/" not in address and "#" not in address:
        _check_characters(address)
    return verify(address, keys, datetime.now(UTC))


def _of_file(file: Path, keys: Mapping[str, PublishedKey], *, as_json: bool) -> Verdict:
    """The verdict on the seal in it, once the file itself is known to be the office's and whole."""
    try:
        found = verify_pdf(file.read_bytes(), keys, datetime.now(UTC))
    except OSError as error:
        stop(plain(error))
    if found.seal is not None:
        return found.seal
    assert found.refusal is not None
    if as_json:
        click.echo(json.dumps({"valid": False, "reason": found.refusal.value, "key_id": None}))
        sys.exit(1)
    return stop(PDF_REASONS[found.refusal], status=1)


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
