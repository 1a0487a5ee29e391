"""How was it? Five faces, one touch, no more question."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.journey.events import Rated
from kiosk.screens.layout.holding import Choices
from kiosk.screens.scene import Scene
from kiosk.widgets import button as looks
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.button import Pressable
from kiosk.widgets.icon import Icon
from kiosk.widgets.words import Words

FACES = ("smiley-angry", "smiley-sad", "smiley-meh", "smiley", "smiley-grin")


def rating(scene: Scene, stars: int | None) -> Choices:
    """The catalogue's question and five faces; once one is chosen, thanks, and the faces are at rest."""
    text = scene.text
    catalogue = scene.state.catalogue
    asked = catalogue.satisfaction_question.in_language(scene.language) if catalogue else ""
    question = text("Thank you for your answer.") if stars else asked
    labels = (text("Awful"), text("Bad"), text("Fair"), text("Good"), text("Great"))
    return Choices([Faces(scene, labels, stars)], heading=question, columns=1)


class Faces(Block):
    """Five in a row, each with its word; too narrow for the words, five keys with a face alone, and where there is
    height for it the words of the first and the last below them.
    """

    stretches = True

    def __init__(self, scene: Scene, labels: Sequence[str], stars: int | None) -> None:
        super().__init__()
        theme = scene.theme
        self._theme, self._labels = theme, labels
        self._gap, self._below = max(theme.space(20), theme.gap), theme.space(8)

        self._worded, self._bare = self._row(scene, stars, worded=True), self._row(scene, stars, worded=False)
        self._ends = Row(
            [Words(theme, labels[0], "small", bold=True), Words(theme, labels[-1], "small", bold=True, align="right")],
            shares=[1.0, 1.0], gap=theme.gutter,
        )
        self._shown: tuple[Block, ...] = ()

    def _row(self, scene: Scene, stars: int | None, *, worded: bool) -> Row:
        faces = [
            _face(scene, at + 1, icon, label, stars, worded=worded)
            for at, (icon, label) in enumerate(zip(FACES, self._labels, strict=True))
        ]
        return Row(faces, shares=[1.0] * len(faces), gap=self._gap, valign="fill")

    def _has_words(self, width: float) -> bool:
        cell = (width - self._gap * (len(self._labels) - 1)) / len(self._labels)
        return all(face.narrowest() <= cell for face in self._worded.blocks)

    def narrowest(self) -> float:
        return len(self._labels) * self._bare.blocks[0].narrowest() + self._gap * (len(self._labels) - 1)

    def height_for(self, width: float) -> float:
        if self._has_words(width):
            return self._worded.height_for(width)
        return self._bare.height_for(width) + self._below + self._ends.height_for(width)

    def least_for(self, width: float) -> float:
        row = self._worded if self._has_words(width) else self._bare
        return row.least_for(width)

    def arrange(self) -> None:
        row, below = self._worded if self._has_words(self.width) else self._bare, 0.0
        shown: tuple[Block, ...] = (row,)
        if row is self._bare and self.height >= self.height_for(self.width):
            below = self._below + self._ends.height_for(self.width)
            shown = (row, self._ends)
        if shown != self._shown:
            self.clear_widgets()
            for block in shown:
                self.hold(block)
            self._shown = shown
        row.place(self.x, self.top, self.width, self.height - below)
        if below:
            self._ends.place(self.x, row.y - self._below, self.width)


def _face(scene: Scene, stars: int, icon: str, label: str, chosen: int | None, *, worded: bool) -> Pressable:
    theme = scene.theme
    look = looks.target(theme) if chosen is None else looks.unavailable(theme)
    if chosen == stars:
        look = looks.primary(theme)
    ink = theme.palette.brand if chosen is None else look.ink
    # A face alone on its key leaves the key as low as a finger needs it.
    drawn = Icon(theme, icon, 88 if worded or theme.spread else 60, ink)
    content: Block = Row([drawn], align="center")
    if worded:
        word = Words(theme, label, "small", bold=True, colour=ink, role="", align="center")
        content = Column([drawn, word], align="center")
    act = (lambda: scene.send(Rated(stars))) if chosen is None else None
    face = Pressable(
        theme, look, content, control_id=f"rate:{stars}", name=label, act=act, height=178,
        pad=(6, 12) if worded else (6, 6),
    )
    face.state = "chosen" if chosen == stars else ""
    return face
