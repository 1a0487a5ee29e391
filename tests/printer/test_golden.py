"""Every paper on every printer looks as the picture that was looked at; two decoders read its codes after blur."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from printer import profiles
from tests.printer import golden_papers, samples
from tests.printer.printing import printed
from tests.printer.scanning import read_by_zbar, read_by_zxing

CODES = {
    "guide": {samples.BARCODE, samples.PIX}, "document": {golden_papers.SEAL}, "ticket": {samples.LINK},
    "test": {"TOTEM TEST"}, "status": set(),
}  # fmt: skip


@pytest.mark.parametrize("paper", golden_papers.PAPERS)
@pytest.mark.parametrize("name", profiles.names())
def test_what_comes_out_is_the_kept_picture(name: str, paper: str, tmp_path: Path) -> None:
    profile = profiles.load(name)
    came = printed(golden_papers.PAPERS[paper](profile), profile)
    with Image.open(golden_papers.file(name, paper)) as kept:
        same = came.size == kept.size and np.array_equal(np.array(came), np.array(kept.convert("1")))
        if not same:
            difference = tmp_path / f"{paper}-{name}.png"
            beside(kept, came).save(difference)
            pytest.fail(
                f"{paper} on {name} differs: kept left, came right, differing dots red: {difference}; "
                "if it should, `python -m tests.printer.golden_papers` draws the kept ones anew"
            )


@pytest.mark.parametrize("paper", [paper for paper, codes in CODES.items() if codes])
@pytest.mark.parametrize("kept", sorted({golden_papers.alike(name) for name in profiles.names()}))
def test_two_decoders_read_every_code_after_blur(kept: str, paper: str) -> None:
    with Image.open(golden_papers.FOLDER / f"{paper}-{kept}.png") as image:
        assert read_by_zxing(image) == CODES[paper]
        assert read_by_zbar(image) == CODES[paper]


def test_no_picture_is_kept_that_no_printer_gives() -> None:
    given = {golden_papers.file(name, paper) for name in profiles.names() for paper in golden_papers.PAPERS}
    assert set(golden_papers.FOLDER.glob("*.png")) == given


def beside(kept: Image.Image, came: Image.Image) -> Image.Image:
    """Both, and where they differ in red."""
    width, height = max(kept.width, came.width), max(kept.height, came.height)
    sheets = []
    for image in (kept, came):
        sheet = Image.new("L", (width, height), 255)
        sheet.paste(image.convert("L"))
        sheets.append(np.array(sheet))
    colour = np.stack([sheets[1]] * 3, axis=2)
    colour[sheets[0] != sheets[1]] = (255, 0, 0)
    return Image.fromarray(np.hstack([np.stack([sheets[0]] * 3, axis=2), colour]))
