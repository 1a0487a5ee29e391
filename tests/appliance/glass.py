"""Whoever stands before the emulated machine: looks at its glass and touches it, as `Street` does with a container."""

from __future__ import annotations

import base64
import json
import time
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PIL import Image

from kiosk.simulation.lines import NobodyThere
from printer.virtual.server import VirtualPrinterServer
from tests.appliance.emulator import Emulated
from tests.appliance.outside import totem

CONTROL = "/run/totem/control.sock"
# In software a screen takes its time to change; sooner, a second touch would be a second wish.
FELT_LIMIT_S = 40.0


class Glass:
    """What `kiosk.simulation.player.Player` needs of a world; each touch goes through the machine's own hardware.

    `finger`: by the touch panel that the agent makes, which is turned as the panel hangs; otherwise by the pointer.
    """

    def __init__(self, machine: Emulated, central: Path, printer: VirtualPrinterServer) -> None:
        self.machine = machine
        self.printer = printer
        self.places = SimpleNamespace(central=central, centre_port=0)
        self.turns = 0
        self.finger = False

    def control(self, request: dict[str, Any], timeout_s: float = 20.0) -> dict[str, Any]:
        match request:
            case {"do": "screenshot", "path": path}:
                self.shoot(Path(path))
                return {}
            case {"do": "touch", "id": pattern}:
                return self._touch(pattern)
            case {"do": "type", "text": text}:
                for letter in text:
                    # Whoever typed a whole line again because one letter took its time would have typed it twice.
                    answer = self._ask({"do": "type", "text": letter})
                    assert "error" not in answer, (letter, answer)
                return {}
            case _:
                return self._ask(request)

    def dock(self, command: str) -> dict[str, Any]:
        assert command == "status", f"there is no dock here: {command}"
        return {"papers": [str(paper) for paper in self.printer.papers], "sheets": []}

    def shoot(self, target: Path) -> None:
        """What is on the glass, as whoever stands before it sees it: the panel hangs turned clockwise."""
        self.machine.shoot(target)
        if self.turns:
            with Image.open(target) as picture:
                upright = picture.rotate(-90 * self.turns, expand=True)
            upright.save(target)

    def own_picture(self) -> Image.Image:
        """What the kiosk itself believes to have drawn."""
        inside = "/run/totem/own.png"
        self._ask({"do": "screenshot", "path": inside})
        taken = Image.open(BytesIO(base64.b64decode(self.machine.do("base64", inside))))
        taken.load()
        self.machine.do("rm", inside)
        return taken.convert("RGB")

    def screen(self) -> str:
        """The screen that is shown; nothing while nobody answers."""
        try:
            return str(self._ask({"do": "screen"})["screen"])
        except (NobodyThere, KeyError):
            return ""

    def tickets(self) -> list[dict[str, Any]]:
        """What the centre holds."""
        held: list[dict[str, Any]] = json.loads(
            totem("central", "tickets", "--json", "--state", str(self.places.central))
        )
        return held

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        answer = self.machine.ask(CONTROL, request)
        if "Error" in str(answer.get("error", "")):
            raise NobodyThere(answer["error"])
        return answer

    def _touch(self, pattern: str) -> dict[str, Any]:
        """A touch in the middle of the first control that fits; again if nothing came of it, as anybody would."""
        shown = self._ask({"do": "tree"})
        facts = {name: value for name, value in shown.items() if name != "nodes"}
        node = next((one for one in shown["nodes"] if fnmatchcase(one["id"], pattern)), None)
        if node is None:
            return {"error": f"there is no {pattern}", **facts}
        if not node["enabled"]:
            return {"error": f"{node['id']} cannot be pressed", **facts}
        left, bottom, width, height = node["bounds"]
        self._tap(left + width / 2, bottom + height / 2)
        until_s = time.monotonic() + FELT_LIMIT_S
        while time.monotonic() < until_s:
            after = self._ask({"do": "tree"})
            if _seen(after) != _seen(shown) and not (pattern.startswith("start:") and after["screen"] == "attract"):
                return {name: value for name, value in after.items() if name not in {"nodes", "error"}}
            time.sleep(0.2)
        return {"error": f"{node['id']} was touched and felt nothing", **facts}

    def _tap(self, x: float, y: float) -> None:
        """At a point of the window, in pixels from its lower left."""
        width, height = self.machine.size if self.turns % 2 == 0 else self.machine.size[::-1]
        across, down = x / width, 1 - y / height
        if not self.finger:
            self.machine.point(across, down)
            return
        # Where that lies on the panel as it was built: its upper left corner hangs at the upper right after one turn.
        for _ in range(self.turns):
            across, down = down, 1 - across
        self.machine.finger(across, down)


def _seen(tree: dict[str, Any]) -> tuple[object, ...]:
    """What a touch changes; the clock goes on without any."""
    nodes = tree.get("nodes", ())
    return (tree.get("screen"), tree.get("overlay"), [(node["id"], node["state"], node["key"]) for node in nodes])
