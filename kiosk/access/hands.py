"""Keys and fingers, as the window hears them, and the speech that answers. Made once, behind the first screen.

Every key ends here: none of Kivy's own or of the window manager's means anything to a kiosk.
"""

from __future__ import annotations

from typing import Any, Protocol

from kivy.core.window import Keyboard, Window

from kiosk.access.companion import Companion, Host
from kiosk.access.keys import KeyMap, KeySettings
from kiosk.access.long_touch import LongTouch
from kiosk.access.speaker import Heard, Speaker
from kiosk.access.voices import speech_settings
from kiosk.journey.events import Event, HeadsetChanged, Touched
from kiosk.screens.scene import Scene
from kiosk.widgets.strikes import STRIKES
from offline_cache.settings import Settings


class Application(Host, Protocol):
    def post(self, event: Event) -> None: ...


class Hands:
    """Binds itself to the window. ValueError in one line for settings that cannot be used."""

    def __init__(self, settings: Settings, application: Application, *, simulation: bool) -> None:
        keys = settings.keys
        self._application = application
        self._speaker = Speaker(speech_settings(settings.speech), log=simulation)
        self.companion = Companion(
            application, self._speaker, KeyMap(Keyboard.keycodes, keys.commands),
            KeySettings(keys.double_strike_s, keys.repeat_after_s, keys.repeat_every_s),
        )
        self._long = LongTouch(self.companion.switch_speech_on)
        self._scene: Scene | None = None
        self._had_session = False
        # While exploring: the control that a lifted finger would press, and where the finger is.
        self._armed: str | None = None
        self._under: str | None = None
        self._headset: Any = None
        if settings.speech.headset and not simulation:
            self._watch_headset(settings.speech.headset)
        self._bound = {
            "on_touch_down": self._down, "on_touch_move": self._move, "on_touch_up": self._up,
            "on_key_down": self._key_down, "on_key_up": self._key_up, "on_textinput": self._text,
            "on_request_close": self._stay,
        }
        Window.bind(**self._bound)

    def shown(self, scene: Scene) -> None:
        """The view shows this scene now."""
        self._scene = scene
        STRIKES.patience = scene.state.settings.time
        has_session = scene.state.session is not None
        if self._had_session and not has_session:
            self._speaker.silence()
            self._speaker.forget()
        self._had_session = has_session
        self.companion.shown(scene)

    def heard(self, after: int) -> list[Heard]:
        """What was spoken since that number; a simulation alone keeps it."""
        return self._speaker.heard(after)

    @property
    def said(self) -> int:
        """How many sentences were begun so far."""
        return self._speaker.said

    def close(self) -> None:
        Window.unbind(**self._bound)
        self._long.cancel()
        if self._headset is not None:
            self._headset.close()
        self._speaker.close()

    def _watch_headset(self, device: str) -> None:
        from devices.headset import HeadsetSwitch

        self._headset = HeadsetSwitch(device, lambda plugged: self._application.post(HeadsetChanged(plugged)))
        self._headset.start()

    # ---- fingers ------------------------------------------------------------------------------------------

    def _down(self, _window: Any, touch: Any) -> bool:
        """While speech is on a touch asks what is there; the same control touched again is pressed, on lifting."""
        self._application.take(Touched())
        self.companion.touched()
        if touch.is_mouse_scrolling:
            return True
        if not self.companion.explores:
            if self._scene is not None:
                self._long.down(touch, self._scene)
            return False
        there = self.companion.under(*touch.pos)
        again = there is not None and there.control and there.key == self.companion.focused
        self._armed = there.key if there is not None and again else None
        self._under = there.key if there is not None else None
        if there is not None and not again:
            self.companion.explore(*touch.pos)
        return True

    def _move(self, _window: Any, touch: Any) -> bool:
        self._long.move(touch)
        if not self.companion.explores:
            return False
        there = self.companion.under(*touch.pos)
        if there is not None and there.key != self._under:
            self._armed, self._under = None, there.key
            self.companion.explore(*touch.pos)
        return True

    def _up(self, _window: Any, touch: Any) -> bool:
        self._long.up(touch)
        if not self.companion.explores:
            return False
        there = self.companion.under(*touch.pos)
        armed, self._armed, self._under = self._armed, None, None
        if there is not None and there.key == armed:
            self.companion.press(there)
        return True

    @staticmethod
    def _stay(*_args: Any, **_source: Any) -> bool:
        """No key and no window manager closes a kiosk; systemd ends it."""
        return True

    # ---- keys ---------------------------------------------------------------------------------------------

    def _key_down(self, _window: Any, code: int, _scancode: int, _text: str | None, modifiers: list[str]) -> bool:
        self._application.take(Touched())
        self.companion.key_down(code, modifiers)
        return True

    def _key_up(self, _window: Any, code: int, *_rest: Any) -> bool:
        self.companion.key_up(code)
        return True

    def _text(self, _window: Any, characters: str) -> bool:
        self.companion.text(characters)
        return True
