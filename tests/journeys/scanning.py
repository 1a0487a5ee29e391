"""Reading a paper of the virtual printer as a phone or a till would. One dot is one pixel there."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import zxingcpp
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image, ImageFilter, ImageOps
from pyzbar import pyzbar

from printer import picture
from printer.font import HEIGHT_DOTS, WIDTH_DOTS, Dots, glyph

SCALE = 3
BORDER_DOTS = 24


def photographed(paper: Path) -> Image.Image:
    """Larger, with white around it, and as soft as a print head and a lens leave it."""
    if paper.suffix == ".pdf":
        return _first_page(paper)
    with Image.open(paper) as image:
        framed = ImageOps.expand(image.convert("L"), border=BORDER_DOTS, fill=255)
    large = framed.resize((framed.width * SCALE, framed.height * SCALE), Image.Resampling.NEAREST)
    return large.filter(ImageFilter.GaussianBlur(SCALE / 2))


def _first_page(paper: Path) -> Image.Image:
    """A sheet of A4 as an office scanner sees it."""
    command = ["pdftoppm", "-r", "200", "-gray", "-f", "1", "-l", "1", str(paper)]
    drawn = subprocess.run(command, check=True, capture_output=True)
    return Image.open(io.BytesIO(drawn.stdout))


def by_zxing(paper: Path) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(photographed(paper))}


def by_zbar(paper: Path) -> set[str]:
    return {found.data.decode("utf-8") for found in pyzbar.decode(photographed(paper))}


def prints(paper: Path, text: str) -> bool:
    """Whether this text stands on the paper, letter for letter in the printer's own font, at any size."""
    with Image.open(paper) as image:
        dots = ~np.array(image.convert("1"))
    templates = (picture.text_dots(text, size, bold=bold) for size in (1, 2, 3) for bold in (False, True))
    return any(next(_places(dots, template), None) for template in templates)


def _places(dots: Dots, template: Dots) -> Iterator[tuple[int, int]]:
    """Where it stands: top and left. Looks for the row with most ink first, which excludes nearly every place."""
    height, width = template.shape
    if height > dots.shape[0] or width > dots.shape[1]:
        return
    fullest = int(template.sum(axis=1).argmax())
    windows = sliding_window_view(dots, width, axis=1)
    for y, x in np.argwhere((windows == template[fullest]).all(axis=2)):
        top = int(y) - fullest
        if 0 <= top <= dots.shape[0] - height and (dots[top : top + height, x : x + width] == template).all():
            yield top, int(x)


def reads(paper: Path, label: str, count: int) -> str:
    """The `count` digits that stand right behind a label, "?" where there is none."""
    with Image.open(paper) as image:
        dots = ~np.array(image.convert("1"))
    for size in (1, 2, 3):
        for bold in (False, True):
            for top, left in _places(dots, picture.text_dots(label, size, bold=bold)):
                begin = left + len(label) * size * WIDTH_DOTS
                return "".join(
                    _digit(dots[top : top + HEIGHT_DOTS * size, at : at + WIDTH_DOTS * size], size, bold=bold)
                    for at in range(begin, begin + count * size * WIDTH_DOTS, size * WIDTH_DOTS)
                )
    return "?" * count


def _digit(cell: Dots, size: int, *, bold: bool) -> str:
    return next((digit for digit in "0123456789" if np.array_equal(cell, glyph(digit, size, size, bold=bold))), "?")
