"""The least that Kivy can do: a window with one label, with the kiosk's own settings; tells when it is up."""

from __future__ import annotations

import os
import time

from kiosk.widgets.setup import configure
from kiosk.widgets.tokens import Panel

configure(Panel())

from kivy.app import App  # noqa: E402  the settings come first
from kivy.core.window import Window  # noqa: E402
from kivy.uix.label import Label  # noqa: E402


class Bare(App):
    def build(self) -> Label:
        return Label(text="Totem")

    def on_start(self) -> None:
        Window.bind(on_flip=self.up)

    def up(self, *_args: object) -> None:
        print(time.monotonic(), flush=True)
        os._exit(0)


Bare().run()
