"""Font A: 12 x 24 dots, magnified by whole numbers. Made from Terminus Font (SIL OFL 1.1, see fonts/)."""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Dots = NDArray[np.bool_]
"""Rows of dots; True is black."""

WIDTH_DOTS = 12
HEIGHT_DOTS = 24
_GLYPHS_IN_A_ROW = 32


@cache
def _glyphs() -> dict[str, Dots]:
    folder = resources.files("printer") / "fonts"
    characters = (folder / "font-a-12x24.txt").read_text(encoding="utf-8").split("\n")
    with (folder / "font-a-12x24.png").open("rb") as file, Image.open(file) as image:
        sheet = ~np.array(image.convert("1"))
    glyphs = {}
    for row, line in enumerate(characters):
        for column, char in enumerate(line):
            top, left = row * HEIGHT_DOTS, column * WIDTH_DOTS
            glyphs[char] = sheet[top : top + HEIGHT_DOTS, left : left + WIDTH_DOTS]
    return glyphs


def _unknown() -> Dots:
    box = np.zeros((HEIGHT_DOTS, WIDTH_DOTS), dtype=np.bool_)
    box[4:20, 2:10] = True
    box[6:18, 4:8] = False
    return box


@cache
def glyph(char: str, width: int = 1, height: int = 1, *, bold: bool = False) -> Dots:
    """One character, `width` and `height` times as large; emphasis is the glyph struck twice, one of its
    dots apart.
    """
    dots = _glyphs().get(char)
    if dots is None:
        dots = np.zeros((HEIGHT_DOTS, WIDTH_DOTS), dtype=np.bool_) if char == "\xa0" else _unknown()
    if bold:
        struck = dots.copy()
        struck[:, 1:] |= dots[:, :-1]
        dots = struck
    return dots.repeat(height, axis=0).repeat(width, axis=1)


def has(char: str) -> bool:
    """Whether the font draws this character itself."""
    return char in _glyphs()
