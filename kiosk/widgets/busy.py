"""In the place of a button while what it asked for goes on: tinted, its word says what, a bar runs along the bottom."""

from __future__ import annotations

from kiosk.widgets.block import Block
from kiosk.widgets.surface import Framed, Rounded
from kiosk.widgets.tokens import BUTTON_RADIUS, Theme
from kiosk.widgets.words import Words


class Busy(Block):
    """`share` from 0 to 1 is how far it is; it cannot be pressed."""

    role = "progress"

    def __init__(
        self, theme: Theme, label: str, share: float = 0.0, *, control_id: str = "primary", height: float = 144,
    ) -> None:
        super().__init__()
        self.control_id, self.name, self.enabled = control_id, label, False
        colours = theme.palette
        self._tall, self._bar_px = theme.tall(height), theme.pad(20)
        self._edge = theme.border(3) if colours.outlined else 0
        self._pad = theme.pad(32)
        self._share = share
        self._face = Framed(self.canvas, colours.tint, colours.edge, theme.px(BUTTON_RADIUS), self._edge)
        # Over the corner's curve the bar would stand out: it keeps to the straight part.
        self._bar = Rounded(self.canvas, colours.brand, self._bar_px // 2)
        self._words = Words(theme, label, "lead", bold=True, colour=colours.brand, role="", align="center")
        self.add_widget(self._words)

    def become(self, share: float) -> None:
        self._share = min(1.0, max(0.0, share))
        self.arrange()

    def height_for(self, width: float) -> float:
        words = self._words.height_for(width - 2 * self._pad)
        return max(self._tall, words + 2 * (self._bar_px + self._edge))

    def arrange(self) -> None:
        self._face.put(self.x, self.y, self.width, self.height)
        inset = self._edge + self._bar_px // 2
        whole = self.width - 2 * inset
        wide = max(self._bar_px, whole * self._share) if self._share > 0 else 0
        self._bar.put(self.x + inset, self.y + inset, wide, self._bar_px)
        foot = self.y + inset + self._bar_px
        self._words.place(self.x + self._pad, self.top - self._edge, self.width - 2 * self._pad,
                          self.top - self._edge - foot)
