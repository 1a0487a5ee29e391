"""The bottom bar: help, and how the screen speaks to whoever stands before it. On every screen, in the same place.

What finds no room in it lies behind `Acesso`: the words of a bar are never shortened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from kiosk.journey.events import AccessToggled, Adjusted, Ended, Event, HelpToggled, LanguageToggled
from kiosk.journey.settings import Settings, TextSize
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Scene, Text
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.buttons import bar_button, small_button

Place = Literal["help", "listen", "letters", "contrast", "reach", "language", "access"]

FULL: tuple[Place, ...] = ("help", "listen", "letters", "contrast", "reach", "language")
LOW: tuple[Place, ...] = ("help", "listen", "access", "language")
FLAT: tuple[Place, ...] = ("help", "listen", "access")
# What is left out first where not even the words have room.
GIVES_WAY: tuple[Place, ...] = ("language", "listen", "help")
WIDEST = 1e6
NEXT_SIZE = {
    TextSize.NORMAL: TextSize.LARGE, TextSize.LARGE: TextSize.LARGEST, TextSize.LARGEST: TextSize.NORMAL,
}


@dataclass(frozen=True)
class _Button:
    """`on`: filled, because it is not as at the start of a session."""

    label: str
    icon: str
    event: Event
    on: bool = False


def _button(place: Place, text: Text, settings: Settings) -> _Button:
    match place:
        case "help":
            return _Button(text("Help"), "question", HelpToggled())
        case "listen":
            heard = Adjusted(replace(settings, speech=not settings.speech))
            return _Button(text("Listen"), "speaker-high", heard, on=settings.speech)
        case "letters":
            sized = Adjusted(replace(settings, text=NEXT_SIZE[settings.text]))
            return _Button(text("Letters"), "text-aa", sized, on=settings.text is not TextSize.NORMAL)
        case "contrast":
            seen = Adjusted(replace(settings, high_contrast=not settings.high_contrast))
            return _Button(text("Contrast"), "circle-half", seen, on=settings.high_contrast)
        case "reach":
            reached = Adjusted(replace(settings, reach=not settings.reach))
            if settings.reach:
                return _Button(text("Raise"), "arrow-up", reached, on=True)
            return _Button(text("Lower"), "wheelchair", reached)
        case "language":
            return _Button(text("Language"), "translate", LanguageToggled())
        case "access":
            return _Button(text("Access"), "person-arms-spread", AccessToggled())
        case _:
            assert_never(place)


class Bar:
    """The rows of the bar for a width; with `end`, `Encerrar` is the last of them."""

    def __init__(
        self, scene: Scene, shape: Shape, width: float, *, end: bool, pager: Block | None = None,
    ) -> None:
        self._scene, self._width, self._end, self._pager = scene, width, end, pager
        self._gap = max(scene.theme.space(12), scene.theme.gap)
        names = {Shape.LOW: LOW, Shape.FLAT: FLAT, Shape.TINY: FLAT}.get(shape, FULL)
        self.block = self._rows(names, shape)

    def _rows(self, names: Sequence[Place], shape: Shape) -> Block:
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
            block = self._set([row])
            # A bar of two lines would take the place of what it helps with.
            one_line = block.least_for(self._width) < 2 * self._scene.theme.leading_px("small")
            if (least <= self._width and one_line) or not leaving:
                return block
            names = [name for name in names if name != leaving[0]]

    def _wanted(self, row: Sequence[Block]) -> float:
        return sum(button.width_for(WIDEST) for button in row) + self._gap * (len(row) - 1)

    def _set(self, rows: Sequence[Sequence[Block]]) -> Block:
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
        return blocks[0] if len(blocks) == 1 else Column(blocks, gap=self._gap)

    def _button(self, place: Place, *, beside: bool) -> Block:
        scene = self._scene
        told = _button(place, scene.text, scene.state.settings)
        button = bar_button(
            scene.theme, told.label, told.icon, lambda: scene.send(told.event), control_id=place, on=told.on,
            beside=beside,
        )
        if place in {"listen", "contrast", "reach"}:
            button.state = "on" if told.on else "off"
        return button

    def _end_button(self) -> Block:
        scene = self._scene
        return small_button(
            scene.theme, scene.text("Leave"), lambda: scene.send(Ended()), icon="x", control_id="end",
        )
