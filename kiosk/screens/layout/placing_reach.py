"""In reach mode: what is read above, what is pressed in the lower half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk.screens.layout.flow import HEADING_GAP, Page, Unit, height_of, paginate, units_of
from kiosk.screens.layout.placing import Bodies, Placing, Put
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Area
from kiosk.widgets.block import Block
from kiosk.widgets.words import Words

# What is chosen from stands in pages of four where it stands low.
CHOICES_IN_REACH = 4
# Lines: where less is left above what is pressed, what is told has pages of its own.
LEAST_ABOVE = 6


class ReachedPlacing(Placing):
    """`reached` instead of `body`."""

    def half(self, area: Area) -> float:
        """How high a control may reach."""
        return float(min(area.top, self.screen.height / 2))

    def reached(self, area: Area, tells: Sequence[Block], head: Block | None, *, paged: bool) -> Bodies | None:
        """Above what is read, below it, no higher than half of the screen, `head` and what is pressed."""
        if self.shape is Shape.UPRIGHT:
            return self._upright(area, tells, head, paged=paged)
        return self._read_first(area, tells, head, paged=paged)

    def _upright(self, area: Area, tells: Sequence[Block], head: Block | None, *, paged: bool) -> Bodies | None:
        """Both halves have their pages, turned together."""
        held = self.holding
        half = self.half(area)
        head_tall = head.least_for(area.width) + self.gap if head is not None else 0
        zone = replace(area, top=half - head_tall)
        pad: Put | None = None
        rows: list[Page] = [[]]
        used = 0.0
        if held.pad is not None:
            block, left, wide = self._pad(zone, ())
            used = block.height_for(wide)
            pad = Put(block, left, area.bottom + used, wide)
        elif held.choices:
            units = self._units((), area.width, zone.height)
            most = self._most_rows(units)
            chosen = self._pages(units, area.width, zone.height, paged=paged, most=most)
            if chosen is None:
                return None
            rows = chosen
            used = min(zone.height, max(height_of(page, area.width) for page in rows))
        zone = replace(zone, top=area.bottom + used)
        above = zone.top + (self.gap + head.least_for(area.width) if head is not None else 0)
        if head is None and not used:
            above = area.bottom - self.gap
        fixed, upper = self._fixed(replace(area, bottom=above + self.gap))
        told = units_of(self.theme, tells, (), upper.width)
        short = upper.height < LEAST_ABOVE * self.theme.leading_px("body")
        if short and rows[0] and height_of(told, upper.width) > upper.height:
            return self._read_first(area, tells, head, paged=paged)
        read = self._pages(told, upper.width, upper.height, paged=paged)
        if read is None:
            return None
        after: list[Put] = []
        if len(read) == 1:
            fixed, upper, after = self._pictured(fixed, upper, read[0])
        pages = []
        for at in range(max(len(read), len(rows))):
            page = [*fixed, *self._placed(read[min(at, len(read) - 1)], upper), *after]
            if head is not None:
                page.append(Put(head, area.x, above, area.width, head.least_for(area.width)))
            page += self._placed(rows[min(at, len(rows) - 1)], zone)
            if pad is not None:
                page.append(pad)
            pages.append(page)
        return Bodies(pages)

    def _most_rows(self, units: Sequence[Unit]) -> int:
        """As many rows of a page as hold four."""
        among = sum(len(some.blocks) for some in self.holding.choices)
        return max(1, round(CHOICES_IN_REACH * len(units) / max(1, among)))

    # ---- what is told has pages of its own --------------------------------------------------------------------

    def _read_first(self, area: Area, tells: Sequence[Block], head: Block | None, *, paged: bool) -> Bodies | None:
        """Together, where all that is told has room above what is pressed. Otherwise it is read first, over the whole
        height, and what is pressed comes after it.
        """
        width = area.width
        led = head.least_for(width) + self.gap if head is not None else 0.0
        titled = max((self._over(some, width) for some in self._choice_headings()), default=0) if led else 0.0
        rows = self._grouped(replace(area, top=self.half(area) - led - titled), paged=paged)
        if rows is None:
            return None
        used = max((height_of(page, width) + self._over(heading, width) for heading, page in rows), default=-self.gap)
        fixed, upper = self._fixed(replace(area, bottom=area.bottom + used + led + self.gap))
        _, whole = self._fixed(replace(area, bottom=area.bottom + led))
        told = units_of(self.theme, tells, (), width)
        together = not told or height_of(told, width) <= upper.height
        if not together and not paged:
            return None
        self.spills(-self.gap - upper.height)
        read = [list(told)] if together else paginate(told, width, whole.height)
        if not rows:
            before, place, after = self._pictured(fixed, whole, read[0]) if len(read) == 1 else (fixed, whole, [])
            return Bodies([[*before, *self._placed(page, place), *after] for page in read])
        kept: list[Put] = fixed
        if height_of(read[-1], width) <= upper.height:
            # The end of what is told stays above what is pressed.
            last = read.pop()
            before, place, after = (fixed, upper, []) if read else self._pictured(fixed, upper, last)
            kept = [*before, *self._placed(last, place), *after]

        def lead(foot: float) -> list[Put]:
            return [] if head is None else [Put(head, area.x, foot + led - self.gap, width, led - self.gap)]

        pages = [[*fixed, *self._placed(page, whole), *lead(area.bottom)] for page in read]
        for heading, page in rows:
            zone = replace(area, top=area.bottom + height_of(page, width))
            over = zone.top + self._over(heading, width)
            titles = [] if heading is None else [Put(heading, area.x, over, width)]
            pages.append([*kept, *lead(over + self.gap), *titles, *self._placed(page, zone)])
        return Bodies(pages)

    def _choice_headings(self) -> list[Block]:
        """For measuring."""
        words = [some.heading for some in self.holding.choices if some.heading]
        return [Words(self.theme, heading, "lead", bold=True) for heading in words]

    def _over(self, heading: Block | None, width: float) -> float:
        """What a heading takes above what it heads: it may stand above the half, since it is not pressed."""
        return heading.height_for(width) + self.theme.space(HEADING_GAP) if heading is not None else 0.0

    def _grouped(self, zone: Area, *, paged: bool) -> list[tuple[Block | None, Page]] | None:
        """The pages of what can be chosen, each with the heading over it; a heading begins a page."""
        groups: list[list[Unit]] = []
        units = self._units((), zone.width, zone.height, headed=False) if self.holding.choices else []
        for unit in units:
            if not groups or (unit.first and (unit.heading is not None or groups[-1][0].heading is not None)):
                groups.append([])
            groups[-1].append(unit)
        found: list[tuple[Block | None, Page]] = []
        for group in groups:
            pages = self._pages(group, zone.width, zone.height, paged=paged, most=self._most_rows(units))
            if pages is None:
                return None
            if not self.means.whole_height:
                self.spills(max(height_of(page, zone.width) for page in pages) - zone.height)
            found += [(group[0].heading, page) for page in pages]
        return found if paged or len(found) <= 1 else None
