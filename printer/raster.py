"""Dots as raster commands, for what a printer cannot set itself; and whole papers drawn for dialects that differ.

Blank bands of a drawn paper are a single byte a row: in these dialects a feed is no whole number of dots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from printer.font import Dots
from printer.picture import strip_dots
from printer.profiles import Profile
from printer.strips import Strip

BAND_ROWS = 240
"""Rows of one raster command: a multiple of 24, small enough for a small buffer."""
_LEAST_BLANK = 24  # a shorter band costs less inside its neighbours than a command of its own


def raster(dots: Dots, zoom_x: int = 1, zoom_y: int = 1) -> bytes:
    """GS v 0, in bands of rows. Where the printer doubles dots (m=1, 2, 3), every other one is sent."""
    dots = dots[::zoom_y, ::zoom_x]
    out = bytearray()
    for row in range(0, len(dots), BAND_ROWS):
        band = dots[row : row + BAND_ROWS]
        mode = (zoom_x == 2) | (zoom_y == 2) << 1
        size = _word((band.shape[1] + 7) // 8) + _word(len(band))
        out += b"\x1dv0" + bytes([mode]) + size + np.packbits(band, axis=1).tobytes()
    return bytes(out)


def drawn(strips: Sequence[Strip], profile: Profile) -> bytes:
    """The whole paper as rasters from the left edge, each as wide as its blackest row needs."""
    dots = np.vstack([strip_dots(strip, profile.dots) for strip in strips])
    out = bytearray()
    for band in _bands(dots):
        used = np.flatnonzero(band.any(axis=0))
        width = int(used[-1]) + 1 if used.size else 8
        for row in range(0, len(band), BAND_ROWS):
            part = band[row : row + BAND_ROWS, :width]
            out += raster(part) if profile.raster == "gs-v0" else _star(part)
    return bytes(out)


def _star(dots: Dots) -> bytes:
    """ESC GS S m xL xH yL yH n1: StarPRNT's raster, one colour."""
    size = _word((dots.shape[1] + 7) // 8) + _word(len(dots))
    return b"\x1b\x1dS\x01" + size + b"\x00" + np.packbits(dots, axis=1).tobytes()


def _bands(dots: Dots) -> Iterator[Dots]:
    """Pieces of the paper, top to bottom: with something on them, or blank and at least _LEAST_BLANK high."""
    inked = np.flatnonzero(dots.any(axis=1))
    begin = previous = 0
    for row in (*inked.tolist(), len(dots)):
        if row - previous >= _LEAST_BLANK:
            if previous > begin:
                yield dots[begin:previous]
            yield dots[previous:row]
            begin = row
        previous = row + 1
    if begin < len(dots):
        yield dots[begin:]


def _word(number: int) -> bytes:
    return number.to_bytes(2, "little")
