"""Search over the services: the results follow each key that is typed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from kiosk.catalog.model import Service
from kiosk.journey import availability
from kiosk.journey.events import QueryTyped, ServiceChosen
from kiosk.journey.search import MOST_LETTERS, results
from kiosk.journey.state import Searching
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Choices, Holding
from kiosk.screens.layout.shape import Shape, shape_of
from kiosk.screens.parts import back
from kiosk.screens.scene import Scene, Text
from kiosk.screens.standing import expecting
from kiosk.widgets.block import Block, Row, Space
from kiosk.widgets.buttons import primary_button, secondary_button, topic_button
from kiosk.widgets.keyboard import Keyboard
from kiosk.widgets.text_field import TextField
from kiosk.widgets.tokens import LARGEST, Theme
from kiosk.widgets.words import Words

HEIGHT = 116


def service_line(scene: Scene, service: Service) -> Block:
    """One service that was found."""
    standing = availability.of(service, expecting(scene.state))
    icon = service.icon if standing in availability.BEGINNABLE else "prohibit"
    return topic_button(
        scene.theme, service.title.in_language(scene.language), lambda: scene.send(ServiceChosen(service.id)),
        icon=icon, control_id=f"service:{service.id}", height=HEIGHT,
    )


class Results(Block):
    """The services found, so many rows of them as there is room for, and how many more there are."""

    # It takes the height that is left over, as a picture does.
    scales = True

    def __init__(self, theme: Theme, text: Text, columns: int) -> None:
        super().__init__()
        self._theme, self._text, self._columns = theme, text, columns
        self._found: list[Block] = []

    def become(self, scene: Scene, services: tuple[Service, ...]) -> None:
        self._found = [service_line(scene, service) for service in services]
        if self.width > 1 and self.height > 1:
            self.arrange()

    def _row_px(self) -> int:
        return self._theme.tall(HEIGHT)

    @property
    def _gap(self) -> int:
        return max(self._theme.space(18), self._theme.gap)

    def height_for(self, width: float) -> float:
        del width
        return 5 * (self._row_px() + self._gap)

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
        text = self._text
        if not self._found:
            return text("Nothing found. Try another word, or fewer letters.")
        return text("{n} more: go on typing", n=left) if left > 0 else ""


class SearchingScreen(ArrangedScreen):
    """Built once: the keyboard keeps its page while the results change.

    Where the results have no room above the keys, or must not stand there (reach), they are a page of their own.
    """

    def __init__(self, scene: Scene) -> None:
        self._listing = False
        super().__init__(scene)

    @staticmethod
    def _together(scene: Scene) -> bool:
        shape = shape_of(scene.theme)
        return shape is Shape.UPRIGHT and not scene.theme.reach and scene.theme.large < LARGEST

    def watches(self, scene: Scene) -> Hashable:
        stage = scene.state.stage
        assert isinstance(stage, Searching)
        return self._listing and not self._together(scene) and (stage.query, self._standings(scene))

    def turns_with(self, scene: Scene) -> Hashable:
        return self._listing and not self._together(scene)

    @staticmethod
    def _found(scene: Scene) -> tuple[Service, ...]:
        stage, catalogue = scene.state.stage, scene.state.catalogue
        assert isinstance(stage, Searching)
        return results(catalogue, stage.query, scene.language) if catalogue is not None else ()

    def _standings(self, scene: Scene) -> Hashable:
        state = expecting(scene.state)
        return tuple((service.id, availability.of(service, state)) for service in self._found(scene))

    def holds(self, scene: Scene) -> Holding:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, Searching)
        self._scene, self._query = scene, stage.query
        self._told: Hashable = None
        self._results: Results | None = None
        if self._listing and not self._together(scene):
            return self._list(scene)
        self._field = TextField(
            theme, stage.query, name=text("What are you looking for?"), control_id="field:query", lines=1
        )
        holding = Holding(
            title=text("What are you looking for?"),
            field=self._field,
            pad=lambda width, height: self._keyboard(scene, width, height),
            wide_pad=True,
            actions=[back(scene)],
        )
        if self._together(scene):
            self._results = Results(theme, text, 2)
            return replace(holding, picture=self._results)
        show = primary_button(theme, text("Show"), lambda: self._show_list(shown=True), arrow="arrow-right")
        return replace(holding, actions=[back(scene), show])

    def _keyboard(self, scene: Scene, width: float, height: float) -> Keyboard:
        board = Keyboard(
            scene.theme, scene.text, scene.language, self._typed, self._erased, room=(width, height)
        )
        board.rank = 1  # the results stand above it
        return board

    def _list(self, scene: Scene) -> Holding:
        """What was found, page by page."""
        theme, text = scene.theme, scene.text
        found = self._found(scene)
        lines = [service_line(scene, service) for service in found]
        none = Words(theme, text("Nothing found. Try another word, or fewer letters."), "lead")
        again = secondary_button(
            theme, text("Back"), lambda: self._show_list(shown=False), icon="arrow-left", control_id="back"
        )
        return Holding(
            title=text("{n} found", n=len(found)), tells=[] if found else [none], choices=[Choices(lines)],
            actions=[again],
        )

    def _show_list(self, *, shown: bool) -> None:
        self._listing = shown
        self.show(self._scene)

    def _typed(self, character: str) -> None:
        self._scene.send(QueryTyped((self._query + character)[:MOST_LETTERS]))

    def _erased(self) -> None:
        self._scene.send(QueryTyped(self._query[:-1]))

    def refresh(self, scene: Scene) -> None:
        stage = scene.state.stage
        if not isinstance(stage, Searching):
            return
        self._scene, self._query = scene, stage.query
        if self._listing and not self._together(scene):
            return
        self._field.become(stage.query)
        if self._results is not None and (now := (stage.query, self._standings(scene))) != self._told:
            self._told = now
            self._results.become(scene, self._found(scene))
