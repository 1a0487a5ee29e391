"""A window that nobody sees, on which the screens of a catalogue are built. One process has one panel."""

from __future__ import annotations

import gc
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.journey.state import State
from kiosk.locale.translate import translator
from kiosk.widgets.setup import ENVIRONMENT, configure
from kiosk.widgets.tokens import Panel

# Before anything imports Kivy: it would read this process's arguments.
os.environ.update(ENVIRONMENT)
COLLECTED_EVERY = 40


class Glass:
    """Shows states, and draws them where a picture is wanted."""

    def __init__(self, panel: Panel) -> None:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
        configure(panel)
        from kivy.core.window import Window
        from kivy.graphics import Fbo

        from kiosk.screens.view import View

        assert Window is not None
        self._panel = panel
        self._fbo = Fbo(size=(panel.width_px, panel.height_px), with_stencilbuffer=True)
        self._view: Any = View()
        self._fbo.add(self._view.canvas)
        self._shown = 0

    def show(self, state: State) -> None:
        """Builds the screen of that state anew."""
        from kivy.graphics.context import get_context

        from kiosk.screens.scene import Scene
        from kiosk.screens.themes import theme_of

        for shown in (self._view.screen, self._view.overlay):
            if shown is not None:
                self._view.remove_widget(shown)
        self._view.screen = self._view.overlay = None
        moment = state.devices.local or datetime.now(UTC)
        self._view.show(
            Scene(
                state=state, theme=theme_of(self._panel, state), text=translator(state.language),
                send=lambda _event: None, translator=translator, wall_clock=lambda: moment,
                new_session=lambda: "rehearsal",
            )
        )
        self._shown += 1
        get_context().gl_dealloc()
        if self._shown % COLLECTED_EVERY == 0:
            gc.collect()

    def save(self, path: Path) -> None:
        """What stands on the glass, as a PNG."""
        from PIL import Image

        self._fbo.ask_update()
        self._fbo.bind()
        self._fbo.clear_buffer()
        self._fbo.release()
        self._fbo.draw()
        picture = Image.frombytes("RGBA", tuple(self._fbo.size), self._fbo.pixels)
        picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM).convert("RGB").save(path, compress_level=1)
