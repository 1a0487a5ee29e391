"""The common frame on any panel: who serves (top), what to do (middle), help (bottom)."""

from __future__ import annotations

from functools import cached_property

from kiosk.journey.events import Ended
from kiosk.screens.layout.bar import Bar
from kiosk.screens.layout.frame import Identity, crest_mark, identity_of, operator_mark
from kiosk.screens.layout.placing_columns import ColumnsPlacing
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Area
from kiosk.widgets import button as looks
from kiosk.widgets.block import Block, Row
from kiosk.widgets.buttons import small_button
from kiosk.widgets.icon import Icon
from kiosk.widgets.words import Words

HEADER, ACCENT, STRIP = 128, 8, 84  # design pixels


class FramedPlacing(ColumnsPlacing):
    """The frame differs by shape; the content is placed by `body` or `reached`."""

    def draw(self) -> None:
        held, screen, theme = self.holding, self.screen, self.theme
        screen.ground(held.ground or theme.palette.page)
        bottom = self._bar_top() if held.bar else self._foot()
        top = self._header()
        tells = list(held.tells)
        who = (held.identity or identity_of(self.scene)) if held.strip else None
        if who is not None:
            top = self._identity(who, top, tells)
        # On a flat panel the bar's own edge is part of the gap above it.
        clear = self.gap - (self._bar_edge if self.shape in {Shape.FLAT, Shape.TINY} and held.bar else 0)
        area = Area(theme.margin, bottom + clear, screen.width - 2 * theme.margin, top - theme.space(32))
        if theme.reach or self.shape is Shape.UPRIGHT:
            self._headed(area, tells)
        elif self.shape is Shape.WIDE:
            self._wide(area, tells)
        elif self.shape is Shape.LOW or held.pad is not None:
            self._low(area, tells)
        else:
            self._headed(area, tells)
        if held.bar:
            self._bar(bottom)

    # ---- top and bottom ---------------------------------------------------------------------------------------

    @property
    def _end_in_bar(self) -> bool:
        return self.holding.end and self.shape is not Shape.UPRIGHT and (self.theme.reach or self.shape is Shape.TINY)

    @property
    def _bar_edges(self) -> tuple[float, float]:
        """The bar's margin, and the room above and below its buttons."""
        theme = self.theme
        pad = theme.mm(0.7) if self.shape in {Shape.FLAT, Shape.TINY} else max(theme.space(12), theme.mm(1.2))
        return max(theme.space(20), theme.mm(1.5)), pad

    def _bar_block(self, pager: Block | None) -> Block:
        """The bar's buttons."""
        width = self.screen.width - 2 * self._bar_edges[0]
        return Bar(self.scene, self.shape, width, end=self._end_in_bar, pager=pager).block

    @cached_property
    def _plain_bar(self) -> Block:
        """Without a pager: measured first, then shown."""
        return self._bar_block(None)

    def _bar_top(self) -> float:
        margin, pad = self._bar_edges
        return float(self._bar_tall(self._plain_bar, self.screen.width - 2 * margin) + 2 * pad + self._line)

    def _bar_tall(self, block: Block, width: float) -> float:
        return block.least_for(width) if self.shape is Shape.TINY else block.height_for(width)

    @property
    def _bar_edge(self) -> int:
        return self.theme.mm(0.7) + self._line

    @property
    def _line(self) -> int:
        return max(2, self.theme.space(4))

    def _foot(self) -> float:
        """What stands in the place of the bar; gives its upper edge."""
        foot, theme, screen = self.holding.foot, self.theme, self.screen
        if foot is None:
            return 0.0
        width = screen.width - 2 * theme.margin
        tall = max(foot.height_for(width) + 2 * theme.space(20), theme.space(180))
        screen.ground(theme.palette.line, Area(0, tall, screen.width, tall + self._line))
        screen.ground(theme.palette.card, Area(0, 0, screen.width, tall))
        foot.rank = 2
        screen.put(foot, theme.margin, tall, width, tall)
        return float(tall + self._line)

    def _bar(self, top: float) -> None:
        """The bottom bar, up to `top`; on a flat panel it may hold the pager."""
        screen, colours = self.screen, self.theme.palette
        margin, pad = self._bar_edges
        block = self._plain_bar if self.pager_in_bar is None else self._bar_block(self.pager_in_bar.short())
        screen.ground(colours.line, Area(0, top - self._line, screen.width, top))
        screen.ground(colours.card, Area(0, 0, screen.width, top - self._line))
        block.rank = 2
        width = screen.width - 2 * margin
        screen.put(block, margin, top - self._line - pad, width, top - self._line - 2 * pad)

    def bar_takes_pager(self) -> bool:
        if not self.holding.bar:
            return False
        both = self._bar_block(self.pager.short())
        width = self.screen.width - 2 * self._bar_edges[0]
        return both.narrowest() <= width and self._bar_tall(both, width) <= self._bar_tall(self._plain_bar, width)

    @property
    def title_above(self) -> bool:
        """Whether the question stands in the header: on a flat panel, where it fits on one line."""
        if self.shape not in {Shape.FLAT, Shape.TINY} or not self.holding.title:
            return False
        words = Words(self.theme, self.holding.title, "title", bold=True)
        return words.one_line_px <= self._title_room

    @cached_property
    def _title_room(self) -> float:
        theme = self.theme
        taken: float = 2 * theme.margin + theme.icon_px(64) + 2 * theme.gutter + 2
        if self.holding.aside is not None:
            taken += self.holding.aside.width_for(self.screen.width) + theme.gutter
        if self.holding.end and not self._end_in_bar:
            taken += self._end_button().width_for(self.screen.width) + theme.gutter
        return float(self.screen.width - taken)

    def _end_button(self) -> Block:
        scene = self.scene
        word = scene.text("Leave") if self.shape in {Shape.FLAT, Shape.TINY} else scene.text("End")
        return small_button(
            self.theme, word, lambda: scene.send(Ended()), icon="x", control_id="end", look=looks.on_header(self.theme),
        )

    def _header(self) -> float:
        """The header with its accent; gives its lower edge."""
        theme, screen, colours = self.theme, self.screen, self.theme.palette
        if self.shape is Shape.TINY and not self.title_above:
            return float(screen.height)
        roomy = self.shape in {Shape.UPRIGHT, Shape.WIDE}
        button = self._end_button() if self.holding.end and not theme.reach and not self._end_in_bar else None
        pad = theme.space(18) if roomy else theme.mm(0.8)
        mark = self._mark()
        wide = button.width_for(screen.width * 0.5) if button is not None else 0
        beside = self.holding.aside.width_for(screen.width) if self.holding.aside is not None else wide
        room = screen.width - 2 * theme.margin - beside - theme.gutter
        tall = 0.0
        if mark is not None:
            tall = mark.height_for(room)
        if button is not None:
            tall = max(tall, button.least_for(wide))
        tall = max(tall + 2 * pad, theme.px(HEADER) if roomy else 0)
        foot = float(screen.height - tall)
        screen.ground(colours.header, Area(0, foot, screen.width, screen.height))
        if self.holding.ground is None:
            accent = max(3, theme.space(ACCENT))
            line = colours.line if colours.outlined else colours.accent
            screen.ground(line, Area(0, foot - accent, screen.width, foot))
            foot = foot - accent
        if mark is not None:
            screen.put(mark, theme.margin, screen.height, room, tall)
        if self.holding.aside is not None and button is None:
            aside = self.holding.aside
            wide = aside.width_for(room)
            height = aside.height_for(wide)
            right = screen.width - theme.margin
            screen.put(aside, right - wide, screen.height - (tall - height) / 2, wide, height)
        if button is not None:
            height = button.least_for(wide) if not roomy else button.height_for(wide)
            right = theme.space(40) if roomy else theme.margin
            screen.put(button, screen.width - right - wide, screen.height - (tall - height) / 2, wide, height)
        return foot

    def _mark(self) -> Block | None:
        """Who serves; on a flat panel the question, beside the crest."""
        theme, catalogue = self.theme, self.scene.state.catalogue
        colours = theme.palette
        if self.title_above:
            title = Words(theme, self.holding.title, "title", bold=True, role="heading", colour=colours.on_header)
            if catalogue is None:
                return title
            return Row([crest_mark(theme, catalogue.operator), title], shares=[0, 1], gap=theme.gutter)
        if catalogue is None:
            return None
        return operator_mark(theme, catalogue.operator, short=self.shape.short_of_room)

    def _identity(self, who: Identity, top: float, tells: list[Block]) -> float:
        """The strip under the header; where it would take two lines of a low panel, the first thing that is told."""
        theme = self.theme
        words = Words(theme, who.words, "small", markup=True, control_id="identity", personal=who.personal)
        row = Row([Icon(theme, who.icon, 52), words], shares=[0, 1], gap=theme.space(20))
        width = self.screen.width - 2 * theme.margin
        one_line = words.one_line_px <= width - theme.icon_px(52) - theme.space(20)
        if self.shape in {Shape.FLAT, Shape.TINY} or (self.shape is Shape.LOW and not one_line):
            tells.insert(0, row)
            return top
        least = theme.px(STRIP) if not self.shape.short_of_room else 0
        tall = max(least, row.height_for(width) + theme.space(24))
        self.screen.ground(theme.palette.tint, Area(0, top - tall, self.screen.width, top))
        self.screen.put(row, theme.margin, top, width, tall)
        return float(top - tall)
