"""The kiosk's control socket, in a simulation only: the semantic tree, touches and screenshots for journeys and tests.

A touch here goes the way of a finger: a motion event at a point of the real window, dispatched by Kivy's event loop.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from fnmatch import fnmatchcase
from glob import escape
from pathlib import Path
from typing import Any, Protocol

from kivy.clock import Clock
from kivy.core.window import Keyboard, Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
from kivy.input.motionevent import MotionEvent

from kiosk.access.hands import Hands
from kiosk.screens.view import View
from kiosk.simulation.lines import LineServer
from kiosk.widgets.strikes import REPEAT_S, STRIKES
from offline_cache.folder import StateFolder

ANSWER_LIMIT_S = 15.0
KEYS = ("key:", "digit:", "erase")
SELECTS = ("enter", "numpadenter")


class Kiosk(Protocol):
    """What the control needs of the application."""

    def facts(self) -> dict[str, Any]: ...

    view: View
    hands: Hands

    def worker_pid(self) -> int | None: ...
    def draw_still(self) -> None: ...
    def pass_time(self, seconds: float) -> None: ...


class Finger(MotionEvent):  # type: ignore[misc]
    """One touch at a point of the window, in pixels from the lower left."""

    def __init__(self, x: float, y: float) -> None:
        super().__init__("control", 1, {"x": x / Window.width, "y": y / Window.height}, is_touch=True, type_id="touch")

    def depack(self, args: dict[str, float]) -> None:
        self.sx, self.sy = args["x"], args["y"]
        self.profile = ["pos"]
        super().depack(args)


class Control:
    """Serves requests on the control socket; what concerns widgets runs on Kivy's thread."""

    def __init__(self, folder: StateFolder, kiosk: Kiosk) -> None:
        self._kiosk = kiosk
        self._server = LineServer(folder.socket("control"), self._handle)

    def close(self) -> None:
        self._server.close()

    def _handle(self, request: dict[str, Any]) -> dict[str, Any]:
        match request:
            case {"do": "screen"}:
                return self._on_kivy(self._kiosk.facts)
            case {"do": "tree"}:
                return self._on_kivy(self._tree)
            case {"do": "touch", "id": control_id}:
                return self._ask(control_id)
            case {"do": "key", "key": name}:
                return self._on_kivy(lambda: self._press_key(name))
            case {"do": "heard", "after": int(number)}:
                return self._heard(number)
            case {"do": "type", "text": text}:
                return self._type(text)
            case {"do": "pass-time", "seconds": seconds}:
                return self._on_kivy(lambda: self._pass_time(float(seconds)))
            case {"do": "screenshot", "path": path}:
                return self._screenshot(Path(path))
            case {"do": "worker-pid"}:
                return {"pid": self._kiosk.worker_pid()}
            case _:
                return {"error": "unknown request"}

    def _on_kivy(self, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        done = threading.Event()

        def run(_dt: float) -> None:
            try:
                answer.update(work())
            except Exception as error:  # noqa: BLE001  the caller is told; the kiosk goes on
                answer["error"] = repr(error)
            done.set()

        Clock.schedule_once(run, 0)
        if not done.wait(ANSWER_LIMIT_S):
            return {"error": "the screen does not answer"}
        return answer

    def _pass_time(self, seconds: float) -> dict[str, Any]:
        """Nobody touches anything for so long: nobody has to wait for it either."""
        self._kiosk.pass_time(seconds)
        return self._kiosk.facts()

    def _tree(self) -> dict[str, Any]:
        """What stands there, without what was typed; and the key of the node that has the focus."""
        return {
            **self._kiosk.facts(),
            "focus": self._kiosk.hands.companion.focused,
            "nodes": [asdict(replace(node, value="")) for node in self._kiosk.view.tree()],
        }

    def _press_key(self, name: str) -> dict[str, Any]:
        """One key of the keyboard, down and up, as the window hears it: a character, or a key's name (`shift+tab`).

        `said` counts the sentences that were spoken before it.
        """
        modifiers = ["shift"] if name.startswith("shift+") and len(name) > len("shift+") else []
        plain = name.removeprefix("shift+") if modifiers else name
        code = Keyboard.keycodes.get(plain.lower(), ord(plain) if len(plain) == 1 else None)
        if code is None:
            return {"error": f"there is no key {name}"}
        focused = self._kiosk.hands.companion.focused
        if plain in SELECTS and focused is not None and STRIKES.deaf(focused, key=focused.startswith(KEYS)):
            return {"error": f"{focused} is pressed too soon", **self._kiosk.facts()}
        character = plain if len(plain) == 1 else ""
        said = self._kiosk.hands.said
        if not Window.dispatch("on_key_down", code, 0, character, modifiers):
            Window.dispatch("on_keyboard", code, 0, character, modifiers)
        if character:
            Window.dispatch("on_textinput", character)
        Window.dispatch("on_key_up", code, 0)
        return {**self._kiosk.facts(), "said": said}

    def _heard(self, after: int) -> dict[str, Any]:
        """What was spoken since that number."""
        said = [asdict(entry) for entry in self._kiosk.hands.heard(after)]
        return {"heard": said, "last": said[-1]["number"] if said else after}

    def _ask(self, pattern: str) -> dict[str, Any]:
        """A finger comes down, off Kivy's thread as a real one does."""
        return self._on_kivy(lambda: self._touch(pattern))

    def _touch(self, pattern: str) -> dict[str, Any]:
        """Touches the middle of the first control whose id fits (`debt:*`). An error if none can be pressed now."""
        for node in self._kiosk.view.tree():
            if fnmatchcase(node.id, pattern):
                if not node.enabled:
                    return {"error": f"{node.id} cannot be pressed", **self._kiosk.facts()}
                if STRIKES.deaf(node.id, key=node.id.startswith(KEYS)):
                    return {"error": f"{node.id} is touched too soon", **self._kiosk.facts()}
                left, bottom, width, height = node.bounds
                self._tap(left + width / 2, bottom + height / 2)
                return self._kiosk.facts()
        return {"error": f"there is no {pattern}", **self._kiosk.facts()}

    def _tap(self, x: float, y: float) -> None:
        from kivy.base import EventLoop

        finger = Finger(x, y)
        EventLoop.post_dispatch_input("begin", finger)
        EventLoop.post_dispatch_input("end", finger)

    def _type(self, text: str) -> dict[str, Any]:
        """Types on the on-screen keyboard, key by key, turning to capitals and signs as a finger would."""
        for character in text:
            answer = self._key(character)
            if "error" in answer:
                return answer
        return {}

    def _key(self, character: str) -> dict[str, Any]:
        wanted = f"key:{character}"
        answer: dict[str, Any] = {"error": f"there is no {wanted}"}
        for turn in (None, "key:shift", "key:signs", "key:shift", "key:signs", "key:shift"):
            if turn is not None and "error" in self._patiently(turn):
                continue
            answer = self._patiently(escape(wanted))
            if "error" not in answer:
                return answer
        return answer

    def _patiently(self, pattern: str) -> dict[str, Any]:
        """Touches as soon as it would not be taken for a trembling hand."""
        until = time.monotonic() + 2 * REPEAT_S
        while True:
            answer = self._ask(pattern)
            if "too soon" not in answer.get("error", "") or time.monotonic() > until:
                return answer
            time.sleep(0.02)

    def _screenshot(self, path: Path) -> dict[str, Any]:
        """The window's own pixels, after everything that was asked before is drawn."""
        taken: dict[str, Any] = {}

        def read() -> dict[str, Any]:
            self._kiosk.draw_still()
            size = Window.system_size
            width, height = int(size[0]), int(size[1])
            pixels = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
            taken.update(pixels=pixels, size=(width, height))
            return {}

        answer = self._on_kivy(read)
        if "error" in answer:
            return answer
        from PIL import Image

        picture = Image.frombytes("RGB", taken["size"], bytes(taken["pixels"]))
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(path, compress_level=3)
        return {"path": str(path)}
