"""A list that may be longer than its place: as many blocks as fit, and arrows to the other pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kiosk.widgets.block import Block, Column, Row, Space
from kiosk.widgets.buttons import key_button
from kiosk.widgets.tokens import Theme
from kiosk.widgets.words import Words

TURNER_HEIGHT = 104


def split(heights: Sequence[float], room: float, gap: float, turner: float) -> list[tuple[int, int]]:
    """First and one past last block of each page. With more than one page, each leaves room for the arrows.

    A block that is taller than a page has a page to itself.
    """
    if sum(heights) + gap * (len(heights) - 1) <= room:
        return [(0, len(heights))]
    room -= turner + gap
    pages, first, used = [], 0, 0.0
    for at, height in enumerate(heights):
        if at > first and used + gap + height > room:
            pages.append((first, at))
            first, used = at, height
        else:
            used += height + (gap if at > first else 0)
    pages.append((first, len(heights)))
    return pages


def paged(
    theme: Theme,
    text: Callable[..., str],
    blocks: Sequence[Block],
    *,
    width: float,
    room: float,
    page: int,
    turn: Callable[[int], None],
    gap: float = 16,
) -> Column:
    """Page `page` of the blocks; `turn` is told the page that an arrow leads to. An arrow that cannot act is absent."""
    between = theme.px(gap)
    pages = split([block.height_for(width) for block in blocks], room, between, theme.px(TURNER_HEIGHT))
    page = min(page, len(pages) - 1)
    first, last = pages[page]
    column = Column(blocks[first:last], gap=between)
    if len(pages) == 1:
        return column
    wide = theme.px(200)

    def arrow(icon: str, name: str, to: int, control_id: str) -> Block:
        if not 0 <= to < len(pages):
            return Space(theme.px(TURNER_HEIGHT), wide)
        return key_button(
            theme, "", lambda: turn(to), control_id=control_id, icon=icon, name=name, height=TURNER_HEIGHT
        )

    where = Words(theme, text("Page {n} of {of}", n=page + 1, of=len(pages)), "body", bold=True, align="center")
    turner = Row(
        [
            arrow("arrow-left", text("Page before"), page - 1, "page:before"),
            where,
            arrow("arrow-right", text("Next page"), page + 1, "page:next"),
        ],
        shares=[1, 2, 1],
        gap=theme.gutter,
    )
    column.add(turner)
    return column
