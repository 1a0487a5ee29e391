"""A bare Kivy window with one label that lives on and does nothing: `python -m bench.bare_idle`."""

from __future__ import annotations

from kiosk.widgets.setup import configure
from kiosk.widgets.tokens import Panel

configure(Panel())

from kivy.app import App  # noqa: E402  the settings come first
from kivy.uix.label import Label  # noqa: E402


class Bare(App):
    def build(self) -> Label:
        return Label(text="Totem")


Bare().run()
