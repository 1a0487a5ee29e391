"""The dock's panel: a small window beside the kiosk with a button for each thing that can happen to its hardware."""

from __future__ import annotations

from typing import Any

from kiosk.simulation.lines import NobodyThere, ask
from kiosk.widgets.setup import configure
from kiosk.widgets.tokens import Panel
from offline_cache.folder import StateFolder

WIDTH_PX, HEIGHT_PX = 330, 700
PRINTER = {
    "paper-out": "Paper out",
    "cover-open": "Cover open",
    "jam": "Jam",
    "off": "Switched off",
    "ok": "Mended",
}
NETWORK = {"on": "On", "off": "Off", "slow": "Slow"}


def main(folder: StateFolder) -> None:
    """Shows the panel until it is closed. NobodyThere if there is no dock."""
    cards = ask(folder.socket("dock"), {"command": "status"})["cards"]
    configure(Panel(width_px=WIDTH_PX, height_px=HEIGHT_PX), cursor=True)
    _panel(folder, cards).run()


def _panel(folder: StateFolder, cards: list[str]) -> Any:
    from kivy.app import App
    from kivy.clock import Clock
    from kivy.uix.boxlayout import BoxLayout
    from kivy.uix.button import Button
    from kivy.uix.label import Label

    class DockPanel(App):
        """Asks the dock twice a second how things are, and lights the button that is so."""

        title = "Totem: dock"

        def build(self) -> BoxLayout:
            self.lit: dict[str, Button] = {}
            self.root_box = BoxLayout(orientation="vertical", padding=12, spacing=6)
            self._group("Card", {**{f"card insert {name}": name for name in cards}, "card remove": "Take it out"})
            self._group("Printer", {f"printer {key}": words for key, words in PRINTER.items()})
            self._group("Network", {f"network {key}": words for key, words in NETWORK.items()})
            self.line = Label(text="", font_size=14, size_hint_y=None, height=40)
            self.root_box.add_widget(self.line)
            Clock.schedule_interval(lambda _dt: self._refresh(), 0.5)
            return self.root_box

        def _group(self, title: str, commands: dict[str, str]) -> None:
            self.root_box.add_widget(Label(text=title, bold=True, font_size=18, size_hint_y=None, height=28))
            for command, words in commands.items():
                button = Button(text=words, font_size=16, background_normal="", background_color=(0.25, 0.3, 0.38, 1))
                button.bind(on_release=lambda _button, sent=command: self._send(sent))
                self.lit[command] = button
                self.root_box.add_widget(button)

        def _send(self, command: str) -> None:
            try:
                answer = ask(folder.socket("dock"), {"command": command})
            except NobodyThere:
                self.stop()
                return
            self.line.text = answer.get("error", "")
            self._refresh()

        def _refresh(self) -> None:
            try:
                now = ask(folder.socket("dock"), {"command": "status"})
            except NobodyThere:
                self.stop()
                return
            card = f"card insert {now['card']}" if now["card"] else "card remove"
            on = {card, f"printer {now['printer']}", f"network {now['network']}"}
            for command, button in self.lit.items():
                button.background_color = (0.09, 0.19, 0.42, 1) if command in on else (0.25, 0.3, 0.38, 1)

    return DockPanel()
