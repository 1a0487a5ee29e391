"""One of two blocks in the same place: an action, or the reason why it cannot be done yet."""

from __future__ import annotations

from kiosk.widgets.block import Block
from kiosk.widgets.button import Pressable


class Either(Block):
    """Shows `first` or `second`; only the one shown is on the screen and in the semantic tree."""

    def __init__(self, first: Block, second: Block, *, show_first: bool) -> None:
        super().__init__()
        self._first, self._second = first, second
        self._shown = first if show_first else second
        self.add_widget(self._shown)

    def choose(self, show_first: bool) -> None:
        chosen = self._first if show_first else self._second
        if chosen is not self._shown:
            self.remove_widget(self._shown)
            self._shown = chosen
            self.add_widget(chosen)
            self.arrange()

    def least_width(self, width: float) -> None:
        """Stand at least so wide, whichever is shown."""
        for block in (self._first, self._second):
            if isinstance(block, Pressable):
                block.least_width(width)

    def narrowest(self) -> float:
        return max(self._first.narrowest(), self._second.narrowest())

    def least_for(self, width: float) -> float:
        return max(self._first.least_for(width), self._second.least_for(width))

    def width_for(self, available: float) -> float:
        return max(self._first.width_for(available), self._second.width_for(available))

    def height_for(self, width: float) -> float:
        return max(self._first.height_for(width), self._second.height_for(width))

    def arrange(self) -> None:
        self._shown.place(self.x, self.top, self.width, self.height)
