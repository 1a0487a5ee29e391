"""The bottom bar: help, and how the screen speaks to whoever stands before it. On every screen, in the same place.

What finds no room in it lies behind `Acesso`: the words of a bar are never shortened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kiosk.journey.events import Ended, HelpToggled, LanguageToggled
from kiosk.screens.scene import Scene
from kiosk.screens.shape import Shape
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.buttons import bar_button, small_button

FULL = ("help", "language")
LOW = ("help", "language")
FLAT = ("help", "language")
# What is left out first where not even the words have room.
GIVES_WAY = ("language", "help")
WIDEST = 1e6


class Bar:
    """The rows of the bar for a width; with `end`, `Encerrar` is the last of them."""

    def __init__(
        self, scene: Scene, shape: Shape, width: float, *, end: bool, pager: Block | None = None,
    ) -> None:
        self._scene, self._width, self._end, self._pager = scene, width, end, pager
        self._gap = max(scene.theme.space(12), scene.theme.gap)
        names = {Shape.LOW: LOW, Shape.FLAT: FLAT, Shape.TINY: FLAT}.get(shape, FULL)
        self.block = self._rows(names, shape)

    def _rows(self, names: Sequence[str], shape: Shape) -> Column:
        if shape is Shape.UPRIGHT:
            row = [self._button(name, beside=False) for name in names]
            if self._wanted(row) <= self._width:
                return self._set([row])
            half = (len(names) + 1) // 2
            rows = [[self._button(name, beside=True) for name in part] for part in (names[:half], names[half:])]
            return self._set([row for row in rows if row])
        while True:
            row = [self._button(name, beside=True) for name in names]
            if self._end:
                row.append(self._end_button())
            least = sum(button.narrowest() for button in row) + self._gap * (len(row) - 1)
            if self._pager is not None:
                least += self._pager.width_for(WIDEST) + self._gap
            leaving = [name for name in GIVES_WAY if name in names]
            if least <= self._width or not leaving:
                return self._set([row])
            names = [name for name in names if name != leaving[0]]

    def _wanted(self, row: Sequence[Block]) -> float:
        return sum(button.width_for(WIDEST) for button in row) + self._gap * (len(row) - 1)

    def _set(self, rows: Sequence[Sequence[Block]]) -> Column:
        """Each button as wide as its word asks."""
        blocks = []
        for row in rows:
            shares = [button.width_for(WIDEST) for button in row]
            room = self._width - (self._pager.width_for(WIDEST) + self._gap if self._pager is not None else 0)
            if sum(shares) + self._gap * (len(row) - 1) > room:
                shares = [button.narrowest() for button in row]
            if self._pager is None:
                blocks.append(Row(row, shares=shares, gap=self._gap, valign="fill"))
            else:
                blocks.append(Row([self._pager, *row], shares=[0.0, *shares], gap=self._gap, valign="fill"))
        return Column(blocks, gap=self._gap)

    def _button(self, name: str, *, beside: bool) -> Block:
        scene = self._scene
        text, send = scene.text, scene.send
        label, icon, act = self._what(name, text, send)
        return bar_button(scene.theme, label, icon, act, control_id=name, beside=beside)

    @staticmethod
    def _what(name: str, text: Callable[..., str], send: Callable[..., None]) -> tuple[str, str, Callable[[], None]]:
        if name == "help":
            return text("Help"), "question", lambda: send(HelpToggled())
        return text("Language"), "translate", lambda: send(LanguageToggled())

    def _end_button(self) -> Block:
        scene = self._scene
        return small_button(
            scene.theme, scene.text("Leave"), lambda: scene.send(Ended()), icon="x", control_id="end",
        )
