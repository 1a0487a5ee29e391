"""Watches a Kivy process from within: how long from a touch to the frame that shows its effect, and every stall.

A frame counts when the window's swap has returned: under software GL everything is painted then.
"""

from __future__ import annotations

import json
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

STALL_S = 0.1
TOLD_EVERY_S = 0.5


class Stopwatch:
    """Tell it when a touch has `arrived` (any thread) and when it is `dispatched`; it writes what it saw to a file."""

    def __init__(self, file: Path) -> None:
        from kivy.clock import Clock
        from kivy.core.window import Window

        self._file = file
        self._arrived: list[float] = []
        self._dispatched: list[float] = []
        self._painted_s: list[float] = []
        self._stalls: list[tuple[float, float, str]] = []
        self._doing = ""
        self._began = False
        self._frames = 0
        self._last_s = self._began_s = time.monotonic()
        swap = Window.flip

        def flip() -> None:
            swap()
            self._flipped()

        Window.flip = flip
        Clock.schedule_interval(self._turn, 0)
        self._main = threading.main_thread().ident
        threading.Thread(target=self._write, daemon=True).start()
        threading.Thread(target=self._look, daemon=True).start()

    def arrived(self) -> None:
        """The first touch begins the watch for stalls: what came before was the start."""
        self._began = True
        self._arrived.append(time.monotonic())

    def refused(self) -> None:
        """On Kivy's thread: what arrived reaches no control."""
        self._arrived = []

    def dispatched(self) -> None:
        """On Kivy's thread: all that arrived reaches its controls now, and the next frame shows it."""
        self._dispatched += self._arrived
        self._arrived = []

    def _flipped(self) -> None:
        now = time.monotonic()
        self._frames += 1
        self._painted_s += [now - at for at in self._dispatched]
        self._dispatched = []

    def _turn(self, _dt: float) -> None:
        """Every turn of Kivy's loop: a longer gap is a frozen screen."""
        now = time.monotonic()
        if self._began and now - self._last_s > STALL_S:
            at_s, long_ms = round(self._last_s - self._began_s, 1), round((now - self._last_s) * 1000)
            self._stalls.append((at_s, long_ms, self._doing))
        self._last_s, self._doing = now, ""

    def _look(self) -> None:
        """What the loop is doing when a turn becomes long: its innermost lines, ours before Kivy's."""
        while True:
            time.sleep(STALL_S / 5)
            if time.monotonic() - self._last_s > STALL_S * 0.6 and not self._doing and self._main is not None:
                stack = traceback.extract_stack(sys._current_frames()[self._main])
                self._doing = " < ".join(f"{Path(line.filename).name}:{line.lineno}" for line in reversed(stack[-6:]))

    def figures(self) -> dict[str, Any]:
        return {
            "touches_s": self._painted_s, "stalls": self._stalls, "frames": self._frames,
            "watched_s": self._last_s - self._began_s,
        }  # fmt: skip

    def _write(self) -> None:
        while True:
            time.sleep(TOLD_EVERY_S)
            part = self._file.with_suffix(".part")
            part.write_text(json.dumps(self.figures()), encoding="utf-8")
            part.replace(self._file)
