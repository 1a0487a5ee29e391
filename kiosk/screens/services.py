"""What can be done here: the frequent services first, then all by subject."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from kiosk.catalog.model import Catalogue, Identification, Service
from kiosk.journey import availability
from kiosk.journey.events import CategoryChosen, ServiceChosen, WentBack
from kiosk.journey.state import Services
from kiosk.screens.frame import FramedScreen
from kiosk.screens.scene import Scene
from kiosk.screens.standing import expecting
from kiosk.screens.wording import why_not
from kiosk.widgets.block import Block, Column, Row, Space
from kiosk.widgets.buttons import secondary_button, service_tile, topic_button
from kiosk.widgets.words import Words

FREQUENT = 4  # two rows of tiles leave room for the subjects
TILES = 8  # more than these in one subject are shown as lines


def pairs(blocks: Sequence[Block], gap: float) -> list[Row]:
    """Two columns, row by row; a lone last block keeps its column's width."""
    rows = []
    for at in range(0, len(blocks), 2):
        two = list(blocks[at : at + 2])
        rows.append(Row(two if len(two) == 2 else [*two, Space(0)], shares=[1, 1], gap=gap, valign="fill"))
    return rows


class ServicesScreen(FramedScreen):
    def watches(self, scene: Scene) -> Hashable:
        state = scene.state
        services = state.catalogue.services if state.catalogue else ()
        holder = state.session.holder if state.session else None
        return state.stage, holder, tuple(availability.of(service, expecting(state)) for service in services)

    def build(self, scene: Scene) -> None:
        catalogue, stage = scene.state.catalogue, scene.state.stage
        assert catalogue is not None
        category = stage.category if isinstance(stage, Services) else None
        if category is None:
            self._overview(scene, catalogue)
        else:
            self._category(scene, catalogue, category)

    def _overview(self, scene: Scene, catalogue: Catalogue) -> None:
        theme, text, language = scene.theme, scene.text, scene.language
        area = self.frame(scene, title=text("What do you need?"))
        frequent = [service for service in catalogue.services if service.frequent][:FREQUENT]
        column = Column()
        if frequent:
            column.add(Words(theme, text("Most requested"), "lead", bold=True, role="heading"))
            column.add(Space(theme.px(14)))
            self._rows(column, [self._tile(scene, service) for service in frequent], theme.gutter, theme.gutter)
            column.add(Space(theme.px(32)))
        column.add(Words(theme, text("By subject"), "lead", bold=True, role="heading"))
        column.add(Space(theme.px(14)))
        used = {service.category for service in catalogue.services}
        topics: list[Block] = [
            topic_button(
                theme, category.title.in_language(language), self._choose(scene, category.id), icon=category.icon,
                control_id=f"category:{category.id}",
            )
            for category in catalogue.categories if category.id in used
        ]
        self._rows(column, topics, theme.gutter, theme.px(18))
        self.fill(column, area)

    def _category(self, scene: Scene, catalogue: Catalogue, category_id: str) -> None:
        theme, text = scene.theme, scene.text
        title = next(
            (entry.title.in_language(scene.language) for entry in catalogue.categories if entry.id == category_id), "",
        )
        back = secondary_button(
            theme, text("Back"), lambda: scene.send(WentBack()), icon="arrow-left", control_id="back",
        )
        area = self.frame(scene, title=title, actions=[back])
        services = [service for service in catalogue.services if service.category == category_id]
        column = Column()
        if len(services) <= TILES:
            self._rows(column, [self._tile(scene, service) for service in services], theme.gutter, theme.gutter)
        else:
            self._rows(column, [self._line(scene, service) for service in services], theme.gutter, theme.px(18))
        self.fill(column, area)

    @staticmethod
    def _rows(column: Column, blocks: Sequence[Block], across: float, down: float) -> None:
        for at, row in enumerate(pairs(blocks, across)):
            if at:
                column.add(Space(down))
            column.add(row)

    @staticmethod
    def _choose(scene: Scene, category_id: str) -> Callable[[], None]:
        return lambda: scene.send(CategoryChosen(category_id))

    @staticmethod
    def _line(scene: Scene, service: Service) -> Block:
        title = service.title.in_language(scene.language)
        standing = availability.of(service, expecting(scene.state))
        icon = service.icon if standing in availability.BEGINNABLE else "prohibit"
        return topic_button(
            scene.theme, title, lambda: scene.send(ServiceChosen(service.id)), icon=icon,
            control_id=f"service:{service.id}",
        )

    @staticmethod
    def _tile(scene: Scene, service: Service) -> Block:
        text = scene.text
        card = service.identification in {Identification.CARD, Identification.CARD_PIN}
        standing = availability.of(service, expecting(scene.state))
        # An unavailable service can still be read about: its tile opens the page that says why.
        tag = why_not(text, standing) or (text("with card") if card else text("no card"))
        return service_tile(
            scene.theme, service.title.in_language(scene.language), service.icon, tag,
            lambda: scene.send(ServiceChosen(service.id)), control_id=f"service:{service.id}", card=card,
            now=standing in availability.BEGINNABLE,
        )
