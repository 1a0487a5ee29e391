"""Side by side: a rail at the left, the content at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk.screens.layout.holding import Choices
from kiosk.screens.layout.placing_stacked import StackedPlacing
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Area
from kiosk.widgets.block import Block, Column, Row, Space
from kiosk.widgets.progress import StepBar
from kiosk.widgets.words import Words

RAIL_SHARE, MOST_RAIL = 0.31, 0.46
WIDE_RAIL_SHARE = 0.36
LINES_BELOW_TITLE = 2


class ColumnsPlacing(StackedPlacing):
    """Of a wide panel and of a low one."""

    def _steps(self, width: float) -> Column | None:
        """Where in the journey: in words and as bars."""
        step, theme = self.holding.step, self.theme
        if step is None:
            return None
        colour = theme.palette.ink2 if self.holding.ground is None else self.holding.ink
        del width
        return Column(
            [Words(theme, step.words, "small", bold=True, colour=colour), StepBar(theme, step.done, step.total)],
            gap=theme.space(18),
        )

    def _heading(self, area: Area) -> tuple[Area, list[Block]]:
        """The heading of an upright or wide panel, drawn; the area below it, and what of it is left to tell."""
        theme = self.theme
        if self.shape.short_of_room or (theme.reach and self.shape is Shape.WIDE):
            return self._low_heading(area)
        column = self._headings(area.width, brief=False)
        if not column.blocks:
            return area, []
        rail = sum(way.height_for(area.width) + self.gap for way in self.holding.rail)
        told: list[Block] = []
        tall = column.height_for(area.width)
        if self.shape is Shape.WIDE:
            long = tall + rail > area.height
        else:
            above = area.top - self.screen.height / 2 - tall
            long = theme.reach and above < LINES_BELOW_TITLE * theme.leading_px("body")
        if long:
            # Too long for a column beside the content, or above what is pressed: what belongs to the question is read
            # with the rest.
            column, told = self._headings(area.width, brief=True), self._subtitle()
        self.screen.put(column, area.x, area.top, area.width)
        return replace(area, top=column.y - theme.space(28)), told

    def _headings(self, width: float, *, brief: bool) -> Column:
        """Steps, title and subtitle; `brief`: without the subtitle and the emblem."""
        theme, column = self.theme, Column()
        steps = self._steps(width)
        if steps is not None:
            column.add(steps)
            column.add(Space(theme.space(28)))
        if self.holding.title:
            column.add(self._title(width) if brief else self._emblazoned(width))
        for subtitle in [] if brief else self._subtitle():
            column.add(Space(theme.space(8)))
            column.add(subtitle)
        return column

    def _emblazoned(self, width: float) -> Block:
        """The title beside its emblem."""
        emblem = self.holding.emblem
        if emblem is None:
            return self._title(width)
        gap = self.theme.space(32)
        title = self._title(width - emblem.width_for(width) - gap)
        return Row([emblem, title], shares=[0, 1], gap=gap)

    def _low_heading(self, area: Area) -> tuple[Area, list[Block]]:
        """On a low panel the steps are a thin line; title and subtitle go with what is told, if they are not above."""
        theme, step = self.theme, self.holding.step
        if step is not None:
            bar = StepBar(theme, step.done, step.total, height=14 * theme.pad(100) / theme.px(100))
            bar.role, bar.name, bar.control_id = "text", step.words, "step"
            self.screen.put(bar, area.x, area.top, area.width)
            area = replace(area, top=bar.y - theme.space(24))
        told: list[Block] = []
        if self.holding.title and not self.title_above:
            told.append(self._title(area.width))
        return area, [*told, *self._subtitle()]

    def _headed(self, area: Area, tells: list[Block]) -> None:
        area, told = self._heading(area)
        self.stacked(area, [*told, *tells])

    def _wide(self, area: Area, tells: list[Block]) -> None:
        """Two columns: the question and its ways at the left, the content at the right, the actions below both."""
        theme, screen, held = self.theme, self.screen, self.holding
        if not (held.title or held.rail or held.step):
            self._headed(area, tells)
            return
        left = round(area.width * WIDE_RAIL_SHARE)
        gap = theme.space(56)
        if self._too_long(left, area):
            # Everything in one flow, the ways at the left among what can be chosen.
            ways = [Choices([*held.rail], columns=1)] if held.rail else []
            self.holding = replace(held, choices=[*ways, *held.choices], rail=())
            area, told = self._low_heading(area)
            self.stacked(area, [*told, *tells])
            return
        actions = self.action_row(area.width, back_px=left)
        tall = self.action_height(actions, area.width) if actions is not None else 0.0
        bottom = area.bottom + (tall + self.gap if tall else 0)
        rail, told = self._heading(replace(area, bottom=bottom, width=left))
        self._railed(rail)
        for paged in self.tries:
            pager = self.pager.row()
            wide = area.width - left - gap
            low = bottom + (pager.height_for(wide) + self.gap if paged else 0)
            inner = Area(area.x + left + gap, low, wide, area.top)
            bodies = self.body(inner, [*told, *tells], paged=paged)
            if bodies is None:
                continue
            self.show(bodies)
            if bodies.count > 1:
                row = self.pager_at(bodies.count).row()
                row.rank = 1
                screen.put(row, inner.x, low - self.gap, wide)
            if actions is not None:
                screen.put(actions, area.x, area.bottom + tall, area.width, tall)
            return

    def _too_long(self, width: float, area: Area) -> bool:
        """Whether even the question alone, with its ways, is too high for a column of that width."""
        actions = self.action_row(area.width, back_px=width)
        taken = self.action_height(actions, area.width) + self.gap if actions is not None else 0.0
        rail = sum(way.height_for(width) + self.gap for way in self.holding.rail)
        return bool(self._headings(width, brief=True).height_for(width) + rail + taken > area.height)

    def _railed(self, area: Area) -> None:
        """The ways at the left, from the top down."""
        for block in self.holding.rail:
            self.screen.put(block, area.x, area.top, area.width)
            area = replace(area, top=block.y - self.gap)

    def _low(self, area: Area, tells: list[Block]) -> None:
        """Rail with steps, ways and actions at the left; the question with the pager, and the content, at the right."""
        theme, held = self.theme, self.holding
        if self.means.actions_last and held.pad is None:
            # Without a rail: its ways are chosen like everything else.
            self.holding = replace(held, rail=(), choices=[Choices([*held.rail]), *held.choices])
            self._headed(area, tells)
            return
        ways = [*held.rail, *held.actions]
        left = gap = 0.0
        if ways or held.step is not None:
            least = max((way.narrowest() for way in ways), default=0)
            left = min(area.width * MOST_RAIL, max(least, area.width * RAIL_SHARE if self.shape is Shape.LOW else 0))
            gap = theme.gutter
            self._rail(replace(area, width=left))
        inner = replace(area, x=area.x + left + gap, width=area.width - left - gap)
        for paged in self.tries:
            if self._low_content(inner, tells, paged=paged):
                return

    def _low_content(self, area: Area, tells: Sequence[Block], *, paged: bool) -> bool:
        theme, screen, held = self.theme, self.screen, self.holding
        title = self._title(area.width) if held.title and not self.title_above else None
        pager = self.pager.short()
        room = area.width - (pager.width_for(area.width) + theme.gutter if paged else 0)
        lines = title.height_for(room) / theme.leading_px("title") if title is not None else 0
        told = [*self._subtitle(), *tells]
        # A question of many lines is read with the rest.
        above = title if title is not None and lines <= 2 else None
        if above is None and title is not None:
            told.insert(0, title)
        tall = max(above.height_for(room) if above is not None else 0, pager.least_for(room) if paged else 0)
        inner = replace(area, top=area.top - tall - theme.gap) if tall else area
        bodies = self.body(inner, told, paged=paged)
        if bodies is None:
            return False
        if above is not None:
            screen.put(above, area.x, area.top, room, tall)
        if bodies.count > 1:
            screen.page = min(screen.page, bodies.count - 1)
            row = self.pager_at(bodies.count).short()
            wide = row.width_for(area.width)
            screen.put(row, area.x + area.width - wide, area.top, wide, tall)
        self.show(bodies)
        return True

    def _rail(self, area: Area) -> None:
        """Steps and ways from the top, actions from the foot: back is the lowest."""
        theme, screen, held = self.theme, self.screen, self.holding
        bottom = area.bottom
        talls = [action.height_for(area.width) for action in held.actions]
        ways = sum(way.height_for(area.width) + theme.gap for way in held.rail)
        if sum(talls) + theme.gap * len(talls) + ways > area.height:
            talls = [action.least_for(area.width) for action in held.actions]
        placed = []
        for action, tall in zip(held.actions, talls, strict=True):
            placed.append((action, bottom + tall, tall))
            bottom += tall + theme.gap
        for action, upper, tall in reversed(placed):  # read from the top down, after what informs
            action.rank = 1
            screen.put(action, area.x, upper, area.width, tall)
        top = area.top
        steps = self._steps(area.width) if self.shape is Shape.LOW else None
        if steps is not None and steps.narrowest() <= area.width and steps.height_for(area.width) <= top - bottom:
            screen.put(steps, area.x, top, area.width)
            top = steps.y - self.gap
        room = (top - bottom - theme.gap * max(0, len(held.rail) - 1)) / max(1, len(held.rail))
        self.spills(max((way.least_for(area.width) for way in held.rail), default=room) - room)
        self.spills(bottom - theme.gap - area.top)
        for way in held.rail:
            tall = min(room, way.height_for(area.width))
            screen.put(way, area.x, top, area.width, tall)
            top -= tall + theme.gap
