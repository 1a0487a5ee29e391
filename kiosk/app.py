"""The composition root of the screen's process: the one place where its parts are joined.

Every event goes through `take` on Kivy's thread: the reducer gives the next state and its effects, the effects go
to the parts that perform them, the screen shows the state. An exception anywhere ends in the failsafe screen, with the
session wiped.
"""

from __future__ import annotations

import os
import secrets
import signal
import sys
import time
from typing import Any, assert_never

from kiosk.performers.clerk import Clerk
from kiosk.widgets.setup import configure
from kiosk.widgets.tokens import Panel
from offline_cache.folder import StateFolder

FAILSAFE_S = 20.0


def main(folder: StateFolder) -> None:
    """Runs the kiosk's screen until SIGTERM. Exit status 2 with one line if it cannot start."""
    try:
        settings = folder.settings()
        folder.make_run()
    except (OSError, ValueError) as error:
        print(f"totem: {error}", file=sys.stderr)  # noqa: T201  one plain line
        raise SystemExit(2) from error
    if settings.pcscd_socket:
        os.environ["PCSCLITE_CSOCK_NAME"] = settings.pcscd_socket
    # The store is opened and the catalogue read while Kivy makes its window.
    clerk = Clerk(folder)
    clerk.start()
    configure(Panel(**settings.panel.model_dump()), cursor=folder.simulation)
    _kivy(folder, clerk).run()
    clerk.close()


