"""What must hold on any screen, checked on what Kivy has laid out."""

from __future__ import annotations

from itertools import combinations
from math import hypot
from typing import Any

from kiosk.widgets.block import Block
from kiosk.widgets.button import Pressable
from kiosk.widgets.card import Card
from kiosk.widgets.icon import Picture
from kiosk.widgets.semantics import Node
from kiosk.widgets.sketch import Sketch
from kiosk.widgets.tokens import Panel
from tests.kiosk.screens.seen import Seen, is_a

MIN_TARGET_MM = 12.7  # VVSG 2.0 7.2-H
MIN_GAP_MM = 2.54  # VVSG 2.0 7.2-H

Rect = tuple[float, float, float, float]


def _rect(block: Any) -> Rect:
    return (block.x, block.y, block.right, block.top)


def _inside(inner: Rect, outer: Rect, slack: float = 1) -> bool:
    return (
        inner[0] >= outer[0] - slack and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack and inner[3] <= outer[3] + slack
    )


def overflowing(root: Any) -> list[str]:
    """Texts wider than their place, or outside the card, the control or the screen that holds them."""
    found = []
    seen = Seen.of(root)
    for words in seen.words:
        if words.texture is not None and words.text and words.texture.width > words.width + 2:
            found.append(f"too wide: {words.text!r}")
        if words.text and words.one_line_px > words.width and words.longest_word_px > words.width:
            found.append(f"a word is cut: {words.text!r}")
        holder = words.parent
        while holder is not seen.root and not is_a(type(holder), (Card, Pressable)):
            holder = holder.parent
        if not _inside(_rect(words), _rect(holder)):
            found.append(f"outside its {type(holder).__name__}: {words.text!r}")
        if words.lines * words._line_px > words.height + 1:
            found.append(f"too tall: {words.text!r}")
    return found


def overlapping(root: Any) -> list[str]:
    """Blocks of one screen, or of one column of it, that lie over each other. Drawings may lie behind."""
    found = []
    for parent in Seen.of(root).everything:
        if len(parent.children) < 2 or is_a(type(parent), (Pressable, Picture, Sketch)):
            continue
        blocks = [
            child for child in parent.children
            if is_a(type(child), Block) and not is_a(type(child), (Picture, Sketch))
        ]
        for one, other in combinations(blocks, 2):
            a, b = _rect(one), _rect(other)
            if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1:
                found.append(f"{type(one).__name__} {a} and {type(other).__name__} {b}")
    return found


def too_small(root: Any, panel: Panel) -> list[str]:
    least = MIN_TARGET_MM * panel.px_per_mm
    return [node.id for node in Seen.of(root).buttons if min(node.bounds[2:]) < least]


def too_near(root: Any, panel: Panel) -> list[str]:
    least = MIN_GAP_MM * panel.px_per_mm
    found = []
    for one, other in combinations(Seen.of(root).buttons, 2):
        across = max(one.bounds[0] - other.bounds[0] - other.bounds[2], other.bounds[0] - one.bounds[0] - one.bounds[2])
        down = max(one.bounds[1] - other.bounds[1] - other.bounds[3], other.bounds[1] - one.bounds[1] - one.bounds[3])
        if hypot(max(across, 0), max(down, 0)) < least:
            found.append(f"{one.id} and {other.id}")
    return found


def unnamed(root: Any) -> list[Node]:
    """Controls without id or name, and texts that say nothing."""
    return [node for node in Seen.of(root).nodes if not node.name or (node.role == "button" and not node.id)]


def doubled(root: Any) -> list[str]:
    """Ids that two nodes of one screen share."""
    ids = [node.id for node in Seen.of(root).nodes if node.id]
    return [entry for entry in set(ids) if ids.count(entry) > 1]


def faults(root: Any, panel: Panel) -> dict[str, list[Any]]:
    """Everything that is wrong with what is shown; empty when nothing is."""
    root = Seen.of(root)
    checked: dict[str, list[Any]] = {
        "overflowing": overflowing(root),
        "overlapping": overlapping(root),
        "too small": too_small(root, panel),
        "too near": too_near(root, panel),
        "unnamed": unnamed(root),
        "doubled": doubled(root),
    }
    return {what: found for what, found in checked.items() if found}
