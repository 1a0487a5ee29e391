"""The composition root of the screen's process: the one place where its parts are joined.

The window comes first, with the operator's ground and nothing else; what it shows is loaded behind it. An exception
anywhere ends in the failsafe screen, with the session wiped.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

from kiosk.performers import failures
from kiosk.widgets.setup import configure
from kiosk.widgets.tokens import Palette, Panel, rgba
from offline_cache.folder import StateFolder
from offline_cache.notify import notify

if TYPE_CHECKING:
    from kiosk.journey.events import Event
    from kiosk.journey.state import State

FAILSAFE_S = 20.0
# Widgets that were taken off hold the last citizen's answers, in circles that only a collection breaks. It waits until
# the still screen has been drawn.
FORGET_AFTER_S = 0.3
# Objects; a screen leaves some twenty thousand, and a screen that stays builds itself again as one answers.
MOST_UNCOLLECTED = 12_000


def main(folder: StateFolder) -> None:
    """Runs the kiosk's screen until SIGTERM. Exit status 2 with one line if it cannot start."""
    try:
        settings = _settings(folder.settings_file())
        panel = Panel(**settings.get("panel", {}))
        folder.make_run()
    except (OSError, ValueError, TypeError) as error:
        _leave(error)
    if settings.get("pcscd_socket"):
        os.environ["PCSCLITE_CSOCK_NAME"] = settings["pcscd_socket"]
    failures.install()
    configure(panel, cursor=folder.simulation)
    app = _application(folder, panel)
    signal.signal(signal.SIGTERM, lambda *_args: app.stop())
    app.run()


