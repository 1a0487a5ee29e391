"""Shows a share of the screens on one panel in all their variants, and tells what is wrong with each.

    python -m tests.kiosk.matrix.examine --panel tall --share 0/2 --pictures DIR

One line of JSON for each variant that fails, then one with the count. A process of its own: a window has one size.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
import traceback
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from kiosk.journey.state import State
from kiosk.widgets.tokens import PANELS
from tests.kiosk import vila_aurora
from tests.kiosk.matrix.glass import Glass, Pixels, catalogues, save
from tests.kiosk.matrix.scenes import alike, scenes
from tests.kiosk.matrix.variants import Variant, variants
from tests.kiosk.screens import checks

PICTURES = 40  # of failures, for one process: the rest is in the lines
LAST_PAGE = 30
MEMORY_LIMIT = 4 << 30


def wrong(root: Any, pixels: Pixels, variant: Variant) -> dict[str, list[Any]]:
    """Everything that is wrong with what is shown; empty when nothing is."""
    from tests.kiosk.matrix import layout
    from tests.kiosk.matrix import pixels as colours

    panel = variant.size
    least = colours.HIGH_CONTRAST if variant.high_contrast else colours.TEXT_CONTRAST
    checked = {
        **checks.faults(root, panel),
        "small letters": layout.small_letters(root, panel, variant.text),
        "primary or key under 20 mm": layout.small_primaries(root, panel, reach=variant.reach),
        "not in the font": layout.missing_letters(root),
        "out of order": layout.out_of_order(root),
        "not within reach": layout.not_within_reach(root, panel) if variant.reach else [],
        "faint text": colours.faint_texts(root, pixels, least),
        "faint border": colours.faint_borders(root, pixels, flat_too=variant.high_contrast),
    }
    return {what: found for what, found in checked.items() if found}


def pages(glass: Glass, last: int = LAST_PAGE) -> Iterator[int]:
    """Turns to every page that the arrows reach, from the first to `last` (counted from 1)."""
    yield 0
    for page in range(1, last):
        forward = glass.view.control("page:next")
        if forward is None or not forward.enabled:
            return
        forward._act()
        yield page
    if last == LAST_PAGE:
        raise AssertionError("the pages have no end")


def looked_at(glass: Glass, state: State, variant: Variant) -> Iterator[tuple[int, dict[str, list[Any]], Pixels]]:
    """Each page of a state shown as a variant: number, what is wrong, pixels."""
    try:
        glass.show(state, variant)
        for page in pages(glass, variant.pages or LAST_PAGE):
            pixels = glass.pixels()
            yield page, wrong(glass.top, pixels, variant), pixels
    except Exception as error:  # noqa: BLE001  a screen that cannot be built is one that fails; the others go on
        where = traceback.extract_tb(error.__traceback__)[-1]
        yield 0, {"not built": [f"{error!r} in {Path(where.filename).name}:{where.lineno}"]}, glass.pixels()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--panel", choices=PANELS, required=True)
    parser.add_argument("--share", default="0/1", help="which part of the screens: 0/2 and 1/2 are all")
    parser.add_argument("--scene", default="*", help="a pattern of names")
    parser.add_argument("--variant", default="*", help="a pattern of names")
    parser.add_argument("--pictures", type=Path, required=True)
    options = parser.parse_args()
    # A leak ends this process, not the machine's memory.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    part, whole = (int(number) for number in options.share.split("/"))
    books = catalogues(vila_aurora.catalogue())
    glass = Glass(PANELS[options.panel])
    began_s, shown, failed = time.monotonic(), 0, 0
    for variant in variants(options.panel):
        if not fnmatchcase(variant.name, options.variant):
            continue
        for at, (name, state) in enumerate(scenes(books[variant.pseudo], variant.language).items()):
            if at % whole != part or not fnmatchcase(name, options.scene) or (alike(name) and not variant.for_words):
                continue
            for page, found, pixels in looked_at(glass, state, variant):
                shown += 1
                if not found:
                    continue
                failed += 1
                picture = None
                if failed <= PICTURES:
                    picture = options.pictures / f"{variant.name} {name} {page + 1}.png".replace(" ", "_")
                    save(pixels, picture)
                told = {"scene": name, "variant": variant.name, "page": page + 1, "wrong": found}
                print(json.dumps({**told, "picture": str(picture)}, default=str, ensure_ascii=False), flush=True)
    print(json.dumps({"shown": shown, "failed": failed, "seconds": round(time.monotonic() - began_s, 1)}))


if __name__ == "__main__":
    main()
