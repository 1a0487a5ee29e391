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
from typing import TYPE_CHECKING, Any, NoReturn

import click

from devices.worker_client import CardWorker
from kiosk.commands.options import plain, state_option, stop
from offline_cache.folder import StateFolder

if TYPE_CHECKING:
    from kiosk.catalog.model import Catalogue

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
@click.option("--family", "families", multiple=True, help="Accept this card family (those of the kiosk's catalogue).")
@click.option(
    "--pkcs11-module",
    "modules",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A PKCS#11 module to try (those of totem.toml, or those that are known and installed).",
)
@click.option(
    "--revocation-lists",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of revocation lists (the kiosk's own).",
)
@click.option("--unmasked", is_flag=True, help="Show the whole national number.")
@click.option("--pin-stdin", is_flag=True, help="Read the PIN from standard input, and let the card prove its holder.")
@as_json
def read(
    folder: StateFolder,
    anchors: Path | None,
    families: tuple[str, ...],
    modules: tuple[Path, ...],
    revocation_lists: Path | None,
    unmasked: bool,
    pin_stdin: bool,
    as_json: bool,
) -> None:
    _check_families(families)
    roots, accepted = _accepted_by(folder, anchors, families)
    pin = _pin_of_stdin() if pin_stdin else None
    with _worker(folder, modules, revocation_lists) as (worker, events):
        if not _answer(events, "card")["present"]:
            stop("there is no card in any reader; insert one, then try again", 1)
        worker.read(roots, datetime.now(UTC), accepted)
        identity = _answer(events, "identity", "refused")
        if identity["event"] != "identity":
            _leave(identity, as_json=as_json)
        if not identity["final"]:
            checked = _answer(events, "checked", "refused")
            if checked["event"] != "checked":
                _leave(checked, as_json=as_json)
            identity |= {"assurance": checked["assurance"], "checks": checked["checks"]}
        if pin is not None:
            worker.prove(_statement(), pin)
            proved = _answer(events, "proved", "pin-refused", "refused")
            if proved["event"] != "proved":
                _leave(proved, as_json=as_json)
            identity |= {"assurance": proved["assurance"], "checks": proved["checks"]}
    _show(identity, as_json=as_json, unmasked=unmasked)


@contextmanager
def _worker(
    folder: StateFolder, modules: tuple[Path, ...] = (), revocation_lists: Path | None = None
) -> Iterator[tuple[CardWorker, queue.Queue[dict[str, Any]]]]:
    socket: str | None = None
    try:
        settings = folder.settings()
        socket, modules = settings.pcscd_socket, modules or tuple(map(Path, settings.pkcs11_modules))
    except FileNotFoundError:
        pass  # no state folder is needed to try a card on the system's pcscd
    except ValueError as error:
        stop(plain(error))
    events: queue.Queue[dict[str, Any]] = queue.Queue()
    worker = CardWorker(
        events.put,
        pcscd_socket=socket,
        pkcs11_modules=modules,
        revocation_lists=revocation_lists or folder.revocation_lists,
        issuers=folder.issuers if folder.issuers.is_dir() else None,
    )
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


def _leave(event: dict[str, Any], *, as_json: bool) -> NoReturn:
    """With 1, and with what the worker said instead of what was asked for."""
    if as_json:
        click.echo(json.dumps(event, ensure_ascii=False))
        sys.exit(1)
    if event["event"] == "pin-refused":
        stop(f"the PIN is wrong; tries left: {event['tries_left']}", 1)
    stop(f"the card is refused: {event['trouble']} ({event['detail']})", 1)


def _show(identity: dict[str, Any], *, as_json: bool, unmasked: bool) -> None:
    from kiosk.issuing.masks import mask
    from offline_cache.contract.national_ids import NationalId, Scheme

    scheme, number = identity["scheme"], identity["national_id"]
    shown = number if unmasked else mask(NationalId(Scheme(scheme), number))
    if as_json:
        said = {
            "family": identity["family"],
            "name": identity["name"],
            "national_id": {"scheme": scheme, "value": shown},
            "assurance": identity["assurance"],
            "checks": identity["checks"],
        }
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    tries = "" if identity["tries_left"] is None else f", PIN tries left: {identity['tries_left']}"
    click.echo(f"{identity['family']}: {identity['name'] or 'no name'}, {scheme} {shown}{tries}")
    click.echo(f"  assurance {identity['assurance']}")
    for check in identity["checks"]:
        click.echo(f"  {check['name']}: {check['outcome']} {check['detail']}".rstrip())


def _check_families(families: tuple[str, ...]) -> None:
    from devices.cards.registry import NAMES

    for family in families:
        if family not in NAMES:
            stop(f"there is no card family {family}: there are {', '.join(NAMES)}")


def _accepted_by(
    folder: StateFolder, anchors: Path | None, families: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Roots and families: as given, else those of the catalogue that this kiosk serves; every family without one."""
    from devices.cards.registry import NAMES

    if anchors is not None:
        return _roots_in(anchors), families or NAMES
    catalogue = _catalogue_of(folder)
    return catalogue.trust_anchors, families or catalogue.card_families


def _roots_in(file: Path) -> tuple[str, ...]:
    from cryptography.x509 import load_pem_x509_certificates

    pem = file.read_bytes()
    try:
        load_pem_x509_certificates(pem)
    except ValueError:
        stop(f"{file} holds no certificates in PEM")
    return (pem.decode("ascii"),)


def _catalogue_of(folder: StateFolder) -> Catalogue:
    from offline_cache import catalogue_cache
    from offline_cache.store import StoreError, open_store

    try:
        with open_store(folder) as store:
            kept = catalogue_cache.current(store)
    except (StoreError, OSError, ValueError) as error:
        stop(f"{plain(error)} (or give the roots with --anchors FILE)")
    if kept is None:
        stop("this kiosk has no catalogue yet; give the roots with --anchors FILE")
    return kept.catalogue


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
