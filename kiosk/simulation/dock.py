"""The dock: simulated hardware that a developer, a trainee or a test moves. A process of its own, as hardware is.

It owns the citizens' cards and the virtual reader, the virtual printer and its paper, and the switch of the network.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import structlog

from devices.virtual import wallet
from devices.virtual.iso7816 import Chip
from devices.virtual.vpcd import VirtualReader
from kiosk.simulation.lines import LineServer
from kiosk.simulation.network import Network, NetworkSwitch
from offline_cache import wake
from offline_cache.folder import StateFolder
from printer.virtual.a4 import A4Fault, VirtualA4Printer, VirtualA4Server
from printer.virtual.condition import Fault
from printer.virtual.server import VirtualPrinterServer

TELL_EVERY_S = 1.0
log = structlog.get_logger()


class BadCommand(Exception):
    """The dock does not know such a command; the message says what it knows."""


class Switch(Protocol):
    mode: Network

    def switch(self, mode: Network) -> None: ...


@dataclass
class Dock:
    """Takes the dock's commands, as they stand on the command line: `card insert maria`, `printer paper-out`."""

    cards: Path
    reader: VirtualReader
    printer: VirtualPrinterServer
    network: Switch
    pages: VirtualA4Printer
    # Tells the kiosk whether a headset is in, again and again, for it may have been started again.
    tell_headset: Callable[[bool], None] = lambda _plugged: None

    def __post_init__(self) -> None:
        self._inserted: str | None = None
        self.headset = False
        self._wallet: dict[str, Chip] = {}
        self._guard = threading.Lock()

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answers the new status; an error in one line for what cannot be done."""
        with self._guard:
            try:
                self._do(request["command"].split())
            except BadCommand as error:
                return {"error": str(error)}
            return self.status()

    def status(self) -> dict[str, Any]:
        return {
            "card": self._inserted,
            "cards": wallet.names(self.cards),
            "people": {name: _said_of(wallet.person(self.cards, name)) for name in wallet.names(self.cards)},
            "printer": self._printer_condition(),
            "idle": self.printer.idle,
            "papers": [str(paper) for paper in self.printer.papers if not paper.name.startswith("torn")],
            "torn": [str(paper) for paper in self.printer.papers if paper.name.startswith("torn")],
            "a4": str(self.pages.fault or "ok"),
            "sheets": [str(paper) for paper in self.pages.papers],
            "network": str(self.network.mode),
            "headset": "in" if self.headset else "out",
        }

    def _do(self, words: list[str]) -> None:
        match words:
            case ["status"]:
                return
            case ["card", "insert", name]:
                self._insert(name)
            case ["card", "remove"]:
                self._remove()
            case ["card", "renew"]:
                self._remove()
                self._wallet.clear()
            case ["printer", ("on" | "off") as power]:
                self.printer.power(power == "on")
            case ["printer", "ok"]:
                self.printer.clear_faults()
                self.printer.power(True)
            case ["printer", fault] if fault in set(Fault):
                self.printer.set_fault(Fault(fault))
            case ["a4", "ok"]:
                self.pages.fault = None
            case ["a4", fault] if fault in set(A4Fault):
                self.pages.fault = A4Fault(fault)
            case ["network", mode] if mode in set(Network):
                self.network.switch(Network(mode))
            case ["headset", ("in" | "out") as where]:
                self.headset = where == "in"
                self.tell_headset(self.headset)
            case _:
                raise BadCommand(
                    "say card insert NAME, card remove, card renew, printer paper-out|cover-open|jam|ok|off|on, "
                    "a4 paper-out|cover-open|jam|stopped|ok, network off|on|slow, headset in|out, or status"
                )

    def _printer_condition(self) -> str:
        if not self.printer.powered:
            return "off"
        return next((str(fault) for fault in sorted(self.printer.condition.faults)), "ok")

    def _remove(self) -> None:
        self.reader.remove()
        self._inserted = None

    def _insert(self, name: str) -> None:
        if name not in wallet.names(self.cards):
            raise BadCommand(f"there is no card {name!r}; there are {', '.join(wallet.names(self.cards))}")
        if self._inserted is not None:
            self.reader.remove()
        # The same card each time, until all are renewed: it remembers how many PIN tries it has left.
        if name not in self._wallet:
            self._wallet[name] = wallet.insertable(self.cards, name)
        self.reader.insert(self._wallet[name])
        self._inserted = name


def _said_of(person: wallet.Person) -> dict[str, str]:
    """What somebody who plays with the cards wants to know."""
    return {"holder": person.holder, "note": person.note, "pin": person.pin}


def serve(folder: StateFolder, cards: Path, paper: Path, *, reader_port: int, centre_port: int, ports: Path) -> None:
    """Runs the dock until SIGTERM; writes the ports it took (printer, network) as JSON when it is ready."""
    asyncio.run(_serve(folder, cards, paper, reader_port=reader_port, centre_port=centre_port, ports=ports))


async def _serve(
    folder: StateFolder, cards: Path, paper: Path, *, reader_port: int, centre_port: int, ports: Path
) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    switch = NetworkSwitch(centre_port)
    await switch.start()
    reader = VirtualReader(reader_port)
    pages = VirtualA4Printer(paper)
    with VirtualPrinterServer("127.0.0.1", 0, paper) as printer, VirtualA4Server(pages) as a4:
        def tell_headset(plugged: bool) -> None:
            wake.post(folder, "kiosk", {"headset": plugged})

        dock = Dock(cards, reader, printer, _Remote(switch, loop), pages, tell_headset)
        server = LineServer(folder.socket("dock"), dock.handle)
        _announce(ports, {"printer": printer.port, "a4": a4.port, "network": switch.port})
        log.info("dock-ready")
        while not stop.is_set():
            tell_headset(dock.headset)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), TELL_EVERY_S)
        server.close()
        reader.remove()


def _announce(path: Path, ports: dict[str, int]) -> None:
    """Whole or not at all: somebody waits for the file."""
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps(ports), encoding="utf-8")
    aside.rename(path)


class _Remote:
    """The switch, moved from the dock's threads on the loop that owns its connections."""

    def __init__(self, switch: NetworkSwitch, loop: asyncio.AbstractEventLoop) -> None:
        self._switch = switch
        self._loop = loop

    @property
    def mode(self) -> Network:
        return self._switch.mode

    @mode.setter
    def mode(self, mode: Network) -> None:
        self.switch(mode)

    def switch(self, mode: Network) -> None:
        done = threading.Event()

        def move() -> None:
            self._switch.switch(mode)
            done.set()

        self._loop.call_soon_threadsafe(move)
        done.wait(5)
