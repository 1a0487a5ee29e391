"""`totem dock`: simulated hardware. Works only in a folder initialised as a simulation."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kiosk.commands.options import state_option, stop
from kiosk.simulation.lines import NobodyThere, ask
from offline_cache.folder import StateFolder

NO_DOCK = "the dock is not running: start the demonstration with `make run`"


def _send(folder: StateFolder, command: str, *, as_json: bool = False) -> None:
    if not folder.simulation:
        stop(f"{folder.path} is not a simulation folder: the dock moves nothing there")
    try:
        answer = ask(folder.socket("dock"), {"command": command})
    except NobodyThere:
        stop(NO_DOCK)
    if "error" in answer:
        stop(answer["error"])
    if as_json:
        click.echo(json.dumps(answer))
    else:
        click.echo(f"card: {answer['card'] or 'none'}; printer: {answer['printer']}; network: {answer['network']}")


@click.group(help="Move the simulated hardware: cards, printer, network, headset.")
def dock() -> None:
    pass


@dock.command(help="What is inserted, and how the printer and the network are.")
@state_option
@click.option("--json", "as_json", is_flag=True)
def status(folder: StateFolder, as_json: bool) -> None:
    _send(folder, "status", as_json=as_json)


@dock.group(help="Insert a sample card, or take it out.")
def card() -> None:
    pass


@card.command(help="Insert the card of one of the made-up citizens.")
@click.argument("name")
@state_option
def insert(folder: StateFolder, name: str) -> None:
    _send(folder, f"card insert {name}")


@card.command(help="Take the card out.")
@state_option
def remove(folder: StateFolder) -> None:
    _send(folder, "card remove")


@card.command(help="Every sample card as it came: with all its PIN tries.")
@state_option
def renew(folder: StateFolder) -> None:
    _send(folder, "card renew")


FAULTS = ["paper-out", "cover-open", "jam", "cutter", "overheated", "error"]


@dock.command(help="Make the printer fail, or mend it.")
@click.argument("condition", type=click.Choice([*FAULTS, "ok", "off", "on"]))
@state_option
def printer(folder: StateFolder, condition: str) -> None:
    _send(folder, f"printer {condition}")


@dock.command(help="Make the A4 printer fail, or mend it. Stopped is a queue that somebody has stopped.")
@click.argument("condition", type=click.Choice(["paper-out", "cover-open", "jam", "stopped", "ok"]))
@state_option
def a4(folder: StateFolder, condition: str) -> None:
    _send(folder, f"a4 {condition}")


@dock.command(help="Cut the network, mend it, or make it slow.")
@click.argument("mode", type=click.Choice(["off", "on", "slow"]))
@state_option
def network(folder: StateFolder, mode: str) -> None:
    _send(folder, f"network {mode}")


@dock.command(help="Plug a headset in, or pull it out. Speech begins with it, and personal content is spoken to it.")
@click.argument("where", type=click.Choice(["in", "out"]))
@state_option
def headset(folder: StateFolder, where: str) -> None:
    _send(folder, f"headset {where}")


@dock.command(hidden=True, help="The dock's own process; the demonstration starts it.")
@state_option
@click.option("--cards", type=click.Path(path_type=Path), required=True)
@click.option("--paper", type=click.Path(path_type=Path), required=True)
@click.option("--reader-port", type=int, required=True)
@click.option("--centre-port", type=int, required=True)
@click.option("--ports", type=click.Path(path_type=Path), required=True)
def serve(folder: StateFolder, cards: Path, paper: Path, reader_port: int, centre_port: int, ports: Path) -> None:
    from kiosk.simulation.dock import serve as serve_dock

    if not folder.simulation:
        stop(f"{folder.path} is not a simulation folder: virtual devices load nowhere else")
    serve_dock(folder, cards, paper, reader_port=reader_port, centre_port=centre_port, ports=ports)


@dock.command(hidden=True, help="The dock's panel, a small window beside the kiosk.")
@state_option
def panel(folder: StateFolder) -> None:
    from kiosk.simulation.dock_panel import main as show_panel

    try:
        show_panel(folder)
    except NobodyThere:
        stop(NO_DOCK)
