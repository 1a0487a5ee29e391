"""What is read and chosen from the top down, cut into pages: nothing shrinks, nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kiosk.screens.layout.holding import Choices
from kiosk.widgets.block import Block, Row, Space
from kiosk.widgets.tokens import Theme
from kiosk.widgets.words import Words

# A block that would leave more than this of a page empty begins on it all the same, and is split, unless it is lower
# than that: then it begins the next page as a whole.
MOST_EMPTY = 0.45
LEAST_PARTED = 0.6
# Rows of choices take more height where there is some, up to this.
MOST_STRETCHED = 1.7
# Design pixels, between a heading and what it heads.
HEADING_GAP = 14


@dataclass(frozen=True)
class Unit:
    """A block of the flow, and the room above it where it does not begin a page. `heading` is what stands over it where
    headings have a place of their own, `first` whether it begins something else to choose from.
    """

    block: Block
    gap: float
    low: bool = False
    heading: Block | None = None
    first: bool = False

    def lower(self) -> Unit:
        """The same, as low as it can be; what stretches grows again where there is room."""
        return replace(self, low=True)

    def height(self, width: float) -> float:
        return self.block.least_for(width) if self.low else self.block.height_for(width)


Page = list[Unit]


def columns_for(blocks: Sequence[Block], most: int, width: float, gap: float) -> int:
    """As many columns, at most, as leave every word whole."""
    least = max((block.narrowest() for block in blocks), default=0)
    columns = max(1, min(most, len(blocks)))
    while columns > 1 and (width - gap * (columns - 1)) / columns < least:
        columns -= 1
    return columns


def grid(theme: Theme, choices: Choices, width: float, gap_above: float, *, headed: bool = True) -> list[Unit]:
    """The rows of a grid; its heading belongs to the first of them. Not `headed`: it stands elsewhere."""
    across = theme.gutter
    # One choice alone keeps the width it would have among others.
    columns = columns_for(choices.blocks, choices.columns, width, across)
    if len(choices.blocks) < choices.columns and columns == len(choices.blocks) and columns == 1:
        columns = columns_for([*choices.blocks, Space(0)], choices.columns, width, across)
    units = []
    down = max(theme.space(20), theme.gap)
    for at in range(0, len(choices.blocks), columns):
        some = list(choices.blocks[at : at + columns])
        some += [Space(0) for _ in range(columns - len(some))]
        row: Block = Row(some, shares=[1.0] * columns, gap=across, valign="fill")
        row.stretches = True
        heading: Block | None = None
        if at == 0 and choices.heading:
            heading = Words(theme, choices.heading, "lead", bold=True, role="heading")
            if headed:
                row, heading = _Headed(heading, row, theme.space(HEADING_GAP)), None
        units.append(Unit(row, gap_above if at == 0 else down, heading=heading, first=at == 0))
    return units


class _Headed(Block):
    """A heading that stays with what it heads, which takes the rest of the height."""

    stretches = True

    def __init__(self, heading: Block, block: Block, gap: float) -> None:
        super().__init__()
        self._heading, self._block, self._gap = heading, block, gap
        self.hold(heading)
        self.hold(block)

    def height_for(self, width: float) -> float:
        return self._heading.height_for(width) + self._gap + self._block.height_for(width)

    def least_for(self, width: float) -> float:
        return self._heading.height_for(width) + self._gap + self._block.least_for(width)

    def split(self, width: float, room: float, *, anywhere: bool) -> tuple[Block, Block] | None:
        """The heading ends one page and the row begins the next, only where a page has no room for both."""
        if not anywhere or self._heading.height_for(width) > room:
            return None
        return self._heading, self._block

    def arrange(self) -> None:
        self._heading.place(self.x, self.top, self.width)
        top = self._heading.y - self._gap
        self._block.place(self.x, top, self.width, top - self.y)


def units_of(
    theme: Theme, tells: Iterable[Block], choices: Iterable[Choices], width: float, *, headed: bool = True,
) -> list[Unit]:
    """Everything of a flow, in reading order."""
    units = [Unit(block, theme.space(28)) for block in tells]
    for some in choices:
        units += grid(theme, some, width, max(theme.space(32), theme.gap), headed=headed)
    return units


def height_of(page: Sequence[Unit], width: float) -> float:
    return sum(unit.height(width) + (unit.gap if at else 0) for at, unit in enumerate(page))


def paginate(units: Sequence[Unit], width: float, room: float, most: int | None = None) -> list[Page]:
    """The pages of the flow in so much room, of so many units at most. A block higher than a page is split."""
    pages: list[Page] = []
    page: Page = []
    used = 0.0
    waiting = list(units)
    while waiting:
        unit = waiting.pop(0)
        gap = unit.gap if page else 0
        tall = unit.height(width)
        if most is not None and len(page) == most:
            pages.append(page)
            page, used, gap = [], 0.0, 0
        if used + gap + tall <= room:
            page.append(unit)
            used += gap + tall
            continue
        two = _parted(unit, width, room, room - used - gap, begun=bool(page))
        if two is not None:
            page.append(two[0])
            pages.append(page)
            page, used = [], 0.0
            waiting.insert(0, two[1])
            continue
        if page:
            pages.append(page)
            page, used = [], 0.0
            waiting.insert(0, unit)
        else:  # cannot be divided: it has a page to itself
            pages.append([unit])
    if page:
        pages.append(page)
    return pages


def _parted(unit: Unit, width: float, room: float, left: float, *, begun: bool) -> tuple[Unit, Unit] | None:
    """A unit in two, the first no higher than what is left of the page; None where it had better begin the next page.

    Between things that can stand alone, wherever that fills the page somehow; between words only what is higher than a
    page, from the top of one.
    """
    tall = unit.height(width)
    if tall <= room and (left <= room * MOST_EMPTY or tall < room * LEAST_PARTED):
        return None
    two = unit.block.split(width, left, anywhere=tall > room and not begun)
    return None if two is None else (replace(unit, block=two[0]), replace(unit, block=two[1]))


def stretched(page: Page, width: float, room: float) -> list[float]:
    """The heights of the units of a page: what may stretch shares the height that is left over."""
    heights = [unit.height(width) for unit in page]
    spare = room - height_of(page, width)
    growing = [at for at, unit in enumerate(page) if unit.block.stretches]
    if spare > 0 and growing:
        for at in growing:
            most = page[at].block.height_for(width) * (MOST_STRETCHED if page[at].low else 1)
            # Whole pixels, so that no gap is a pixel narrower than the others.
            heights[at] += int(min(spare / len(growing), max(0.0, most - heights[at])))
    return heights
