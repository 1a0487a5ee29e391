"""What is being typed: a bordered field that keeps its last lines in view, and one for a PIN that shows only dots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.graphics import Color, Rectangle, StencilPop, StencilPush, StencilUnUse, StencilUse

from kiosk.widgets.block import Block
from kiosk.widgets.focusable import Focusable
from kiosk.widgets.icon import Icon
from kiosk.widgets.surface import Framed, Rounded
from kiosk.widgets.tokens import MIN_TARGET_MM, Theme, rgba
from kiosk.widgets.words import Words

CARET = "|"
RADIUS = 20
MOST_PLACES = 8  # a PIN has no more digits


def _frame(field: Block, theme: Theme, *, active: bool, error: bool) -> Framed:
    colours = theme.palette
    rim = colours.error if error else colours.brand if active else colours.edge
    thick = theme.px(7 if error else 5 if active else 3)
    return Framed(field.canvas, colours.card, rim, theme.px(RADIUS), thick)


class TextField(Focusable):
    """One answer as it is typed: `lines` lines of it at least, more where it is placed higher; the last ones in view.

    An arrow in the upper corner says that the text begins further up. `name` is the question's label; what was typed
    is the field's value, not part of its name.
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
        super().__init__(theme, RADIUS)
        self.name, self.control_id, self.enabled, self.value = name, control_id, True, value
        self.state = "chosen" if active and act is not None else ""
        self._act = act
        self._caret = CARET if active else ""
        self._pad = (theme.pad(36), max(theme.space(26), theme.border(5)))
        self._lines = lines
        self._line_px = theme.leading_px("lead")
        self._frame = _frame(self, theme, active=active, error=error)
        self._further_up = Icon(theme, "arrow-up", 40, theme.palette.ink2)
        self.add_widget(self._further_up)
        with self.canvas:
            StencilPush()
            self._window = Rectangle(size=(0, 0))
            StencilUse()
        self._words = Words(theme, value + self._caret, "lead", role="", personal=True)
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
        return max(round(self._lines * self._line_px) + 2 * self._pad[1], self._theme.mm(MIN_TARGET_MM))

    def arrange(self) -> None:
        self._frame.put(self.x, self.y, self.width, self.height)
        across, down = self._pad
        width, room = self.width - 2 * across, self.height - 2 * down
        shown = (max(1, int(room // self._line_px)) if self._lines > 1 else 1) * self._line_px
        # A little more than the lines themselves, for accents and descenders; never half a line.
        spare = round(self._line_px * 0.12)
        foot = self.top - down - shown if self._lines > 1 else self.center_y - shown / 2
        self._words.say(self.value + self._caret)
        side = 0.0
        if not self._fits(width, shown):
            side = self._further_up.width_for(width)
            width -= side
            self._keep_the_end(width, shown)
        for window in (self._window, self._window_again):
            window.pos, window.size = (self.x + across, foot - spare), (width, shown + 2 * spare)
        tall = self._words.height_for(width)
        self._words.place(self.x + across, foot + shown, width, tall)
        self._further_up.place(self.x + across + width, foot + shown, side, side)

    def _fits(self, width: float, shown: float) -> bool:
        return self._words.height_for(width) <= shown and self._words.longest_word_px <= width

    def _keep_the_end(self, width: float, shown: float) -> None:
        """Show as much of the end as there is room for, from the beginning of a word where that is possible."""
        text = self.value + self._caret
        low, high = 0, len(text) - 1
        while low < high:
            middle = (low + high) // 2
            self._words.say(text[middle:])
            if self._fits(width, shown):
                high = middle
            else:
                low = middle + 1
        following = text.find(" ", low)
        if low and text[low - 1] != " " and 0 <= following < len(text) - len(self._caret) - 1:
            low = following + 1
        self._words.say(text[low:])

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


class DotsField(Focusable):
    """A PIN as dots, a caret behind them. `hint` stands at the right end, where there is room for it."""

    role = "textbox"

    def __init__(
        self, theme: Theme, count: int, *, name: str, hint: str, error: bool = False, places: int = MOST_PLACES
    ) -> None:
        super().__init__(theme, RADIUS)
        self.name, self.control_id, self.enabled = name, "field:pin", True
        self._frame = _frame(self, theme, active=True, error=error)
        self._dots = [Rounded(self.canvas, theme.palette.ink, theme.px(20)) for _ in range(places)]
        with self.canvas:
            Color(rgba=rgba(theme.palette.brand))
            self._caret = Rectangle(size=(0, 0))
        self._hint = Words(theme, hint, "small", colour=theme.palette.ink2, align="right")
        self._count = count

    def become(self, count: int) -> None:
        if count != self._count:
            self._count = count
            self.arrange()

    def height_for(self, width: float) -> float:
        del width
        return self._theme.tall(116)

    def arrange(self) -> None:
        theme = self._theme
        self._frame.put(self.x, self.y, self.width, self.height)
        across = theme.pad(44)
        free = self.width - 2 * across
        pitch = min(theme.px(68), free / len(self._dots))
        side = min(theme.px(40), round(pitch * 0.6))
        for place, dot in enumerate(self._dots):
            shown = side if place < self._count else 0
            dot.put(self.x + across + place * pitch, self.center_y - shown / 2, shown, shown)
        high = round(self.height * 0.6)
        self._caret.pos = (self.x + across + self._count * pitch, self.center_y - high / 2)
        self._caret.size = (theme.px(5), high)
        left_over = free - len(self._dots) * pitch
        if self._hint.parent is not None:
            self.remove_widget(self._hint)
        if self._hint.one_line_px <= left_over:
            self.add_widget(self._hint)
            tall = self._hint.height_for(left_over)
            self._hint.place(self.right - across - left_over, self.center_y + tall / 2, left_over, tall)
