"""What a screen is given, and what a screen is.

A screen shows a `Scene` and sends events; it keeps nothing of the citizen. `show` is called whenever the state changed
(once a second at least): it builds again only when what the screen watches has changed.
"""

from __future__ import annotations

import secrets
from abc import abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kivy.graphics import ClearBuffers, ClearColor, Color, Rectangle
from kivy.uix.floatlayout import FloatLayout

from kiosk.catalog.model import Language
from kiosk.journey.events import Event
from kiosk.journey.state import State
from kiosk.widgets.block import Abstract, Block
from kiosk.widgets.pin_buffer import PinBuffer
from kiosk.widgets.tokens import Theme, rgba

Text = Callable[..., str]


def fresh_session() -> str:
    """A random session id: 128 bits."""
    return secrets.token_hex(16)


def local_time() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True)
class Scene:
    """`text` says a sentence in the state's language; `translator` gives such a function for any language.

    `pin` is where the PIN pad writes its digits (they never enter the state); `receipt_picture` is the texture of the
    receipt being printed, once there is one.
    """

    state: State
    theme: Theme
    text: Text
    send: Callable[[Event], None]
    translator: Callable[[Language], Text]
    pin: PinBuffer = field(default_factory=PinBuffer)
    receipt_picture: Callable[[], Any] = lambda: None
    wall_clock: Callable[[], datetime] = local_time
    new_session: Callable[[], str] = fresh_session

    @property
    def language(self) -> Language:
        return self.state.language


@dataclass(frozen=True)
class Area:
    """A place on the screen in panel pixels, from the lower left."""

    x: float
    bottom: float
    width: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


class Screen(FloatLayout, metaclass=Abstract):
    """One stage of the journey. Subclasses say what they watch, build it, and may refresh what moves by itself.

    `page` is the page that is shown, from 0; it belongs to the screen, not to the state.
    """

    page = 0

    def __init__(self, scene: Scene) -> None:
        panel = scene.theme.panel
        super().__init__(size_hint=(None, None), size=(panel.width_px, panel.height_px), pos=(0, 0))
        self._seen: Hashable = None
        self.show(scene)

    def show(self, scene: Scene) -> None:
        """Bring the screen up to date, in place."""
        seen = (
            scene.theme, scene.language, scene.state.settings, self._version(scene), self.page, self.watches(scene),
        )
        self._scene = scene
        if seen != self._seen:
            self._seen = seen
            self.clear_widgets()
            self.canvas.clear()
            self.build(scene)
        self.refresh(scene)

    def turn(self, page: int) -> None:
        """Show another page of what is shown."""
        self.page = page
        self.show(self._scene)

    @staticmethod
    def _version(scene: Scene) -> int | None:
        return scene.state.catalogue.version if scene.state.catalogue else None

    def watches(self, scene: Scene) -> Hashable:
        """What, when it changes, asks for building again. Theme, settings, language, catalogue are watched already."""
        return scene.state.stage

    @abstractmethod
    def build(self, scene: Scene) -> None:
        """Put everything on the empty screen."""

    def refresh(self, scene: Scene) -> None:
        """Move what moves on its own (a countdown, a clock, a progress); called after `build` too."""

    def ground(self, colour: str, area: Area | None = None) -> None:
        """Paint a flat ground: all of the screen, or an area of it."""
        place = area or Area(0, 0, self.width, self.height)
        with self.canvas:
            if area is None and rgba(colour)[3] == 1:  # a cleared frame costs software GL next to nothing
                ClearColor(*rgba(colour))
                ClearBuffers()
                return
            Color(rgba=rgba(colour))
            Rectangle(pos=(place.x, place.bottom), size=(place.width, place.height))

    def put(self, block: Block, x: float, top: float, width: float, height: float | None = None) -> Block:
        """Place a block on the screen; gives it back."""
        if block.parent is not None:  # it was measured inside another block
            block.parent.remove_widget(block)
        self.add_widget(block)
        block.place(x, top, width, height)
        return block
