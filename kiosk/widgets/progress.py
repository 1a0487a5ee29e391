"""How far it is: steps of a journey, a bar, the ring that counts down."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, SmoothLine

from kiosk.widgets.block import Block
from kiosk.widgets.surface import Framed, Rounded
from kiosk.widgets.tokens import Theme, rgba
from kiosk.widgets.words import Words


def _track(canvas: Any, theme: Theme, tall: int) -> Framed:
    """What is still to come: a ground of its own, or an outline where grounds tell nothing."""
    colours = theme.palette
    fill = colours.card if colours.outlined else colours.line
    return Framed(canvas, fill, colours.edge, tall // 2, max(2, theme.px(3)) if colours.outlined else 0)


class StepBar(Block):
    """`total` bars, the first `done` of them filled. Said in words by the text above it."""

    def __init__(
        self, theme: Theme, done: int, total: int, *, height: float = 14, gap: float = 10,
        width: float | None = None,
    ) -> None:
        super().__init__()
        self._tall, self._gap = theme.px(height), theme.px(gap)
        self._wide = theme.px(width) if width is not None else None
        self._bars = [
            Rounded(self.canvas, theme.palette.brand, self._tall // 2)
            if at < done
            else _track(self.canvas, theme, self._tall)
            for at in range(total)
        ]

    def height_for(self, width: float) -> float:
        del width
        return self._tall

    def arrange(self) -> None:
        count = len(self._bars)
        whole = min(self.width, self._wide or self.width)
        wide = (whole - self._gap * (count - 1)) / count
        for at, bar in enumerate(self._bars):
            bar.put(self.x + at * (wide + self._gap), self.y, wide, self._tall)


class Progress(Block):
    """A share from 0 to 1; `become` moves it."""

    role = "progress"

    def __init__(
        self, theme: Theme, share: float, *, name: str, control_id: str = "progress", height: float = 32,
    ) -> None:
        super().__init__()
        self.name, self.control_id = name, control_id
        self._tall = theme.pad(height)
        self._share = share
        self._ground = _track(self.canvas, theme, self._tall)
        self._done = Rounded(self.canvas, theme.palette.brand, self._tall // 2)

    def become(self, share: float) -> None:
        self._share = min(1.0, max(0.0, share))
        self.arrange()

    def height_for(self, width: float) -> float:
        del width
        return self._tall

    def arrange(self) -> None:
        self._ground.put(self.x, self.y, self.width, self._tall)
        wide = max(self._tall, self.width * self._share) if self._share > 0 else 0
        self._done.put(self.x, self.y, wide, self._tall)


class Countdown(Block):
    """A ring that empties, with the seconds in it."""

    role = "progress"
    control_id = "countdown"

    def __init__(self, theme: Theme, seconds: int, whole_s: int) -> None:
        super().__init__()
        self._side, self._thick = self._extent(theme), theme.pad(28)
        self._whole_s = max(1, whole_s)
        self._seconds = seconds
        self.name = str(seconds)
        with self.canvas:
            Color(rgba=rgba(theme.palette.card if theme.palette.outlined else theme.palette.line))
            self._ground = SmoothLine(width=self._thick / 2, cap="none")
            Color(rgba=rgba(theme.palette.brand))
            self._left = SmoothLine(width=self._thick / 2, cap="none")
        self._figure = Words(theme, str(seconds), "countdown", bold=True, align="center", role="")
        self.add_widget(self._figure)

    @staticmethod
    def _extent(theme: Theme) -> int:
        """A ring around two digits, however large the text is."""
        return max(round(328 * theme.scale * theme.spread), round(theme.type_px("countdown") * 2.2))

    def become(self, seconds: int) -> None:
        self._seconds, self.name = seconds, str(seconds)
        self._figure.say(str(seconds))
        self.arrange()

    def width_for(self, available: float) -> float:
        return min(available, self._side)

    def height_for(self, width: float) -> float:
        del width
        return self._side

    def arrange(self) -> None:
        radius = (self._side - self._thick) / 2
        left = min(1.0, max(0.0, self._seconds / self._whole_s))
        self._ground.circle = (self.center_x, self.center_y, radius, 0, 360, 120)
        self._left.circle = (self.center_x, self.center_y, radius, 0, max(0.1, 360 * left), 120)
        wide = self._figure.width_for(self.width)
        tall = self._figure.height_for(wide)
        self._figure.place(self.center_x - wide / 2, self.center_y + tall / 2, wide, tall)
