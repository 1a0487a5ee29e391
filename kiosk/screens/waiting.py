"""Screens on which the citizen only waits: the card is read, the PIN checked, the centre asked, the ticket written."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.journey.availability import CARD
from kiosk.journey.state import CheckingPin, Committing, Consulting
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.parts import where_it_is
from kiosk.screens.scene import Scene
from kiosk.screens.steps import Part, step
from kiosk.widgets.block import Block, Column
from kiosk.widgets.machine import Device, Lamp
from kiosk.widgets.pictures import CardPicture, LookupPicture, RegisterPicture
from kiosk.widgets.progress import Progress
from kiosk.widgets.words import Words

# A card answers within 3 s; the centre is given 5 s and no more.
CARD_S, CENTRE_S = 3.0, 5.0
# The bar never claims to be full: what ends the wait is the answer.
NEARLY = 0.95


class WaitingScreen(ArrangedScreen):
    """A picture, words, and a bar that says how much of the usual time has passed."""

    usual_s = CARD_S

    def __init__(self, scene: Scene) -> None:
        self._began_s = scene.state.now_s
        self._progress: Progress | None = None
        super().__init__(scene)

    def watches(self, scene: Scene) -> Hashable:
        session = scene.state.session
        return scene.state.stage, session.service.id if session and session.service else None

    def refresh(self, scene: Scene) -> None:
        if self._progress is not None:
            # Ticks come once a second: half of one has passed on average.
            waited_s = scene.state.now_s - self._began_s + 0.5
            self._progress.become(min(NEARLY, waited_s / self.usual_s))

    def doing(self, scene: Scene, words: str) -> Block:
        """What is done now, and the bar."""
        self._progress = Progress(scene.theme, 0.0, name=words)
        return Column([Words(scene.theme, words, "body", bold=True), self._progress], gap=scene.theme.space(16))


class ReadingCardScreen(WaitingScreen):
    """The card is being read; also, with other words, while it checks the PIN."""

    def holds(self, scene: Scene) -> Holding:
        theme, text, session = scene.theme, scene.text, scene.state.session
        stage = scene.state.stage
        pin = isinstance(stage, CheckingPin)
        if isinstance(stage, CheckingPin) and stage.pad:
            return self._on_the_reader(scene)
        words = (
            text("The reader's light stays [b]blue[/b] while the card checks the PIN.")
            if pin
            else text("The reader's light stays [b]blue[/b] while it reads.\nThis takes about 3 seconds.")
        )
        return Holding(
            title=text("Checking the PIN...") if pin else text("Reading the card..."),
            subtitle=text("Do not take the card out yet."),
            step=step(session.service, Part.IDENTITY, text) if session and session.service else None,
            picture=CardPicture(theme, Lamp.WORKS, text("Picture: the card is in the reader, its light is blue")),
            tells=[
                self.doing(scene, text("Checking the PIN") if pin else text("Checking the card")),
                where_it_is(theme, Device.READER, words),
            ],
        )

    @staticmethod
    def _on_the_reader(scene: Scene) -> Holding:
        theme, text, session = scene.theme, scene.text, scene.state.session
        return Holding(
            title=text("Type the PIN on the reader"),
            subtitle=text("Use its keys, then its green key. Nobody sees the digits on this screen."),
            step=step(session.service, Part.IDENTITY, text) if session and session.service else None,
            picture=CardPicture(theme, Lamp.WORKS, text("Picture: the card reader")),
            tells=[where_it_is(theme, Device.READER, text("Changed your mind? Press the reader's red key."))],
        )


class ConsultingScreen(WaitingScreen):
    """The centre is asked; 5 seconds at most."""

    usual_s = CENTRE_S

    def holds(self, scene: Scene) -> Holding:
        assert isinstance(scene.state.stage, Consulting)
        theme, text, session = scene.theme, scene.text, scene.state.session
        service = session.service if session else None
        titles = {"debts": text("Looking for your debts..."), "charge": text("Preparing your payment slip...")}
        by_card = service is not None and service.identification in CARD
        return Holding(
            title=titles.get((service.lookup if service else None) or "", text("Preparing your document...")),
            subtitle=text("Do not take the card out yet.") if by_card else text("This takes a moment."),
            step=step(service, Part.IDENTITY, text) if service else None,
            picture=LookupPicture(theme, text("Picture: the kiosk asks the central system")),
            tells=[
                self.doing(scene, text("Asking the central system")),
                Words(theme, text("The kiosk asks the central system. It answers within 5 seconds."), "body"),
            ],
        )


class CommittingScreen(WaitingScreen):
    """The card signs once more, then everything is written."""

    def holds(self, scene: Scene) -> Holding:
        assert isinstance(scene.state.stage, Committing)
        theme, text, session = scene.theme, scene.text, scene.state.session
        card = scene.state.devices.card_present and session is not None and session.read_a_card
        picture: Block = (
            CardPicture(theme, Lamp.WORKS, text("Picture: the card is in the reader, its light is blue"))
            if card
            else RegisterPicture(theme, text("Picture: the kiosk at work"))
        )
        return Holding(
            title=text("Registering..."),
            subtitle=text("Do not take the card out yet.") if card else text("This takes a moment."),
            step=step(session.service, Part.REVIEW, text) if session and session.service else None,
            picture=picture,
            tells=[self.doing(scene, text("Registering your request"))],
            end=False,
        )
