"""Typing: the question above, what is typed between back and on, the keys over the whole width.

What else is told of the question stands on a page of its own, to which a key leads; the bottom bar and the way back may
have to wait there too, since keys are never made smaller than a finger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import product

from kiosk.screens.layout.flow import height_of, units_of
from kiosk.screens.layout.frame import identity_of
from kiosk.screens.layout.holding import Holding
from kiosk.screens.layout.placing_framed import FramedPlacing
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Area, Scene
from kiosk.widgets.block import Block, Row, Space
from kiosk.widgets.button import Pressable
from kiosk.widgets.buttons import key_button, secondary_button
from kiosk.widgets.tokens import MAIN_TARGET_MM, MIN_TARGET_MM
from kiosk.widgets.words import Words

# The primary action takes the first of these shares of its row that makes it no higher than it should be.
PRIMARY_SHARES = (0.27, 0.4, 0.5)
LEAD_SHARE = 0.6  # of the panel's width, beside `Encerrar`
LEAST_SHARE = 0.6  # of the height that the keys would take without anything above them


class TypingPlacing(FramedPlacing):
    """`tried` draws it if the question has room on it; the other pages of such a screen are `FramedPlacing`'s."""

    def tried(self, *, titled: bool = True) -> bool:
        """Draw the page; without `titled` the question has been read on the page before. False if nothing fits."""
        if self.theme.reach and self._fits(title=titled, end=False, bar=False, low=True):
            return True
        ends = (True, False) if self.holding.end and not self.theme.reach else (False,)
        bars = (True, False) if self.holding.bar else (False,)
        heads = product((titled,), ends, bars) if titled else product((False,), (False,), bars)
        return any(
            self._fits(title=head, end=end, bar=bar, main=main)
            for (head, end, bar), main in product(heads, (True, False))
        )

    def _fits(self, *, title: bool, end: bool, bar: bool, low: bool = False, main: bool = False) -> bool:
        """Draw it so, if it has room; `low`: everything to be touched in the lower half. `main`: what leads on is 20 mm
        high.
        """
        theme, screen = self.theme, self.screen
        header = self._titled(end=end) if title else None
        pad_px = theme.mm(1)
        top = float(screen.height)
        head_tall = 0.0
        if header is not None:
            head_tall = header.height_for(screen.width - 2 * theme.margin) + 2 * pad_px
            top -= head_tall + max(3, theme.space(8))
        bottom = self._bar_top() if bar else 0.0
        told = bool(self.holding.tells) or identity_of(self.scene) is not None
        row = self._row(more=told or not title or not bar)
        width = screen.width - 2 * theme.margin
        row_tall = max(row.least_for(width), theme.mm(MAIN_TARGET_MM) if main else 0)
        edge = theme.space(25)
        clear = max(theme.space(25), theme.gap if bar else theme.mm(0.8))
        row_top = min(top - theme.gap, screen.height / 2) if low else top - theme.gap
        keys_top = row_top - row_tall - theme.gap
        room = keys_top - bottom - clear
        if self.holding.pad is None or room < 2 * theme.mm(MIN_TARGET_MM):
            return False
        pad_width = screen.width - 2 * edge
        pad = self.holding.pad(pad_width, room)
        told_px = height_of(units_of(theme, self.holding.tells, (), width), width)
        if told_px and not low and pad.height_for(pad_width) + theme.gap + told_px > room:
            lower = self.holding.pad(pad_width, room - told_px - 2 * theme.gap)
            # What is told stays above the keys, unless they would have to become much lower for it.
            if lower.height_for(pad_width) > LEAST_SHARE * pad.height_for(pad_width):
                pad = lower
            else:  # the screen types on the one that was made last
                pad = self.holding.pad(pad_width, room)
        if pad.narrowest() > pad_width or pad.height_for(pad_width) > room:
            return False
        self._draw(header, head_tall, top)
        screen.put(row, theme.margin, row_top, width, row_tall)
        screen.put(pad, edge, bottom + clear + pad.height_for(pad_width), pad_width)
        above = Area(theme.margin, row_top + theme.gap, width, top - theme.gap)
        self._tell(above if low else Area(theme.margin, pad.top + theme.gap, width, keys_top))
        if bar:
            self._bar(bottom)
        return True

    def _draw(self, header: Block | None, head_tall: float, top: float) -> None:
        theme, screen, colours = self.theme, self.screen, self.theme.palette
        screen.ground(colours.page)
        if header is not None:
            foot = screen.height - head_tall
            screen.ground(colours.header, Area(0, foot, screen.width, screen.height))
            line = colours.line if colours.outlined else colours.accent
            screen.ground(line, Area(0, top, screen.width, foot))
            screen.put(header, theme.margin, screen.height, screen.width - 2 * theme.margin, head_tall)

    def _titled(self, *, end: bool) -> Row:
        title = Words(
            self.theme, self.holding.title, "title", bold=True, role="heading", colour=self.theme.palette.on_header
        )
        blocks, shares = ([title, self._end_button()], [1.0, 0.0]) if end else ([title], [1.0])
        return Row(blocks, shares=shares, gap=self.theme.gutter)

    def _row(self, *, more: bool) -> Row:
        """Back, the way to what else there is, the field, and what leads on."""
        theme, text = self.theme, self.text
        assert self.holding.field is not None
        first, *rest = self.holding.actions
        keys: list[Block] = []
        if isinstance(first, Pressable) and first.control_id == "back":
            if not more or self.shape in {Shape.LOW, Shape.WIDE}:
                keys.append(key_button(theme, "", first.act, control_id="back", icon="arrow-left", name=first.name))
        else:
            rest = [first, *rest]
        if more:
            keys.append(key_button(
                theme, "", self.screen.read, control_id="page:before", icon="info", name=text("Read the question"),
            ))
        blocks = [*keys, self.holding.field, *rest]
        shares = [0.0] * len(keys) + [1.0] + [0.0] * len(rest)
        line = _Line(blocks, shares=shares, gap=theme.gap, valign="fill")
        line.most_px = max(theme.mm(MAIN_TARGET_MM), 2.2 * theme.leading_px("lead"))
        return line

    def _tell(self, area: Area) -> None:
        """What informs, if all of it has room above the keys."""
        tells: Sequence[Block] = self.holding.tells
        units = units_of(self.theme, tells, (), area.width)
        used = height_of(units, area.width)
        if units and used <= area.height:
            top = area.top
            for unit in units:
                tall = unit.height(area.width)
                self.screen.put(unit.block, area.x, top, area.width)
                top -= tall + unit.gap