def _settings(file: Path) -> dict[str, Any]:
    """The bare file: what checks it costs more than the window may wait."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error


def _leave(error: Exception) -> NoReturn:
    """Settings that cannot be read: one plain line, and no screen that pretends."""
    print(f"totem: {error}", file=sys.stderr)  # noqa: T201  one plain line
    raise SystemExit(2) from error


def forget() -> None:
    """No text that was drawn for who has left is kept, marked as theirs or not; the next citizen's are drawn again.
    What holds itself in circles goes with the collection that follows.
    """
    from kiosk.widgets import words
    from kiosk.widgets.drawn_texts import TEXTS

    TEXTS.forget()
    words.forget()


def _load_ahead() -> None:
    """Behind the first screen: who touches it finds the next ones loaded. What was loaded stays for good, so that a
    collection need not look at it again; it comes when a screen has been left, never in the middle of building one.
    """
    from kiosk.screens import table

    gc.disable()
    table.load_all()
    gc.freeze()


def _application(folder: StateFolder, panel: Panel) -> Any:
    from kivy.app import App
    from kivy.base import ExceptionHandler, ExceptionManager
    from kivy.clock import Clock
    from kivy.core.window import Window
    from kivy.uix.floatlayout import FloatLayout

    class Kiosk(App):
        """The window, and the station behind it."""

        station: Any = None
        view: Any = None
        paper: Any = None
        control: Any = None
        hands: Any = None
        session_shown = False
        ahead_s = 0.0

        def build(self) -> FloatLayout:
            self.base = FloatLayout(size=Window.size)
            self.collect = Clock.create_trigger(lambda _dt: gc.collect(), FORGET_AFTER_S)
            Window.clearcolor = rgba(Palette().brand)
            Window.bind(on_flip=self._first_frame)
            # What asks a window to close (a key of a window manager, a remote one) is not heard; a unit sends SIGTERM.
            Window.bind(on_request_close=lambda *_args, **_options: not folder.simulation)
            return self.base

        def open_settings(self, *_args: object) -> bool:
            """F1 and a gesture would open Kivy's own settings: a kiosk has none."""
            return False

        def _first_frame(self, *_args: object) -> None:
            """The glass is ours: systemd may be told (Kivy draws only on change), and the rest is loaded."""
            Window.unbind(on_flip=self._first_frame)
            notify("READY=1")
            self.window_up_s = time.monotonic()
            Clock.schedule_once(lambda _dt: self._join(), 0)

        def _join(self) -> None:
            from kiosk.access.hands import Hands
            from kiosk.access.touch_correction import TouchCorrection
            from kiosk.performers import journal
            from kiosk.screens.view import View
            from kiosk.station import Station

            self.view = View()
            self.base.add_widget(self.view)
            try:
                self.station = Station(folder, post=self.post, show=self._show)
                self.hands = Hands(folder.settings(), self, simulation=folder.simulation)
            except (OSError, ValueError) as error:
                _leave(error)
            TouchCorrection(lambda: self.station.calibration.present).install()
            self.station.start()
            self._show(self.station.state)
            Clock.schedule_interval(lambda _dt: self._second(), 1)
            if folder.simulation:
                from kiosk.access.control import Control

                self.control = Control(folder, self)
            journal.info("window-up", monotonic_s=self.window_up_s)
            threading.Thread(target=_load_ahead, name="ahead", daemon=True).start()

        # ---- events -------------------------------------------------------------------------------------

        def post(self, event: Event) -> None:
            """From any thread."""
            Clock.schedule_once(lambda _dt: self.station.take(event), 0)

        def _second(self) -> None:
            from kiosk.journey.events import Tick

            self.station.take(Tick(time.monotonic() + self.ahead_s))
            notify("WATCHDOG=1")

        def take(self, event: Event) -> None:
            """On the screen's thread."""
            self.station.take(event)

        # ---- the screen ---------------------------------------------------------------------------------

        def _show(self, state: State) -> None:
            from kiosk.locale.translate import translator
            from kiosk.screens.scene import Scene
            from kiosk.screens.themes import theme_of

            ended = state.session is None and self.session_shown
            if state.session is None:
                self.paper = None
            self.session_shown = state.session is not None
            scene = Scene(
                state=state,
                theme=theme_of(panel, state),
                text=translator(state.language),
                send=self.station.take,
                translator=translator,
                pin=self.station.pin,
                receipt_picture=self._receipt_picture,
                wall_clock=self._wall_clock,
            )
            before = self.view.screen, self.view.overlay
            self.view.show(scene)
            if ended:
                # One after the other: together they would hold up who comes next.
                Clock.schedule_once(lambda _dt: forget(), FORGET_AFTER_S)
                Clock.schedule_once(lambda _dt: self.collect(), FORGET_AFTER_S)
            elif before != (self.view.screen, self.view.overlay) or gc.get_count()[0] > MOST_UNCOLLECTED:
                self.collect()  # soon, and not later for what comes until then: it takes as long as there is left
            self.hands.shown(scene)

        def receipt_sentences(self) -> Sequence[str]:
            """What the paper says, for a voice; nothing until it is known."""
            sentences: Sequence[str] = self.station.receipt_sentences()
            return sentences

        def _wall_clock(self) -> datetime:
            """The operator's time: a machine's own zone is a technician's matter."""
            catalogue = self.station.state.catalogue
            return datetime.now(ZoneInfo(catalogue.operator.time_zone)) if catalogue else datetime.now().astimezone()

        def _receipt_picture(self) -> Any:
            """The receipt as a texture, once the clerk has drawn it."""
            if self.paper is None and (drawn := self.station.picture()) is not None:
                from kivy.graphics.texture import Texture

                size, dots = drawn
                self.paper = Texture.create(size=size, colorfmt="luminance")
                self.paper.blit_buffer(dots, colorfmt="luminance", bufferfmt="ubyte")
                self.paper.flip_vertical()
            return self.paper

        # ---- for the control socket ---------------------------------------------------------------------

        def facts(self) -> dict[str, Any]:
            from kiosk.performers.facts import facts

            return facts(self.station.state)

        def worker_pid(self) -> int | None:
            pid: int | None = self.station.worker_pid()
            return pid

        def pass_time(self, seconds: float) -> None:
            """The session's clock goes on by so much at once."""
            self.ahead_s += seconds
            self._second()

        def draw_still(self) -> None:
            """Everything that was asked for is drawn, in the back buffer at least."""
            Clock.tick_draw()
            Window.dispatch("on_draw")

        # ---- ends ---------------------------------------------------------------------------------------

        def crash(self, error: Exception) -> None:
            from kiosk.journey.events import Recovered

            self.station.crash(error)
            Clock.schedule_once(lambda _dt: self.station.take(Recovered()), FAILSAFE_S)

        def on_stop(self) -> None:
            if self.control is not None:
                self.control.close()
            if self.hands is not None:
                self.hands.close()
            if self.station is not None:
                self.station.close()

    class Failsafe(ExceptionHandler):
        def handle_exception(self, inst: BaseException) -> int:
            """Before there is a station, or while the failsafe screen itself fails, the process ends and the unit
            starts it again.
            """
            if not isinstance(inst, Exception) or app.station is None:
                return int(ExceptionManager.RAISE)
            app.crash(inst)
            return int(ExceptionManager.PASS)

    ExceptionManager.add_handler(Failsafe())
    app = Kiosk()
    return app
