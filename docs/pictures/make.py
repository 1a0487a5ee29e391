"""Makes the pictures of the README from what `make run` left in out/: `.venv/bin/python docs/pictures/make.py`."""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
WIDTH_PX = 360
RECEIPT_WIDTH_PX = 288
COLOURS = 64
# The journey of out/, and the last of its pictures of that screen (`receipt` is its first paper).
TAKEN = {
    "attract": ("iptu-guide", "attract"),
    "services-offline": ("fee-guide-offline", "services"),
    "pin": ("iptu-guide", "enter-pin"),
    "debts": ("iptu-guide", "question"),
    "keyboard": ("ombudsman-offline", "question"),
    "take-card": ("iptu-guide", "take-card"),
    "printing": ("iptu-guide", "printing"),
    "done": ("fee-guide-offline", "done"),
    "receipt-guide": ("iptu-guide", "receipt"),
    "receipt-certificate": ("certificate", "receipt"),
}


def source(out: Path, journey: str, screen: str) -> Path:
    """The picture to take; FileNotFoundError says what to run."""
    pattern = "receipt-1.png" if screen == "receipt" else f"[0-9][0-9]-{screen}.png"
    found = sorted((out / journey).glob(pattern))
    if not found:
        raise FileNotFoundError(f"{out / journey} has no picture of {screen}: run make run without a display first")
    return found[-1]


def shrink(picture: Image.Image, width_px: int, colours: int) -> Image.Image:
    """A palette picture of that width, small enough to live in a repository."""
    height_px = round(picture.height * width_px / picture.width)
    scaled = picture.convert("RGB").resize((width_px, height_px), Image.Resampling.LANCZOS)
    return scaled.quantize(colours, dither=Image.Dither.NONE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "out", help="the folder that `make run` wrote")
    out = parser.parse_args().out
    for name, (journey, screen) in TAKEN.items():
        with Image.open(source(out, journey, screen)) as picture:
            receipt = screen == "receipt"
            small = shrink(picture, RECEIPT_WIDTH_PX if receipt else WIDTH_PX, 8 if receipt else COLOURS)
        small.save(HERE / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
