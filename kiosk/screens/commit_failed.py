"""Nothing was registered; the answers are still here."""

from __future__ import annotations

from kiosk.journey.events import Continued
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.parts import back, said
from kiosk.screens.scene import Scene
from kiosk.widgets.buttons import primary_button
from kiosk.widgets.card import remark
from kiosk.widgets.pictures import RegisterPicture
from kiosk.widgets.words import plain


class CommitFailedScreen(ArrangedScreen):
    def holds(self, scene: Scene) -> Holding:
        theme, text, catalogue = scene.theme, scene.text, scene.state.catalogue
        again = primary_button(theme, text("Try again"), lambda: scene.send(Continued()), icon="arrows-clockwise")
        card = said(
            theme, "warn", "warning-fill", text("Nothing was registered"),
            text("Your answers are still here. Try again."),
        )
        phone = plain(catalogue.operator.phone if catalogue else "")
        more = text("Same answer again? Call [b]{phone}.[/b] Nothing was charged and no number was given.", phone=phone)
        picture = RegisterPicture(theme, text("Picture: the kiosk"))
        return Holding(
            tells=[card, remark(theme, "info-fill", more)], picture=picture, picture_first=False,
            actions=[back(scene), again],
        )
