"""What is being typed: a bordered field that keeps its last lines in view, and one for a PIN that shows only dots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.graphics import Color, Rectangle, StencilPop, StencilPush, StencilUnUse, StencilUse

from kiosk.widgets.block import Block
from kiosk.widgets.surface import Framed, Rounded
from kiosk.widgets.tokens import Theme, rgba
from kiosk.widgets.words import Words

CARET = "|"


def _frame(field: Block, theme: Theme, *, active: bool, error: bool) -> Framed:
    colours = theme.palette
    rim = colours.error if error else colours.brand if active else colours.edge
    return Framed(field.canvas, colours.card, rim, theme.px(20), theme.px(6 if error else 4 if active else 3))


class TextField(Block):
    """One answer as it is typed, at most `lines` lines of it in view, the last ones. `name` is the question's label.

    What was typed is the field's value, not part of its name.
    """

    role = "textbox"

    def __init__(
        self,
        theme: Theme,
        value: str,
        *,
        name: str,
        control_id: str,
        lines: int = 2,
        active: bool = True,
        error: bool = False,
        act: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self.name, self.control_id, self.enabled, self.value = name, control_id, True, value
        self._act = act
        self._caret = CARET if active else ""
        self._pad = (theme.px(36), theme.px(26))
        self._lines = lines
        self._line_px = theme.leading_px("lead")
        self._frame = _frame(self, theme, active=active, error=error)
        with self.canvas:
            StencilPush()
            self._window = Rectangle(size=(0, 0))
            StencilUse()
        self._words = Words(theme, value + self._caret, "lead", role="")
        self.add_widget(self._words)
        with self.canvas.after:
            StencilUnUse()
            self._window_again = Rectangle(size=(0, 0))
            StencilPop()

    def become(self, value: str) -> None:
        """Show what is typed now."""
        self.value = value
        self._words.say(value + self._caret)
        self.arrange()

    def height_for(self, width: float) -> float:
        del width
        return round(self._lines * self._line_px) + 2 * self._pad[1]

    def arrange(self) -> None:
        self._frame.put(self.x, self.y, self.width, self.height)
        across, down = self._pad
        width, room = self.width - 2 * across, self.height - 2 * down
        for window in (self._window, self._window_again):
            # A little more than the lines themselves, for accents and descenders.
            window.pos, window.size = (self.x + across, self.y + down - 8), (width, room + 8)
        tall = self._words.height_for(width)
        top = self.top - down if tall <= room else self.y + down + tall
        self._words.place(self.x + across, top, width, tall)

    def press(self) -> bool:
        """Make it the field that is typed into; False if it is the only one."""
        if self._act is None:
            return False
        self._act()
        return True

    def on_touch_down(self, touch: Any) -> bool:
        if self._act is None or not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        return bool(self.collide_point(*touch.pos)) and self.press()


class DotsField(Block):
    """A PIN as dots, a caret behind them. `hint` stands at the right end."""

    role = "textbox"

    def __init__(self, theme: Theme, count: int, *, name: str, hint: str, error: bool = False) -> None:
        super().__init__()
        self.name, self.control_id, self.enabled = name, "field:pin", True
        self._theme = theme
        self._frame = _frame(self, theme, active=True, error=error)
        self._dots = [Rounded(self.canvas, theme.palette.ink, theme.px(20)) for _ in range(8)]
        with self.canvas:
            Color(rgba=rgba(theme.palette.brand))
            self._caret = Rectangle(size=(0, 0))
        self._hint = Words(theme, hint, "small", colour=theme.palette.ink2, align="right")
        self.add_widget(self._hint)
        self._count = count

    def become(self, count: int) -> None:
        if count != self._count:
            self._count = count
            self.arrange()

    def height_for(self, width: float) -> float:
        del width
        return self._theme.px(116)

    def arrange(self) -> None:
        px = self._theme.px
        self._frame.put(self.x, self.y, self.width, self.height)
        side = px(40)
        for place, dot in enumerate(self._dots):
            shown = side if place < self._count else 0
            dot.put(self.x + px(44) + place * px(68), self.center_y - shown / 2, shown, shown)
        self._caret.pos = (self.x + px(44) + self._count * px(68), self.center_y - px(36))
        self._caret.size = (px(5), px(72))
        width = self._hint.width_for(self.width - px(88) - 8 * px(68))
        tall = self._hint.height_for(width)
        self._hint.place(self.right - px(44) - width, self.center_y + tall / 2, width, tall)
