"""A sheet over the veiled screen: as high as what it holds, from the foot of the panel; on a low panel all of it."""

from __future__ import annotations

from kiosk.screens.layout.flow import height_of, units_of
from kiosk.screens.layout.placing_stacked import StackedPlacing
from kiosk.screens.scene import Area
from kiosk.widgets.block import Block
from kiosk.widgets.surface import Framed
from kiosk.widgets.tokens import SHEET_RADIUS

MARGIN, SIDES, ENDS = 40, 64, 56  # design pixels


class SheetPlacing(StackedPlacing):
    """Title, what informs, choices and actions; no header, no bar."""

    def draw(self) -> None:
        screen, theme, colours = self.screen, self.theme, self.theme.palette
        screen.ground(colours.veil)
        margin = max(theme.space(MARGIN), theme.mm(1.5))
        across, down = theme.space(SIDES), theme.space(ENDS)
        whole = Area(margin, margin, screen.width - 2 * margin, screen.height - margin)
        # Not to be read across more than 48 letters of a wide panel.
        wide = min(whole.width, self.widest)
        whole = Area((screen.width - wide) / 2, whole.bottom, wide, whole.top)
        inner = Area(whole.x + across, whole.bottom + down, whole.width - 2 * across, whole.top - down)
        tells = [*self._titles(inner.width), *self.holding.tells]
        top = whole.top
        wanted = self._wanted(inner, tells)
        if not theme.reach and wanted <= inner.height:
            inner = Area(inner.x, inner.bottom, inner.width, inner.bottom + wanted)
            top = inner.top + down
        edge = theme.border(3) if colours.outlined else 0
        Framed(screen.canvas, colours.card, colours.edge, theme.pad(SHEET_RADIUS), edge).put(
            whole.x, whole.bottom, whole.width, top - whole.bottom
        )
        self.stacked(inner, tells)

    @property
    def widest(self) -> float:
        """The most that a sheet takes of a panel that has room for more."""
        if self.shape.short_of_room:
            return float(self.screen.width)
        return self.theme.line_px("lead") + 2 * self.theme.space(SIDES)

    def _lead(self) -> Block | None:
        """A sheet is left by what it offers itself."""
        return None

    def _titles(self, width: float) -> list[Block]:
        titles: list[Block] = [self._title(width)] if self.holding.title else []
        return [*titles, *self._subtitle()]

    def _wanted(self, area: Area, tells: list[Block]) -> float:
        """The height of all of it on one page."""
        held = self.holding
        width = area.width
        units = units_of(self.theme, tells, held.choices, width)
        wanted = height_of(units, width)
        for block in (*held.pinned, held.field, held.picture):
            wanted += block.height_for(width) + self.gap if block is not None else 0
        actions = self.action_row(width)
        if actions is not None:
            wanted += self.action_height(actions, width) + self.gap
        return wanted + 1
