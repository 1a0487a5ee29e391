"""Insert your card: which way round, and where the reader is."""

from __future__ import annotations

from kiosk.screens.frame import FramedScreen
from kiosk.screens.parts import back, where_it_is, without_card
from kiosk.screens.scene import Scene
from kiosk.screens.steps import Part, step
from kiosk.widgets.block import Column
from kiosk.widgets.machine import Device, Lamp
from kiosk.widgets.pictures import CardPicture


class InsertCardScreen(FramedScreen):
    def build(self, scene: Scene) -> None:
        theme, text, session = scene.theme, scene.text, scene.state.session
        area = self.frame(
            scene,
            title=text("Insert your card"),
            subtitle=text("Gold chip first, facing up."),
            step=step(session.service, Part.IDENTITY, text) if session and session.service else None,
            actions=[back(scene), without_card(scene, text("I have no card"))],
        )
        picture = CardPicture(theme, Lamp.WAITS, text("Picture: the card goes up into the reader, chip first"))
        where = text(
            "The reader is [b]below the screen, on the right.[/b]\nIts light is [b]yellow.[/b]"
        )
        self.fill(Column([picture, where_it_is(theme, Device.READER, where)], gap=theme.px(36)), area)
