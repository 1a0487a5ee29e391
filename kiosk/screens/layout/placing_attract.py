"""The still screen's own frame: the town under its sky, and a sheet with one greeting for each language."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kiosk.screens.layout.frame import operator_mark
from kiosk.screens.layout.placing_framed import FramedPlacing
from kiosk.screens.layout.shape import Shape
from kiosk.widgets.block import Block
from kiosk.widgets.icon import Picture
from kiosk.widgets.surface import Rounded
from kiosk.widgets.tokens import Step
from kiosk.widgets.words import Words

if TYPE_CHECKING:
    from kiosk.screens.attract import AttractScreen

SHEET_SHARE = 0.52  # of a wide panel
GROUND = 20  # design pixels of the picture's foot that lie behind the sheet
SIZES = (2, 1, 0)
SKY_TITLES: tuple[Step, ...] = ("display", "title", "head")
# The least of the sky: the title, and a hand of town.
# Between the title and the sheet; a clear sky has the sun's rings, which the title must not lie on.
LEAST_SKY_MM, LEAST_CLEAR_SKY_MM = 60.0, 115.0


class AttractPlacing(FramedPlacing):
    """On an upright and on a wide panel; where the greetings do not fit so, the common frame has them."""

    def draw(self) -> None:
        theme = self.theme
        if self.shape.short_of_room or (theme.reach and self.shape is Shape.WIDE) or theme.palette.outlined:
            super().draw()
            return
        bottom = self._bar_top()
        degraded = bool(self.holding.tells)
        pad, foot = (theme.px(34), theme.px(24)) if degraded else (theme.px(44), theme.px(48))
        upright = self.shape is Shape.UPRIGHT
        left = 0.0 if upright else round(self.screen.width * (1 - SHEET_SHARE))
        width = self.screen.width - left - 2 * theme.margin
        title = self._sky_title((self.screen.width if upright else left) - 2 * theme.margin)
        room = self.screen.height - bottom - foot - pad
        if upright:
            sky_mm = LEAST_SKY_MM if degraded else LEAST_CLEAR_SKY_MM
            room -= self._above_title + title.height_for(width) + theme.mm(sky_mm)
        if theme.reach:
            room = min(room, self.screen.height / 2 - bottom - foot)
        blocks = self._sheet_blocks(width, room, theme.px(18 if degraded else 20))
        if blocks is None:
            super().draw()
            return
        used = sum(block.height_for(width) for block, _ in blocks) + sum(gap for _, gap in blocks)
        top = bottom + foot + used + pad if upright else float(self.screen.height)
        self._ground(left, top, bottom, title, degraded=degraded)
        self._sky(title, left if not upright else self.screen.width)
        at = top - pad if upright else bottom + (self.screen.height - bottom + used) / 2
        for block, gap in blocks:
            at -= gap
            self.screen.put(block, left + theme.margin, at, width)
            at = block.y
        self._bar(bottom)

    def _sheet_blocks(self, width: float, room: float, gap: float) -> list[tuple[Block, float]] | None:
        """What stands on the sheet, each with the room above it, in the largest size that fits."""
        screen = cast("AttractScreen", self.screen)
        for size in SIZES:
            first, *others = screen.greetings(self.scene, size=size, width=width)
            blocks: list[tuple[Block, float]] = [(first, 0.0)]
            blocks += [(told, self.theme.px(16)) for told in self.holding.tells]
            blocks += [(other, gap) for other in others]
            if sum(block.height_for(width) + above for block, above in blocks) <= room:
                return blocks
        return None

    def _ground(self, left: float, top: float, bottom: float, title: Block, *, degraded: bool) -> None:
        theme, screen, colours = self.theme, self.screen, self.theme.palette
        screen.ground(colours.brand)
        picture = Picture(theme, f"pictures/town-{'cloudy' if degraded else 'clear'}.png")
        radius = theme.px(48)
        if self.shape is Shape.UPRIGHT:
            tall = picture.height_for(screen.width)
            screen.put(picture, 0, top - theme.px(GROUND) + tall, screen.width)
            Rounded(screen.canvas, colours.page, radius).put(0, -radius, screen.width, top + radius)
            return
        wide = left + radius
        foot_of_title = screen.height - self._above_title - title.height_for(left - 2 * theme.margin)
        if theme.large == 1 or bottom + picture.height_for(wide) < foot_of_title:
            screen.put(picture, 0, bottom + picture.height_for(wide), wide)
        Rounded(screen.canvas, colours.page, radius).put(left, -radius, screen.width - left + radius, top + 2 * radius)

    def _sky_title(self, width: float) -> Block:
        white = self.theme.palette.on_brand
        for step in SKY_TITLES:
            words = Words(self.theme, self.holding.title, step, bold=True, colour=white, role="heading")
            if words.narrowest() <= width:
                break
        return words

    @property
    def _above_title(self) -> float:
        """Who serves and what time it is stand above the title."""
        assert self.holding.aside is not None
        clock = self.holding.aside.height_for(self.screen.width)
        return max(self.theme.px(158), clock + self.theme.px(32))

    def _sky(self, title: Block, width: float) -> None:
        theme, screen, held = self.theme, self.screen, self.holding
        margin, catalogue = theme.margin, self.scene.state.catalogue
        assert catalogue is not None
        assert held.aside is not None
        top, tall = screen.height - theme.px(20), theme.px(100)
        inner = width - 2 * margin
        screen.put(operator_mark(theme, catalogue.operator), margin, top, inner * 0.65, tall)
        screen.put(held.aside, margin + inner * 0.65, top, inner * 0.35)
        screen.put(title, margin, screen.height - self._above_title, inner)
