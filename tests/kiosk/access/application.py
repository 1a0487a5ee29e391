"""The application without its other processes: a state, its view, the hands, and events that change them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from kiosk.journey import events as ev
from kiosk.journey.reducer import reduce
from kiosk.journey.state import State
from kiosk.performers.facts import facts
from offline_cache.settings import CentreSettings, KeySettings, Settings, SpeechSettings

SETTINGS = Settings(
    centre=CentreSettings(url="https://centre.example", ca="ca.pem"), speech=SpeechSettings(player=""),
    keys=KeySettings(double_strike_s=0),
)


class Application:
    """`said` is what was given to the speaker, sentence by sentence; nothing is made of it here."""

    def __init__(
        self, state: State, scene_of: Callable[..., Any], window: Any, settings: Settings = SETTINGS, *,
        silent: bool = False,
    ) -> None:
        from kiosk.access.hands import Hands
        from kiosk.screens.view import View

        self.state = state
        self.paper: Sequence[str] = ()
        self.said: list[Any] = []
        self.view = View()
        window.add_widget(self.view)
        self._scene_of = scene_of
        self.hands = Hands(settings, self, simulation=True)
        if silent:
            self.listen()
        self.show()

    def listen(self) -> None:
        """From now on `said` is kept, and nothing sounds."""

        def say(utterances: Sequence[Any], *, rate: int, volume: int, interrupt: bool = True) -> None:
            if interrupt:
                self.said.clear()
            self.said.extend(utterances)

        self.hands._speaker.say = say  # type: ignore[method-assign]

    def sentences(self) -> list[str]:
        return [utterance.text for utterance in self.said]

    def show(self) -> None:
        scene = replace(self._scene_of(self.state), send=self.take)
        self.view.show(scene)
        self.hands.shown(scene)

    def become(self, state: State) -> None:
        self.state = state
        self.show()

    def take(self, event: ev.Event) -> None:
        self.state, _ = reduce(self.state, event)
        self.show()

    def post(self, event: ev.Event) -> None:
        self.take(event)

    def receipt_sentences(self) -> Sequence[str]:
        return self.paper

    def facts(self) -> dict[str, Any]:
        return facts(self.state)

    def worker_pid(self) -> int | None:
        return 4711

    def draw_still(self) -> None:
        from kivy.clock import Clock
        from kivy.core.window import Window

        Clock.tick_draw()
        Window.dispatch("on_draw")

    # ---- keys and fingers -----------------------------------------------------------------------------------

    def key(self, *names: str) -> None:
        """Each pressed and let go, by the window's own events."""
        from kivy.core.window import Keyboard, Window

        from kiosk.widgets.strikes import STRIKES

        for name in names:
            STRIKES.forget()
            modifiers = ["shift"] if name.startswith("shift+") else []
            code = Keyboard.keycodes.get(name.removeprefix("shift+"), ord(name[-1]))
            Window.dispatch("on_key_down", code, 0, "", modifiers)
            if len(name) == 1:
                Window.dispatch("on_textinput", name)
            Window.dispatch("on_key_up", code, 0)

    def tap(self, control_id: str) -> None:
        """A finger on the middle of a control."""
        from kivy.base import EventLoop

        from kiosk.access.control import Finger

        left, bottom, width, height = next(node.bounds for node in self.view.tree() if node.id == control_id)
        finger = Finger(left + width / 2, bottom + height / 2)
        EventLoop.post_dispatch_input("begin", finger)
        EventLoop.post_dispatch_input("end", finger)