class UprightTyping(FramedPlacing):
    """On an upright panel, as everything else is placed; `whole` says whether all that is told had room."""

    whole = True

    def _pad(self, area: Area, tells: Iterable[Block]) -> tuple[Block, float, float]:
        """The keys leave room for all that is told, unless they would become lower than 20 mm for it."""
        assert self.holding.pad is not None
        theme = self.theme
        left, wide = area.x, area.width
        if self.holding.wide_pad:
            left, wide = theme.space(25), self.screen.width - 2 * theme.space(25)
        told = height_of(units_of(theme, tells, (), area.width), area.width)
        if told:
            pad = self.holding.pad(wide, area.height - told - self.gap)
            if pad.height_for(wide) >= 4 * theme.mm(MAIN_TARGET_MM):
                return pad, left, wide
        return self.holding.pad(wide, area.height), left, wide

    def stacked(self, area: Area, tells: Sequence[Block]) -> None:
        self.whole = self._stack(area, tells, paged=False) is not None


class _Line(Row):
    """The field keeps the largest share: what leads on wraps first, on as many lines as `most_px` allow."""

    most_px = 0.0

    def _widths(self, available: float) -> list[float]:
        free = available - self._gap * (len(self.blocks) - 1)
        widths = []
        for block, share in zip(self.blocks, self._shares, strict=True):
            if share:
                widths.append(0.0)
                continue
            least, most = block.narrowest(), block.width_for(free)
            tried = [min(most, max(least, free * part)) for part in PRIMARY_SHARES]
            widths.append(next((wide for wide in tried if block.least_for(wide) <= self.most_px), tried[-1]))
        rest = max(0.0, free - sum(widths))
        return [rest if share else width for width, share in zip(widths, self._shares, strict=True)]


def reading(held: Holding, begin: Block) -> Holding:
    """What is told alone, with the way to the keys as its primary action."""
    back = [action for action in held.actions if action.control_id == "back"]
    return replace(held, field=None, pad=None, actions=[*back, begin])


def untold(scene: Scene, held: Holding, read: Callable[[], None]) -> Holding:
    """The question and its keys without what is told, and a key that leads there."""
    words = scene.text("Read the question")
    theme = scene.theme
    icon = key_button(theme, "", read, control_id="page:before", icon="info", name=words, height=120)
    icon.least_width(theme.tall(120))
    if theme.reach:
        lead: Block = secondary_button(theme, words, read, icon="info", control_id="page:before", height=120)
        if lead.least_for(theme.panel.width_px * LEAD_SHARE) > theme.tall(120):
            # Words of several lines would leave the keys too little of the lower half.
            lead = Row([icon, Space(0)], shares=[0.0, 1.0], valign="fill")
        return replace(held, tells=(), lead=lead)
    first, *rest = held.actions
    return replace(held, tells=(), actions=[first, icon, *rest])
