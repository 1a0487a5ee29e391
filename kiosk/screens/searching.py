"""Search over the services: the results follow each key that is typed."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.catalog.model import Service
from kiosk.journey import availability
from kiosk.journey.events import QueryTyped, ServiceChosen
from kiosk.journey.search import MOST_LETTERS, results
from kiosk.journey.state import Searching
from kiosk.screens.arrange import ArrangedScreen
from kiosk.screens.holding import Holding
from kiosk.screens.parts import back
from kiosk.screens.scene import Scene, Text
from kiosk.screens.standing import expecting
from kiosk.widgets.block import Block, Row, Space
from kiosk.widgets.buttons import topic_button
from kiosk.widgets.keyboard import Keyboard
from kiosk.widgets.text_field import TextField
from kiosk.widgets.tokens import Theme
from kiosk.widgets.words import Words

HEIGHT = 116


class Results(Block):
    """The services found, so many rows of them as there is room for, and how many more there are."""

    stretches = True

    def __init__(self, theme: Theme, text: Text, columns: int) -> None:
        super().__init__()
        self._theme, self._text, self._columns = theme, text, columns
        self._found: list[Block] = []

    def become(self, scene: Scene, services: tuple[Service, ...]) -> None:
        self._found = [self._line(scene, service) for service in services]
        if self.width > 1 and self.height > 1:
            self.arrange()

    def _line(self, scene: Scene, service: Service) -> Block:
        standing = availability.of(service, expecting(scene.state))
        icon = service.icon if standing in availability.BEGINNABLE else "prohibit"
        return topic_button(
            self._theme, service.title.in_language(scene.language), lambda: scene.send(ServiceChosen(service.id)),
            icon=icon, control_id=f"service:{service.id}", height=HEIGHT,
        )

    def _row_px(self) -> int:
        return self._theme.tall(HEIGHT)

    @property
    def _gap(self) -> int:
        return max(self._theme.space(18), self._theme.gap)

    def height_for(self, width: float) -> float:
        del width
        return 3 * self._row_px() + 2 * self._gap + self._theme.leading_px("body")

    def least_for(self, width: float) -> float:
        del width
        return self._row_px()

    def arrange(self) -> None:
        self.clear_widgets()
        theme, gap = self._theme, self._gap
        line = theme.leading_px("small")
        rows = [
            Row([*some, *(Space(0) for _ in range(self._columns - len(some)))], shares=[1.0] * self._columns,
                gap=theme.gutter, valign="fill")
            for some in (self._found[at : at + self._columns] for at in range(0, len(self._found), self._columns))
        ]
        top, shown = self.top, 0
        for at, row in enumerate(rows):
            tall = row.height_for(self.width)
            spare = line + gap if len(rows) > at + 1 else 0
            if at and top - tall - spare < self.y:
                break
            self.add_widget(row)
            row.place(self.x, top, self.width, tall)
            top = row.y - gap
            shown += self._columns
        left = len(self._found) - shown
        words = self._words(left)
        if words and top - line >= self.y - 1:
            said = Words(theme, words, "small" if self._found else "body", colour=theme.palette.ink2)
            self.add_widget(said)
            said.place(self.x, top, self.width)

    def _words(self, left: int) -> str:
        if not self._found:
            return self._text("Nothing found. Try another word, or fewer letters.")
        return self._text("{n} more: go on typing", n=left) if left > 0 else ""


class SearchingScreen(ArrangedScreen):
    """Built once: the keyboard keeps its page while the results change."""

    def watches(self, scene: Scene) -> Hashable:
        return isinstance(scene.state.stage, Searching)

    def holds(self, scene: Scene) -> Holding:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, Searching)
        self._scene, self._query = scene, stage.query
        self._told: Hashable = None
        # Whether everything is there is told by `refresh`.
        self._field = TextField(
            theme, stage.query, name=text("What are you looking for?"), control_id="field:query", lines=1
        )
        self._results = Results(theme, text, 1 if self.shape.short_of_room and theme.large > 1 else 2)
        return Holding(
            title=text("What are you looking for?"),
            field=self._field,
            tells=[self._results],
            pad=lambda width, height: Keyboard(
                theme, text, scene.language, self._typed, self._erased, room=(width, height)
            ),
            wide_pad=True,
            actions=[back(scene)],
        )

    def _typed(self, character: str) -> None:
        self._scene.send(QueryTyped((self._query + character)[:MOST_LETTERS]))

    def _erased(self) -> None:
        self._scene.send(QueryTyped(self._query[:-1]))

    def refresh(self, scene: Scene) -> None:
        stage, catalogue = scene.state.stage, scene.state.catalogue
        if not isinstance(stage, Searching) or catalogue is None:
            return
        self._scene, self._query = scene, stage.query
        found = results(catalogue, stage.query, scene.language)
        standings = tuple(availability.of(service, expecting(scene.state)) for service in found)
        if (stage.query, standings) != self._told:
            self._told = stage.query, standings
            self._field.become(stage.query)
            self._results.become(scene, found)
