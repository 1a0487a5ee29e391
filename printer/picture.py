"""The picture of a receipt, dot for dot what the printer burns."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import assert_never

import numpy as np
from PIL import Image

from printer.font import Dots, glyph
from printer.layout import lay_out
from printer.profiles import Profile
from printer.receipt import Receipt
from printer.strips import BAND_HEIGHT, Bars, Blank, Code, Crest, Drawing, Line, Placed, Sheet, Strip, Turned
from printer.symbols import BAR_HEIGHT


def draw(receipt: Receipt, profile: Profile) -> Image.Image:
    """The whole paper, one bit a dot, as wide as the print head. ValueError when a code does not fit."""
    return image(np.vstack([strip_dots(strip, profile.dots) for strip in lay_out(receipt, profile)]))


def image(dots: Dots) -> Image.Image:
    """Dots as a black and white picture (mode "1")."""
    return Image.fromarray(np.where(dots, 0, 255).astype(np.uint8)).convert("1")


def strip_dots(strip: Strip, width: int) -> Dots:
    """One strip over the whole paper width."""
    canvas = np.zeros((strip.advance, width), dtype=np.bool_)
    match strip:
        case Blank():
            pass
        case Line() | Code() | Bars() | Drawing():
            _put(canvas, Placed(0, strip))
        case Sheet():
            for placed in strip.parts:
                _put(canvas, placed)
        case _:
            assert_never(strip)
    return canvas


@cache
def crest_dots() -> Dots:
    """The one-colour crest of the operator, 104 x 104."""
    with (resources.files("printer") / "art" / "crest.png").open("rb") as file, Image.open(file) as picture:
        return ~np.array(picture.convert("1"))


def text_dots(text: str, size: int, *, bold: bool) -> Dots:
    """A run of characters."""
    return np.hstack([glyph(char, size, size, bold=bold) for char in text])


def code_dots(code: Code) -> Dots:
    return code.modules.repeat(code.module, axis=0).repeat(code.module, axis=1)


def bars_dots(bars: Bars) -> Dots:
    """A barcode along the feed: one bar above the other."""
    return bars.row[:, np.newaxis].repeat(BAR_HEIGHT, axis=1)


def drawing_dots(drawing: Drawing) -> Dots:
    packed = np.frombuffer(drawing.rows, dtype=np.uint8).reshape(-1, drawing.row_bytes)
    dots = np.unpackbits(packed, axis=1)[:, : drawing.width].astype(np.bool_)
    return dots.repeat(drawing.tall, axis=0) if drawing.tall else dots


def _put(canvas: Dots, placed: Placed) -> None:
    part, y = placed.part, placed.y
    match part:
        case Line():
            _line(canvas, part, y)
        case Code():
            _paste(canvas, code_dots(part), part.x, y)
        case Bars():
            _paste(canvas, bars_dots(part), part.x, y)
        case Drawing():
            _paste(canvas, drawing_dots(part), part.x, y)
        case Crest():
            _paste(canvas, crest_dots(), part.x, y)
        case Turned():
            turned = np.rot90(text_dots(part.text, 1, bold=False))
            _paste(canvas, turned, part.x, len(canvas) - len(turned))
        case _:
            assert_never(part)


def _line(canvas: Dots, line: Line, y: int) -> None:
    bottom = y + line.height
    for run in line.runs:
        if run.text:
            dots = text_dots(run.text, run.size, bold=run.bold)
            dots = ~dots if run.reverse else dots
            _paste(canvas, dots, run.x, bottom - len(dots))
    if line.reverse:
        canvas[y : y + BAND_HEIGHT] = ~canvas[y : y + BAND_HEIGHT]


def _paste(canvas: Dots, dots: Dots, x: int, y: int) -> None:
    canvas[y : y + dots.shape[0], x : x + dots.shape[1]] |= dots
