"""`totem card read` and `totem card watch`: what the kiosk's own card worker says, for a technician."""

from __future__ import annotations

import base64
import json
import os
import queue
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from devices.worker_client import CardWorker
from kiosk.commands.options import plain, state_option, stop
from offline_cache.folder import StateFolder

ANSWER_S = 20.0
MAX_PIN_BYTES = 64

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for machines.")


@click.group(help="Read a smart card, or watch the readers.")
def card() -> None:
    pass


@card.command(help="Watch the readers. Says when a reader or a card comes or goes, until Ctrl-C.")
@state_option
@as_json
def watch(folder: StateFolder, as_json: bool) -> None:
    with _worker(folder) as (_, events), suppress(KeyboardInterrupt):
        while (event := events.get())["event"] in {"reader", "card"}:
            words = "is there" if event["present"] else "is not there"
            click.echo(json.dumps(event) if as_json else f"{event['event']} {words}")
        stop("the card worker ended; start again", 1)


@card.command(help="Read the inserted card. Whom it names, and what was checked; exit 1 if it is refused.")
@state_option
@click.option(
    "--anchors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM file of the roots (those of the kiosk's catalogue).",
)
@click.option("--pin-stdin", is_flag=True, help="Read the PIN from standard input, and let the card prove its holder.")
@as_json
def read(folder: StateFolder, anchors: Path | None, pin_stdin: bool, as_json: bool) -> None:
    roots = _roots_in(anchors) if anchors else _roots_of(folder)
    pin = _pin_of_stdin() if pin_stdin else None
    with _worker(folder) as (worker, events):
        if not _answer(events, "card")["present"]:
            stop("there is no card in any reader; insert one, then try again", 1)
        worker.read(roots, datetime.now(UTC))
        _show(_answer(events, "identity", "refused"), as_json=as_json)
        if pin is not None:
            worker.prove(_statement(), pin)
            _show(_answer(events, "proved", "pin-refused", "refused"), as_json=as_json)


@contextmanager
def _worker(folder: StateFolder) -> Iterator[tuple[CardWorker, queue.Queue[dict[str, Any]]]]:
    try:
        socket = folder.settings().pcscd_socket
    except FileNotFoundError:
        socket = None  # no state folder is needed to try a card on the system's pcscd
    except ValueError as error:
        stop(plain(error))
    events: queue.Queue[dict[str, Any]] = queue.Queue()
    worker = CardWorker(events.put, pcscd_socket=socket)
    worker.start()
    try:
        yield worker, events
    finally:
        worker.kill()


def _answer(events: queue.Queue[dict[str, Any]], *names: str) -> dict[str, Any]:
    while True:
        try:
            event = events.get(timeout=ANSWER_S)
        except queue.Empty:
            stop("the card worker does not answer; take the card out and try again", 1)
        if event["event"] in names:
            return event
        if event["event"] == "died":
            stop("the card worker ended; take the card out and try again", 1)


def _show(event: dict[str, Any], *, as_json: bool) -> None:
    """Leaves with 1 if it is not what was asked for."""
    refused = event["event"] in {"refused", "pin-refused"}
    if as_json:
        click.echo(json.dumps(event, ensure_ascii=False))
        if refused:
            sys.exit(1)
        return
    match event:
        case {"event": "identity"}:
            from kiosk.issuing.masks import mask_cpf

            click.echo(f"{event['name']}, CPF {mask_cpf(event['national_id'])}, PIN tries left: {event['tries_left']}")
            for check in event["checks"]:
                click.echo(f"  {check['name']}: {check['outcome']} {check['detail']}".rstrip())
        case {"event": "proved"}:
            click.echo("proved: the card signed after its PIN")
        case {"event": "pin-refused"}:
            stop(f"the PIN is wrong; tries left: {event['tries_left']}", 1)
        case _:
            stop(f"the card is refused: {event['trouble']} ({event['detail']})", 1)


def _roots_in(file: Path) -> tuple[str, ...]:
    from cryptography.x509 import load_pem_x509_certificates

    pem = file.read_bytes()
    try:
        load_pem_x509_certificates(pem)
    except ValueError:
        stop(f"{file} holds no certificates in PEM")
    return (pem.decode("ascii"),)


def _roots_of(folder: StateFolder) -> tuple[str, ...]:
    """The anchors of the catalogue that this kiosk serves."""
    from offline_cache import catalogue_cache
    from offline_cache.store import StoreError, open_store

    try:
        with open_store(folder) as store:
            kept = catalogue_cache.current(store)
    except (StoreError, OSError, ValueError) as error:
        stop(f"{plain(error)} (or give the roots with --anchors FILE)")
    if kept is None:
        stop("this kiosk has no catalogue yet; give the roots with --anchors FILE")
    return kept.catalogue.trust_anchors


def _pin_of_stdin() -> bytearray:
    """One line, in the only copy there is: the worker's client zeroes it."""
    pin = bytearray(MAX_PIN_BYTES)
    del pin[os.readv(0, [pin]) :]
    while pin and pin[-1] in b"\r\n":
        pin.pop()
    return pin


def _statement() -> Any:
    from offline_cache.contract.evidence import Purpose, Statement

    nonce = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    return Statement(
        purpose=Purpose.LOOKUP, kiosk="card-read", session="-", service="-", nonce=nonce, nonce_of_centre=False
    )
