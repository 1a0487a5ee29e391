"""The contact sheet for human eyes: every screen on every panel, in a readable choice of variants.

    python -m tests.kiosk.matrix.sheet --out DIR

One picture for each panel, kind of variant and dozen of screens: `DIR/p800-largest-1.png`; each screen alone, in its
own pixels, under `DIR/alone/`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

from PIL import Image, ImageDraw

from kiosk.catalog.model import Language
from kiosk.widgets.tokens import PANELS
from tests.kiosk.matrix.variants import Variant

# What a person looks at: each language, size, contrast and reach at least once.
KINDS = {
    "normal": ("pt-BR", "normal", False, False),
    "contrast": ("it", "normal", True, False),
    "largest": ("es", "largest", False, False),
    "reach": ("en", "normal", False, True),
    "all": ("it", "largest", True, True),
}
SIDE_PX = {"tall": 330, "wide": 620, "p1280": 520, "p1024": 520, "p800": 500}
ACROSS = {"tall": 6, "wide": 3, "p1280": 4, "p1024": 4, "p800": 4}
DOWN = {"tall": 2, "wide": 4, "p1280": 4, "p1024": 4, "p800": 4}
LABEL_PX = 22


def kind(panel: str, name: str) -> Variant:
    language, text, contrast, reach = KINDS[name]
    return Variant(panel, Language(language), text, contrast, reach)


def draw(panel: str, names: list[str], pattern: str, out: Path) -> None:
    """All screens of one panel, each page of them; in this process."""
    from tests.kiosk import vila_aurora
    from tests.kiosk.matrix.examine import pages
    from tests.kiosk.matrix.glass import Glass, save
    from tests.kiosk.matrix.scenes import scenes

    catalogue = vila_aurora.catalogue()
    glass = Glass(PANELS[panel])
    for name in names:
        variant = kind(panel, name)
        drawn = []
        for scene, state in scenes(catalogue, variant.language).items():
            if not fnmatchcase(scene, pattern):
                continue
            glass.show(state, variant)
            for page in pages(glass):
                path = out / "alone" / f"{panel}-{name}" / f"{scene} {page + 1}.png".replace(" ", "_")
                save(glass.pixels(), path)
                drawn.append(path)
        sheets(drawn, panel, out, name)


def sheets(pictures: list[Path], panel: str, out: Path, name: str) -> None:
    """The pictures side by side, some to a sheet, each under its name."""
    wide = SIDE_PX[panel]
    tall = round(wide * PANELS[panel].height_px / PANELS[panel].width_px)
    across, down = ACROSS[panel], DOWN[panel]
    for number, first in enumerate(range(0, len(pictures), across * down), start=1):
        sheet = Image.new("RGB", (across * (wide + 8), down * (tall + LABEL_PX + 8)), "#777777")
        pen = ImageDraw.Draw(sheet)
        for at, path in enumerate(pictures[first : first + across * down]):
            x, y = at % across * (wide + 8) + 4, at // across * (tall + LABEL_PX + 8) + 4
            with Image.open(path) as picture:
                sheet.paste(picture.resize((wide, tall), Image.Resampling.LANCZOS), (x, y + LABEL_PX))
            pen.text((x, y + 4), path.stem.replace("_", " "), fill="white")
        sheet.save(out / f"{panel}-{name}-{number}.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--panel", choices=PANELS, help="this one only, in this process")
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--scene", default="*", help="a pattern of names")
    options = parser.parse_args()
    names = options.kind or list(KINDS)
    if options.panel:
        draw(options.panel, names, options.scene, options.out)
        return
    for panel in PANELS:  # a window has one size: a process for each panel
        kinds = [argument for name in names for argument in ("--kind", name)]
        command = [sys.executable, "-m", "tests.kiosk.matrix.sheet", "--out", str(options.out), "--panel", panel]
        subprocess.run([*command, *kinds, "--scene", options.scene], check=True)


if __name__ == "__main__":
    main()
