"""Where the parts of a holding go within an area: what is read, what is chosen or typed with, and the pages of it.

Everything in one flow from the top; `placing_reach` has the other way, what is read above and what is pressed below.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.screens.layout.flow import Page, Unit, height_of, paginate, stretched, units_of
from kiosk.screens.layout.holding import Holding
from kiosk.screens.layout.pager import Pager
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Area, Scene
from kiosk.widgets.block import Block
from kiosk.widgets.tokens import Theme

if TYPE_CHECKING:
    from kiosk.screens.layout.arrange import ArrangedScreen

# A picture lower than this says nothing.
LEAST_PICTURE_MM = 26.0
# Lines that stay free for what informs, above a pad.
LINES_ABOVE_PAD = 2.1


# Panels lower than this have no room for keys, or for the highest choices, in their lower half.
LOW_PANEL_MM = 180.0


@dataclass(frozen=True)
class Means:
    """What an arrangement gives up so that everything has its room: the actions wait on the last page, below the
    choices, and there is no rail; in reach mode what is pressed takes the whole height of a low panel.
    """

    actions_last: bool = False
    whole_height: bool = False


def means_of(shape: Shape, theme: Theme) -> Sequence[Means]:
    """From the usual arrangement to the one that gives up most."""
    if shape is Shape.UPRIGHT and not theme.reach and theme.large <= 1:
        return [Means()]
    means = [Means(), Means(actions_last=True)]
    if theme.reach and theme.panel.height_mm < LOW_PANEL_MM:
        means += [Means(whole_height=True), Means(actions_last=True, whole_height=True)]
    return means


@dataclass(frozen=True)
class Put:
    """A block in its place; without a height, the height it needs."""

    block: Block
    x: float
    top: float
    width: float
    height: float | None = None


@dataclass(frozen=True)
class Bodies:
    """The pages of an area: what stands on each, besides what stands on all."""

    pages: Sequence[Sequence[Put]]

    @property
    def count(self) -> int:
        return len(self.pages)


class Placing(ABC):
    """Draws one holding on one screen. A subclass frames it."""

    def __init__(
        self, screen: ArrangedScreen, scene: Scene, holding: Holding, shape: Shape, means: Means = Means(),
    ) -> None:
        self.screen, self.scene, self.holding, self.shape = screen, scene, holding, shape
        self.theme, self.text = scene.theme, scene.text
        self.means = means
        # By how much something on one of the pages, shown or not, is higher than the room for it.
        self.spilled_px = 0.0
        # A flat panel's bar may hold it.
        self.pager_in_bar: Pager | None = None
        self.gap = max(self.theme.space(24), self.theme.gap)

    @abstractmethod
    def draw(self) -> None:
        """Put everything on the empty screen, and correct the screen's page where it has fewer now."""

    @property
    def tries(self) -> tuple[bool, ...]:
        """On one page, then on several: whoever turns them has several."""
        return (True,) if self.screen.turning else (False, True)

    # ---- pages ------------------------------------------------------------------------------------------------

    @property
    def pager(self) -> Pager:
        """For measuring: as large as it can get."""
        theme = self.theme
        ground, ink = self.holding.ground, self.holding.ink
        if ground is not None and ink is not None:
            # On a ground of its own a screen has an ink of its own, for borders too.
            theme = replace(theme, palette=replace(theme.palette, card=ground, ink=ink, edge=ink))
        return Pager(theme, self.text, self.screen.turn)

    def pager_at(self, count: int) -> Pager:
        return replace(self.pager, at=self.screen.page, count=count)

    def show(self, bodies: Bodies) -> None:
        """The page that is to be shown; what stands on it is on the screen then."""
        self.screen.page = min(self.screen.page, bodies.count - 1)
        for place in bodies.pages[self.screen.page]:
            self.screen.put(place.block, place.x, place.top, place.width, place.height)

    # ---- one flow ---------------------------------------------------------------------------------------------

    def body(self, area: Area, tells: Sequence[Block], *, paged: bool) -> Bodies | None:
        """Field at the top, pad at the foot, between them the flow. None if it needs pages and may not have them."""
        held = self.holding
        fixed, area = self._fixed(area)
        if held.pad is not None:
            pad, left, wide = self._pad(area, tells)
            tall = pad.height_for(wide)
            pad.rank = 1  # pressed after all that informs
            fixed.append(Put(pad, left, area.bottom + tall, wide))
            area = replace(area, bottom=area.bottom + tall + self.gap)
        units = self._units(tells, area.width, area.height)
        pages = self._pages(units, area.width, area.height, paged=paged)
        if pages is None:
            return None
        after: list[Put] = []
        if len(pages) == 1:
            fixed, area, after = self._pictured(fixed, area, pages[0])
        return Bodies([[*fixed, *self._placed(page, area), *after] for page in pages])

    def _fixed(self, area: Area) -> tuple[list[Put], Area]:
        """What stands at the top of every page, and the area below it."""
        fixed = []
        blocks = [*self.holding.pinned, *([self.holding.field] if self.holding.field is not None else [])]
        for block in blocks:
            fixed.append(Put(block, area.x, area.top, area.width))
            area = replace(area, top=area.top - block.height_for(area.width) - self.gap)
        return fixed, area

    def _pad(self, area: Area, tells: Iterable[Block]) -> tuple[Block, float, float]:
        """The keys, where they begin and how wide they are."""
        assert self.holding.pad is not None
        left, wide = area.x, area.width
        edge = self.theme.space(25)
        if self.holding.wide_pad and left <= self.theme.margin and left + wide >= self.screen.width - self.theme.margin:
            left, wide = edge, self.screen.width - 2 * edge
        least = min(
            sum(block.height_for(area.width) for block in tells),
            LINES_ABOVE_PAD * self.theme.leading_px("body"),
        )
        return self.holding.pad(wide, area.height - (least + self.gap if least else 0)), left, wide

    def _pictured(self, before: list[Put], area: Area, page: Page) -> tuple[list[Put], Area, list[Put]]:
        """The picture in the height that is left over: what stands before the flow, its area, what stands after it."""
        used = height_of(page, area.width)
        if self.holding.picture is None or (put := self._picture(self.holding.picture, area, used)) is None:
            return before, area, []
        tall = put.height or 0
        if self.holding.picture_first:
            return [*before, put], replace(area, top=area.top - tall - self.gap), []
        below = replace(put, top=area.top - used - self.gap)
        return before, replace(area, bottom=area.bottom + tall + self.gap), [below]

    def _picture(self, picture: Block, area: Area, used: float) -> Put | None:
        room = area.height - (used + self.gap if used else 0)
        wanted = picture.height_for(area.width)
        tall = min(room, wanted)
        if tall < wanted and (tall < self.theme.mm(LEAST_PICTURE_MM) or not picture.scales):
            return None
        return Put(picture, area.x, area.top, area.width, tall)

    def _units(self, tells: Sequence[Block], width: float, room: float, *, headed: bool = True) -> list[Unit]:
        """What is read and chosen. Where words side by side would take more lines than there is height, one column."""
        choices = self.holding.choices
        units = units_of(self.theme, tells, choices, width, headed=headed)
        if any(unit.block.stretches and unit.block.least_for(width) > room for unit in units):
            single = [replace(some, columns=1) for some in choices]
            units = units_of(self.theme, tells, single, width, headed=headed)
        return units

    def _pages(
        self, units: Sequence[Unit], width: float, room: float, *, paged: bool, most: int | None = None,
    ) -> list[Page] | None:
        short = self.shape.short_of_room or (self.theme.reach and self.shape is not Shape.UPRIGHT)
        units = [unit.lower() if short and unit.block.stretches else unit for unit in units]
        if height_of(units, width) <= room and (most is None or len(units) <= most):
            return [list(units)]
        return (paginate(units, width, room, most) or [[]]) if paged else None

    def spills(self, px: float) -> None:
        """Note that something is so much higher than its room; a pixel is rounding."""
        if px > 1:
            self.spilled_px = max(self.spilled_px, px)

    def _placed(self, page: Page, area: Area) -> list[Put]:
        places, top = [], area.top
        for at, (unit, tall) in enumerate(zip(page, stretched(page, area.width, area.height), strict=True)):
            top -= unit.gap if at else 0
            if unit.block.stretches:
                unit.block.rank = 1  # chosen after all that informs
            places.append(Put(unit.block, area.x, top, area.width, int(tall)))
            top -= int(tall)
        self.spills(area.bottom - top)
        return places
