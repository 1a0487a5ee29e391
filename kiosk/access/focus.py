"""Where the focus is: plain data about nodes, no widget. The order is the reading order, and it is a circle.

With speech the focus also stops at what only informs; without, at controls alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.widgets.semantics import Node

# What stands on every screen and says nothing new; it can still be reached by going on.
STANDING = frozenset({"operator", "clock", "date"})


def stops(nodes: Sequence[Node], *, speech: bool) -> list[Node]:
    """What the focus can stop at, in reading order."""
    return [node for node in nodes if node.control or (speech and node.id not in STANDING)]


class Focus:
    """One screen's focus. `key` is the node's that has it; None while nothing has."""

    def __init__(self) -> None:
        self.key: str | None = None
        self._at = 0

    def arrive(self, at: Sequence[Node]) -> Node | None:
        """On a new screen: its title, else the field that is typed into, else the first control of its content (what
        stands before comes when the circle closes). A warning that time runs out is answered by one key.
        """
        self.key, self._at = None, 0
        if (answer := self.set(at, "still-here")) is not None:
            return answer
        heading = next((place for place, node in enumerate(at) if node.role == "heading"), None)
        if heading is not None:
            return self._to(at, heading)
        field = next((place for place, node in enumerate(at) if node.role == "textbox"), None)
        content = next((place for place, node in enumerate(at) if node.id != "end"), None)
        content = content if field is None else field
        return self._to(at, content) if content is not None else None

    def keep(self, at: Sequence[Node]) -> Node | None:
        """After the screen was built again: the same node, else what stands in its place now."""
        if self.key is None or not at:
            return None
        found = next((place for place, node in enumerate(at) if node.key == self.key), None)
        return self._to(at, min(self._at, len(at) - 1) if found is None else found)

    def move(self, at: Sequence[Node], step: int) -> Node | None:
        """To the next (1) or previous (-1) stop; past the last comes the first."""
        if not at:
            return None
        self.keep(at)
        if self.key is None:
            return self._to(at, 0 if step > 0 else len(at) - 1)
        return self._to(at, (self._at + step) % len(at))

    def set(self, at: Sequence[Node], key: str) -> Node | None:
        """To the node of that key; stays where it is if there is none."""
        found = next((place for place, node in enumerate(at) if node.key == key), None)
        return None if found is None else self._to(at, found)

    def current(self, at: Sequence[Node]) -> Node | None:
        return next((node for node in at if node.key == self.key), None)

    def _to(self, at: Sequence[Node], place: int) -> Node:
        self._at = place
        self.key = at[place].key
        return at[place]
