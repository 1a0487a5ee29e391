"""Insert your card: which way round, and where the reader is."""

from __future__ import annotations

from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.parts import back, where_it_is, without_card
from kiosk.screens.scene import Scene
from kiosk.screens.steps import Part, step
from kiosk.widgets.machine import Device, Lamp
from kiosk.widgets.pictures import CardPicture


class InsertCardScreen(ArrangedScreen):
    def holds(self, scene: Scene) -> Holding:
        theme, text, session = scene.theme, scene.text, scene.state.session
        where = text(
            "The reader is [b]below the screen, on the right.[/b]\nIts light is [b]yellow.[/b]"
        )
        return Holding(
            title=text("Insert your card"),
            subtitle=text("Gold chip first, facing up."),
            step=step(session.service, Part.IDENTITY, text) if session and session.service else None,
            picture=CardPicture(theme, Lamp.WAITS, text("Picture: the card goes up into the reader, chip first")),
            tells=[where_it_is(theme, Device.READER, where)],
            actions=[back(scene), without_card(scene, text("I have no card"), text("No card"))],
        )
