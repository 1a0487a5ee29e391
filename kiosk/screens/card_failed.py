"""The card cannot be used: what is the matter, and what to do now."""

from __future__ import annotations

from kiosk.journey.state import CardFailed, CardTrouble
from kiosk.screens.card_words import cards_taken
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.layout.shape import Shape
from kiosk.screens.parts import back, where_it_is, without_card
from kiosk.screens.scene import Scene
from kiosk.screens.steps import Part, step
from kiosk.screens.trouble_words import CARD
from kiosk.widgets.block import Block, Row
from kiosk.widgets.icon import Icon
from kiosk.widgets.machine import Device, Lamp
from kiosk.widgets.pictures import CardPicture, CardWayPicture
from kiosk.widgets.tokens import Theme
from kiosk.widgets.words import Words, plain


class CardWay(Block):
    """A way to hold the card, right or wrong, with its verdict in words and sign below."""

    def __init__(self, theme: Theme, verdict: str, *, right: bool, beside: str) -> None:
        super().__init__()
        self._picture = CardWayPicture(theme, right=right)
        self._gap, self._name = theme.px(20), verdict
        self._sign = Icon(theme, "check-circle-fill" if right else "x-circle-fill", 64, theme.palette.on_brand)
        self._words, other = (
            Words(theme, words, "lead", bold=True, colour=theme.palette.on_brand) for words in (verdict, beside)
        )
        self._longest_px = max(self._words.one_line_px, other.one_line_px)
        self._verdict: Row | None = None
        self.add_widget(self._picture)

    def height_for(self, width: float) -> float:
        return self._picture.height_for(width)

    def arrange(self) -> None:
        """Where the band is too small for the words of either way, the sign alone says it."""
        self._picture.place(self.x, self.top, self.width, self.height)
        band = self._picture.band_px
        if self._verdict is None:
            wide = self._sign.width_for(self.width) + self._gap + self._longest_px + 2
            whole = wide <= self._picture.band_wide_px and self._words.height_for(self._longest_px + 2) <= band
            said: list[Block] = [self._sign, self._words] if whole else [self._sign]
            self._verdict = Row(said, gap=self._gap, align="center")
            self.add_widget(self._verdict)
            if not whole:
                self.role, self.name = "image", self._name
        self._verdict.place(self.x, self._picture.foot + band, self.width, band)


class CardFailedScreen(ArrangedScreen):
    def holds(self, scene: Scene) -> Holding:
        stage = scene.state.stage
        assert isinstance(stage, CardFailed)
        theme, text, session = scene.theme, scene.text, scene.state.session
        words = CARD[stage.trouble]
        picture: Block | None
        if stage.trouble is CardTrouble.UNREADABLE:
            picture = Row(
                [
                    CardWay(theme, text("Not like this"), right=False, beside=text("Like this")),
                    CardWay(theme, text("Like this"), right=True, beside=text("Not like this")),
                ],
                shares=[1, 1],
                gap=theme.gutter,
                valign="fill",
            )
            picture.scales = True
            if self.shape is not Shape.UPRIGHT:  # too low for the words below the two
                picture = None
        else:
            lamp = Lamp.WAITS if stage.trouble is CardTrouble.REMOVED else Lamp.FAILED
            picture = CardPicture(theme, lamp, text("Picture: the card reader"))
        catalogue = scene.state.catalogue
        more = text(
            words.more,
            phone=plain(catalogue.operator.phone if catalogue else ""),
            cards=plain(cards_taken(text, catalogue.card_families if catalogue else ())),
        )
        return Holding(
            title=text(words.title),
            subtitle=text(words.remedy),
            step=step(session.service, Part.IDENTITY, text) if session and session.service else None,
            picture=picture,
            tells=[where_it_is(theme, Device.READER, more)],
            actions=[back(scene), without_card(scene, text("Services without card"), text("No card"))],
        )
