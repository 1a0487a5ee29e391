"""Contrast as it is on the glass: letters against every ground they stand on, borders against what lies beside them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.catalog.contrast import contrast
from kiosk.widgets.button import Pressable
from kiosk.widgets.words import Words
from tests.kiosk.matrix.glass import Pixels
from tests.kiosk.screens.checks import Rect
from tests.kiosk.screens.seen import Seen, is_a

TEXT_CONTRAST = 10.0  # VVSG 2.0 7.1-C
HIGH_CONTRAST = 20.9  # VVSG 2.0 7.1-D asks black and white: 21
# In high contrast one colour is left: black on the yellow of what is to be taken, pressed or focused (16.6).
ON_YELLOW, YELLOW = 16.5, 0x00E6FF
BORDER_CONTRAST = 3.0  # WCAG 2.2 1.4.11
GROUND_SHARE = 0.04  # of a text's place; the smoothed rims of letters spread over many colours, none of so many pixels
LEADING = 0.18  # of the line, above and below its capitals
INK_SHARE = 0.002
INK_LEAST_PX = 10


def _hex(pixel: int) -> str:
    return f"#{pixel & 255:02X}{pixel >> 8 & 255:02X}{pixel >> 16 & 255:02X}"


@lru_cache(maxsize=4096)
def ratio(one: int, other: int) -> float:
    """The contrast of two pixels, 1 to 21."""
    return contrast(_hex(one), _hex(other))


def coarse(pixels: Pixels) -> NDArray[np.uint16]:
    """Each pixel's colour in 16 bits, to be counted."""
    return ((pixels >> 3 & 0x1F) | (pixels >> 5 & 0x7E0) | (pixels >> 8 & 0xF800)).astype(np.uint16)


def ink_contrast(pixels: Pixels) -> float:
    """The least contrast of a text's ink with what it stands on; 1 where no ink can be told from the ground."""
    return ink_and_ground(pixels)[0]


_KNOWN: dict[tuple[bytes, tuple[int, ...], float], tuple[float, int]] = {}


def ink_and_ground(pixels: Pixels, least_px: float = INK_LEAST_PX) -> tuple[float, int]:
    """That, and the ground that most of it stands on, as a pixel. The same pixels are looked at once."""
    key = blake2b(np.ascontiguousarray(pixels), digest_size=16).digest(), pixels.shape, least_px
    if key not in _KNOWN:
        _KNOWN[key] = _ink_and_ground(pixels, least_px)
    return _KNOWN[key]


def _ink_and_ground(pixels: Pixels, least_px: float) -> tuple[float, int]:
    counted = coarse(pixels)
    counts = np.bincount(counted.ravel(), minlength=65536)
    bins = np.flatnonzero(counts >= max(least_px, INK_SHARE * counted.size))
    if not len(bins):
        return 1.0, 0
    flat, colours = counted.ravel(), pixels.ravel()
    exact = {int(each): int(colours[int(np.argmax(flat == each))]) & 0xFFFFFF for each in bins}
    ground = int(bins[np.argmax(counts[bins])])
    against = {each: ratio(exact[each], exact[ground]) for each in exact if each != ground}
    if not against:
        return 1.0, exact[ground]
    strongest = max(against.values())
    ink = max((each for each, value in against.items() if value >= strongest / 2), key=lambda each: int(counts[each]))
    exact[ink], exact[ground] = _usual(colours[flat == ink]), _usual(colours[flat == ground])
    grounds = [
        each for each in exact
        if each not in {ink, ground} and counts[each] >= GROUND_SHARE * counted.size and _solid(counted == each)
    ]
    return min(ratio(exact[ink], exact[each]) for each in (ground, *grounds)), exact[ground]


def _usual(colours: NDArray[np.uint32]) -> int:
    """The most frequent of colours that are nearly the same."""
    values, counts = np.unique(colours & 0xFFFFFF, return_counts=True)
    return int(values[np.argmax(counts)])


def _solid(mask: NDArray[np.bool_]) -> bool:
    """Whether some of it is three pixels wide and high: a ground is, the smoothed rim of a letter is not."""
    rows = mask[:-2] & mask[1:-1] & mask[2:]
    return bool((rows[:, :-2] & rows[:, 1:-1] & rows[:, 2:]).any())


def _place(words: Any, root: Any) -> Rect:
    """Where the letters are drawn, as far as what holds them lets them be seen."""
    x, y = words._picture.pos
    wide, tall = words._picture.size
    # The texture is a little taller than the lines, which may stand closer than the font's own.
    left, bottom, right, top = max(x, words.x), max(y, words.y), min(x + wide, words.right), min(y + tall, words.top)
    if words.lines == 1:  # from the foot of the letters to their head: a ring may run around the line's corners
        bottom, top = bottom + (top - bottom) * LEADING, top - (top - bottom) * LEADING
    holder = words.parent
    while holder is not None and holder is not root:
        if not is_a(type(holder), Words) and holder.width and holder.height:
            left, right = max(left, holder.x), min(right, holder.right)
            bottom, top = max(bottom, holder.y), min(top, holder.top)
        holder = holder.parent
    return left, bottom, right, top


def faint_texts(root: Any, pixels: Pixels, least: float, every: int = 1) -> list[str]:
    """Texts whose letters contrast less than that with their ground, or cannot be seen at all.

    `every` 2: every second pixel of every second row was read. The thinnest strokes are 4 pixels wide.
    """
    found = []
    seen = Seen.of(root)
    for words in seen.words:
        if not words.text.strip():
            continue
        left, bottom, right, top = (round(edge / every) for edge in _place(words, seen.root))
        if right - left < 2 or top - bottom < 2:
            found.append(f"not shown: {words.text!r}")
            continue
        value, ground = ink_and_ground(pixels[max(0, bottom) : top, max(0, left) : right], INK_LEAST_PX / every**2)
        if value < (ON_YELLOW if least == HIGH_CONTRAST and ground == YELLOW else least):
            found.append(f"{value:.1f}:1: {words.text!r}")
    return found


def _bounded(root: Any, *, flat_too: bool) -> Iterator[Any]:
    """The controls that show their bounds: those with a border or a lip."""
    for control in Seen.of(root).everything:
        if is_a(type(control), Pressable) and control.enabled:
            look = control._look
            if flat_too or look.border or look.lip:
                yield control


def faint_borders(root: Any, pixels: Pixels, every: int = 1, *, flat_too: bool) -> list[str]:
    """Controls whose bounds cannot be told from the ground beside them.

    Flat controls (the bottom bar) are known by icon and word, which are checked as text, and in high contrast by their
    bounds as well (`flat_too`). `every`: see `faint_texts`; the thinnest border is 2 pixels wide.
    """
    found = []
    tall, wide = pixels.shape
    for control in _bounded(root, flat_too=flat_too):
        middle = control.y + control._lip_px + (control.height - control._lip_px) / 2
        row = min(tall - 1, max(0, round(middle / every)))
        outside = (round(control.x) - 4) // every
        inside = slice(ceil(round(control.x) / every), (round(control.x) + 8) // every)
        if outside < 0 or inside.stop > wide:
            found.append(f"{control.control_id} leaves no room beside it")
            continue
        ground = int(pixels[row, outside]) & 0xFFFFFF
        best = max(ratio(int(pixel) & 0xFFFFFF, ground) for pixel in pixels[row, inside])
        if best < BORDER_CONTRAST:
            found.append(f"{control.control_id}: {best:.1f}:1")
    return found
