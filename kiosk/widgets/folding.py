"""Two blocks side by side, or one below the other where a word of them would be cut."""

from __future__ import annotations

from typing import Literal

from kiosk.widgets.block import Block, Column, Row


class Folding(Block):
    """`first` takes `share` of the width that `second`, of 1 such share, leaves; with 0 `second` has the width it would
    like. Folded, both have the whole width.
    """

    def __init__(
        self, first: Block, second: Block, *, shares: tuple[float, float], gap: float,
        valign: Literal["top", "middle"] = "middle", fold: float = 0,
    ) -> None:
        super().__init__()
        self._first, self._second = first, second
        self._shares, self._gap, self._valign, self._fold = shares, gap, valign, fold
        self.hold(first)
        self.hold(second)

    def _folds(self, width: float) -> bool:
        least = self._first.narrowest(), self._second.narrowest()
        free = width - self._gap
        one, two = self._shares
        if two == 0:
            return least[0] > free - self._second.width_for(free)
        return least[0] > free * one / (one + two) or least[1] > free * two / (one + two)

    def _form(self, width: float) -> Block:
        """A new frame about the two, which hold what is placed in them."""
        if self._folds(width):
            return Column([self._first, self._second], gap=self._fold)
        return Row([self._first, self._second], shares=self._shares, gap=self._gap, valign=self._valign)

    def narrowest(self) -> float:
        return max(self._first.narrowest(), self._second.narrowest())

    def height_for(self, width: float) -> float:
        return self._form(width).height_for(width)

    def split(self, width: float, room: float, *, anywhere: bool) -> tuple[Block, Block] | None:
        return self._form(width).split(width, room, anywhere=anywhere)

    def arrange(self) -> None:
        self.clear_widgets()
        form = self._form(self.width)
        self.add_widget(form)
        form.place(self.x, self.top, self.width, self.height)
