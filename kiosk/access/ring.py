"""The ring around what has the focus, a control or, for who listens, a text."""

from __future__ import annotations

from kiosk.widgets.block import Block
from kiosk.widgets.focusable import Focusable
from kiosk.widgets.surface import FocusRing
from kiosk.widgets.tokens import BUTTON_RADIUS, Theme


class Ring:
    """There is one on the screen at most."""

    def __init__(self) -> None:
        self._block: Block | None = None
        self._drawn: FocusRing | None = None

    def show(self, block: Block | None, theme: Theme) -> None:
        """Around this block, wherever it was before; None takes it away."""
        if block is self._block and self._drawn is None:
            return
        self.hide()
        self._block = block
        if block is None:
            return
        block.show_focus(True)
        window = block.get_parent_window()
        if not isinstance(block, Focusable) and window is not None:
            self._drawn = FocusRing(window.children[-1], theme, BUTTON_RADIUS)
            x, y = block.to_window(*block.pos)
            self._drawn.put(round(x), round(y), round(block.width), round(block.height))

    def hide(self) -> None:
        if self._block is not None:
            self._block.show_focus(False)
        if self._drawn is not None:
            self._drawn.remove()
        self._block = self._drawn = None
