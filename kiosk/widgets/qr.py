"""A QR code as a picture: dark on white with its quiet zone, each module a whole number of pixels (ISO/IEC 18004)."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture

from kiosk.widgets.block import Block
from kiosk.widgets.texels import sharp
from kiosk.widgets.tokens import Theme

QUIET = 4  # modules, ISO/IEC 18004 5.3.8
LEAST_MODULE_MM = 0.9  # a phone reads it from half a metre


class QrPicture(Block):
    """`name` says where it leads. It is as large as its place, in whole pixels a module, and never below 0.9 mm; where
    a phone is held close, `least_mm` may be less.
    """

    role = "image"
    personal = True
    scales = True

    def __init__(
        self, theme: Theme, address: str, *, name: str, side: float = 360, least_mm: float = LEAST_MODULE_MM,
        error: str = "m",
    ) -> None:
        super().__init__()
        import segno

        self.name, self.control_id = name, "qr"
        matrix = [list(row) for row in segno.make(address, error=error, micro=False).matrix]
        self._modules = len(matrix) + 2 * QUIET
        self._least = self._modules * theme.mm(least_mm)
        self._wanted = max(theme.pad(side), self._least)
        with self.canvas:
            Color(1, 1, 1, 1)
            self._picture = Rectangle(texture=_drawn(matrix), size=(0, 0))

    def width_for(self, available: float) -> float:
        return min(available, self._wanted)

    def narrowest(self) -> float:
        return self._least

    def height_for(self, width: float) -> float:
        return self.width_for(width)

    def arrange(self) -> None:
        module = max(1, int(min(self.width, self.height, self._wanted) // self._modules))
        side = module * self._modules
        self._picture.size = (side, side)
        self._picture.pos = (round(self.center_x - side / 2), round(self.center_y - side / 2))


def _drawn(matrix: list[list[int]]) -> Any:
    """One pixel a module, the quiet zone around, magnified without smoothing."""
    side = len(matrix) + 2 * QUIET
    pixels = bytearray(b"\xff" * side * side)
    for down, row in enumerate(reversed(matrix)):
        for across, dark in enumerate(row):
            if dark:
                pixels[(down + QUIET) * side + across + QUIET] = 0
    texture = sharp(Texture.create(size=(side, side), colorfmt="luminance"))
    texture.blit_buffer(bytes(pixels), colorfmt="luminance", bufferfmt="ubyte")
    return texture
