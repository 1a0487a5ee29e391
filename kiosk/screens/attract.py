"""The still screen: who serves here, what can be done now, and one touch to begin in each of the four languages."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date, datetime
from functools import lru_cache

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.events import Started
from kiosk.screens.frame import FramedScreen, operator_mark
from kiosk.screens.scene import Scene
from kiosk.screens.standing import Standing, headline, sign, standing_of, what_waits
from kiosk.widgets import button as looks
from kiosk.widgets.block import Block, Column, Row, Space
from kiosk.widgets.button import Pressable
from kiosk.widgets.buttons import wide_button
from kiosk.widgets.card import notice
from kiosk.widgets.icon import Badge, Icon, Picture
from kiosk.widgets.surface import Rounded
from kiosk.widgets.words import Words

SHOWN = 4  # subjects on the first button
NAMED = 3  # subjects in the rows of the other languages
TILE_GAP = 12  # design pixels between the subjects
BUTTON_SIDES = 56  # design pixels left and right of the subjects, within the first button
ROW_SIDES = 168  # the same within a row, with its arrow
GROUND = 20  # design pixels of the picture's foot that lie behind the sheet


@lru_cache(maxsize=1)
def _day(day: date, language: Language) -> str:
    from babel.dates import format_date

    return format_date(day, "EEE, d MMM", locale=language.replace("-", "_")).replace(".", "")


def short_date(now: datetime, language: Language) -> str:
    """Day of the week, day and month, as short as the language has it: "ter, 24 nov"."""
    return _day(now.date(), language)


class AttractScreen(FramedScreen):
    _time: Words
    _date: Words

    def watches(self, scene: Scene) -> Hashable:
        standing = standing_of(scene.state)
        return tuple(service.id for service in standing.waiting), standing.cause

    def build(self, scene: Scene) -> None:
        catalogue = scene.state.catalogue
        assert catalogue is not None
        theme, colours = scene.theme, scene.theme.palette
        standing = standing_of(scene.state)
        choices = self._choices(scene, catalogue, standing)
        width = self.width - 2 * theme.margin
        pad, foot = (theme.px(34), theme.px(24)) if standing.waiting else (theme.px(44), theme.px(48))
        sheet_top = self.bar_top(theme) + foot + choices.height_for(width) + pad
        self.ground(colours.brand)
        picture = Picture(theme, f"pictures/town-{'cloudy' if standing.waiting else 'clear'}.png")
        self.put(picture, 0, sheet_top - theme.px(GROUND) + picture.height_for(self.width), self.width)
        sheet = Rounded(self.canvas, colours.page, theme.px(48))
        sheet.put(0, -theme.px(48), self.width, sheet_top + theme.px(48))
        self._sky(scene, catalogue, standing)
        self.put(choices, theme.margin, sheet_top - pad, width)
        self._bar(scene)

    def _sky(self, scene: Scene, catalogue: Catalogue, standing: Standing) -> None:
        theme, white = scene.theme, scene.theme.palette.on_brand
        margin, width = theme.margin, self.width - 2 * theme.margin
        top, tall = self.height - theme.px(20), theme.px(100)
        self.put(operator_mark(theme, catalogue.operator), margin, top, width * 0.65, tall)
        self._time = Words(theme, "", "lead", bold=True, colour=white, align="right", control_id="clock")
        self._date = Words(theme, "", "small", colour=white, align="right", control_id="date")
        self.put(Column([self._time, self._date]), margin + width * 0.65, top, width * 0.35)
        first = catalogue.languages[0]
        words = catalogue.headline.in_language(first)
        if standing.cause is not None:
            words = headline(scene.translator(first), standing.cause)
        title = Words(theme, words, "display", bold=True, colour=white, role="heading")
        self.put(title, margin, self.height - theme.px(154 if standing.waiting else 160), width)

    def refresh(self, scene: Scene) -> None:
        """The clock moves once a minute, and is not shown while it may be wrong; nothing else moves."""
        if not scene.state.devices.clock_trusted or scene.state.catalogue is None:
            self._time.say("")
            self._date.say("")
            return
        now = scene.wall_clock()
        self._time.say(f"{now:%H:%M}")
        self._date.say(short_date(now, scene.state.catalogue.languages[0]))

    def _choices(self, scene: Scene, catalogue: Catalogue, standing: Standing) -> Column:
        """What stands on the sheet, from the first language's button down."""
        theme = scene.theme
        first, *others = catalogue.languages
        degraded = bool(standing.waiting)
        column = Column([self._begin(scene, catalogue, first, standing)])
        if degraded:
            words = what_waits(scene.translator(first), standing, first)
            column.add(Space(theme.px(16)))
            column.add(notice(theme, "warn", words, icon=sign(standing.cause)))
        for language in others:
            column.add(Space(theme.px(18 if degraded else 20)))
            column.add(self._other(scene, catalogue, language, standing))
        return column

    @staticmethod
    def _subjects(catalogue: Catalogue, standing: Standing, language: Language) -> list[tuple[str, str]]:
        """Icon and title of the subjects under which something can be done now."""
        held = {service.category for service in standing.working}
        return [(entry.icon, entry.title.in_language(language)) for entry in catalogue.categories if entry.id in held]

    @staticmethod
    def _start(scene: Scene, language: Language) -> Callable[[], None]:
        return lambda: scene.send(Started(language, scene.new_session()))

    def _shown(self, scene: Scene, subjects: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """As many subjects as stand side by side with their names on one line."""
        theme = scene.theme
        room = self.width - 2 * theme.margin - theme.px(BUTTON_SIDES)
        shown = subjects[:SHOWN]
        while len(shown) > 1:
            tile = (room - theme.px(TILE_GAP) * (len(shown) - 1)) / len(shown)
            if all(Words(theme, title, "body", bold=True).one_line_px <= tile for _, title in shown):
                break
            shown = shown[:-1]
        return shown

    def _begin(self, scene: Scene, catalogue: Catalogue, language: Language, standing: Standing) -> Block:
        theme, text = scene.theme, scene.translator(language)
        look = looks.primary(theme)
        hello = text("Hello! Touch to start")
        column = Column([
            Row(
                [
                    Words(theme, hello, "title", bold=True, colour=look.ink, role=""),
                    Icon(theme, "hand-tap-fill", 72, look.ink),
                ],
                gap=theme.px(12),
            ),
            Space(theme.px(8 if standing.waiting else 24)),
        ])
        subjects = self._shown(scene, self._subjects(catalogue, standing, language))
        if standing.waiting and subjects:
            column.add(Words(theme, text("Works now:"), "body", colour=look.ink, role=""))
            column.add(Space(theme.px(12)))
        if subjects:
            tiles = [
                Column(
                    [
                        Badge(theme, icon, 112, disc=True, fill=look.ink, colour=theme.palette.brand),
                        Words(theme, title, "body", bold=True, colour=look.ink, align="center", role=""),
                    ],
                    gap=theme.px(8), align="center",
                )
                for icon, title in subjects
            ]
            column.add(Row(tiles, shares=[1] * len(tiles), gap=theme.px(TILE_GAP), valign="top"))
        name = ". ".join([hello, *(title for _, title in subjects)])
        return Pressable(
            theme, look, column, control_id=f"start:{language}", name=name, act=self._start(scene, language),
            pad=(28, 28),
        )

    def _other(self, scene: Scene, catalogue: Catalogue, language: Language, standing: Standing) -> Block:
        theme, text = scene.theme, scene.translator(language)
        titles = [title for _, title in self._subjects(catalogue, standing, language)[:NAMED]]
        room = self.width - 2 * theme.margin - theme.px(ROW_SIDES)
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
