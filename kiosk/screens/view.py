"""The window's one widget: shows the screen of the present stage, and the overlay over it."""

from __future__ import annotations

from typing import Any

from kivy.uix.floatlayout import FloatLayout

from kiosk.screens.scene import Scene, Screen
from kiosk.screens.table import overlay_for, screen_for
from kiosk.widgets import semantics
from kiosk.widgets.block import Block
from kiosk.widgets.semantics import Node
from kiosk.widgets.texels import sharpen_flat_shapes
from kiosk.widgets.typewriter import Typewriter


class View(FloatLayout):
    """Give it every new scene with `show`; it keeps at most one screen and one overlay."""

    def __init__(self) -> None:
        super().__init__()
        sharpen_flat_shapes()
        self.screen: Screen | None = None
        self.overlay: Screen | None = None

    def show(self, scene: Scene) -> None:
        """Bring what is shown up to date with the scene."""
        over = scene.state.overlay
        self.screen = self._bring(self.screen, screen_for(scene.state.stage), scene, layer=1)
        self.overlay = self._bring(self.overlay, overlay_for(over) if over is not None else None, scene, layer=0)

    def _bring(
        self, shown: Screen | None, wanted: type[Screen] | None, scene: Scene, *, layer: int,
    ) -> Screen | None:
        """The wanted screen, shown. Kivy draws its first child last: layer 0 lies over layer 1."""
        if shown is not None and type(shown) is wanted:
            shown.show(scene)
            return shown
        if shown is not None:
            self.remove_widget(shown)
        if wanted is None:
            return None
        fresh = wanted(scene)
        self.add_widget(fresh, index=layer)
        return fresh

    def tree(self) -> list[Node]:
        """What can be read and touched now: under an overlay, the screen cannot."""
        return semantics.tree(self.overlay or self.screen) if self.screen else []

    def pairs(self) -> list[tuple[Node, Block]]:
        """The tree, each node with its block."""
        return semantics.pairs(self.overlay or self.screen) if self.screen else []

    def typewriter(self) -> Typewriter | None:
        """The pad or keyboard on the screen, which a real keyboard types on as well."""
        above = self.overlay or self.screen
        found = above.walk(restrict=True) if above is not None else ()
        return next((widget for widget in found if isinstance(widget, Typewriter)), None)

    def control(self, control_id: str) -> Any:
        """The control of that id that can be touched now, or None."""
        return semantics.find(self.overlay or self.screen, control_id) if self.screen else None
