"""Pictures and upright barcodes as strips of dots that fit on the paper."""

from __future__ import annotations

import numpy as np

from printer.receipt import Align, Picture
from printer.strips import Bars, Drawing
from printer.symbols import BAR_QUIET

UPRIGHT_BARS = 80
"""10 mm."""


def shrunk(picture: Picture, paper: int) -> Drawing:
    """The picture at its place; halved, black winning, until it is no wider than the paper."""
    packed = np.frombuffer(picture.rows, dtype=np.uint8).reshape(-1, (picture.width_dots + 7) // 8)
    dots = np.unpackbits(packed, axis=1)[:, : picture.width_dots].astype(np.bool_)
    while dots.shape[1] > paper:
        even = np.pad(dots, ((0, dots.shape[0] % 2), (0, dots.shape[1] % 2)))
        dots = even[::2, ::2] | even[1::2, ::2] | even[::2, 1::2] | even[1::2, 1::2]
    room = paper - dots.shape[1]
    x = {Align.LEFT: 0, Align.CENTRE: room // 2, Align.RIGHT: room}[picture.align]
    return Drawing(x, dots.shape[1], np.packbits(dots, axis=1).tobytes())


def across(bars: Bars, paper: int) -> Drawing | None:
    """The barcode across the paper with its quiet zones; None when it is wider."""
    row = bars.row
    if len(row) + 2 * BAR_QUIET > paper:
        return None
    return Drawing((paper - len(row)) // 2, len(row), np.packbits(row).tobytes(), tall=UPRIGHT_BARS)
