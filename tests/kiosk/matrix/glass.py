"""One pane of glass for all variants of a panel: screens are changed in place on it, and its pixels read from one Fbo.

Importing this opens no window: `Glass` does, of the panel's size, without an X server. One process has one panel. It
may fork: software GL draws in the thread that asks for it, so that a child goes on with the window it was given.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
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
Place = tuple[int, int, int, int]  # left, bottom, right, top
NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
# Where places are marked, in front of all that is drawn.
FRONT = 0.5


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
        from kivy.graphics import Callback, Fbo, Mesh, PopMatrix, PushMatrix, Translate
        from kivy.graphics.context import get_context

        from kiosk.screens.view import View

        assert Window is not None
        assert tuple(Window.size) == (panel.width_px, panel.height_px)
        # Fields cut what was typed to their own place by a stencil.
        self._fbo = Fbo(size=(panel.width_px, panel.height_px), with_stencilbuffer=True, with_depthbuffer=True)
        self.view: Any = View()
        with self._fbo:
            Callback(_places_begin)
            PushMatrix()
            Translate(0, 0, FRONT)
            self._places = Mesh(mode="triangles")
            PopMatrix()
            Callback(_places_end)
        self._fbo.add(self.view.canvas)
        with self._fbo:
            Callback(_drawn)
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

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        wide, tall = self._fbo.size
        return int(wide), int(tall)

    def draw(self, places: Iterable[Place] | None = None) -> None:
        """Paint what stands on the glass now, or as much of it as lies in these places."""
        corners: list[float] = []
        triangles: list[int] = []
        for left, bottom, right, top in places if places is not None else [(0, 0, *self.size)]:
            if right <= left or top <= bottom:
                continue
            first = len(corners) // 4
            corners += (left, bottom, 0, 0, right, bottom, 0, 0, right, top, 0, 0, left, top, 0, 0)
            triangles += (first, first + 1, first + 2, first, first + 2, first + 3)
        self._places.vertices, self._places.indices = corners, triangles
        self._fbo.ask_update()  # it draws only what changed, and nothing did where two screens are the same
        self._fbo.bind()
        self._fbo.clear_buffer()
        self._fbo.release()
        self._fbo.draw()

    def pixels(self, places: Iterable[Place] | None = None) -> Pixels:
        """What stands on the glass now, one number a pixel: red in the lowest byte, then green and blue.

        With `places` only what lies in one of them is painted, as it would be anyway; all else is black. Most of the
        time of a picture goes to its grounds.
        """
        self.draw(places)
        width, height = self.size
        return np.frombuffer(self._fbo.pixels, np.dtype("<u4")).reshape(height, width)


def _places_begin(*_args: object) -> None:
    """What follows changes no colour and marks where colours may change."""
    from kivy.graphics import opengl as gl

    gl.glEnable(gl.GL_DEPTH_TEST)
    gl.glDepthFunc(gl.GL_ALWAYS)
    gl.glColorMask(False, False, False, False)


def _places_end(*_args: object) -> None:
    """What follows is painted where a place was marked in front of it."""
    from kivy.graphics import opengl as gl

    gl.glColorMask(True, True, True, True)
    gl.glDepthMask(False)
    gl.glDepthFunc(gl.GL_GREATER)


def _drawn(*_args: object) -> None:
    from kivy.graphics import opengl as gl

    gl.glDepthMask(True)
    gl.glDisable(gl.GL_DEPTH_TEST)


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
