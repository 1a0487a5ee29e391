"""The layout engine: a screen says what it holds, the engine finds a place for every part of it on any panel.

Recipe for a screen:

1. Subclass `ArrangedScreen` and write `holds(scene) -> Holding`: title, subtitle, step, what informs (`tells`), what
   can be chosen (`choices`), `field` and `pad`, `actions`. Make the blocks anew each time; measure and place nothing.
   Take lengths inside a block from `theme.space` (gaps) and `theme.pad`, never from pixels.
2. `watches` as before. If pages begin anew with something else than the stage's type (a category, the number of a
   question), say so in `turns_with`.
3. What moves by itself (a countdown, a progress) is kept by `holds` and moved by `refresh`.
4. `self.shape` says how much room there is: where `shape.short_of_room`, give shorter tiles or fewer words;
   `self.railed(scene)` says whether `rail` will be shown.
5. A sheet over the screen (help, access) subclasses `ArrangedSheet` instead; it has no header and no bar.

What does not fit goes to further pages; a card is split between its rows, a text between its words, a picture is left
out. In reach mode all controls lie in the lower half, and `tells` above. A build costs about a millisecond a block.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Hashable

from kiosk.screens.layout.holding import Holding
from kiosk.screens.layout.placing import Means, Placing, means_of
from kiosk.screens.layout.placing_framed import FramedPlacing
from kiosk.screens.layout.placing_sheet import SheetPlacing
from kiosk.screens.layout.placing_typing import TypingPlacing, UprightTyping, reading, untold
from kiosk.screens.layout.shape import Shape, shape_of
from kiosk.screens.scene import Scene, Screen
from kiosk.widgets.buttons import primary_button


class ArrangedScreen(Screen):
    """A screen in the common frame, laid out by the engine."""

    placing: type[Placing] = FramedPlacing

    def __init__(self, scene: Scene) -> None:
        self._turned_for: Hashable = None
        # Where what is told and the keys have no room together: it is read, it is typed, or nobody has turned yet.
        self._reading: bool | None = None
        # How it was arranged last, and whether it is another page of that.
        self._means: Means | None = None
        self.turning = False
        super().__init__(scene)

    def show(self, scene: Scene) -> None:
        place = self.turns_with(scene)
        if place != self._turned_for:
            self.page, self._turned_for, self._reading = 0, place, None
        super().show(scene)

    def turn(self, page: int) -> None:
        """Another page of what is arranged already: nothing has to be tried again."""
        self.turning = True
        try:
            super().turn(page)
        finally:
            self.turning = False

    def turns_with(self, scene: Scene) -> Hashable:
        """What, when it changes, leads back to the first page."""
        return type(scene.state.stage).__name__

    @abstractmethod
    def holds(self, scene: Scene) -> Holding:
        """All that stands on the screen in this scene."""

    def build(self, scene: Scene) -> None:
        self.shape = shape_of(scene.theme)
        held = self.holds(scene)
        if held.pad is None:
            self._arrange(scene, held, self.holds)
        elif self._reading is True or not self._draw_typing(scene, held):
            self._arrange(scene, self._read_alone(scene), self._read_alone)

    def _read_alone(self, scene: Scene) -> Holding:
        """What is told, with the way to the keys."""
        begin = primary_button(scene.theme, scene.text("Write"), self._write, icon="pencil-simple")
        return reading(self.holds(scene), begin)

    def _arrange(self, scene: Scene, held: Holding, again: Callable[[Scene], Holding]) -> None:
        """Draw what is held in the usual way, or in the first that has room for all of it, or for most."""
        spilled_px: dict[Means, float] = {}
        if self.turning and self._means is not None:
            self._tried(scene, held, self._means, spilled_px)
            return
        page = self.page
        ways = means_of(self.shape, scene.theme)
        for means in ways:
            if self._tried(scene, held, means, spilled_px) or len(ways) == 1:
                return
            held, self.page = again(scene), page
        self._tried(scene, held, min(ways, key=lambda means: spilled_px[means]), spilled_px)

    def _tried(self, scene: Scene, held: Holding, means: Means, spilled_px: dict[Means, float]) -> bool:
        """Draw it so; whether everything had room, or it was tried before."""
        self.clear_widgets()
        self.canvas.clear()
        self._means = means
        placing = self.placing(self, scene, held, self.shape, means)
        placing.draw()
        spilled_px[means] = placing.spilled_px
        return not placing.spilled_px

    def _draw_typing(self, scene: Scene, held: Holding) -> bool:
        """Draw the page with the keys; False if the question must be read on a page of its own first."""
        if self.shape is not Shape.UPRIGHT:
            return TypingPlacing(self, scene, held, self.shape).tried(titled=self._reading is None)
        placing = UprightTyping(self, scene, held, self.shape)
        placing.draw()
        if not placing.whole:
            self.clear_widgets()
            self.canvas.clear()
            self.placing(self, scene, untold(scene, self.holds(scene), self.read), self.shape).draw()
        return True

    def read(self) -> None:
        """Show what is told, where the keys leave no room for it."""
        self._turn_over(reading=True)

    def _write(self) -> None:
        self._turn_over(reading=False)

    def _turn_over(self, *, reading: bool) -> None:
        self._reading, self.page, self._seen = reading, 0, None
        self.show(self._scene)

    def railed(self, scene: Scene) -> bool:
        """Whether there is a rail at the left."""
        return shape_of(scene.theme) in {Shape.WIDE, Shape.LOW} and not scene.theme.reach


class ArrangedSheet(ArrangedScreen):
    """A sheet over the screen that it veils; nothing below can be touched."""

    placing = SheetPlacing

    def turns_with(self, scene: Scene) -> Hashable:
        return type(scene.state.overlay).__name__, type(scene.state.stage).__name__

    def on_touch_down(self, touch: object) -> bool:
        super().on_touch_down(touch)
        return True
