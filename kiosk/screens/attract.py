"""The still screen: who serves here, what can be done now, and one touch to begin in each of the four languages."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date, datetime
from functools import lru_cache

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.events import Started
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Choices, Holding
from kiosk.screens.layout.placing_attract import AttractPlacing
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Scene
from kiosk.screens.standing import Standing, headline, sign, standing_of, what_waits
from kiosk.widgets import button as looks
from kiosk.widgets.block import Block, Column, Row, Space
from kiosk.widgets.button import Pressable
from kiosk.widgets.buttons import topic_button, wide_button
from kiosk.widgets.card import notice
from kiosk.widgets.icon import Badge, Icon
from kiosk.widgets.words import Words

SHOWN = 4  # subjects on the first button
NAMED = 3  # subjects in the rows of the other languages
TILE_GAP = 12  # design pixels between the subjects
BUTTON_SIDES = 56  # design pixels left and right of the subjects, within the first button
ROW_SIDES = 168  # the same within a row, with its arrow


@lru_cache(maxsize=1)
def _day(day: date, language: Language) -> str:
    from babel.dates import format_date

    return format_date(day, "EEE, d MMM", locale=language.replace("-", "_")).replace(".", "")


def short_date(now: datetime, language: Language) -> str:
    """Day of the week, day and month, as short as the language has it: "ter, 24 nov"."""
    return _day(now.date(), language)


class AttractScreen(ArrangedScreen):
    """`greetings` gives its buttons in three sizes, of which the placing takes the largest that fits."""

    placing = AttractPlacing
    _time: Words
    _date: Words

    def watches(self, scene: Scene) -> Hashable:
        standing = standing_of(scene.state)
        return tuple(service.id for service in standing.waiting), standing.cause

    def holds(self, scene: Scene) -> Holding:
        catalogue = scene.state.catalogue
        assert catalogue is not None
        theme = scene.theme
        standing = standing_of(scene.state)
        first = catalogue.languages[0]
        words = catalogue.headline.in_language(first)
        if standing.cause is not None:
            words = headline(scene.translator(first), standing.cause)
        colour = theme.palette.on_header
        self._time = Words(theme, "", "lead", bold=True, colour=colour, align="right", control_id="clock")
        self._date = Words(theme, "", "small", colour=colour, align="right", control_id="date")
        self._tell(scene)
        clock = [self._time] if self.shape.short_of_room else [self._time, self._date]
        tells = []
        if standing.waiting:
            waits = what_waits(scene.translator(first), standing, first)
            tells.append(notice(theme, "warn", waits, icon=sign(standing.cause)))
        # On black there is no sky: an upright panel has the room to tell what can be done here.
        telling = self.shape is Shape.UPRIGHT and theme.palette.outlined and theme.large == 1 and not theme.reach
        width = theme.panel.width_px - 2 * theme.margin
        greetings = self.greetings(scene, size=1 if telling else 0, width=width)
        return Holding(
            title=words,
            tells=tells,
            choices=[Choices(greetings, columns=1 if self.shape is Shape.UPRIGHT else 2)],
            aside=Column(clock, align="right"),
            end=False,
            strip=False,
            grand=True,
        )

    def refresh(self, scene: Scene) -> None:
        """The clock moves once a minute, and is not shown while it may be wrong; nothing else moves."""
        self._tell(scene)

    def _tell(self, scene: Scene) -> None:
        if not scene.state.devices.clock_trusted or scene.state.catalogue is None:
            self._time.say("")
            self._date.say("")
            return
        now = scene.wall_clock()
        self._time.say(f"{now:%H:%M}")
        self._date.say(short_date(now, scene.state.catalogue.languages[0]))

    def greetings(self, scene: Scene, *, size: int, width: float = 0) -> list[Block]:
        """A button for each language: 0 the greeting alone, 1 with what can be done, 2 the first with its pictures.

        `width`: how wide a button will be, where they tell what can be done.
        """
        catalogue = scene.state.catalogue
        assert catalogue is not None
        standing = standing_of(scene.state)
        first, *others = catalogue.languages
        if size == 0:
            return [self._plain(scene, language, first=language is first) for language in catalogue.languages]
        top = self._begin if size > 1 else self._other
        return [
            top(scene, catalogue, first, standing, width),
            *(self._other(scene, catalogue, language, standing, width) for language in others),
        ]

    @staticmethod
    def _subjects(catalogue: Catalogue, standing: Standing, language: Language) -> list[tuple[str, str]]:
        """Icon and title of the subjects under which something can be done now."""
        held = {service.category for service in standing.working}
        return [(entry.icon, entry.title.in_language(language)) for entry in catalogue.categories if entry.id in held]

    @staticmethod
    def _start(scene: Scene, language: Language) -> Callable[[], None]:
        return lambda: scene.send(Started(language, scene.new_session()))

    def _plain(self, scene: Scene, language: Language, *, first: bool) -> Block:
        hello = scene.translator(language)("Hello! Touch to start")
        return topic_button(
            scene.theme, hello, self._start(scene, language),
            icon=None if self.shape in {Shape.FLAT, Shape.TINY} else "hand-tap-fill",
            control_id=f"start:{language}", step="lead", chosen=first, keep_icon=True,
        )

    @staticmethod
    def _shown(scene: Scene, subjects: list[tuple[str, str]], width: float) -> list[tuple[str, str]]:
        """As many subjects as stand side by side with their names on one line."""
        theme = scene.theme
        room = width - theme.px(BUTTON_SIDES)
        shown = subjects[:SHOWN]
        while len(shown) > 1:
            tile = (room - theme.px(TILE_GAP) * (len(shown) - 1)) / len(shown)
            if all(Words(theme, title, "body", bold=True).one_line_px <= tile for _, title in shown):
                break
            shown = shown[:-1]
        return shown

    def _begin(self, scene: Scene, catalogue: Catalogue, language: Language, standing: Standing, width: float) -> Block:
        theme, text = scene.theme, scene.translator(language)
        look = looks.primary(theme)
        hello = text("Hello! Touch to start")
        column = Column([
            Row(
                [
                    Words(theme, hello, "title", bold=True, colour=look.ink, role=""),
                    Icon(theme, "hand-tap-fill", 72, look.ink),
                ],
                gap=theme.pad(12),
            ),
            Space(theme.pad(8 if standing.waiting else 24)),
        ])
        subjects = self._shown(scene, self._subjects(catalogue, standing, language), width)
        if standing.waiting and subjects:
            column.add(Words(theme, text("Works now:"), "body", colour=look.ink, role=""))
            column.add(Space(theme.pad(12)))
        if subjects:
            tiles = [
                Column(
                    [
                        Badge(theme, icon, 112, disc=True, fill=look.ink, colour=theme.palette.on_brand
                              if theme.palette.outlined else theme.palette.brand),
                        Words(theme, title, "body", bold=True, colour=look.ink, align="center", role=""),
                    ],
                    gap=theme.pad(8), align="center",
                )
                for icon, title in subjects
            ]
            column.add(Row(tiles, shares=[1] * len(tiles), gap=theme.px(TILE_GAP), valign="top"))
        name = ". ".join([hello, *(title for _, title in subjects)])
        return Pressable(
            theme, look, column, control_id=f"start:{language}", name=name, act=self._start(scene, language),
            pad=(28, 28),
        )

    def _other(self, scene: Scene, catalogue: Catalogue, language: Language, standing: Standing, width: float) -> Block:
        theme, text = scene.theme, scene.translator(language)
        titles = [title for _, title in self._subjects(catalogue, standing, language)[:NAMED]]
        room = width - theme.px(ROW_SIDES)
        names = ""
        while titles:
            names = ", ".join(titles)
            names = text("Now: {names}", names=names) if standing.waiting else names
            if Words(theme, names).one_line_px <= room:
                break
            titles.pop()
        return wide_button(
            theme, text("Hello! Touch to start"), names, self._start(scene, language),
            control_id=f"start:{language}", title_colour=theme.palette.brand,
            height=140 if standing.waiting else 146,
        )
