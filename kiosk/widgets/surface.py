"""Flat shapes with smooth corners, without multisampling: nine-patches of one white quarter circle per radius."""

from __future__ import annotations

from functools import cache
from math import hypot
from typing import Any

from kivy.graphics import BorderImage, Color, InstructionGroup, Rectangle
from kivy.graphics.texture import Texture

from kiosk.widgets.texels import sharp
from kiosk.widgets.tokens import FOCUS_GAP, FOCUS_LINE, FOCUS_RING, Theme, rgba


@cache
def _corners(radius: int) -> Texture:
    """A white disc of that radius, cut at pixel precision by the distance from its rim, with two pixels in between."""
    side = 2 * radius + 2
    quarter = [
        [
            round(255 * min(1.0, max(0.0, radius + 0.5 - hypot(radius - x - 0.5, radius - y - 0.5))))
            for x in range(radius)
        ]
        for y in range(radius)
    ]
    pixels = bytearray()
    for y in range(side):
        row = quarter[min(y, side - 1 - y)] if min(y, side - 1 - y) < radius else [255] * radius
        for alpha in (*row, 255, 255, *reversed(row)):
            pixels += bytes((255, 255, 255, alpha))
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(bytes(pixels), colorfmt="rgba", bufferfmt="ubyte")
    return sharp(texture)


class Rounded:
    """A filled rounded rectangle on a canvas. `radius` is cut to half the shorter side; 0 draws square corners."""

    def __init__(self, canvas: Any, colour: str, radius: int) -> None:
        self._radius = radius
        self._colour = Color(rgba=rgba(colour))
        self._shape = BorderImage() if radius else Rectangle()
        canvas.add(self._colour)
        canvas.add(self._shape)

    def put(self, x: float, y: float, width: float, height: float) -> None:
        x, y, width, height = round(x), round(y), max(0, round(width)), max(0, round(height))
        if not width or not height:
            # A nine-patch of nothing would still show its corners.
            if self._radius:
                self._shape.border = (0, 0, 0, 0)
            self._shape.size = (0, 0)
            return
        if self._radius:
            radius = max(1, min(self._radius, width // 2, height // 2))
            self._shape.texture = _corners(radius)
            self._shape.border = (radius, radius, radius, radius)
        self._shape.pos = (x, y)
        self._shape.size = (width, height)

    def paint(self, colour: str) -> None:
        self._colour.rgba = rgba(colour)


@cache
def _hollow(radius: int, thick: int) -> Texture:
    """The rim of such a disc, `thick` pixels wide, with nothing inside."""
    side = 2 * radius + 2
    pixels = bytearray()
    for y in range(side):
        down = min(y, side - 1 - y)
        for x in range(side):
            across = min(x, side - 1 - x)
            if across < radius and down < radius:
                away = hypot(radius - across - 0.5, radius - down - 0.5)
                alpha = min(1.0, max(0.0, radius + 0.5 - away)) - min(1.0, max(0.0, radius - thick + 0.5 - away))
            else:
                alpha = 1.0 if min(across, down) < thick else 0.0
            pixels += bytes((255, 255, 255, round(255 * alpha)))
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(bytes(pixels), colorfmt="rgba", bufferfmt="ubyte")
    return sharp(texture)


class Ring:
    """The rim of a rounded rectangle, `thick` pixels inside its edge, with nothing in it."""

    def __init__(self, canvas: Any, colour: str, radius: int, thick: int) -> None:
        self._radius, self._thick = max(radius, thick + 1), thick
        canvas.add(Color(rgba=rgba(colour)))
        self._shape = BorderImage()
        canvas.add(self._shape)

    def put(self, x: float, y: float, width: float, height: float) -> None:
        radius = max(1, min(self._radius, int(width) // 2, int(height) // 2))
        self._shape.texture = _hollow(radius, self._thick)
        self._shape.border = (radius, radius, radius, radius)
        self._shape.pos = (round(x), round(y))
        self._shape.size = (round(width), round(height))


class FocusRing:
    """Around a control, at a distance, drawn over all that lies on the same root; there is one on a root at most."""

    GROUP = "focus"

    def __init__(self, root: Any, theme: Theme, radius: float) -> None:
        self._canvas = root.canvas.after
        self._canvas.remove_group(self.GROUP)
        self._drawn = InstructionGroup(group=self.GROUP)
        colours, ring_px = theme.palette, theme.pad(FOCUS_RING)
        self._line_px, self._out_px = theme.pad(FOCUS_LINE), theme.pad(FOCUS_GAP) + ring_px
        rim = theme.px(radius) + self._out_px
        self._line = Ring(self._drawn, colours.focus_line, rim + self._line_px, self._line_px + 1)
        self._ring = Ring(self._drawn, colours.focus, rim, ring_px)
        self._canvas.add(self._drawn)

    def put(self, x: float, y: float, width: float, height: float) -> None:
        for ring, out in ((self._line, self._out_px + self._line_px), (self._ring, self._out_px)):
            ring.put(x - out, y - out, width + 2 * out, height + 2 * out)

    def remove(self) -> None:
        self._canvas.remove_group(self.GROUP)


class Framed:
    """A rounded rectangle with a border inside its rim; `border` 0 leaves the border out."""

    def __init__(self, canvas: Any, fill: str, rim: str, radius: int, border: int) -> None:
        self._border = border
        self._rim = Rounded(canvas, rim, radius) if border else None
        self._fill = Rounded(canvas, fill, max(0, radius - border))

    def put(self, x: float, y: float, width: float, height: float) -> None:
        if self._rim is not None:
            self._rim.put(x, y, width, height)
        edge = self._border
        self._fill.put(x + edge, y + edge, width - 2 * edge, height - 2 * edge)

    def paint(self, fill: str, rim: str) -> None:
        self._fill.paint(fill)
        if self._rim is not None:
            self._rim.paint(rim)
