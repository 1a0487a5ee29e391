"""The way to the other pages of a screen: an arrow that cannot act is not drawn, its place stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.screens.scene import Text
from kiosk.widgets.block import Block, Column, Row, Space
from kiosk.widgets.buttons import key_button
from kiosk.widgets.tokens import Theme
from kiosk.widgets.words import Words

ARROW_HEIGHT, ARROW_WIDTH, LOW_ARROW = 104, 150, 84
MOST = 9  # pages that a pager is measured with, before it is known how many there are


@dataclass(frozen=True)
class Pager:
    """Page `at` (from 0) of `count`; `turn` is told the page that an arrow leads to."""

    theme: Theme
    text: Text
    turn: Callable[[int], None]
    at: int = 1
    count: int = MOST

    def _arrow(self, icon: str, step: int, *, wide: float) -> Block:
        to = self.at + step
        tall = self.theme.tall(self._side)
        if not 0 <= to < self.count:
            return Space(tall, wide)
        before = step < 0
        name = self.text("Page before") if before else self.text("Next page")
        control_id = "page:before" if before else "page:next"
        arrow = key_button(
            self.theme, "", lambda: self.turn(to), control_id=control_id, icon=icon, name=name, height=self._side,
        )
        return Wide(arrow, wide)

    @property
    def _side(self) -> int:
        return ARROW_HEIGHT if self.theme.spread else LOW_ARROW

    def _where(self, *, short: bool) -> Block:
        words = f"{self.at + 1}/{self.count}" if self.count <= MOST else f"{self.at + 1}"
        long = self.text("Page {n} of {of}", n=self.at + 1, of=self.count)
        told = Words(self.theme, words if short else long, "body", bold=True, align="center", control_id="page")
        told.name = long
        if not short:
            return told
        # As wide as the widest figures, so that nothing moves from page to page.
        widest = Words(self.theme, f"0/{MOST}", "body", bold=True).one_line_px
        return Wide(told, widest + self.theme.mm(1))

    def row(self) -> Row:
        """Over the whole width: the page before at the left, the next at the right."""
        wide = self.theme.tall(ARROW_WIDTH)
        before, after = self._arrow("arrow-left", -1, wide=wide), self._arrow("arrow-right", 1, wide=wide)
        return Row([before, self._where(short=False), after], shares=[0, 1, 0], gap=self.theme.gutter, valign="fill")

    def short(self) -> Row:
        """As narrow as it can be: arrow, 2/3, arrow."""
        wide = self.theme.tall(self._side)
        before, after = self._arrow("arrow-left", -1, wide=wide), self._arrow("arrow-right", 1, wide=wide)
        return Row([before, self._where(short=True), after], gap=self.theme.gap, valign="fill")

    def column(self) -> Column:
        """One above the other, beside the page."""
        wide = self.theme.tall(self._side)
        return Column(
            [self._arrow("arrow-up", -1, wide=wide), self._where(short=True), self._arrow("arrow-down", 1, wide=wide)],
            align="center",
        )


class Wide(Block):
    """A block that would like to be so wide."""

    def __init__(self, block: Block, wide: float) -> None:
        super().__init__()
        self._block, self._wide = block, wide
        self.hold(block)

    def width_for(self, available: float) -> float:
        return min(available, self._wide)

    def narrowest(self) -> float:
        return self._block.narrowest()

    def height_for(self, width: float) -> float:
        return self._block.height_for(width)

    def least_for(self, width: float) -> float:
        return self._block.least_for(width)

    def arrange(self) -> None:
        self._block.place(self.x, self.top, self.width, self.height)
