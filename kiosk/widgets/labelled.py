"""A word with its icons: side by side, or one above the other where the word would have to be cut in two."""

from __future__ import annotations

from kiosk.widgets.block import Block
from kiosk.widgets.words import Words


class Labelled(Block):
    """`icon` stands before the word, `arrow` after it. In a narrow place the arrow goes, and the icon moves above, or
    goes too where height is short (not `lifts`).
    """

    def __init__(
        self, words: Words, icon: Block | None, arrow: Block | None, gap: float, *, lifts: bool = True,
    ) -> None:
        super().__init__()
        self._lifts = lifts
        self._words, self._icon, self._arrow, self._gap = words, icon, arrow, gap
        for block in (icon, words, arrow):
            if block is not None:
                self.add_widget(block)

    def _beside(self, width: float) -> float:
        """What the icons take of the width while they stand beside the word."""
        return sum(block.width_for(width) + self._gap for block in (self._icon, self._arrow) if block is not None)

    def _stacked(self, width: float) -> bool:
        room = width - self._beside(width)
        if (self._icon is None and self._arrow is None) or self._words.one_line_px <= room:
            return False
        return self._words.longest_word_px > room

    def narrowest(self) -> float:
        """The longest word; the icons move out of its way."""
        return self._words.narrowest()

    def width_for(self, available: float) -> float:
        if self._stacked(available):
            return self._words.width_for(available)
        beside = self._beside(available)
        return min(available, self._words.width_for(max(1, available - beside)) + beside)

    def height_for(self, width: float) -> float:
        if self._stacked(width):
            above = self._icon.height_for(width) if self._icon is not None and self._lifts else 0
            return above + self._words.height_for(width)
        icons = (block.height_for(width) for block in (self._icon, self._arrow) if block is not None)
        return max(self._words.height_for(max(1, width - self._beside(width))), *icons, 0)

    def arrange(self) -> None:
        if self._stacked(self.width):
            self._stack()
            return
        used = self.width_for(self.width)
        x = self.x + (self.width - used) / 2
        words = used - self._beside(self.width)
        parts = ((self._icon, None), (self._words, words), (self._arrow, None))
        for block, width in parts:
            if block is None:
                continue
            wide = block.width_for(self.width) if width is None else width
            tall = block.height_for(wide)
            block.place(x, self.center_y + tall / 2, wide, tall)
            x += wide + self._gap

    def _stack(self) -> None:
        top = self.center_y + self.height_for(self.width) / 2
        if self._icon is not None and not self._lifts:
            self._icon.place(self.x, self.top, 0, 0)
        elif self._icon is not None:
            side = self._icon.width_for(self.width)
            self._icon.place(self.center_x - side / 2, top, side)
            top = self._icon.y
        if self._arrow is not None:
            self._arrow.place(self.x, self.top, 0, 0)
        self._words.place(self.x, top, self.width)
