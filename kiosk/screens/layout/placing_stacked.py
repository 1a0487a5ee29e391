"""One above the other: the heading, the content with its pager, the actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk.journey.events import Ended
from kiosk.screens.layout.flow import units_of
from kiosk.screens.layout.holding import Choices
from kiosk.screens.layout.pager import Pager
from kiosk.screens.layout.placing import Bodies
from kiosk.screens.layout.placing_reach import ReachedPlacing
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Area
from kiosk.widgets.block import Block, Column, Row, Space
from kiosk.widgets.buttons import secondary_button
from kiosk.widgets.tokens import MAIN_TARGET_MM, MIN_TARGET_MM, Step
from kiosk.widgets.words import Words

# Lower panels have no room for what leads on to be 20 mm high on every page.
ROOM_FOR_MAIN_MM = 120.0
# A page of fewer lines is cramped: less bad than anything that has no room at all.
LEAST_LINES, CRAMPED_PX = 2.9, 2.0
TITLES: tuple[Step, ...] = ("display", "title", "head", "lead")


# An action of one line is no higher than this times an arrow; one of two is.
ONE_LINE = 1.35


class StackedPlacing(ReachedPlacing):
    """What frames and sheets have in common."""

    def _title(self, width: float) -> Words:
        """In the largest step in which no word of it is cut."""
        for step in TITLES[0 if self.holding.grand else 1 :]:
            words = Words(
                self.theme, self.holding.title, step, bold=True, role="heading", colour=self.holding.ink,
            )
            if words.narrowest() <= width:
                break
        return words

    def _subtitle(self) -> list[Block]:
        if not self.holding.subtitle:
            return []
        return [Words(self.theme, self.holding.subtitle, "lead", markup=True, colour=self.holding.ink)]

    def bar_takes_pager(self) -> bool:
        """Whether there is a bar below, with room for the pager beside its words."""
        return False

    @property
    def title_above(self) -> bool:
        """Whether the question stands in the header."""
        return False

    def stacked(self, area: Area, tells: Sequence[Block]) -> None:
        """Content, pager, actions, from the top down."""
        held = self.holding
        if self.means.actions_last and held.actions:
            last = Choices([*held.actions], columns=len(held.actions))
            self.holding = replace(held, choices=[*held.choices, last], actions=())
        for paged in self.tries:
            if self._stack(area, tells, paged=paged) is not None:
                return

    def _stack(self, area: Area, tells: Sequence[Block], *, paged: bool) -> Bodies | None:
        theme, width = self.theme, area.width
        how = self._pager_place(area, tells) if paged else ""
        actions = None if how == "between" else self.action_row(width)
        tall = self.action_height(actions, width, paged=paged) if actions is not None else 0.0
        strip = self._pager_strip(how, self.pager)
        strip_tall = self.action_height(strip, width, paged=paged) if strip is not None else 0.0
        rise = sum(part + self.gap for part in (tall, strip_tall) if part)
        beside = self.pager.column().width_for(width) + theme.gutter if how == "beside" else 0
        inner = Area(area.x, area.bottom + rise, width - beside, area.top)
        if theme.reach:
            head = self._lead() if self.shape is Shape.UPRIGHT else None
            bodies = self.reached(inner, tells, head, paged=paged)
        else:
            bodies = self.body(inner, tells, paged=paged)
        if bodies is None:
            return None
        if bodies.count > 1 and inner.height < LEAST_LINES * theme.leading_px("body"):
            self.spills(CRAMPED_PX)
        self.show(bodies)
        top = inner.bottom - self.gap
        if theme.reach and rise:
            self.spills(top - self.half(area))
        strip = self._pager_strip(how, self.pager_at(bodies.count)) if bodies.count > 1 else None
        if how == "between" and bodies.count == 1:
            strip = self.action_row(width)
        if strip is not None:
            strip.rank = 1
            self.screen.put(strip, area.x, top, width, strip_tall)
            top -= strip_tall + self.gap
        if how == "beside" and bodies.count > 1:
            self._put_beside(self.pager_at(bodies.count), area, inner)
        if actions is not None:
            self.screen.put(actions, area.x, area.bottom + tall, width, tall)
        if how == "bar" and bodies.count > 1:
            self.pager_in_bar = self.pager_at(bodies.count)
        return bodies

    def _pager_strip(self, how: str, pager: Pager) -> Block | None:
        if how == "row":
            return pager.row() if not self.shape.short_of_room else pager.short()
        return self._between(pager.short()) if how == "between" else None

    def _put_beside(self, pager: Pager, area: Area, inner: Area) -> None:
        column = pager.column()
        wide = area.width - inner.width - self.theme.gutter
        top = self.half(inner) if self.theme.reach else inner.top
        column.rank = 1
        tall = column.height_for(wide)
        self.spills(tall - (top - inner.bottom))
        middle = top - (top - inner.bottom - tall) / 2
        self.screen.put(column, area.x + area.width - wide, max(inner.bottom + tall, middle), wide)

    def _pager_place(self, area: Area, tells: Sequence[Block]) -> str:
        """Where the pager goes: a row of its own, between the actions, or beside the content."""
        low_half = self.theme.reach and self.shape is not Shape.UPRIGHT
        if not self.shape.short_of_room and not low_half:
            return "row"
        if self.holding.actions and self._between_fits(area.width):
            return "between"
        column = self.pager.column()
        high = self.half(area) if self.theme.reach else area.top
        actions = self.action_row(area.width)
        low = area.bottom + (self.action_height(actions, area.width) + self.gap if actions is not None else 0)
        narrower = area.width - column.width_for(area.width) - self.theme.gutter
        if column.height_for(area.width) <= high - low and self._narrowest(tells) <= narrower:
            return "beside"
        row = self.pager.short().height_for(area.width) + self._least_content(area.width)
        return "row" if row <= high - low or not self.bar_takes_pager() else "bar"

    def _narrowest(self, tells: Sequence[Block]) -> float:
        """The width below which a word would be cut."""
        told = [*tells, *self.holding.pinned, *(block for some in self.holding.choices for block in some.blocks)]
        return max((block.narrowest() for block in told), default=0.0)

    def _least_content(self, width: float) -> float:
        """What must have room beside a pager: a row of choices, two of keys, or two lines of text above them."""
        held, theme = self.holding, self.theme
        if held.pad is not None:
            return 2 * theme.mm(MIN_TARGET_MM) + 2 * theme.gap
        if held.choices:
            single = [replace(some, columns=1) for some in held.choices]
            units = units_of(theme, (), single, width, headed=not theme.reach)
            return max(unit.block.least_for(width) for unit in units) + theme.gap
        return 0.0 if theme.reach else 2.0 * theme.leading_px("body")

    def _between_fits(self, width: float) -> bool:
        """Whether the words of the actions stay on one line with the pager between them."""
        pager = self.pager.short()
        tall = pager.height_for(width)
        return self._between(pager).least_for(width) <= tall * ONE_LINE

    def _between(self, pager: Row) -> Row:
        """Back, the pager, then what leads on."""
        actions = list(self.holding.actions)
        first, rest = ([actions[0]], actions[1:]) if actions[0].control_id == "back" else ([], actions)
        blocks: list[Block] = [*first, pager, *rest]
        shares = [0.0 if block is pager else max(1.0, block.narrowest()) for block in blocks]
        return Row(blocks, shares=shares, gap=self.theme.gap, valign="fill")

    def _lead(self) -> Block | None:
        """The head of the lower half: what the screen gives, and `Encerrar`."""
        held, scene = self.holding, self.scene
        if not held.end and held.lead is None:
            return None
        blocks: list[Block] = [held.lead or Space(0)]
        shares = [1.0]
        if held.end:
            blocks.append(secondary_button(
                self.theme, scene.text("End"), lambda: scene.send(Ended()), icon="x", control_id="end", height=120,
            ))
            shares.append(0.0)
        return Row(blocks, shares=shares, gap=self.theme.gutter, valign="fill")

    # ---- actions ----------------------------------------------------------------------------------------------

    def action_row(self, width: float, *, back_px: float | None = None) -> Block | None:
        """Back at the left, the primary action at the right; one above the other where the words ask for it."""
        actions = list(self.holding.actions)
        if not actions:
            return None
        gap = self.theme.gutter
        if len(actions) == 1 and actions[0].control_id == "back":
            # Back stands where it always stands, whatever is beside it.
            actions.append(Space(0))
        if len(actions) == 1:
            return self._ranked(Row(actions, shares=[1.0], valign="fill"))
        shares = [300.0, 628.0] if len(actions) == 2 else [1.0] * len(actions)
        if back_px is not None and len(actions) == 2:
            shares = [back_px, width - gap - back_px]
        least = [action.narrowest() for action in actions]
        free = width - gap * (len(actions) - 1)
        if any(wide > free * share / sum(shares) for wide, share in zip(least, shares, strict=True)):
            shares = [max(1.0, wide) for wide in least]
        if sum(least) > free or self.holding.one_below_other:
            rows = [Row([action], shares=[1.0], valign="fill") for action in reversed(self.holding.actions)]
            return self._ranked(Column(rows, gap=self.theme.gap))
        return self._ranked(Row(actions, shares=shares, gap=gap, valign="fill"))

    @staticmethod
    def _ranked(block: Block) -> Block:
        """Read after the content, before the bar."""
        block.rank = 1
        return block

    def action_height(self, block: Block, width: float, *, paged: bool = False) -> float:
        """No higher than need be where that leaves a page more to read: in the low half, and on the lowest panels."""
        if paged and self.theme.panel.height_mm < ROOM_FOR_MAIN_MM:
            return block.least_for(width)
        if not self.theme.reach or self.shape in {Shape.UPRIGHT, Shape.LOW}:
            return block.height_for(width)
        least = block.least_for(width)
        return max(least, self.theme.mm(MAIN_TARGET_MM)) if self.shape is Shape.WIDE else least
