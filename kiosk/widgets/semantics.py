"""The screen in plain data: what stands on it, in reading order, with its place in window pixels.

Journeys, tests, the focus and speech read this; nothing in it depends on a language but `name` and `value`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kiosk.widgets.block import Block

CONTROLS = frozenset({"button", "textbox"})


@dataclass(frozen=True)
class Node:
    """`bounds` is x, y, width, height from the window's lower left corner, as touches count.

    `state` is "on", "off", "chosen" or nothing; `personal` is true for what names or concerns the citizen; `value` is
    what a field holds, always personal (of a PIN: nothing). `key` names the node among its neighbours, the same after a
    screen was built again.
    """

    id: str
    role: str
    name: str
    enabled: bool
    bounds: tuple[int, int, int, int]
    state: str = ""
    personal: bool = False
    value: str = ""
    key: str = ""

    @property
    def control(self) -> bool:
        """Whether it is acted on, rather than read."""
        return self.role in CONTROLS


def tree(root: Any) -> list[Node]:
    """Everything under `root` that has a role, in reading order. A button speaks for all it holds."""
    return [node for node, _ in pairs(root)]


def pairs(root: Any) -> list[tuple[Node, Block]]:
    """The tree, each node with the block it tells of."""
    found: list[tuple[Node, Block]] = []
    seen: dict[str, int] = {}
    for block in blocks(root):
        base = block.control_id or block.role
        seen[base] = number = seen.get(base, 0) + 1
        key = base if number == 1 else f"{base}#{number}"
        found.append((_node(block, key), block))
    return found


def blocks(root: Any) -> Iterator[Block]:
    """The blocks that `tree` tells of, in the same order; a text that is empty for now is not there."""
    if isinstance(root, Block) and root.role and (root.name or root.role not in {"text", "heading"}):
        yield root
        if root.role == "button":
            return
    in_order = list(reversed(root.children))  # Kivy keeps the newest child first
    for child in sorted(in_order, key=lambda child: getattr(child, "rank", 0)):
        yield from blocks(child)


def _node(block: Block, key: str) -> Node:
    x, y = block.to_window(*block.pos)
    return Node(
        id=block.control_id, role=block.role, name=block.name, enabled=block.enabled,
        bounds=(round(x), round(y), round(block.width), round(block.height)),
        state=block.state, personal=block.personal, value=block.value, key=key,
    )


def find(root: Any, control_id: str) -> Block | None:
    """The control of that id, if it stands on the screen."""
    return next((block for block in blocks(root) if block.control_id == control_id), None)
