"""What a screen holds, in its own words; the layout engine (`arrange`) finds the place of each part on any panel.

A screen makes its blocks anew for every build, in reading order, and never measures or places anything itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.screens.layout.frame import Identity, JourneyStep
from kiosk.widgets.block import Block


@dataclass(frozen=True)
class Choices:
    """Things to choose, as a grid of at most so many columns: fewer where a word would not fit. Headings stay with
    their first row.
    """

    blocks: Sequence[Block]
    heading: str = ""
    columns: int = 2


@dataclass(frozen=True)
class Holding:
    """Everything but `tells`, `choices` and `picture` stands on every page of the screen.

    - `title` is the question, `subtitle` (marked up) what belongs to it; `emblem` stands beside it where there is room.
    - `pinned` stands below the title on every page (an amount, a countdown).
    - `tells` informs: cards, notices, remarks, texts. Too long a list goes to further pages, too high a block is split.
    - `picture` gives way: it is shown in the height that is left over, above `tells` or below, or not at all.
    - `field` shows what is typed, `pad(width_px, height_px)` makes the keys for so much room at most; with `wide_pad`
      over the whole width of the screen.
    - `actions` from the left: back, a third, the primary one; one alone takes the whole width, unless it is `back`.
      `one_below_other`: the primary one above the others, each over the whole width.
    - `rail` are ways that stand at the left where there is a rail (shape WIDE or LOW); elsewhere a screen puts them
      among its `choices`: see `ArrangedScreen.railed`.
    - `lead` stands beside `Encerrar` at the head of the lower half, in reach mode on an upright panel only.
    - `aside` stands in the header where `Encerrar` would (a clock), `foot` in the place of the bar (whom to call).
    - `end`, `bar`, `strip`: whether `Encerrar`, the bottom bar, the identity strip are offered. `ground` is another
      colour of the page and `ink` what is written on it; `grand`: the title is the largest text there is.
    """

    title: str = ""
    subtitle: str = ""
    emblem: Block | None = None
    step: JourneyStep | None = None
    identity: Identity | None = None
    pinned: Sequence[Block] = ()
    tells: Sequence[Block] = ()
    picture: Block | None = None
    picture_first: bool = True
    choices: Sequence[Choices] = ()
    field: Block | None = None
    pad: Callable[[float, float], Block] | None = None
    wide_pad: bool = False
    actions: Sequence[Block] = ()
    one_below_other: bool = False
    rail: Sequence[Block] = ()
    lead: Block | None = None
    end: bool = True
    bar: bool = True
    strip: bool = True
    aside: Block | None = None
    foot: Block | None = None
    ground: str | None = None
    ink: str | None = None
    grand: bool = False
