"""A picture drawn from shapes: one description serves every size, and its edges are smooth without multisampling."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kivy.graphics import (
    Color,
    Rectangle,
    SmoothEllipse,
    SmoothLine,
    SmoothRectangle,
    SmoothRoundedRectangle,
    SmoothTriangle,
    StencilPop,
    StencilPush,
    StencilUnUse,
    StencilUse,
)

from kiosk.widgets.block import Block
from kiosk.widgets.tokens import HIGH_CONTRAST_BORDER, PANEL_RADIUS, Theme, rgba

OUTLINE = 7  # design units, around what is dark on black

Radii = float | tuple[float, float, float, float]


class Sketch(Block):
    """Draws `draw()` in design units (x to the right, y DOWN from the top left), as wide as its place or `width`.

    A subclass says its design size and draws; `redraw` is called when it is placed, or by its setters.
    """

    role = "image"
    scales = True
    design_width: float = 100
    design_height: float = 100

    def __init__(self, theme: Theme, name: str = "", width: float | None = None) -> None:
        super().__init__()
        self.theme = theme
        self.name = name
        self.role = "image" if name else ""
        self._wide = theme.px(width) if width is not None else None
        self._left = self._top = 0.0
        self._scale = 1.0

    @abstractmethod
    def draw(self) -> None:
        """Add the shapes, from the back to the front."""

    def width_for(self, available: float) -> float:
        return min(available, self._wide if self._wide is not None else available)

    def height_for(self, width: float) -> float:
        return round(self.width_for(width) * self.design_height / self.design_width)

    def arrange(self) -> None:
        self.redraw()

    @property
    def scale(self) -> float:
        """Pixels to one of its own lengths, as drawn."""
        return self._scale

    @property
    def foot(self) -> float:
        """Where the drawing ends below, in window pixels."""
        return self._top - self.design_height * self._scale

    def redraw(self) -> None:
        self._scale = min(self.width / self.design_width, self.height / self.design_height)
        self._left = self.x + (self.width - self.design_width * self._scale) / 2
        self._top = self.top - (self.height - self.design_height * self._scale) / 2
        self.canvas.clear()
        with self.canvas:
            self.draw()

    def _box(self, x: float, y: float, width: float, height: float) -> dict[str, tuple[float, float]]:
        scale = self._scale
        return {
            "pos": (self._left + x * scale, self._top - (y + height) * scale),
            "size": (width * scale, height * scale),
        }

    def _points(self, points: Sequence[float]) -> list[float]:
        scale = self._scale
        return [
            (self._top - value * scale) if place % 2 else (self._left + value * scale)
            for place, value in enumerate(points)
        ]

    def rounded(self, x: float, y: float, width: float, height: float, radii: Radii, colour: str) -> None:
        """A filled box; `radii` for all corners, or top left, top right, bottom right, bottom left."""
        corners = (radii,) * 4 if isinstance(radii, int | float) else radii
        Color(*rgba(colour))
        SmoothRoundedRectangle(
            **self._box(x, y, width, height), radius=[(corner * self._scale,) * 2 for corner in corners]
        )

    @property
    def deep(self) -> str:
        """Of what lies on white: the brand's colour, black in high contrast."""
        palette = self.theme.palette
        return palette.page if palette.outlined else palette.brand

    def ground(self, radii: Radii = PANEL_RADIUS, height: float | None = None, colour: str | None = None) -> None:
        """What the picture stands on: the tint, or black within a white border."""
        palette, tall = self.theme.palette, self.design_height if height is None else height
        self.rounded(0, 0, self.design_width, tall, radii, palette.edge if palette.outlined else colour or palette.tint)
        if palette.outlined:
            edge = HIGH_CONTRAST_BORDER / max(0.3, self._scale / self.theme.scale)
            self.rounded(edge, edge, self.design_width - 2 * edge, tall - 2 * edge, radii, palette.page)

    def plate(self, x: float, y: float, width: float, height: float, radius: float, colour: str) -> None:
        """A dark part of the machine; on black it has a white rim."""
        if self.theme.palette.outlined:
            rim = OUTLINE
            self.rounded(x - rim, y - rim, width + 2 * rim, height + 2 * rim, radius + rim, self.theme.palette.edge)
        self.rounded(x, y, width, height, radius, colour)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        Color(*rgba(colour))
        SmoothRectangle(**self._box(x, y, width, height))

    def picture(self, x: float, y: float, width: float, height: float, texture: Any, part: tuple[float, float]) -> None:
        """The part of a picture between two heights, given as fractions from its top: (0, 1) is the whole."""
        left, foot = texture.uvpos
        across, up = texture.uvsize
        top, bottom = foot + (1 - part[0]) * up, foot + (1 - part[1]) * up
        corners = (left, bottom, left + across, bottom, left + across, top, left, top)
        Color(1, 1, 1, 1)
        Rectangle(**self._box(x, y, width, height), texture=texture, tex_coords=corners)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle around (x, y)."""
        Color(*rgba(colour))
        SmoothEllipse(**self._box(x - radius, y - radius, 2 * radius, 2 * radius))

    def line(self, points: Sequence[float], width: float, colour: str) -> None:
        Color(*rgba(colour))
        SmoothLine(points=self._points(points), width=width * self._scale / 2, joint="round", cap="round")

    def arrow(self, x: float, y: float, width: float, height: float, colour: str, *, down: bool) -> None:
        """A block arrow in the box whose top left is (x, y): the head takes 0.45 of its height, the shaft 0.46."""
        head = height * 0.45
        shaft = width * 0.46
        base, tip = (y + height - head, y + height) if down else (y + head, y)
        # The shaft reaches a little into the head, so that no seam shows between the two smooth edges.
        overlap = head / 4
        self.box(x + (width - shaft) / 2, y if down else y + head - overlap, shaft, height - head + overlap, colour)
        self.triangle((x, base, x + width, base, x + width / 2, tip), colour)

    def triangle(self, points: Sequence[float], colour: str) -> None:
        Color(*rgba(colour))
        SmoothTriangle(points=self._points(points))

    @contextmanager
    def clipped(self, x: float, y: float, width: float, height: float) -> Iterator[None]:
        """What is drawn inside shows only within the box."""
        box = self._box(x, y, width, height)
        StencilPush()
        Rectangle(**box)
        StencilUse()
        yield
        StencilUnUse()
        Rectangle(**box)
        StencilPop()
