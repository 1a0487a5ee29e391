"""What stands outside the machine: the centre, the printer on the network, and a finger for its screen."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kiosk.simulation.lines import ask
from printer.virtual.server import VirtualPrinterServer
from tests.appliance.container import Container, wait_until

PROJECT = Path(__file__).resolve().parents[2]
CATALOGUE = PROJECT / "catalogs/vila-aurora/catalogue.yaml"


def totem(*arguments: str) -> str:
    """A command of the centre."""
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.cli", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serving(folder: Path, address: str) -> Iterator[int]:
    """The port of a demonstration's centre with the sample catalogue, for kiosks that reach it at `address`."""
    totem("central", "init", "--state", str(folder), "--simulation", "--host", address)
    totem("catalog", "push", str(CATALOGUE), "--state", str(folder))
    log = (folder / "serve.log").open("wb")
    running = subprocess.Popen(
        [sys.executable, "-m", "kiosk.cli", "central", "serve", "--state", str(folder), "--host", "0.0.0.0",
         "--port", "0"],
        cwd=PROJECT, stdout=log, stderr=log,
    )  # fmt: skip
    (folder / "pid").write_text(str(running.pid))
    try:
        wait_until((folder / "port").exists, "the centre serves")
        yield int((folder / "port").read_text())
    finally:
        running.terminate()
        running.wait(20)
        log.close()


@contextmanager
def silent(folder: Path) -> Iterator[None]:
    """The centre takes connections and never answers."""
    pid = int((folder / "pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


class Street:
    """Whoever stands before the machine: what `kiosk.simulation.player.Player` needs of a world."""

    def __init__(self, machine: Container, central: Path, printer: VirtualPrinterServer) -> None:
        self.machine = machine
        self.printer = printer
        self.places = SimpleNamespace(central=central, centre_port=0)

    def control(self, request: dict[str, Any], timeout_s: float = 20.0) -> dict[str, Any]:
        """A touch, a look: by the control socket that a kiosk for training has."""
        if request["do"] == "screenshot":
            self.shoot(Path(request["path"]))
            return {}
        return ask(self.machine.path("/run/totem/control.sock"), request, timeout_s)

    def dock(self, command: str) -> dict[str, Any]:
        assert command == "status", f"there is no dock here: {command}"
        return {"papers": [str(paper) for paper in self.printer.papers], "sheets": []}

    def kill(self, name: str) -> None:
        self.machine.do("systemctl", "kill", "--kill-whom=main", "-s", "KILL", f"totem-{name}.service")

    def shoot(self, target: Path) -> None:
        """What is on the glass, as the compositor has it."""
        self.machine.do(
            "setpriv", "--reuid=totem", "--regid=totem", "--clear-groups", "env", "XDG_RUNTIME_DIR=/run/totem-screen",
            "WAYLAND_DISPLAY=wayland-0", "grim", "/run/totem-screen/shot.png",
        )  # fmt: skip
        target.write_bytes(self.machine.path("/run/totem-screen/shot.png").read_bytes())

    def screen(self) -> str:
        """The screen that is shown; nothing while nobody answers."""
        try:
            return str(self.control({"do": "screen"})["screen"])
        except Exception:  # noqa: BLE001  whatever it is, nobody is there
            return ""

    def tickets(self) -> list[dict[str, Any]]:
        """What the centre holds."""
        held: list[dict[str, Any]] = json.loads(
            totem("central", "tickets", "--json", "--state", str(self.places.central))
        )
        return held
