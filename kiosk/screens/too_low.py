"""The card is genuine, and it proves less than this service asks: why, and what can still be done with it."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.catalog.model import Service
from kiosk.issuing.id_names import id_name
from kiosk.journey.availability import CARD, still_usable
from kiosk.journey.events import ServiceChosen
from kiosk.journey.state import TooLow
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Choices, Holding
from kiosk.screens.parts import back, without_card
from kiosk.screens.scene import Scene
from kiosk.screens.steps import Part, step
from kiosk.screens.trouble_words import LACK
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import topic_button
from kiosk.widgets.card import remark
from kiosk.widgets.words import plain
from offline_cache.contract.national_ids import OF_THE_TAX_SYSTEM

MOST = 4


class TooLowScreen(ArrangedScreen):
    def holds(self, scene: Scene) -> Holding:
        stage, session, text = scene.state.stage, scene.state.session, scene.text
        assert isinstance(stage, TooLow)
        words = LACK[stage.lack]
        catalogue = scene.state.catalogue
        number = id_name(OF_THE_TAX_SYSTEM[catalogue.operator.country if catalogue else "BR"][0], scene.language)
        more = text(words.more, phone=plain(catalogue.operator.phone if catalogue else ""), number=number)
        usable = still_usable(scene.state, stage)[:MOST]
        heading = text("You can use these now")
        return Holding(
            title=text(words.title),
            subtitle=text(words.remedy, number=number),
            step=step(session.service, Part.IDENTITY, text) if session and session.service else None,
            tells=[remark(scene.theme, "info-fill", more)],
            choices=[Choices([self._way(scene, service) for service in usable], heading)] if usable else [],
            actions=[back(scene), without_card(scene, text("See other services"), text("Others"))],
        )

    @staticmethod
    def _way(scene: Scene, service: Service) -> Block:
        title = service.title.in_language(scene.language)
        note = scene.text("with card") if service.identification in CARD else scene.text("no card")

        def choose(service_id: str) -> Callable[[], None]:
            return lambda: scene.send(ServiceChosen(service_id))

        return topic_button(
            scene.theme, title, choose(service.id), icon=service.icon, control_id=f"service:{service.id}",
            name=f"{title}, {note}",
        )
