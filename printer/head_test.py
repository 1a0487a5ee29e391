"""A picture for the print head: what is burned or lost there shows as a gap in what should be whole."""

from __future__ import annotations

import base64
from functools import cache

import numpy as np

from printer.receipt import Picture

LETTERS = "ÁÀÂÃÇÉÊÍÓÔÕÚ áàâãçéêíóôõúü ñ¿¡ èìòù €ªº§°"
"""Those of the four languages that a printer without the right code page gets wrong."""
_STRIPES, _SLOPES, _GREYS, _GAP = 24, 24, 32, 12


@cache
def head_test(width_dots: int) -> Picture:
    """Bars, slanting lines, and greys from light to black, as wide as the head: every dot of it is tried."""
    x = np.arange(width_dots)
    stripes = np.tile(x // 8 % 2 == 0, (_STRIPES, 1))
    y = np.arange(_SLOPES)[:, np.newaxis]
    slopes = (x % 48) // 2 == y
    slopes |= np.roll(slopes, 1, axis=1)
    y = np.arange(_GREYS)[:, np.newaxis]
    level = np.minimum(5, x * 6 // width_dots)
    greys = (level == 5) | ((level == 4) & ((x + y) % 2 == 0)) | ((level == 3) & (x % 2 == 0) & (y % 2 == 0))
    greys |= (level == 2) & (x % 3 == 0) & (y % 3 == 0)
    greys |= (level == 1) & (x % 4 == 0) & (y % 4 == 0) | (level == 0) & (x % 4 == 0) & (y % 8 == 0)
    gap = np.zeros((_GAP, width_dots), dtype=np.bool_)
    dots = np.vstack([stripes, gap, slopes, gap, greys])
    rows = base64.b64encode(np.packbits(dots, axis=1).tobytes())
    return Picture(width_dots=width_dots, rows=rows, what="print head test")
