"""The dock's panel: a small window beside the kiosk with a button for each thing that can happen to its hardware."""

from __future__ import annotations

from typing import Any

from kiosk.simulation.lines import NobodyThere, ask
from kiosk.widgets.setup import configure
from kiosk.widgets.tokens import Panel
from offline_cache.folder import StateFolder

WIDTH_PX, HEIGHT_PX = 330, 800
PRINTER = {
    "ok": "Works",
    "paper-out": "Paper out",
    "cover-open": "Cover open",
    "jam": "Jam",
    "cutter": "Cutter stuck",
    "overheated": "Too hot",
    "off": "Switched off",
}
HEADSET = {"in": "Plugged in", "out": "None"}
NETWORK = {"on": "On", "off": "Off", "slow": "Slow"}
GROUND, INK = (0.957, 0.953, 0.933, 1), (0.086, 0.102, 0.141, 1)
BUTTON, LIT = (1, 1, 1, 1), (0.09, 0.19, 0.42, 1)


def main(folder: StateFolder) -> None:
    """Shows the panel until it is closed. NobodyThere if there is no dock."""
    people = ask(folder.socket("dock"), {"command": "status"})["people"]
    configure(Panel(width_px=WIDTH_PX, height_px=HEIGHT_PX), cursor=True)
    _panel(folder, people).run()


def words_of(people: dict[str, dict[str, str]]) -> dict[str, str]:
    """The commands of the cards, and what stands on their buttons."""
    words = {
        f"card insert {name}": f"[b]{said['holder'].split()[0]}[/b] · {said['note']}" for name, said in people.items()
    }
    return {**words, "card remove": "No card"}


def pins_of(people: dict[str, dict[str, str]]) -> str:
    """One sentence for all, if one fits."""
    pins = {said["pin"] for said in people.values()}
    if len(pins) == 1:
        return f"The PIN of every card is [b]{pins.pop()}[/b]"
    return ", ".join(f"{name} [b]{said['pin']}[/b]" for name, said in people.items())


def _panel(folder: StateFolder, people: dict[str, dict[str, str]]) -> Any:
    from kivy.app import App
    from kivy.clock import Clock
    from kivy.core.window import Window
    from kivy.uix.boxlayout import BoxLayout
    from kivy.uix.button import Button
    from kivy.uix.label import Label

    class DockPanel(App):
        """Asks the dock twice a second how things are, and lights the button that is so."""

        title = "Totem: dock"

        def build(self) -> BoxLayout:
            Window.clearcolor = GROUND
            self.lit: dict[str, Button] = {}
            self.root_box = BoxLayout(orientation="vertical", padding=16, spacing=6)
            self._group("Card in the reader", words_of(people))
            self.root_box.add_widget(self._line(pins_of(people), 30))
            self._group("Printer", {f"printer {key}": words for key, words in PRINTER.items()})
            self._group("Network", {f"network {key}": words for key, words in NETWORK.items()})
            self._group("Headset", {f"headset {key}": words for key, words in HEADSET.items()})
            self.line = self._line("", 44)
            self.root_box.add_widget(self.line)
            Clock.schedule_interval(lambda _dt: self._refresh(), 0.5)
            return self.root_box

        def _line(self, words: str, height: int) -> Label:
            width = WIDTH_PX - 32
            return Label(
                text=words, markup=True, color=INK, font_size=15, size_hint_y=None, height=height,
                text_size=(width, height), halign="left", valign="middle",
            )  # fmt: skip

        def _group(self, title: str, commands: dict[str, str]) -> None:
            self.root_box.add_widget(self._line(f"[b][size=18]{title}[/size][/b]", 34))
            for command, words in commands.items():
                button = Button(
                    text=words, markup=True, font_size=16, color=INK, background_normal="", background_down="",
                    background_color=BUTTON, text_size=(WIDTH_PX - 56, None), halign="left",
                )  # fmt: skip
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
            on = {card, f"printer {now['printer']}", f"network {now['network']}", f"headset {now['headset']}"}
            for command, button in self.lit.items():
                button.background_color = LIT if command in on else BUTTON
                button.color = BUTTON if command in on else INK

    return DockPanel()
