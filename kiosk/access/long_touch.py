"""A finger that rests on the screen asks to hear it. After a moment a notice says so: there is time to lift it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window

from kiosk.screens.scene import Scene
from kiosk.widgets.block import Column, Space
from kiosk.widgets.button import Pressable
from kiosk.widgets.card import Card
from kiosk.widgets.icon import Icon
from kiosk.widgets.progress import Progress
from kiosk.widgets.words import Words

HINT_S = 0.7
HEARD_S = 2.0
TURN_S = 0.1
# A screen that stood still has not seen the finger lifted either: it counts no more than this of that time.
LONGEST_TURN_S = 0.25
# A finger that goes further than this is on its way somewhere else.
STRAY_MM = 12.0


class LongTouch:
    """Follows one finger. `ask` is called when it has rested long enough; what lay under it is not pressed then."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._touch: Any = None
        self._from = (0.0, 0.0)
        self._stray_px = 0.0
        self._timer: Any = None
        self._waited_s = 0.0
        self._hint: Card | None = None
        self._progress: Progress | None = None
        self._scene: Scene | None = None

    def down(self, touch: Any, scene: Scene) -> None:
        """A second finger ends it: that is no wish to listen."""
        if self._touch is not None:
            self.cancel()
            return
        self._touch, self._scene, self._from = touch, scene, touch.pos
        self._stray_px = STRAY_MM * scene.theme.panel.width_px / scene.theme.panel.width_mm
        self._waited_s, self._timer = 0.0, Clock.schedule_interval(self._turn, TURN_S)

    def move(self, touch: Any) -> None:
        if touch is self._touch and max(abs(touch.x - self._from[0]), abs(touch.y - self._from[1])) > self._stray_px:
            self.cancel()

    def up(self, touch: Any) -> None:
        if touch is self._touch:
            self.cancel()

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._touch = self._scene = None
        if self._hint is not None:
            Window.remove_widget(self._hint)
            self._hint = None

    def _repeats(self) -> bool:
        """A key that goes on while it is held is held for that."""
        return any(isinstance(widget, Pressable) and widget.repeats for widget in self._grabbing())

    def _grabbing(self) -> list[Any]:
        return [widget for weak in list(self._touch.grab_list) if (widget := weak()) is not None]

    def _turn(self, dt: float) -> None:
        self._waited_s += min(dt, LONGEST_TURN_S)
        if self._touch is None or self._scene is None or (self._waited_s >= HINT_S and self._repeats()):
            self.cancel()
        elif self._waited_s >= HEARD_S:
            self._heard()
        elif self._hint is not None and self._progress is not None:
            self._progress.become(self._waited_s / HEARD_S)
        elif self._waited_s >= HINT_S:
            self._show(self._scene)

    def _show(self, scene: Scene) -> None:
        theme, colours = scene.theme, scene.theme.palette
        words = Words(theme, scene.text("Keep your finger there to hear the screen"), "lead", bold=True, align="center")
        self._progress = Progress(theme, HINT_S / HEARD_S, name=scene.text("Keep your finger there to hear the screen"))
        content = Column(
            [Icon(theme, "speaker-high", 84), Space(theme.px(16)), words, Space(theme.px(24)), self._progress],
            align="center",
        )
        self._hint = Card(theme, content, rim=colours.brand, border=6, radius=36, pad=(48, 40))
        width = Window.width - 2 * theme.margin
        tall = self._hint.height_for(width)
        # In the other half, where the hand does not cover it.
        low = self._from[1] > Window.height / 2
        top = Window.height * 0.25 + tall / 2 if low else Window.height * 0.75 + tall / 2
        Window.add_widget(self._hint)
        self._hint.place(theme.margin, top, width)

    def _heard(self) -> None:
        for widget in self._grabbing():
            if isinstance(widget, Pressable):
                widget.let_go()
        self.cancel()
        self._ask()
