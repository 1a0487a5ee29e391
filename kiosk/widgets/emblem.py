"""The operator's emblem, as the catalogue carries it: in its own colours, or in one where the ground is black."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any

from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture

from kiosk.catalog.model import Crest
from kiosk.widgets.block import Block
from kiosk.widgets.tokens import Theme, rgba


@lru_cache(maxsize=4)
def _texture(png: bytes) -> Any:
    return CoreImage(BytesIO(png), ext="png").texture


@lru_cache(maxsize=4)
def _shape(png: bytes) -> Any:
    """The same in white, whatever it was drawn in: its shape is its alpha channel."""
    drawn = _texture(png)
    parts = bytearray(drawn.pixels)
    for colour in range(3):
        parts[colour::4] = b"\xff" * (len(parts) // 4)
    white = Texture.create(size=drawn.size, colorfmt="rgba")
    white.blit_buffer(bytes(parts), colorfmt="rgba", bufferfmt="ubyte")
    white.flip_vertical()
    return white


class Emblem(Block):
    """As wide as its place, `width` pixels at most, as high as the picture is to its width."""

    def __init__(self, theme: Theme, crest: Crest, width: int) -> None:
        super().__init__()
        colours = theme.palette
        self._wide = width
        one_colour = colours.outlined
        with self.canvas:
            Color(rgba=rgba(colours.on_header if one_colour else "#FFFFFF"))
            texture = _shape(crest.one_colour_png) if one_colour else _texture(crest.colour_png)
            self._picture = Rectangle(texture=texture, size=(0, 0))

    def width_for(self, available: float) -> float:
        return min(available, self._wide)

    def height_for(self, width: float) -> float:
        wide, tall = self._picture.texture.size
        return round(self.width_for(width) * float(tall / wide))

    def arrange(self) -> None:
        wide = self.width_for(self.width)
        tall = self.height_for(wide)
        self._picture.size = (round(wide), tall)
        self._picture.pos = (round(self.center_x - wide / 2), round(self.top - tall))
