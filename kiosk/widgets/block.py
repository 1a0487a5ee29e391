"""Layout without waiting for frames: a block tells the height it needs at a width, then is placed, and places its own.

`Column` stacks, `Row` sets side by side, `Space` keeps free, `Inset` pads. Lengths are panel pixels; `top` counts from
the window's bottom, as Kivy does.
"""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from collections.abc import Iterable, Sequence
from math import floor
from typing import Literal

from kivy.properties import NumericProperty, ReferenceListProperty
from kivy.uix.widget import Widget, WidgetMetaclass

Align = Literal["left", "center", "right"]


class Abstract(WidgetMetaclass, ABCMeta):
    """A widget that cannot be made while something of it is missing."""


class Block(Widget, metaclass=Abstract):
    """Something with a place on the screen, and what speech and tests know of it.

    `control_id` is stable and the same in every language; `role` is empty for mere decoration and for containers.
    `state` is "on", "off", "chosen" or nothing; `personal` marks what names or concerns the citizen; `value` is what a
    field holds, always personal (of a PIN: nothing).
    """

    control_id: str = ""
    role: str = ""
    name: str = ""
    enabled: bool = True
    state: str = ""
    personal: bool = False
    value: str = ""
    # The ring of the focus is drawn by what can have it.
    focused: bool = False
    # What gives way where room is short: an icon beside a word.
    ornament: bool = False
    # What means nothing at the edge of a page: a space, a line.
    between: bool = False
    # A drawing that may be shown smaller than it would like.
    scales: bool = False
    # What may take more height than it needs, where there is some.
    stretches: bool = False
    # Reading order among the blocks of one parent: rank first, then as they were added.
    rank: int = 0
    # No parent sizes it. Said once for all blocks: setting it on each would take half the time of making one.
    size_hint_x = NumericProperty(None, allownone=True)
    size_hint_y = NumericProperty(None, allownone=True)
    size_hint = ReferenceListProperty(size_hint_x, size_hint_y)

    def __init__(self) -> None:
        # No kv rule is written for any block: Kivy need not look for one.
        super().__init__(__no_builder=True)

    def hold(self, block: Block) -> None:
        """Take a block in, from whatever held it before: what was only measured so far is used again."""
        if block.parent is not None:
            block.parent.remove_widget(block)
        self.add_widget(block)

    def width_for(self, available: float) -> float:
        """The width it would like, at most `available`."""
        return available

    @abstractmethod
    def height_for(self, width: float) -> float:
        """The height it needs at that width."""

    def narrowest(self) -> float:
        """The width below which a word of it would be cut in two; 0 when it does not matter."""
        return 0

    def least_for(self, width: float) -> float:
        """The height below which it would be cut; most blocks ask for no more than that anyway."""
        return self.height_for(width)

    def split(self, width: float, room: float, *, anywhere: bool) -> tuple[Block, Block] | None:
        """Two blocks for two pages, the first no higher than `room`; None when it cannot be divided there.

        Not `anywhere`: only between things that can stand alone. The block itself is used up: its parts belong to the
        two.
        """
        del width, room, anywhere
        return None

    def place(self, x: float, top: float, width: float, height: float | None = None) -> None:
        """Take this place; without a height, the height it needs."""
        tall = self.height_for(width) if height is None else height
        self.size = (round(width), round(tall))
        self.pos = (floor(x + 0.5), floor(top - tall + 0.5))
        self.arrange()

    def arrange(self) -> None:
        """Draw, and place the children, at the present pos and size."""

    def show_focus(self, shown: bool) -> None:
        """Draw the ring of the focus around it, above everything else, or take it away."""
        self.focused = shown

    def paint(self, colour: str | None) -> None:
        """Take that colour (a pressed control does this to all it holds); None brings the own colour back."""
        for child in self.children:
            if isinstance(child, Block):
                child.paint(colour)


class Space(Block):
    """Nothing, of a size."""

    between = True

    def __init__(self, height: float, width: float = 0) -> None:
        super().__init__()
        self._extent = (width, height)

    def width_for(self, available: float) -> float:
        return min(available, self._extent[0])

    def height_for(self, width: float) -> float:
        del width
        return self._extent[1]


