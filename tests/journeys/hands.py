"""Real hands before the real window: keys and a pointer, through the X server, as a keyboard and a mouse give them."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from kiosk.simulation.demonstrate import PANEL

Point = tuple[int, int]


@dataclass(frozen=True)
class Hands:
    """`display` is the X display of the window, which begins at its upper left corner. Points count from there."""

    display: str

    def do(self, *words: str | int) -> None:
        """One command of xdotool, with its chain of further ones."""
        subprocess.run(
            ["xdotool", *map(str, words)], env={"DISPLAY": self.display}, check=True, capture_output=True, timeout=20
        )  # fmt: skip

    def keys(self, *combinations: str) -> None:
        """Keys, one after the other, to the window under the pointer."""
        self.do("mousemove", PANEL[0] // 2, PANEL[1] - 3, "key", "--delay", 30, *combinations)

    def click(self, place: Point, button: int = 1) -> None:
        self.do("mousemove", *place, "click", button)

    def click_twice(self, place: Point, between_ms: int) -> None:
        self.do("mousemove", *place, "click", "--repeat", 2, "--delay", between_ms, 1)

    def hold(self, place: Point, seconds: float) -> None:
        self.do("mousemove", *place, "mousedown", 1, "sleep", seconds, "mouseup", 1)

    def swipe(self, start: Point, end: Point, steps: int = 8) -> None:
        """From one point to the other with the button down."""
        ways = [
            (start[0] + (end[0] - start[0]) * at // steps, start[1] + (end[1] - start[1]) * at // steps)
            for at in range(1, steps + 1)
        ]
        moves = [word for way in ways for word in ("mousemove", *way)]
        self.do("mousemove", *start, "mousedown", 1, *moves, "mouseup", 1)
