"""One pane of glass for all variants of a panel: screens are changed in place on it, and its pixels read from one Fbo.

Importing this opens no window: `Glass` does, of the panel's size, without an X server. One process has one panel. It
may fork: software GL draws in the thread that asks for it, so that a child goes on with the window it was given.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.catalog.model import Catalogue
from kiosk.journey.state import State
from kiosk.locale.translate import translator
from kiosk.widgets.setup import ENVIRONMENT, configure
from kiosk.widgets.tokens import Panel
from tests.kiosk.matrix.pseudo import pseudo_translator
from tests.kiosk.matrix.variants import Variant, chosen, theme_of

# Before anything imports Kivy: it would read this process's arguments.
os.environ.update(ENVIRONMENT)

Pixels = NDArray[np.uint32]
NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)


class Glass:
    """Shows a state as a variant and gives its pixels, rows from the bottom up, as Kivy counts."""

    def __init__(self, panel: Panel) -> None:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
        # Two panels are shown at a time, each on a processor of its own; threads would not come along into a child.
        os.environ["LP_NUM_THREADS"] = "0"
        # And neither would the thread that keeps compiled shaders on disk: the child would wait for it for ever.
        os.environ["MESA_SHADER_CACHE_DISABLE"] = os.environ["MESA_GLSL_CACHE_DISABLE"] = "true"
        # Letters are drawn pixel for pixel, where both filters give the same; the nearer one is a third faster.
        os.environ.setdefault("LP_PERF", "no_linear,no_mip_linear")
        configure(panel)
        from kivy.core.window import Window
        from kivy.graphics import Fbo, PopMatrix, PushMatrix, Scale, Translate
        from kivy.graphics.context import get_context

        from kiosk.screens.view import View

        assert Window is not None
        assert tuple(Window.size) == (panel.width_px, panel.height_px)
        # Fields cut what was typed to their own place by a stencil.
        self._fbo = Fbo(size=(panel.width_px, panel.height_px), with_stencilbuffer=True)
        self.view: Any = View()
        with self._fbo:
            PushMatrix()
            self._shift, self._scale = Translate(), Scale()
        self._fbo.add(self.view.canvas)
        with self._fbo:
            PopMatrix()
        self._context = get_context()

    def show(self, state: State, variant: Variant) -> None:
        """Bring the state on the glass as that variant."""
        from kiosk.screens.scene import Scene
        from kiosk.widgets.strikes import STRIKES

        state = chosen(variant, state)
        self._clear()
        say = pseudo_translator if variant.pseudo else translator
        STRIKES.forget()
        self.view.show(
            Scene(
                state=state, theme=theme_of(variant, state.catalogue), text=say(variant.language),
                send=lambda _event: None, translator=say, wall_clock=lambda: NOW, new_session=lambda: "session",
            )
        )
        # What Kivy gives back to GL, it gives at a tick of its clock, and nothing ticks here.
        self._context.gl_dealloc()

    def _clear(self) -> None:
        """A screen keeps the page it is on: each scene begins with a new one."""
        for shown in (self.view.screen, self.view.overlay):
            if shown is not None:
                self.view.remove_widget(shown)
        self.view.screen = self.view.overlay = None

    @property
    def top(self) -> Any:
        """What can be touched: the overlay, or the screen."""
        return self.view.overlay or self.view.screen

    def draw(self, every: int = 1) -> None:
        """Paint what stands on the glass now; `every`: that pixel of every so many rows, in the lower left corner."""
        # The middle of a pixel falls on the middle of the one that it stands for.
        self._shift.xy = ((1 - 1 / every) / 2,) * 2
        self._scale.xyz = (1 / every, 1 / every, 1)
        self._fbo.ask_update()  # it draws only what changed, and nothing did where two screens are the same
        self._fbo.bind()
        self._fbo.clear_buffer()
        self._fbo.release()
        self._fbo.draw()

    def pixels(self, every: int = 1) -> Pixels:
        """What stands on the glass now, one number a pixel: red in the lowest byte, then green and blue.

        `every` 2: every second pixel of every second row, and a quarter of the time.
        """
        from kivy.graphics import opengl as gl

        self.draw(every)
        width, height = (side // every for side in self._fbo.size)
        self._fbo.bind()
        data = gl.glReadPixels(0, 0, width, height, gl.GL_RGBA, gl.GL_UNSIGNED_BYTE)
        self._fbo.release()
        return np.frombuffer(data, np.dtype("<u4")).reshape(height, width)


def save(pixels: Pixels, path: Path) -> None:
    """The pixels as a PNG."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    rgb = pixels.view(np.uint8).reshape(*pixels.shape, 4)[::-1, :, :3]
    Image.fromarray(np.ascontiguousarray(rgb)).save(path, compress_level=1)


def catalogues(catalogue: Catalogue) -> dict[bool, Catalogue]:
    """The catalogue, and its longer copy for the made-up language."""
    from tests.kiosk.matrix.pseudo import pseudo_catalogue

    return {False: catalogue, True: pseudo_catalogue(catalogue)}
