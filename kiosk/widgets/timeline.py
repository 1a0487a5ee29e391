"""What has happened and what comes next: points on a line from the top down, those behind us filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kiosk.widgets.block import Align, Block, Column, Inset
from kiosk.widgets.card import Card, panel
from kiosk.widgets.icon import Icon
from kiosk.widgets.surface import Framed, Rounded
from kiosk.widgets.tokens import Step, Theme
from kiosk.widgets.words import Words

DISC, LINE, ROOM = 56, 6, 32  # design pixels


@dataclass(frozen=True)
class Point:
    """What, when, and more about it; all of it is personal. `done`: it has happened."""

    what: str
    when: str
    more: str = ""
    done: bool = True


class Ends(Block):
    """Two texts at the two ends of a line; the second below the first where the line is too short for both."""

    def __init__(self, first: Block, second: Block, gap: float) -> None:
        super().__init__()
        self._first, self._second, self._gap = first, second, gap
        self.hold(first)
        self.hold(second)

    def _split(self, width: float) -> float | None:
        """The width of the second, beside the first."""
        wide = self._second.width_for(width)
        return wide if self._first.width_for(width) + self._gap + wide <= width else None

    def narrowest(self) -> float:
        return max(self._first.narrowest(), self._second.narrowest())

    def height_for(self, width: float) -> float:
        wide = self._split(width)
        if wide is None:
            return self._first.height_for(width) + self._second.height_for(width)
        return max(self._first.height_for(width - wide - self._gap), self._second.height_for(wide))

    def split(self, width: float, room: float, *, anywhere: bool) -> tuple[Block, Block] | None:
        if not anywhere or self._split(width) is not None:
            return None
        return Column([self._first, self._second]).split(width, room, anywhere=True)

    def arrange(self) -> None:
        wide = self._split(self.width)
        if wide is None:
            self._first.place(self.x, self.top, self.width)
            self._second.place(self.x, self._first.y, self.width)
            return
        left = self.width - wide - self._gap
        for block, x, width in ((self._first, self.x, left), (self._second, self.right - wide, wide)):
            tall = block.height_for(width)
            block.place(x, self.center_y + tall / 2, width, tall)


class _Station(Block):
    """One point with its disc, and the line to the next."""

    def __init__(self, theme: Theme, words: Block, *, done: bool, last: bool) -> None:
        super().__init__()
        colours = theme.palette
        self._side = theme.icon_px(DISC)
        self._gap = theme.pad(32)
        self._room = 0 if last else theme.pad(ROOM)
        self._thick = max(2, theme.px(LINE))
        colour = colours.ok if done else colours.edge
        self._line = None if last else Rounded(self.canvas, colour, 0)
        fill, border = (colours.ok, 0) if done else (colours.card, theme.px(7))
        self._disc = Framed(self.canvas, fill, colour, self._side // 2, border)
        self._check = Icon(theme, "check", DISC * 0.6, colours.on_ok) if done else None
        if self._check is not None:
            self.add_widget(self._check)
        self._words = words
        self.hold(words)
        self._like = partial(_Station, theme, done=done)

    def split(self, width: float, room: float, *, anywhere: bool) -> tuple[Block, Block] | None:
        """The disc stays with the first words."""
        if not anywhere:
            return None
        left = self._side + self._gap
        two = self._words.split(width - left, room, anywhere=True)
        return None if two is None else (self._like(two[0], last=True), Inset(two[1], (left, 0, 0, 0)))

    def narrowest(self) -> float:
        return self._side + self._gap + self._words.narrowest()

    def height_for(self, width: float) -> float:
        return max(self._side, self._words.height_for(width - self._side - self._gap)) + self._room

    def arrange(self) -> None:
        disc = self.top - self._side
        self._disc.put(self.x, disc, self._side, self._side)
        if self._line is not None:
            middle = self.x + (self._side - self._thick) / 2
            self._line.put(middle, self.y, self._thick, disc - self.y)
        if self._check is not None:
            side = self._check.width_for(self._side)
            spare = (self._side - side) / 2
            self._check.place(self.x + spare, self.top - spare, side, side)
        self._words.place(self.x + self._side + self._gap, self.top, self.width - self._side - self._gap)


def timeline(theme: Theme, points: Sequence[Point]) -> Card:
    """A white card of points; it is split between them where a page has no room for all."""
    stations = []
    for point in points:
        lines: list[Block] = [Ends(
            Words(theme, point.what, "lead", bold=True, personal=True), Words(theme, point.when, "body", personal=True),
            theme.gutter,
        )] if point.when else [Words(theme, point.what, "lead", bold=True, personal=True)]
        if point.more:
            lines.append(Words(theme, point.more, "body", colour=theme.palette.ink2, personal=True))
        stations.append(_Station(theme, Column(lines), done=point.done, last=point is points[-1]))
    return panel(theme, Column(stations))


def band(theme: Theme, sides: Sequence[tuple[str, str]]) -> Card:
    """What matters most, on the brand's ground: one or two small labels, each above its value."""
    colour = theme.palette.on_brand
    aligns: tuple[Align, Align] = ("left", "right") if theme.spread else ("left", "left")
    columns = []
    for (label, value), align in zip(sides, aligns, strict=False):
        steps: tuple[Step, Step] = ("small", "head")
        columns.append(Column([
            Words(theme, label, steps[0], colour=colour, align=align, personal=True),
            Words(theme, value, steps[1], bold=True, colour=colour, align=align, personal=True),
        ]))
    content: Block = columns[0] if len(columns) == 1 else Ends(columns[0], columns[1], theme.gutter)
    return Card(theme, content, fill=theme.palette.brand, pad=(40, 28))
