"""Shows a share of the screens on one panel in all their variants, and tells what is wrong with each.

    python -m tests.kiosk.matrix.examine --panel tall --share 0/2 --pictures DIR

One line of JSON for each page that fails, and one with the counts for each pair of variants (usual colours, high
contrast). A process of its own: a window has one size. Each pair has a child of it, whose widgets go with it: taking
them apart one by one would take longer than showing them.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.state import State
from kiosk.widgets.tokens import PANELS
from tests.kiosk import vila_aurora
from tests.kiosk.matrix.glass import Glass, Pixels, catalogues, save
from tests.kiosk.matrix.scenes import alike, scenes
from tests.kiosk.matrix.variants import Variant, pairs
from tests.kiosk.screens import checks
from tests.kiosk.screens.seen import Seen

PICTURES = 6  # of failures, for one pair of variants: the rest is in the lines
LAST_PAGE = 30
EVERY = 2  # second pixel of every second row: strokes and borders are wider
MEMORY_LIMIT = 4 << 30

Wrong = dict[str, list[Any]]
Outline = list[tuple[Any, ...]]


def outline(root: Any) -> Outline:
    """Everything that stands on the screen: what it is, what it says, where."""
    return [
        (type(each), *each.pos, *each.size, getattr(each, "name", ""), getattr(each, "enabled", True))
        for each in Seen.of(root).everything
    ]


def misplaced(root: Any, variant: Variant) -> Wrong:
    """What is wrong with where things stand, how large they are and what they say."""
    from tests.kiosk.matrix import layout

    panel = variant.size
    return {
        **checks.faults(root, panel),
        "small letters": layout.small_letters(root, panel, variant.text),
        "primary or key under 20 mm": layout.small_primaries(root, panel, reach=variant.reach),
        "not in the font": layout.missing_letters(root),
        "out of order": layout.out_of_order(root),
        "not within reach": layout.not_within_reach(root, panel) if variant.reach else [],
    }


def faint(root: Any, pixels: Pixels, variant: Variant) -> Wrong:
    """What cannot be told from its ground, by the pixels."""
    from tests.kiosk.matrix import pixels as colours

    least = colours.HIGH_CONTRAST if variant.high_contrast else colours.TEXT_CONTRAST
    return {
        "faint text": colours.faint_texts(root, pixels, least, EVERY),
        "faint border": colours.faint_borders(root, pixels, EVERY, flat_too=variant.high_contrast),
    }


def wrong(glass: Glass, variant: Variant, known: Outline | None) -> Wrong:
    """Everything that is wrong with what is shown; empty when nothing is.

    `known` is the outline of the same page in the other contrast: where everything stands as it stood there, it was
    measured there.
    """
    root = Seen(glass.top)
    found = misplaced(root, variant) if known is None or known != outline(root) else {}
    found |= faint(root, glass.pixels(EVERY), variant)
    return {what: each for what, each in found.items() if each}


def pages(glass: Glass) -> Iterator[int]:
    """Turns to every page that the arrows reach."""
    yield 0
    for page in range(1, LAST_PAGE):
        forward = glass.view.control("page:next")
        if forward is None or not forward.enabled:
            return
        forward._act()
        yield page
    raise AssertionError("the pages have no end")


def looked_at(
    glass: Glass, state: State, variant: Variant, known: dict[int, Outline], *, all_pages: bool,
) -> Iterator[tuple[int, Wrong]]:
    """Each page of a state shown as a variant, or the first, and what is wrong with it.

    `known` has the outlines of the pages in the other contrast, and gets those of this one.
    """
    try:
        glass.show(state, variant)
        for page in pages(glass) if all_pages else [0]:
            yield page, wrong(glass, variant, known.get(page))
            known.setdefault(page, outline(glass.top))
    except Exception as error:  # noqa: BLE001  a screen that cannot be built is one that fails; the others go on
        where = traceback.extract_tb(error.__traceback__)[-1]
        yield 0, {"not built": [f"{error!r} in {Path(where.filename).name}:{where.lineno}"]}


def examine(
    glass: Glass, pair: tuple[Variant, ...], shown_as: Mapping[str, State], pictures: Path, *, everything: bool,
) -> None:
    """Show every screen as each of the pair; print what fails, then the counts.

    Unless it is to be `everything`: in high contrast the first page of each screen, since it moves nothing to another
    page; and screens that differ in words alone where words need most room.
    """
    began_s, shown, failed = time.monotonic(), 0, 0
    for name, state in shown_as.items():
        known: dict[int, Outline] = {}
        for variant in pair:
            if alike(name) and not variant.for_words and not everything:
                continue
            for page, found in looked_at(
                glass, state, variant, known, all_pages=everything or not variant.high_contrast,
            ):
                shown += 1
                if not found:
                    continue
                failed += 1
                picture = None
                if failed <= PICTURES:
                    picture = pictures / f"{variant.name} {name} {page + 1}.png".replace(" ", "_")
                    save(glass.pixels(), picture)
                told = {"scene": name, "variant": variant.name, "page": page + 1, "wrong": found}
                print(json.dumps({**told, "picture": str(picture)}, default=str, ensure_ascii=False))
    print(json.dumps({"shown": shown, "failed": failed, "seconds": round(time.monotonic() - began_s, 1)}), flush=True)


def in_a_child(
    glass: Glass, pair: tuple[Variant, ...], shown_as: Mapping[str, State], pictures: Path, *, everything: bool,
) -> None:
    """`examine` in a copy of this process; its failure is this one's."""
    child = os.fork()
    if child == 0:
        try:
            examine(glass, pair, shown_as, pictures, everything=everything)
            os._exit(0)
        except BaseException:  # noqa: BLE001  the child must not go on with what its parent does
            traceback.print_exc()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if status != 0:
        sys.exit(f"{pair[0].name}: the child ended with {status}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--panel", choices=PANELS, required=True)
    parser.add_argument("--share", default="0/1", help="which part of the variants: 0/2 and 1/2 are all")
    parser.add_argument("--scene", default="*", help="a pattern of names")
    parser.add_argument("--variant", default="*", help="a pattern of names")
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--everything", action="store_true", help="further pages in high contrast, and screens alike")
    options = parser.parse_args()
    # A leak ends this process, not the machine's memory.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    part, whole = (int(number) for number in options.share.split("/"))
    books = catalogues(vila_aurora.catalogue())
    glass = Glass(PANELS[options.panel])
    # What is compiled now, no child has to compile.
    variant = Variant(options.panel, Language.EN)
    for state in chosen_scenes(books, variant, "pin").values():
        glass.show(state, variant)
        glass.pixels()
    # Widgets are circles: nothing is collected, a child's memory goes when it ends.
    gc.disable()
    for at, pair in enumerate(pairs(options.panel)):
        asked = tuple(variant for variant in pair if fnmatchcase(variant.name, options.variant))
        if at % whole == part and asked:
            shown_as = chosen_scenes(books, pair[0], options.scene)
            in_a_child(glass, asked, shown_as, options.pictures, everything=options.everything)


def chosen_scenes(books: Mapping[bool, Catalogue], variant: Variant, pattern: str) -> dict[str, State]:
    """Every screen in the variant's language whose name has that pattern."""
    found = scenes(books[variant.pseudo], Language(variant.language))
    return {name: state for name, state in found.items() if fnmatchcase(name, pattern)}


if __name__ == "__main__":
    main()
