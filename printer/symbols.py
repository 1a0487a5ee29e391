"""Barcode and QR symbols as whole modules, never as pictures to be scaled."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import segno
from barcode import Gs1_128
from barcode.itf import ITF
from ppf.datamatrix import DataMatrix

from printer.font import Dots

BAR_NARROW = 2
"""Narrow element of an ITF-44 in dots; at 203 dpi, 1 dot is not read reliably."""
BAR_HEIGHT = 104
"""13 mm, the height of a FEBRABAN barcode."""
BAR_QUIET = 40
"""5 mm before and after the bars."""
QR_QUIET_MODULES = 4
"""ISO/IEC 18004: four modules on every side."""
MATRIX_QUIET_MODULES = 2
"""ISO/IEC 16022 asks for one; a lens is glad of two."""
GS1_MODULE = 3
"""0.375 mm at 203 dpi; the GS1 General Specifications (5.12.3) ask for 0.25 mm at least."""


@lru_cache(maxsize=16)
def itf_dots(digits: str, narrow: int, wide: int) -> Dots:
    """The bars of an Interleaved 2 of 5 as one row of dots, without quiet zones. ValueError on an odd
    length.
    """
    if len(digits) % 2 or not digits.isascii() or not digits.isdigit():
        raise ValueError("ITF holds an even number of digits")
    (modules,) = ITF(digits, narrow=narrow, wide=wide).build()
    row: Dots = np.frombuffer(modules.encode("ascii"), dtype=np.uint8) == ord("1")
    return row


@lru_cache(maxsize=16)
def gs1_dots(digits: str, module: int) -> Dots:
    """The bars of a GS1-128 (FNC1 first, code set C) as one row of dots, without quiet zones. ValueError on an odd
    length.
    """
    if len(digits) % 2 or not digits.isascii() or not digits.isdigit():
        raise ValueError("code set C holds an even number of digits")
    (modules,) = Gs1_128(digits).build()
    row: Dots = (np.frombuffer(modules.encode("ascii"), dtype=np.uint8) == ord("1")).repeat(module)
    return row


@lru_cache(maxsize=16)
def matrix_modules(data: str) -> Dots:
    """The modules of a square Data Matrix (ECC 200, C40 where it is shorter) without quiet zone."""
    return np.array(DataMatrix(data, codecs=["ascii", "C40"]).matrix, dtype=np.bool_)


@lru_cache(maxsize=16)
def qr_modules(data: bytes, error: str = "M") -> Dots:
    """The modules of a QR code (model 2, ECC not raised) without quiet zone. ValueError: too long.

    Beyond ASCII the bytes are kept as they are: pairs of them could pass for kanji.
    """
    mode = None if data.isascii() else "byte"
    code = segno.make_qr(data, error=error, mode=mode, boost_error=False)
    return np.array([list(row) for row in code.matrix], dtype=np.bool_)


def qr_side(data: bytes) -> int:
    return len(qr_modules(data))
