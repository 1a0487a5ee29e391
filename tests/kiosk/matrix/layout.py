"""What must hold of where things stand and how large they are, beyond tests/kiosk/screens/checks.py: in millimetres."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.widgets import words
from kiosk.widgets.semantics import Node
from kiosk.widgets.tokens import MIN_GAP_MM, Panel
from tests.kiosk.screens.seen import Seen

# The least height of capitals in each text size. Normal: EN 301 549 5.1.4 (0.7 degrees at 500 mm). Large and largest:
# that times 1.2 and 1.4, and so within the next two steps of VVSG 2.0 7.1-G (7.1 mm and 8.5 mm).
CAPITALS_MM = {"normal": 6.1, "large": 7.3, "largest": 8.5}
ENDS = frozenset({"primary", "back"})
PRIMARY_MM = 20.0  # Colle and Hiszem 2004
# A pad of four rows of 20 mm with its gaps, and as much again for header, question and bar: only then 20 mm are asked
# of its keys, and of the primary action beside any keys. Without keys the primary action has 20 mm on panels from
# 120 mm of height. Below that, and in the half that reach mode leaves of it, 12.7 mm hold as for every control.
ROOM_FOR_PAD_MM = 180.0
ROOM_FOR_PRIMARY_MM = 120.0
# What a bar keeps free above and below its buttons, and the clear line above it.
EDGES_MM = 4.0


@cache
def _capital_px(size_px: int) -> int:
    """How tall an H of that size is drawn: rows with ink in them."""
    from kivy.core.text import Label

    label = Label(text="H", font_name=words.FONT, font_size=size_px, color=(1, 1, 1, 1))
    label.refresh()
    wide, tall = label.texture.size
    alpha = np.frombuffer(label.texture.pixels, np.uint8).reshape(tall, wide, 4)[:, :, 3]
    return int((alpha.max(axis=1) > 127).sum())


def small_letters(root: Any, panel: Panel, text: str) -> list[str]:
    """Texts whose capitals, measured as drawn, are lower than the text size promises (half a pixel is rounding)."""
    least = CAPITALS_MM[text] * panel.px_per_mm - 1
    return [
        f"{_capital_px(entry._size_px) / panel.px_per_mm:.1f} mm: {entry.text!r}"
        for entry in Seen.of(root).words
        if entry.text.strip() and _capital_px(entry._size_px) < least
    ]


def not_within_reach(root: Any, panel: Panel) -> list[str]:
    """Controls that are not wholly in the lower half of the screen.

    On a panel that is lower than two pads, keys take all of it, and so may a choice that has no room in the half with
    the ways out of its page: all of it is less than half of a tall panel.
    """
    half = panel.height_px / 2
    buttons = Seen.of(root).buttons
    high = [node for node in buttons if node.bounds[1] + node.bounds[3] > half + 1]
    if panel.height_mm < ROOM_FOR_PAD_MM and (_typing(root) or _too_high_for_half(buttons, panel)):
        return []
    return [node.id for node in high]


def _too_high_for_half(nodes: list[Node], panel: Panel) -> bool:
    """Whether one row alone rises above the half, because all rows together, as near as they may be, are higher."""
    rows: list[list[float]] = []
    for bottom, top in sorted((node.bounds[1], node.bounds[1] + node.bounds[3]) for node in nodes):
        if rows and bottom < rows[-1][1]:
            rows[-1][1] = max(rows[-1][1], top)
        else:
            rows.append([bottom, top])
    half = panel.height_px / 2
    least = sum(top - bottom for bottom, top in rows) + (len(rows) - 1) * MIN_GAP_MM * panel.px_per_mm
    return sum(top > half + 1 for _, top in rows) == 1 and least > half - EDGES_MM * panel.px_per_mm


def _typing(root: Any) -> bool:
    """Whether there is something to type into: then there are keys, or they are one page away."""
    return any(node.id.startswith(("digit:", "key:")) or node.role == "textbox" for node in Seen.of(root).nodes)


def small_primaries(root: Any, panel: Panel, *, reach: bool) -> list[str]:
    """The primary action and the keys of a number pad under 20 mm, where the panel has room for more."""
    room_mm = panel.height_mm / 2 if reach else panel.height_mm
    found = []
    room_needed_mm = {"digit": ROOM_FOR_PAD_MM, "primary": ROOM_FOR_PAD_MM if _typing(root) else ROOM_FOR_PRIMARY_MM}
    for node in Seen.of(root).buttons:
        if room_mm < room_needed_mm.get(node.id.partition(":")[0], float("inf")):
            continue
        least_mm = min(node.bounds[2:]) / panel.px_per_mm
        if least_mm < PRIMARY_MM:
            found.append(f"{node.id}: {least_mm:.1f} mm")
    return found


@cache
def _fonts() -> tuple[Any, ...]:
    from PIL import ImageFont

    folder = Path(words.__file__).parent / "assets" / "fonts"
    return tuple(ImageFont.truetype(str(file), 40) for file in sorted(folder.glob("*.ttf")))


@cache
def _drawable(letter: str) -> bool:
    """Whether both weights of the font have the letter: a missing one is drawn as the same box as any other."""
    return letter.isspace() or all(
        (font.getmask(letter).size, bytes(font.getmask(letter)))
        != (font.getmask("\U0010fffd").size, bytes(font.getmask("\U0010fffd")))
        for font in _fonts()
    )


def missing_letters(root: Any) -> list[str]:
    """Letters on the screen that the bundled font does not have."""
    said = {letter for entry in Seen.of(root).words for letter in entry.text}
    return sorted(letter for letter in said if not _drawable(letter))


def out_of_order(root: Any) -> list[str]:
    """Controls that are reached before one that stands above them in their column, or left of them in their row.

    What ends a step (back, primary) comes after what it is about, also in a column of its own beside it.
    """
    enabled = [node for node in Seen.of(root).buttons if node.enabled]
    ids = [node.id for node in enabled]
    found = [f"{each} is reached {ids.count(each)} times" for each in sorted(set(ids)) if ids.count(each) > 1]
    for one, other in pairwise(enabled):
        x, y, wide, tall = one.bounds
        left, bottom, width, height = other.bounds
        above = bottom >= y + tall - 2
        same_row = min(bottom + height, y + tall) - max(bottom, y) > min(tall, height) / 2
        if other.id in ENDS and left + width <= x + 2:
            continue
        if (above and left < x + wide - 2) or (same_row and left + width <= x + 2):
            found.append(f"{one.id} before {other.id}")
    return found
