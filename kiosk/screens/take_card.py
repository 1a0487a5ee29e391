"""Take your card: the one thing to do before the paper comes."""

from __future__ import annotations

from kiosk.screens.kind_words import REGISTERED
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Scene
from kiosk.widgets.block import Row
from kiosk.widgets.card import notice
from kiosk.widgets.icon import Icon
from kiosk.widgets.pictures import CardOutPicture
from kiosk.widgets.words import Words


class TakeCardScreen(ArrangedScreen):
    """Wears the colour that only what is to be taken wears."""

    def holds(self, scene: Scene) -> Holding:
        theme, text, session = scene.theme, scene.text, scene.state.session
        ink = theme.palette.on_take
        kind = session.service.kind if session and session.service else "ticket"
        where = text("The reader is [b]below the screen, on the right.[/b]")
        # Where there is little room, what is to be done comes before what is done already; the next screen says it.
        done = [] if self.shape in {Shape.FLAT, Shape.TINY} else [notice(theme, "ok", text(REGISTERED[kind].notice))]
        return Holding(
            title=text("Take your card"),
            subtitle=text("Printing begins right after."),
            picture=CardOutPicture(theme, text("Picture: the card sticks out of the reader, an arrow points out")),
            tells=[
                Row(
                    [Icon(theme, "arrow-fat-down-fill", 60, ink), Words(theme, where, "lead", markup=True, colour=ink)],
                    shares=[0, 1],
                    gap=theme.space(28),
                ),
                *done,
            ],
            end=False,
            strip=False,
            ground=theme.palette.take,
            ink=ink,
            grand=True,
        )