def _kivy(folder: StateFolder, clerk: Clerk) -> Any:
    import structlog
    from kivy.app import App
    from kivy.base import ExceptionHandler, ExceptionManager
    from kivy.clock import Clock
    from kivy.core.window import Window
    from kivy.uix.floatlayout import FloatLayout

    from kiosk.journey import effects as ef
    from kiosk.journey import events as ev
    from kiosk.journey.reducer import reduce
    from kiosk.journey.state import State
    from kiosk.locale.translate import translator
    from kiosk.performers.watch import Watch
    from kiosk.screens.scene import Scene
    from kiosk.screens.table import overlay_for, screen_for
    from kiosk.widgets.pin_buffer import PinBuffer
    from kiosk.widgets.tokens import Theme, palette_of
    from offline_cache.notify import notify

    log = structlog.get_logger()
    settings = folder.settings()
    panel = Panel(**settings.panel.model_dump())

    class Kiosk(App):
        """State, screen and parts of one kiosk."""

        def build(self) -> FloatLayout:
            self.state = State(now_s=time.monotonic())
            self.pin = PinBuffer()
            self.base = FloatLayout(size=Window.size)
            self.screen: Any = None
            self.overlay: Any = None
            self.card: Any = None
            self.control: Any = None
            self.paper: Any = None
            clerk.attach(self.post)
            self.watch = Watch(folder, self.post, clerk.look)
            self._show()
            return self.base

        def on_start(self) -> None:
            Window.bind(on_flip=self._first_frame)
            Window.bind(on_touch_down=self._touched, on_key_down=lambda *_args: self._touched())
            Clock.schedule_interval(lambda _dt: self._second(), 1)
            # What the first frame does not need is joined after it.
            Clock.schedule_once(lambda _dt: self._join(), 0.05)

        def _first_frame(self, *_args: object) -> None:
            """The glass shows something: systemd may be told (Kivy draws only on change)."""
            Window.unbind(on_flip=self._first_frame)
            notify("READY=1")
            log.info("window-up", monotonic_s=time.monotonic(), stage=type(self.state.stage).__name__)

        def _second(self) -> None:
            self.take(ev.Tick(time.monotonic()))
            notify("WATCHDOG=1")

        def _join(self) -> None:
            from kiosk.performers.card import CardPerformer

            self.watch.start()
            self.card = CardPerformer(folder, self.post, self.pin.take)
            self.card.start()
            if folder.simulation:
                from kiosk.performers.control import Control

                self.control = Control(folder, self)
            log.info("kiosk-ready")

        # ---- events -------------------------------------------------------------------------------------

        def post(self, event: ev.Event) -> None:
            """From any thread."""
            Clock.schedule_once(lambda _dt: self.take(event), 0)

        def take(self, event: ev.Event) -> None:
            """On Kivy's thread alone."""
            before = self.state
            self.state, effects = reduce(self.state, event)
            if type(self.state.stage) is not type(before.stage):
                log.info("stage", stage=type(self.state.stage).__name__, after=type(event).__name__)
            for effect in effects:
                self._perform(effect)
            if self.state is not before:
                self._show()

        def _touched(self, *_args: object) -> bool:
            self.take(ev.Touched())
            return False

        def _perform(self, effect: ef.Effect) -> None:
            match effect:
                case ef.ReadCard():
                    anchors = self.state.catalogue.trust_anchors if self.state.catalogue else ()
                    self.card.read(anchors, clock_trusted=self.state.devices.clock_trusted)
                case ef.ProveHolder():
                    self.card.prove(effect, clerk.kiosk_id, link=self.state.devices.link)
                case ef.LookUp():
                    self.watch.look_up(effect)
                case ef.Commit():
                    clerk.commit(self.state)
                case ef.ReleasePrintJob(job=job, limit_s=limit_s):
                    clerk.release(job, limit_s)
                case ef.DropPrintJob(job=job):
                    clerk.drop(job)
                case ef.SendRating():
                    clerk.rate(effect)
                case ef.Wipe():
                    self._wipe()
                case _:
                    assert_never(effect)

        def _wipe(self) -> None:
            """Nothing of who was here stays: not in the pad, in a picture, in the worker, nor on a hidden screen."""
            self.pin.wipe()
            self.paper = None
            clerk.forget()
            if self.card is not None:
                self.card.replace()

        # ---- the screen ---------------------------------------------------------------------------------

        def _show(self) -> None:
            scene = Scene(
                state=self.state,
                theme=self._theme(),
                text=translator(self.state.language),
                send=self.take,
                translator=translator,
                pin=self.pin,
                receipt_picture=self._receipt_picture,
            )
            kind = screen_for(self.state.stage)
            if type(self.screen) is kind:
                self.screen.show(scene)
            else:
                self.screen = kind(scene)
                self.base.clear_widgets()
                self.base.add_widget(self.screen)
                self.overlay = None
            self._show_overlay(scene)

        def _theme(self) -> Theme:
            catalogue = self.state.catalogue
            return Theme(panel=panel, palette=palette_of(catalogue.operator.colours if catalogue else None))

        def _show_overlay(self, scene: Scene) -> None:
            kind = overlay_for(self.state.overlay) if self.state.overlay else None
            if kind is not None and type(self.overlay) is kind:
                self.overlay.show(scene)
                return
            if self.overlay is not None:
                self.base.remove_widget(self.overlay)
                self.overlay = None
            if kind is not None:
                self.overlay = kind(scene)
                self.base.add_widget(self.overlay)

        def _receipt_picture(self) -> Any:
            """The receipt as a texture, once the clerk has drawn it."""
            if self.paper is None and (drawn := clerk.picture()) is not None:
                from kivy.graphics.texture import Texture

                size, pixels = drawn
                self.paper = Texture.create(size=size, colorfmt="luminance")
                self.paper.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
                self.paper.flip_vertical()
            return self.paper

        # ---- for the control socket ---------------------------------------------------------------------

        def facts(self) -> dict[str, Any]:
            from kiosk.performers.facts import facts

            return facts(self.state)

        def root_widget(self) -> Any:
            return self.overlay or self.screen

        def worker_pid(self) -> int | None:
            return self.card.worker_pid() if self.card is not None else None

        def draw_still(self) -> None:
            Clock.tick_draw()
            Window.dispatch("on_draw")

        # ---- ends ---------------------------------------------------------------------------------------

        def crash(self, error: BaseException) -> None:
            """The failsafe screen; the number ties what the citizen sees to the log, which names no data."""
            number = f"{settings.label[-3:]}-{secrets.randbelow(10_000):04d}"
            log.error("crash", number=number, kind=type(error).__name__, where=_where(error))
            self.take(ev.Crashed(number))
            Clock.schedule_once(lambda _dt: self.take(ev.Recovered()), FAILSAFE_S)

        def on_stop(self) -> None:
            if self.control is not None:
                self.control.close()
            if self.card is not None:
                self.card.close()

    class Failsafe(ExceptionHandler):
        def handle_exception(self, inst: BaseException) -> int:
            """A crash while showing the crash ends the process: the unit starts it again."""
            if not isinstance(inst, Exception):
                return int(ExceptionManager.RAISE)
            app.crash(inst)
            return int(ExceptionManager.PASS)

    ExceptionManager.add_handler(Failsafe())
    app = Kiosk()
    signal.signal(signal.SIGTERM, lambda *_args: app.stop())
    return app


def _where(error: BaseException) -> str:
    """File and line of the innermost frame: an exception's message may hold what a citizen typed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
