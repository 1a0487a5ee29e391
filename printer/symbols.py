"""Barcode and QR symbols as whole modules, never as pictures to be scaled."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import numpy as np
import segno
from barcode.codex import Code128, Gs1_128
from barcode.itf import ITF
from numpy.typing import NDArray
from ppf.datamatrix import DataMatrix
from segno import consts
from segno import encoder as qr_encoder

from printer.font import Dots

BAR_NARROW = 2
"""Narrow element of a barcode in dots; at 203 dpi, 1 dot is not read reliably."""
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
_MASKS = 8


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


def itf_length(digits: str, wide: int) -> int:
    """What `itf_dots` is long: start 4 narrow; each digit 3 narrow and 2 wide elements; stop 1 wide, 2 narrow."""
    return (4 + 3 * len(digits) + 2) * BAR_NARROW + (2 * len(digits) + 1) * wide


@lru_cache(maxsize=16)
def code128_dots(text: str) -> Dots:
    """The bars of a Code 128 as one row of dots, narrow element 2 dots. ValueError for what it cannot hold."""
    if not text or not all(" " <= char <= "~" for char in text):
        raise ValueError("a Code 128 here holds printable ASCII")
    (modules,) = Code128(text).build()
    row: Dots = np.frombuffer(modules.encode("ascii"), dtype=np.uint8) == ord("1")
    return row.repeat(BAR_NARROW)


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

    Beyond ASCII the bytes are kept as they are: pairs of them could pass for kanji. Of the eight masks the one with
    the least penalty is taken (ISO/IEC 18004, 7.8.3.1); all eight are made of one symbol, since the difference
    between two masks, format information included, is the same for all symbols of a version.
    """
    first = _drawn(data, error, 0)
    masked = first[np.newaxis] ^ _mask_differences(_version(data, error), error)
    best: Dots = masked[int(np.argmin(_penalties(masked)))]
    return best


@lru_cache(maxsize=64)
def qr_side(data: bytes) -> int:
    """How many modules a side has, without drawing the symbol. ValueError: too long."""
    return 17 + 4 * _version(data, "M")


def _mode(data: bytes) -> str | None:
    return None if data.isascii() else "byte"


def _version(data: bytes, error: str) -> int:
    encoder: Any = qr_encoder
    segments = encoder.prepare_data(data, encoder.normalize_mode(_mode(data)), None)
    return int(encoder.find_version(segments, consts.ERROR_MAPPING[error], eci=False, micro=False))


def _drawn(data: bytes, error: str, mask: int) -> Dots:
    return _dots(segno.make_qr(data, error=error, mode=_mode(data), mask=mask, boost_error=False))


def _dots(code: segno.QRCode) -> Dots:
    return np.array([list(row) for row in code.matrix], dtype=np.bool_)


@cache
def _mask_differences(version: int, error: str) -> Dots:
    """What turns mask 0 into each of the eight, one table a mask."""
    drawn = [
        _dots(segno.make_qr("0", error=error, version=version, mask=mask, boost_error=False)) for mask in range(_MASKS)
    ]
    return np.stack([one ^ drawn[0] for one in drawn])


Counts = NDArray[np.int64]
_FINDER_LIKE = np.array([1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0], dtype=np.bool_)


def _penalties(codes: Dots) -> Counts:
    """ISO/IEC 18004, 7.8.3.1, table 11: runs, blocks, patterns like a finder's, the share of dark modules."""
    total: Counts = _blocks(codes) + _balance(codes)
    for lines in (codes, codes.transpose(0, 2, 1)):
        total = total + _runs(lines) + _finder_like(lines)
    return total


def _runs(lines: Dots) -> Counts:
    """3 for five alike in a line, 1 for each one more: windows of five alike, and 2 for each run."""
    same = lines[..., 1:] == lines[..., :-1]
    five = same[..., :-3] & same[..., 1:-2] & same[..., 2:-1] & same[..., 3:]
    begins = five.copy()
    begins[..., 1:] &= ~five[..., :-1]
    counted: Counts = five.sum(axis=(1, 2)) + 2 * begins.sum(axis=(1, 2))
    return counted


def _finder_like(lines: Dots) -> Counts:
    count = np.zeros(len(lines), dtype=np.int64)
    width = lines.shape[2] - len(_FINDER_LIKE) + 1
    for pattern in (_FINDER_LIKE, _FINDER_LIKE[::-1]):
        here = np.ones((*lines.shape[:2], width), dtype=np.bool_)
        for offset, dark in enumerate(pattern):
            window = lines[..., offset : offset + width]
            here &= window if dark else ~window
        count += here.sum(axis=(1, 2))
    return 40 * count


def _blocks(codes: Dots) -> Counts:
    same = (
        (codes[:, 1:, 1:] == codes[:, :-1, 1:])
        & (codes[:, 1:, 1:] == codes[:, 1:, :-1])
        & (codes[:, 1:, 1:] == codes[:, :-1, :-1])
    )
    counted: Counts = 3 * same.sum(axis=(1, 2))
    return counted


def _balance(codes: Dots) -> Counts:
    percent = 100 * codes.mean(axis=(1, 2))
    counted: Counts = 10 * (np.abs(percent - 50) // 5).astype(np.int64)
    return counted
