"""What can be done here: the frequent services first, then all by subject, the whole list, the search, the tracking."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from kiosk.catalog.model import Catalogue, Identification, Service
from kiosk.journey import availability
from kiosk.journey.events import CategoryChosen, ServiceChosen
from kiosk.journey.search import services_of
from kiosk.journey.state import ALL, Services
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Choices, Holding
from kiosk.screens.layout.shape import Shape
from kiosk.screens.parts import back
from kiosk.screens.scene import Scene
from kiosk.screens.standing import expecting
from kiosk.screens.ways import search, tracking, whole_list
from kiosk.screens.wording import why_not
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import service_tile, topic_button
from kiosk.widgets.card import remark
from kiosk.widgets.words import Words

FREQUENT = 4  # two rows of tiles leave room for the subjects
TILES = 8  # more than these in one subject are shown as lines


class ServicesScreen(ArrangedScreen):
    _subjects = False  # on a panel with a rail: whether the subjects are shown instead of the frequent services

    def turns_with(self, scene: Scene) -> Hashable:
        stage = scene.state.stage
        return stage.category if isinstance(stage, Services) else None

    def watches(self, scene: Scene) -> Hashable:
        state = scene.state
        services = state.catalogue.services if state.catalogue else ()
        holder = state.session.holder if state.session else None
        standing = tuple(availability.of(service, expecting(state)) for service in services)
        return state.stage, holder, standing, self._subjects

    def holds(self, scene: Scene) -> Holding:
        catalogue, stage = scene.state.catalogue, scene.state.stage
        assert catalogue is not None
        category = stage.category if isinstance(stage, Services) else None
        if category is None:
            return self._overview(scene, catalogue)
        return self._category(scene, catalogue, category)

    # ---- all --------------------------------------------------------------------------------------------------

    def _overview(self, scene: Scene, catalogue: Catalogue) -> Holding:
        text = scene.text
        title = text("What do you need?")
        frequent = [self._tile(scene, service) for service in catalogue.services if service.frequent][:FREQUENT]
        subjects = self._subject_buttons(scene, catalogue)
        # Whichever leaves no gap in the grid of the subjects.
        beside_search = len(subjects) % 2 == 0 and self.shape is Shape.UPRIGHT and not scene.theme.reach
        if not beside_search:
            subjects.append(whole_list(scene))
        if self.railed(scene) and self.shape is Shape.LOW:
            # One of the two at a time, as the rail says.
            shown = subjects if self._subjects or not frequent else frequent
            return Holding(title=title, choices=[Choices(shown)], rail=self._rail(scene))
        if scene.theme.reach:
            return self._reached(scene, title, frequent, subjects)
        groups = [Choices(frequent, text("Most requested")), Choices(subjects, text("By subject"))]
        if not frequent:
            groups = groups[1:]
        if self.railed(scene):
            return Holding(title=title, choices=groups, rail=[search(scene), tracking(scene)])
        if self.shape.short_of_room:
            ways = [search(scene, short=True), tracking(scene, short=True)]
            return Holding(title=title, choices=[Choices([*frequent, *subjects, *ways])])
        head = Choices([search(scene, example=False), whole_list(scene)]) if beside_search else Choices(
            [search(scene)], columns=1,
        )
        return Holding(title=title, choices=[head, *groups, Choices([tracking(scene)], columns=1)])

    def _reached(self, scene: Scene, title: str, frequent: list[Block], subjects: list[Block]) -> Holding:
        """In pages of four, with a word above about where the buttons are."""
        theme, text = scene.theme, scene.text
        if self.shape is not Shape.UPRIGHT:
            ways = [search(scene, short=True), tracking(scene, short=True)]
            return Holding(title=title, choices=[Choices([*frequent, *subjects, *ways])])
        return Holding(
            title=title,
            tells=[
                Words(theme, text("Choose a service below. The arrow shows the others."), "lead"),
                remark(theme, "arrow-fat-down-fill", text("[b]All buttons are in the lower half[/b]"), "lead"),
            ],
            lead=search(scene, short=True),
            choices=[Choices([*frequent, *subjects, tracking(scene, short=True)])],
        )

    def _rail(self, scene: Scene) -> list[Block]:
        theme, text = scene.theme, scene.text

        def section(*, subjects: bool) -> Callable[[], None]:
            def chosen() -> None:
                self._subjects = subjects
                self.turn(0)

            return chosen

        return [
            topic_button(
                theme, text("Highlights"), section(subjects=False), icon="star-fill", control_id="section:frequent",
                chosen=not self._subjects, keep_icon=True,
            ),
            topic_button(
                theme, text("Subjects"), section(subjects=True), icon="squares-four", control_id="section:subjects",
                chosen=self._subjects, keep_icon=True,
            ),
            search(scene, short=True),
            tracking(scene, short=True),
        ]

    @staticmethod
    def _subject_buttons(scene: Scene, catalogue: Catalogue) -> list[Block]:
        def choose(category_id: str) -> Callable[[], None]:
            return lambda: scene.send(CategoryChosen(category_id))

        used = {service.category for service in catalogue.services}
        return [
            topic_button(
                scene.theme, category.title.in_language(scene.language), choose(category.id), icon=category.icon,
                control_id=f"category:{category.id}",
            )
            for category in catalogue.categories if category.id in used
        ]

    # ---- one subject ------------------------------------------------------------------------------------------

    def _category(self, scene: Scene, catalogue: Catalogue, category_id: str) -> Holding:
        chosen = services_of(catalogue, category_id, scene.language)
        if category_id == ALL:
            lines = [self._line(scene, service) for service in chosen]
            return Holding(title=scene.text("All, from A to Z"), choices=[Choices(lines)], actions=[back(scene)])
        title = next(
            (entry.title.in_language(scene.language) for entry in catalogue.categories if entry.id == category_id), "",
        )
        show = self._tile if len(chosen) <= TILES else self._line
        return Holding(
            title=title, choices=[Choices([show(scene, service) for service in chosen])], actions=[back(scene)],
        )

    def _line(self, scene: Scene, service: Service) -> Block:
        """Icon and title. What cannot be had now wears another icon, and its page says why."""
        title = service.title.in_language(scene.language)
        standing = availability.of(service, expecting(scene.state))
        now = standing in availability.BEGINNABLE
        return topic_button(
            scene.theme, title, lambda: scene.send(ServiceChosen(service.id)),
            icon=service.icon if now else "prohibit", control_id=f"service:{service.id}",
            name=title if now else f"{title}. {why_not(scene.text, standing)}",
        )

    def _tile(self, scene: Scene, service: Service) -> Block:
        if self.shape.short_of_room or scene.theme.reach:
            return self._line(scene, service)
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