class Whole(Block):
    """One block that is divided only where it is higher than a page."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block
        self.hold(block)

    def width_for(self, available: float) -> float:
        return self.block.width_for(available)

    def height_for(self, width: float) -> float:
        return self.block.height_for(width)

    def narrowest(self) -> float:
        return self.block.narrowest()

    def least_for(self, width: float) -> float:
        return self.block.least_for(width)

    def split(self, width: float, room: float, *, anywhere: bool) -> tuple[Block, Block] | None:
        return self.block.split(width, room, anywhere=True) if anywhere else None

    def arrange(self) -> None:
        self.block.place(self.x, self.top, self.width, self.height)


class Column(Block):
    """Blocks from the top down, `gap` between; a `Space` replaces the gaps around it."""

    def __init__(self, blocks: Iterable[Block] = (), gap: float = 0, align: Align = "left") -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._gap, self._align = gap, align
        for block in blocks:
            self.add(block)

    def add(self, block: Block) -> Block:
        """Put it below the others; shown at the next `place`."""
        self.blocks.append(block)
        self.hold(block)
        return block

    def _gaps(self) -> list[float]:
        pairs = zip(self.blocks, self.blocks[1:], strict=False)
        return [0 if isinstance(one, Space) or isinstance(two, Space) else self._gap for one, two in pairs]

    def width_for(self, available: float) -> float:
        return max((block.width_for(available) for block in self.blocks), default=0)

    def height_for(self, width: float) -> float:
        return sum(block.height_for(width) for block in self.blocks) + sum(self._gaps())

    def narrowest(self) -> float:
        return max((block.narrowest() for block in self.blocks), default=0)

    def split(self, width: float, room: float, *, anywhere: bool) -> tuple[Block, Block] | None:
        """Between two blocks, or inside one where more than half of the room would stay empty."""
        used, head = 0.0, 0
        gaps = [0.0, *self._gaps()]
        for block, gap in zip(self.blocks, gaps, strict=True):
            tall = gap + block.height_for(width)
            if used + tall > room:
                break
            used += tall
            head += 1
        if head == len(self.blocks):
            return None
        first, rest = self.blocks[:head], self.blocks[head:]
        if anywhere and used < room / 2:
            two = rest[0].split(width, room - used - gaps[head], anywhere=True)
            if two is not None:
                first, rest = [*first, two[0]], [two[1], *rest[1:]]
        while first and first[-1].between:
            first.pop()
        while rest and rest[0].between:
            rest.pop(0)
        if not first or not rest:
            return None
        return Column(first, self._gap, self._align), Column(rest, self._gap, self._align)

    def arrange(self) -> None:
        top = self.top
        for block, gap in zip(self.blocks, [*self._gaps(), 0], strict=True):
            width = self.width if self._align == "left" else block.width_for(self.width)
            spare = self.width - width
            x = self.x + {"left": 0, "center": spare / 2, "right": spare}[self._align]
            block.place(x, top, width)
            top = block.y - gap


class Row(Block):
    """Blocks side by side. `shares`: a block's part of the width left over; 0 gives it the width it would like.

    With no share at all the row is as wide as its blocks, set by `align` in the place it gets.
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        shares: Sequence[float] | None = None,
        gap: float = 0,
        align: Align = "left",
        valign: Literal["top", "middle", "fill"] = "middle",
    ) -> None:
        super().__init__()
        self.blocks = list(blocks)
        self._shares = list(shares) if shares is not None else [0.0] * len(self.blocks)
        self._gap, self._align, self._valign = gap, align, valign
        self._ornate = any(block.ornament for block in self.blocks)
        for block in self.blocks:
            self.hold(block)

    def narrowest(self) -> float:
        """Without its ornaments."""
        told = [block.narrowest() for block in self.blocks if not block.ornament]
        return sum(told) + self._gap * max(0, len(told) - 1)

    def _bare(self, available: float) -> bool:
        """Whether the ornaments must go, so that no word is cut."""
        if not self._ornate:
            return False
        wide = sum(block.width_for(available) if block.ornament else block.narrowest() for block in self.blocks)
        return wide + self._gap * (len(self.blocks) - 1) > available

    def _widths(self, available: float) -> list[float]:
        """The width of each block; -1 for one that is left out."""
        if not self._bare(available):
            return self._divided(self.blocks, self._shares, available)
        kept = [at for at, block in enumerate(self.blocks) if not block.ornament]
        shares = [self._shares[at] for at in kept]
        given = dict(zip(kept, self._divided([self.blocks[at] for at in kept], shares, available), strict=True))
        return [given.get(at, -1.0) for at in range(len(self.blocks))]

    def _divided(self, blocks: Sequence[Block], shares: Sequence[float], available: float) -> list[float]:
        free = available - self._gap * (len(blocks) - 1)
        widths = [
            0.0 if share else block.width_for(max(0, free)) for block, share in zip(blocks, shares, strict=True)
        ]
        excess = sum(widths) - free
        if excess > 0:  # the widest gives way: a word wraps, an icon stays
            widest = widths.index(max(widths))
            widths[widest] = blocks[widest].width_for(max(0.0, widths[widest] - excess))
        free -= sum(widths)
        total = sum(shares)
        for at, share in enumerate(shares):
            if share:
                widths[at] = free * share / total
        return widths

    def _used(self, widths: Sequence[float]) -> float:
        shown = [width for width in widths if width >= 0]
        return sum(shown) + self._gap * (len(shown) - 1)

    def width_for(self, available: float) -> float:
        if any(self._shares):
            return available
        return min(available, self._used(self._widths(available)))

    def height_for(self, width: float) -> float:
        pairs = zip(self.blocks, self._widths(width), strict=True)
        return max((block.height_for(wide) for block, wide in pairs if wide >= 0), default=0)

    def least_for(self, width: float) -> float:
        pairs = zip(self.blocks, self._widths(width), strict=True)
        return max((block.least_for(wide) for block, wide in pairs if wide >= 0), default=0)

    def split(self, width: float, room: float, *, anywhere: bool) -> tuple[Block, Block] | None:
        """What is too high goes on in the second row, at its place; the rest stays in the first."""
        head: list[Block] = []
        tail: list[Block] = []
        for block, wide in zip(self.blocks, self._widths(width), strict=True):
            if wide < 0:
                continue
            if block.height_for(wide) <= room:
                head.append(block)
                tail.append(Space(0, wide))
                continue
            two = block.split(wide, room, anywhere=anywhere)
            if two is None:
                return None
            head.append(two[0])
            tail.append(two[1])
        shares = [share for share, wide in zip(self._shares, self._widths(width), strict=True) if wide >= 0]
        valign: Literal["top", "fill"] = "fill" if self._valign == "fill" else "top"
        return Row(head, shares, self._gap, self._align, valign), Row(tail, shares, self._gap, self._align, valign)

    def arrange(self) -> None:
        widths = self._widths(self.width)
        used = self._used(widths)
        x = self.x + {"left": 0.0, "center": (self.width - used) / 2, "right": self.width - used}[self._align]
        for block, width in zip(self.blocks, widths, strict=True):
            if width < 0:
                block.place(x, self.top, 0, 0)
                continue
            tall = self.height if self._valign == "fill" else block.height_for(width)
            drop = (self.height - tall) / 2 if self._valign == "middle" else 0
            # Whole pixels at both sides, halves always upwards, so that no gap is a pixel narrower than another.
            left = floor(x + 0.5)
            block.place(left, self.top - drop, floor(x + width + 0.5) - left, tall)
            x += width + self._gap


class Inset(Block):
    """One block with room around it: left, top, right, bottom."""

    def __init__(self, block: Block, pad: tuple[float, float, float, float]) -> None:
        super().__init__()
        self.block = block
        self._pad = pad
        self.hold(block)

    def width_for(self, available: float) -> float:
        left, _, right, _ = self._pad
        return self.block.width_for(available - left - right) + left + right

    def narrowest(self) -> float:
        left, _, right, _ = self._pad
        return self.block.narrowest() + left + right

    def height_for(self, width: float) -> float:
        left, top, right, bottom = self._pad
        return self.block.height_for(width - left - right) + top + bottom

    def arrange(self) -> None:
        left, top, right, _ = self._pad
        self.block.place(self.x + left, self.top - top, self.width - left - right)
