"""The screen in plain data: what stands on it, in reading order, with its place in window pixels.

Journeys, tests and speech read this; nothing in it depends on a language but `name`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kiosk.widgets.block import Block


@dataclass(frozen=True)
class Node:
    """`bounds` is x, y, width, height from the window's lower left corner, as touches count."""

    id: str
    role: str
    name: str
    enabled: bool
    bounds: tuple[int, int, int, int]


def tree(root: Any) -> list[Node]:
    """Everything under `root` that has a role. A button speaks for all it holds."""
    return list(_walk(root))


def blocks(root: Any) -> Iterator[Block]:
    """The blocks that `tree` tells of, in the same order; a text that is empty for now is not there."""
    if isinstance(root, Block) and root.role and (root.name or root.role not in {"text", "heading"}):
        yield root
        if root.role == "button":
            return
    in_order = list(reversed(root.children))  # Kivy keeps the newest child first
    for child in sorted(in_order, key=lambda child: getattr(child, "rank", 0)):
        yield from blocks(child)


def _walk(root: Any) -> Iterator[Node]:
    for block in blocks(root):
        x, y = block.to_window(*block.pos)
        bounds = (round(x), round(y), round(block.width), round(block.height))
        yield Node(block.control_id, block.role, block.name, block.enabled, bounds)


def find(root: Any, control_id: str) -> Block | None:
    """The control of that id, if it stands on the screen."""
    return next((block for block in blocks(root) if block.control_id == control_id), None)
