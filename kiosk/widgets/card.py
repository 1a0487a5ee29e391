"""What informs and cannot be pressed: cards, notices, rows of label and value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from kivy.graphics import Color, Rectangle

from kiosk.widgets.block import Block, Column, Row, Space
from kiosk.widgets.icon import Icon
from kiosk.widgets.surface import Framed
from kiosk.widgets.tokens import Step, Theme, rgba
from kiosk.widgets.words import Words

Tone = Literal["ok", "warn", "error", "info"]

NOTICE_ICONS: dict[Tone, str] = {
    "ok": "check-circle-fill", "warn": "warning-fill", "error": "x-circle-fill", "info": "info-fill",
}


class Card(Block):
    """A rounded ground under one block. `fill` is a colour value, `rim` None leaves the border out."""

    def __init__(
        self, theme: Theme, content: Block, *, fill: str | None = None, rim: str | None = None, radius: float = 28,
        border: float = 3, pad: tuple[float, float] = (40, 32), height: float | None = None,
    ) -> None:
        super().__init__()
        ground = fill or theme.palette.card
        if theme.palette.outlined and rim is None and ground == theme.palette.page:
            rim = theme.palette.edge
        edge = theme.border(border) if rim else 0
        self._pad = (max(theme.pad(pad[0]), 2 * edge), max(theme.pad(pad[1]), 2 * edge))
        self._tall = theme.pad(height) if height is not None else None
        self._face = Framed(self.canvas, ground, rim or ground, theme.px(radius), edge)
        self._like = partial(Card, theme, fill=fill, rim=rim, radius=radius, border=border, pad=pad)
        self.content = content
        self.hold(content)

    def height_for(self, width: float) -> float:
        inner = self.content.height_for(width - 2 * self._pad[0]) + 2 * self._pad[1]
        return max(inner, self._tall or 0)

    def narrowest(self) -> float:
        return self.content.narrowest() + 2 * self._pad[0]

    def split(self, width: float, room: float, *, anywhere: bool) -> tuple[Block, Block] | None:
        """Two cards alike."""
        across, down = self._pad
        two = self.content.split(width - 2 * across, room - 2 * down, anywhere=anywhere)
        if two is None:
            return None
        return self._like(two[0]), self._like(two[1])

    def arrange(self) -> None:
        self._face.put(self.x, self.y, self.width, self.height)
        across, _ = self._pad
        inner = self.width - 2 * across
        tall = self.content.height_for(inner)
        self.content.place(self.x + across, self.top - (self.height - tall) / 2, inner, tall)


def panel(theme: Theme, content: Block, *, height: float | None = None) -> Card:
    """White, with the decorative border."""
    return Card(theme, content, rim=theme.palette.line, height=height)


def notice(
    theme: Theme, tone: Tone, text: str, *, icon: str | None = None, step: Step = "body", personal: bool = False,
) -> Card:
    """One marked-up sentence with its icon on the tone's tint: colour never speaks alone."""
    colours = theme.palette
    ink, ground = {
        "ok": (colours.ok, colours.ok_tint),
        "warn": (colours.warn, colours.warn_tint),
        "error": (colours.error, colours.error_tint),
        "info": (colours.brand, colours.tint),
    }[tone]
    words = Words(theme, text, step, markup=True, personal=personal)
    content = Row([Icon(theme, icon or NOTICE_ICONS[tone], 60, ink), words], shares=[0, 1], gap=theme.pad(28))
    return Card(theme, content, fill=ground, radius=24, pad=(32, 24), height=108)


def remark(theme: Theme, icon: str, text: str, step: Step = "body") -> Row:
    """An icon and a marked-up sentence on the page itself."""
    return Row([Icon(theme, icon, 60), Words(theme, text, step, markup=True)], shares=[0, 1], gap=theme.pad(24))


@dataclass(frozen=True)
class Fact:
    """A row: a small bold label above a value (marked up). `extra` stands below, `side` at the right end.

    `personal`: the value names or concerns the citizen.
    """

    label: str
    value: str
    icon: str | None = None
    extra: Block | None = None
    side: Block | None = None
    icon_colour: str | None = None
    personal: bool = False


class Line(Block):
    """A thin decorative line with room above and below."""

    between = True

    def __init__(self, theme: Theme, room: float) -> None:
        super().__init__()
        self._room, self._thick = theme.pad(room), max(1, theme.px(2))
        with self.canvas:
            Color(rgba=rgba(theme.palette.line))
            self._shape = Rectangle(size=(0, 0))

    def height_for(self, width: float) -> float:
        del width
        return 2 * self._room + self._thick

    def arrange(self) -> None:
        self._shape.pos = (self.x, self.y + self._room)
        self._shape.size = (self.width, self._thick)


def facts(theme: Theme, rows: Sequence[Fact], *, room: float = 28) -> Card:
    """A white card of rows, a line between them."""
    blocks: list[Block] = []
    for row in rows:
        if blocks:
            blocks.append(Line(theme, room))
        lines: list[Block] = []
        if row.label:
            lines.append(Words(theme, row.label, "small", bold=True, colour=theme.palette.ink2))
        if row.value:
            lines.append(Words(theme, row.value, "body", markup=True, personal=row.personal))
        if row.extra is not None:
            lines += [Space(theme.pad(10)), row.extra]
        parts: list[Block] = [Icon(theme, row.icon, 60, row.icon_colour)] if row.icon else []
        shares = [0.0] * len(parts) + [1.0]
        parts.append(Column(lines, gap=theme.px(2)))
        if row.side is not None:
            parts.append(row.side)
            shares.append(0.0)
        valign: Literal["top", "middle"] = "middle" if row.side is not None or not row.label else "top"
        blocks.append(Row(parts, shares=shares, gap=theme.pad(32), valign=valign))
    return panel(theme, Column(blocks))
