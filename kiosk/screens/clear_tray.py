"""Paper of the citizen before may lie in the outlet: whoever comes next is asked to lay it aside, not to read it."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.journey.events import Continued, Ended
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.parts import where_it_is
from kiosk.screens.scene import Scene
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import primary_button, secondary_button
from kiosk.widgets.card import Fact, facts, remark
from kiosk.widgets.machine import Device
from kiosk.widgets.pictures import TrayPicture
from kiosk.widgets.words import Words, spoken


class ClearTrayScreen(ArrangedScreen):
    """Where a sensor watches the outlet, the screen goes on by itself; elsewhere the citizen says what they see."""

    def watches(self, scene: Scene) -> Hashable:
        return scene.state.devices.tray_empty

    def holds(self, scene: Scene) -> Holding:
        theme, text = scene.theme, scene.text
        watched = scene.state.devices.tray_empty is not None
        rows = [
            Fact(text("Is it yours?"), text("[b]Take it with you.[/b]"), "hand-tap-fill"),
            Fact(text("Is it not yours?"), text("[b]Put it into the opening beside it.[/b] It is sealed."), "trash"),
        ]
        told: list[Block] = [facts(theme, rows)]
        if self.shape.short_of_room:  # a card would be torn apart there
            told = [Words(theme, f"[b]{row.label}[/b] {spoken(row.value)}", markup=True) for row in rows]
        tells: list[Block] = [
            *told,
            where_it_is(theme, Device.OUTLET, text("The outlet is [b]below the screen.[/b]")),
        ]
        if watched:
            tells.append(remark(theme, "arrows-clockwise", text("Once it is empty, the screen goes on by itself.")))
        leave = secondary_button(
            theme, text("Back"), lambda: scene.send(Ended()), icon="arrow-left", control_id="back"
        )
        empty = (
            secondary_button(theme, text("I see no paper"), lambda: scene.send(Continued()), control_id="primary")
            if watched
            else primary_button(theme, text("The outlet is empty"), lambda: scene.send(Continued()), icon="check")
        )
        return Holding(
            title=text("There is paper in the outlet"),
            subtitle=text("It may be somebody else's. Please do not read it."),
            picture=TrayPicture(theme, text("Picture: take what is yours; what is not goes into the opening")),
            tells=tells,
            actions=[leave, empty],
            end=False,
        )
