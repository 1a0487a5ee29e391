"""Take your card: the one thing to do before the paper comes."""

from __future__ import annotations

from kiosk.screens.frame import FramedScreen
from kiosk.screens.kind_words import REGISTERED
from kiosk.screens.scene import Scene
from kiosk.widgets.block import Column, Row
from kiosk.widgets.card import notice
from kiosk.widgets.icon import Icon
from kiosk.widgets.pictures import CardOutPicture
from kiosk.widgets.words import Words


class TakeCardScreen(FramedScreen):
    """Wears the colour that only what is to be taken wears."""

    def build(self, scene: Scene) -> None:
        theme, text, session = scene.theme, scene.text, scene.state.session
        area = self.frame(scene, end=False, page=theme.palette.take, strip=False)
        ink = theme.palette.ink
        content = Column(
            [
                Words(theme, text("Take your card"), "display", bold=True, role="heading"),
                Words(theme, text("Printing begins right after."), "lead"),
                CardOutPicture(theme, text("Picture: the card sticks out of the reader, an arrow points out")),
                Row(
                    [
                        Icon(theme, "arrow-fat-down-fill", 60, ink),
                        Words(theme, text("The reader is [b]below the screen, on the right.[/b]"), "lead", markup=True),
                    ],
                    shares=[0, 1],
                    gap=theme.px(28),
                ),
            ],
            gap=theme.px(24),
        )
        self.fill(content, area)
        kind = session.service.kind if session and session.service else "ticket"
        done = notice(theme, "ok", text(REGISTERED[kind].notice))
        self.put(done, area.x, area.bottom + done.height_for(area.width), area.width)
