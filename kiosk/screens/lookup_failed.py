"""The centre gave nothing: why, and what can be done."""

from __future__ import annotations

from kiosk.issuing.id_names import id_name
from kiosk.journey.events import Continued
from kiosk.journey.state import LookupFailed, LookupTrouble
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.parts import back, said
from kiosk.screens.scene import Scene
from kiosk.screens.trouble_words import LOOKUP
from kiosk.widgets.buttons import primary_button
from kiosk.widgets.card import remark
from kiosk.widgets.pictures import LookupPicture
from kiosk.widgets.words import plain
from offline_cache.contract.national_ids import Scheme

ICONS = {
    LookupTrouble.NO_LINK: "wifi-slash",
    LookupTrouble.NO_DEBTS: "check-circle-fill",
    LookupTrouble.HAS_DEBTS: "warning-fill",
    LookupTrouble.REFUSED: "warning-fill",
}


class LookupFailedScreen(ArrangedScreen):
    def holds(self, scene: Scene) -> Holding:
        stage = scene.state.stage
        assert isinstance(stage, LookupFailed)
        theme, text, catalogue = scene.theme, scene.text, scene.state.catalogue
        words = LOOKUP[stage.trouble]
        again = stage.trouble is LookupTrouble.NO_LINK
        onward = primary_button(
            theme,
            text("Try again") if again else text("See other services"),
            lambda: scene.send(Continued()),
            icon="arrows-clockwise" if again else None,
            arrow=None if again else "arrow-right",
        )
        phone = plain(catalogue.operator.phone if catalogue else "")
        tone = "ok" if stage.trouble is LookupTrouble.NO_DEBTS else "warn"
        holder = scene.state.session.holder if scene.state.session else None
        number = id_name(holder.scheme if holder else Scheme.CPF, scene.language)
        card = said(theme, tone, ICONS[stage.trouble], text(words.title), text(words.remedy, number=number))
        more = remark(theme, "info-fill", text(words.more, phone=phone))
        no_way = LookupPicture(theme, text("Picture: no way from the kiosk to the central system"), cut=True)
        return Holding(
            tells=[card, more], picture=no_way if again else None, picture_first=False, actions=[back(scene), onward],
        )
