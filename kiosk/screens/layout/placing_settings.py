"""The sheet of settings: in two columns on a wide panel; on the lowest, within reach, one setting a page."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from kiosk.screens.layout.placing import Bodies, Put
from kiosk.screens.layout.placing_sheet import SheetPlacing
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Area
from kiosk.widgets.block import Block, Row
from kiosk.widgets.setting import Setting


class SettingsPlacing(SheetPlacing):
    """As a sheet, with two actions of the same weight."""

    @property
    def widest(self) -> float:
        return float(self.screen.width) if self.shape is Shape.WIDE else super().widest

    def action_row(self, width: float, *, back_px: float | None = None) -> Block | None:
        actions = list(self.holding.actions)
        cell = (width - self.theme.gutter * (len(actions) - 1)) / len(actions)
        if any(action.narrowest() > cell for action in actions):
            return super().action_row(width, back_px=back_px)
        return self._ranked(Row(actions, shares=[1.0] * len(actions), gap=self.theme.gutter, valign="fill"))

    def _pager_place(self, area: Area, tells: Sequence[Block]) -> str:
        """A row of its own would leave the lower half of a wide panel no room for a setting."""
        if self.shape is Shape.WIDE and self._between_fits(area.width):
            return "between"
        return super()._pager_place(area, tells)

    def reached(self, area: Area, tells: Sequence[Block], head: Block | None, *, paged: bool) -> Bodies | None:
        """Where the lower half has no room for a label and its control, the label is read above it."""
        blocks = [block for some in self.holding.choices for block in some.blocks]
        zone = min(area.top, self.screen.height / 2) - area.bottom
        if all(block.least_for(area.width) <= zone for block in blocks):
            return super().reached(area, tells, head, paged=paged)
        if not paged:
            return None
        return Bodies([self._apart(area, zone, tells, block) for block in blocks])

    def _apart(self, area: Area, zone: float, tells: Sequence[Block], block: Block) -> list[Put]:
        """One page: the heading where there is room for it, the label, below it what can be pressed."""
        page = []
        control, top = block, area.bottom + zone + self.gap
        if isinstance(block, Setting):
            control = block.control
            top += block.caption.height_for(area.width)
            page.append(Put(block.caption, area.x, top, area.width))
        heading = sum(told.height_for(area.width) + self.gap for told in tells)
        if heading <= area.top - top:
            above = area.top
            for told in reversed(tells):
                page.insert(0, Put(told, area.x, above, area.width))
                above -= told.height_for(area.width) + self.gap
        tall = min(int(zone), control.height_for(area.width))
        page.append(Put(control, area.x, ceil(area.bottom) + tall, area.width, tall))
        return page
