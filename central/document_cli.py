"""`totem central documents|revoke|keys`: what an administrator does about documents and the keys that make them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from central.cli_options import json_option, plain_errors, print_rows, state_option
from central.state import CentralState


@click.command()
@click.argument("code", required=False)
@state_option
@json_option
@plain_errors
def documents(code: str | None, folder: Path, as_json: bool) -> None:
    """List documents, or what became of one.

    With a CODE, what was done with that one. People are masked.
    """
    from central import document_listings
    from central.centre import open_centre

    centre = open_centre(CentralState(folder))
    rows = document_listings.records(centre, code) if code else document_listings.documents(centre)
    print_rows(rows, as_json, none="no documents yet")


@click.command()
@click.argument("code")
@click.option("--because", required=True, help="Why, for the record; nobody outside is shown it.")
@state_option
@plain_errors
def revoke(code: str, because: str, folder: Path) -> None:
    """Revoke the document of that CODE. /v says so at once; the seal on the paper does not change."""
    from central import documents as book
    from central.centre import open_centre

    book.revoke(open_centre(CentralState(folder)), code, because)
    click.echo("The document is revoked. Whoever checks its code is told so; who checks the seal offline is not.")


@click.group()
def keys() -> None:
    """The keys that make documents.

    List, replace, revoke, publish.
    """


@keys.command("list")
@state_option
@json_option
@plain_errors
def list_keys(folder: Path, as_json: bool) -> None:
    """List the keys, the newest first. The current one makes documents; the others only check them."""
    from central import document_keys

    shown = ("key_id", "state", "made", "until", "signer")
    rows = [{name: fact[name] for name in shown} for fact in map(_told, document_keys.facts(_keys(folder)))]
    print_rows(rows, as_json, none="no keys: run `totem central init`")


@keys.command()
@click.option("--with", "bag", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A PKCS#12 file whose certificate signs PDFs from now on (of ICP-Brasil, say).")
@state_option
@plain_errors
def rotate(bag: Path | None, folder: Path) -> None:
    """Make the next key. The one before only checks from then on; its private half is destroyed."""
    from central import document_keys
    from central.centre import utc_now

    content = None
    if bag is not None:
        content = (bag.read_bytes(), click.prompt("Password of the file", hide_input=True, default="", err=True))
    key_id = document_keys.rotate(_keys(folder), utc_now(), content)
    click.echo(f"{key_id} makes documents now. Publish the list again where it is kept as a file.")


@keys.command("revoke")
@click.argument("key_id")
@state_option
@plain_errors
def revoke_key(key_id: str, folder: Path) -> None:
    """Declare a key stolen. What it made is believed by the centre's word alone."""
    from central import document_keys
    from central.centre import utc_now

    successor = document_keys.revoke(_keys(folder), key_id, utc_now())
    click.echo(f"{key_id} is revoked. Publish the list again at once, wherever it is kept as a file.")
    if successor is not None:
        click.echo(f"{successor} makes documents now.")


@keys.command()
@state_option
@plain_errors
def publish(folder: Path) -> None:
    """Print the list of public keys, as /v1/document-keys answers it."""
    from central import document_keys

    click.echo(json.dumps(document_keys.published(_keys(folder)), indent=1))


def _keys(folder: Path) -> Path:
    state = CentralState(folder)
    _ = state.settings
    return state.keys


def _told(fact: dict[str, str]) -> dict[str, Any]:
    from cryptography import x509

    certificate = x509.load_pem_x509_certificate(fact["certificate"].encode())
    return {
        **fact,
        "made": datetime.fromisoformat(fact["made"]).isoformat(timespec="seconds"),
        "until": certificate.not_valid_after_utc.date().isoformat(),
        "signer": certificate.subject.rfc4514_string(),
    }
