"""The least that Kivy can do with a touch: another label on the whole window. `python -m bench.bare_touch FIGURES`."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from kiosk.widgets.setup import configure
from kiosk.widgets.tokens import Panel

configure(Panel())

from kivy.app import App  # noqa: E402  the settings come first
from kivy.base import EventLoop  # noqa: E402
from kivy.clock import Clock  # noqa: E402
from kivy.uix.label import Label  # noqa: E402

from bench.stopwatch import Stopwatch  # noqa: E402
from kiosk.access.control import Finger  # noqa: E402

EVERY_S = 0.55


class Bare(App):
    def build(self) -> Label:
        self.shown = Label(text="0", font_size=200)
        self.shown.bind(on_touch_up=self.turn)
        return self.shown

    def turn(self, *_args: object) -> None:
        self.shown.text = str(int(self.shown.text) + 1)

    def on_start(self) -> None:
        self.stopwatch = Stopwatch(Path(sys.argv[1]))
        threading.Thread(target=self.touch, daemon=True).start()

    def touch(self) -> None:
        while True:
            time.sleep(EVERY_S)
            self.stopwatch.arrived()
            Clock.schedule_once(self.tap, 0)

    def tap(self, _dt: float) -> None:
        self.stopwatch.dispatched()
        finger = Finger(540, 960)
        EventLoop.post_dispatch_input("begin", finger)
        EventLoop.post_dispatch_input("end", finger)


Bare().run()
