"""What can have the focus: the ring around it stays where the block is, over all that lies beside it."""

from __future__ import annotations

from typing import Any

from kivy.uix.widget import Widget

from kiosk.widgets.block import Block
from kiosk.widgets.surface import FocusRing
from kiosk.widgets.tokens import BUTTON_RADIUS, Theme


class Focusable(Block):
    """A subclass says in which theme and with which corners (design pixels) it is drawn."""

    def __init__(self, theme: Theme, radius: float = BUTTON_RADIUS) -> None:
        super().__init__()
        self._theme, self._ring_radius = theme, radius
        self._ring: FocusRing | None = None

    def show_focus(self, shown: bool) -> None:
        super().show_focus(shown)
        if not shown:
            self.unbind(pos=self._follow, size=self._follow)
            if self._ring is not None:
                self._ring.remove()
            self._ring = None
            return
        self._ring = FocusRing(_root(self), self._theme, self._ring_radius)
        self.bind(pos=self._follow, size=self._follow)
        self._follow()

    def _follow(self, *_args: object) -> None:
        if self._ring is not None:
            self._ring.put(self.x, self.y, self.width, self.height)


def _root(block: Widget) -> Any:
    """The widget under which everything on the screen lies."""
    root: Any = block
    while isinstance(root.parent, Widget):
        root = root.parent
    return root
