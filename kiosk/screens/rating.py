"""How was it? Five faces, one touch, no more question."""

from __future__ import annotations

from kiosk.journey.events import Rated
from kiosk.screens.holding import Choices
from kiosk.screens.scene import Scene
from kiosk.widgets import button as looks
from kiosk.widgets.block import Block, Column
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
    faces: list[Block] = [
        _face(scene, at + 1, icon, label, chosen=stars == at + 1, open_=stars is None)
        for at, (icon, label) in enumerate(zip(FACES, labels, strict=True))
    ]
    return Choices(faces, heading=question, columns=len(faces))


def _face(scene: Scene, stars: int, icon: str, label: str, *, chosen: bool, open_: bool) -> Pressable:
    theme = scene.theme
    look = looks.primary(theme) if chosen else looks.target(theme) if open_ else looks.unavailable(theme)
    ink = look.ink if chosen or not open_ else theme.palette.brand
    content = Column(
        [
            Icon(theme, icon, 88, ink),
            Words(theme, label, "small", bold=True, colour=ink, role="", align="center"),
        ],
        align="center",
    )
    act = (lambda: scene.send(Rated(stars))) if open_ else None
    face = Pressable(
        theme, look, content, control_id=f"rate:{stars}", name=label, act=act, height=178, pad=(6, 12)
    )
    face.state = "chosen" if chosen else ""
    return face
