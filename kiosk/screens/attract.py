"""The still screen: who serves here, what can be done now, and one touch to begin in each of the four languages."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from kiosk.catalog.model import Catalogue, Language, Service
from kiosk.journey import availability
from kiosk.journey.events import Started
from kiosk.journey.state import Availability
from kiosk.screens.frame import FramedScreen, operator_mark
from kiosk.screens.scene import Scene, Text
from kiosk.screens.wording import listed
from kiosk.widgets import button as looks
from kiosk.widgets.block import Block, Column, Row, Space
from kiosk.widgets.button import Pressable
from kiosk.widgets.buttons import wide_button
from kiosk.widgets.card import notice
from kiosk.widgets.icon import Badge, Icon, Picture
from kiosk.widgets.surface import Rounded
from kiosk.widgets.words import Words, plain

SHOWN = 4  # subjects on the first button
GROUND = 20  # of the picture's foot, behind the sheet


class AttractScreen(FramedScreen):
    _time: Words

    def watches(self, scene: Scene) -> Hashable:
        services = scene.state.catalogue.services if scene.state.catalogue else ()
        return tuple(availability.of(service, scene.state) for service in services)

    def build(self, scene: Scene) -> None:
        catalogue = scene.state.catalogue
        assert catalogue is not None
        theme, colours = scene.theme, scene.theme.palette
        first = catalogue.languages[0]
        standing = {service.id: availability.of(service, scene.state) for service in catalogue.services}
        waiting = [entry for entry in catalogue.services if standing[entry.id] not in availability.BEGINNABLE]
        self.ground(colours.brand)
        sheet_top = self._sheet_top(scene, catalogue, waiting, standing)
        picture = Picture(theme, f"pictures/town-{'cloudy' if waiting else 'clear'}.png")
        tall = picture.height_for(self.width)
        self.put(picture, 0, sheet_top - theme.px(GROUND) + tall, self.width)
        sheet = Rounded(self.canvas, colours.page, theme.px(48))
        sheet.put(0, -theme.px(48), self.width, sheet_top + theme.px(48))
        self.put(self._column, theme.margin, sheet_top - theme.px(44), self.width - 2 * theme.margin)
        self._bar(scene)
        self._sky(scene, catalogue, self._headline(scene.translator(first), catalogue, first, waiting, standing))

    def _sky(self, scene: Scene, catalogue: Catalogue, headline: str) -> None:
        theme, white = scene.theme, scene.theme.palette.on_brand
        margin = theme.margin
        width = self.width - 2 * margin
        mark = operator_mark(theme, catalogue.operator)
        self.put(mark, margin, self.height - theme.px(20), width * 0.7, theme.px(100))
        self._time = Words(theme, "", "lead", bold=True, colour=white, align="right", control_id="clock")
        self.put(self._time, margin + width * 0.7, self.height - theme.px(20), width * 0.3, theme.px(100))
        title = Words(theme, headline, "display", bold=True, colour=white, role="heading")
        self.put(title, margin, self.height - theme.px(166), width)

    def refresh(self, scene: Scene) -> None:
        """The clock moves once a minute; nothing else does."""
        self._time.say(scene.wall_clock().strftime("%H:%M"))

    def _sheet_top(
        self, scene: Scene, catalogue: Catalogue, waiting: Sequence[Service], standing: dict[str, Availability],
    ) -> float:
        """Build what stands on the sheet, from the bottom bar up; gives the sheet's upper edge."""
        theme = scene.theme
        first, *others = catalogue.languages
        text = scene.translator(first)
        beginnable = [entry for entry in catalogue.services if entry not in waiting]
        column = Column([self._begin(scene, catalogue, first, beginnable, bool(waiting))])
        if waiting:
            column.add(Space(theme.px(18)))
            names = listed(text, [entry.title.in_language(first) for entry in waiting], most=4)
            words = self._waits(text, plain(names), waiting, standing)
            column.add(notice(theme, "warn", words, icon=self._mark(waiting, standing)))
        for language in others:
            column.add(Space(theme.px(20)))
            column.add(self._other(scene, catalogue, language, beginnable, bool(waiting)))
        self._column = column
        tall = column.height_for(self.width - 2 * theme.margin)
        return self.bar_top(theme) + theme.px(48) + tall + theme.px(44)

    @staticmethod
    def _subjects(catalogue: Catalogue, services: Sequence[Service], language: Language) -> list[tuple[str, str]]:
        """Icon and title of the subjects that hold one of these services."""
        held = {service.category for service in services}
        return [(entry.icon, entry.title.in_language(language)) for entry in catalogue.categories if entry.id in held]

    @staticmethod
    def _start(scene: Scene, language: Language) -> Callable[[], None]:
        return lambda: scene.send(Started(language, scene.new_session()))

    def _begin(
        self, scene: Scene, catalogue: Catalogue, language: Language, beginnable: Sequence[Service], degraded: bool,
    ) -> Block:
        theme, text = scene.theme, scene.translator(language)
        look = looks.primary(theme)
        hello = text("Hello! Touch to start")
        head = Row(
            [
                Words(theme, hello, "title", bold=True, colour=look.ink, role=""),
                Icon(theme, "hand-tap-fill", 76, look.ink),
            ],
            shares=[1, 0], gap=theme.px(16),
        )
        column = Column([head, Space(theme.px(16))])
        subjects = self._subjects(catalogue, beginnable, language)[:SHOWN]
        if degraded and subjects:
            column.add(Words(theme, text("Works now:"), "body", colour=look.ink, role=""))
            column.add(Space(theme.px(12)))
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
        if tiles:
            column.add(Row(tiles, shares=[1] * len(tiles), gap=theme.px(12), valign="top"))
        name = ". ".join([hello, *(title for _, title in subjects)])
        return Pressable(
            theme, look, column, control_id=f"start:{language}", name=name, act=self._start(scene, language),
            pad=(32, 28),
        )

    def _other(
        self, scene: Scene, catalogue: Catalogue, language: Language, beginnable: Sequence[Service], degraded: bool,
    ) -> Block:
        theme, text = scene.theme, scene.translator(language)
        names = ", ".join(title for _, title in self._subjects(catalogue, beginnable, language)[:3])
        return wide_button(
            theme, text("Hello! Touch to start"), text("Now: {names}", names=names) if degraded else names,
            self._start(scene, language), control_id=f"start:{language}", title_colour=theme.palette.brand,
        )

    @staticmethod
    def _cause(waiting: Sequence[Service], standing: dict[str, Availability]) -> Availability:
        """The one reason told: the internet before the printer before the reader; others have no name."""
        causes = {standing[entry.id] for entry in waiting}
        named = (Availability.NO_LINK, Availability.NO_PRINTER, Availability.NO_READER)
        return next((cause for cause in named if cause in causes), Availability.NOT_ENROLLED)

    def _headline(
        self, text: Text, catalogue: Catalogue, language: Language, waiting: Sequence[Service],
        standing: dict[str, Availability],
    ) -> str:
        if not waiting:
            return catalogue.headline.in_language(language)
        match self._cause(waiting, standing):
            case Availability.NO_LINK:
                return text("No internet, but open")
            case Availability.NO_PRINTER:
                return text("Not printing, but open")
            case Availability.NO_READER:
                return text("Not reading cards, but open")
            case _:
                return text("Only part of it works now")

    def _waits(
        self, text: Text, names: str, waiting: Sequence[Service], standing: dict[str, Availability],
    ) -> str:
        match self._cause(waiting, standing):
            case Availability.NO_LINK:
                return text("[b]Not now. Back with the internet:[/b] {names}.", names=names)
            case Availability.NO_PRINTER:
                return text("[b]Not now. Back with the printer:[/b] {names}.", names=names)
            case Availability.NO_READER:
                return text("[b]Not now. Back with the card reader:[/b] {names}.", names=names)
            case _:
                return text("[b]Not now:[/b] {names}.", names=names)

    def _mark(self, waiting: Sequence[Service], standing: dict[str, Availability]) -> str:
        match self._cause(waiting, standing):
            case Availability.NO_LINK:
                return "wifi-slash"
            case Availability.NO_PRINTER:
                return "printer"
            case Availability.NO_READER:
                return "identification-card"
            case _:
                return "warning-fill"
