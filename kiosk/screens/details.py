"""What one service needs, costs and gives, before anything is asked. An information service ends here."""

from __future__ import annotations

from collections.abc import Hashable
from typing import assert_never

from kiosk.catalog.model import Identification, Service
from kiosk.issuing.id_names import names_of
from kiosk.journey import availability
from kiosk.journey.events import Continued, WentBack
from kiosk.journey.state import Availability
from kiosk.journey.wording import wording_of
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.scene import Scene, Text
from kiosk.screens.standing import expecting
from kiosk.screens.wording import explained, why_not
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import cannot, primary_button, secondary_button
from kiosk.widgets.card import Fact, Tone, facts, notice
from kiosk.widgets.icon import Badge
from kiosk.widgets.progress import StepBar
from kiosk.widgets.words import plain

PROOF_LEVELS = 3


def proof(text: Text, service: Service, number: str) -> tuple[int, str]:
    """How strong the proof is that this service asks (0 to 3), and in marked-up words; `number`: what is typed."""
    match service.identification:
        case Identification.CARD_PIN:
            return 3, text("[b]Strong proof, 3 of 3:[/b] card and its PIN")
        case Identification.CARD:
            return 2, text("[b]Medium proof, 2 of 3:[/b] card without PIN")
        case Identification.CLAIMED:
            return 1, text("[b]Simple, 1 of 3:[/b] you type your name and {number}", number=number)
        case Identification.NONE if service.anonymous:
            return 0, text("[b]We do not ask.[/b] Your request stays anonymous.")
        case Identification.NONE:
            return 0, text("[b]No proof needed[/b]")
    assert_never(service.identification)


class DetailsScreen(ArrangedScreen):
    def watches(self, scene: Scene) -> Hashable:
        session = scene.state.session
        service = session.service if session else None
        if session is None or service is None:
            return None
        standing = availability.of(service, scene.state)
        not_yet = self._not_yet(scene, service, standing)
        simple = scene.state.settings.simple
        return service.id, session.holder, session.read_a_card, standing, not_yet, simple

    def holds(self, scene: Scene) -> Holding:
        session = scene.state.session
        assert session is not None
        assert session.service is not None
        service, theme, text = session.service, scene.theme, scene.text
        standing = availability.of(service, scene.state)
        back = secondary_button(
            theme, text("Back"), lambda: scene.send(WentBack()), icon="arrow-left", control_id="back",
        )
        if service.kind == "info":
            actions: list[Block] = [back]
        elif self._not_anonymous(scene, service):
            actions = [back, primary_button(theme, text("Start again"), lambda: scene.send(Continued()))]
        else:
            actions = [back, self._begin(scene, service, standing)]
        return Holding(
            title=service.title.in_language(scene.language),
            subtitle=plain(wording_of(service, scene.state.settings, scene.language).summary),
            emblem=Badge(theme, service.icon, 128),
            tells=self._tells(scene, service, standing),
            actions=actions,
        )

    def _tells(self, scene: Scene, service: Service, standing: Availability) -> list[Block]:
        """The facts, and whether it can be had now."""
        theme, text = scene.theme, scene.text
        blocks: list[Block] = [facts(theme, self._facts(scene, service), room=20)]
        if self._not_anonymous(scene, service):
            blocks.append(notice(theme, "warn", text(
                "[b]You used your card in this visit.[/b] To stay anonymous, start again and choose this service.",
            )))
        elif service.kind != "info":
            tones: dict[Availability, Tone] = {Availability.NOW: "ok", Availability.QUEUED: "info"}
            tone, words = tones.get(standing, "warn"), explained(text, standing)
            if self._not_yet(scene, service, standing):
                tone, words = "info", text("[b]One moment.[/b] The kiosk is getting ready for this service.")
            blocks.append(notice(theme, tone, words))
        return blocks

    @staticmethod
    def _not_anonymous(scene: Scene, service: Service) -> bool:
        """A card was read in this visit: an anonymous request cannot be part of it."""
        session = scene.state.session
        return session is not None and service.anonymous and session.read_a_card

    @staticmethod
    def _not_yet(scene: Scene, service: Service, standing: Availability) -> bool:
        """Only parts that have not spoken since the start stand in the way."""
        hoped = availability.of(service, expecting(scene.state))
        return standing not in availability.BEGINNABLE and hoped in availability.BEGINNABLE

    @classmethod
    def _begin(cls, scene: Scene, service: Service, standing: Availability) -> Block:
        theme, text = scene.theme, scene.text
        if cls._not_yet(scene, service, standing):
            return cannot(theme, text("One moment"))
        if standing in availability.BEGINNABLE:
            return primary_button(theme, text("Begin"), lambda: scene.send(Continued()), arrow="arrow-right")
        return cannot(theme, why_not(text, standing))

    @staticmethod
    def _facts(scene: Scene, service: Service) -> list[Fact]:
        theme, text, language = scene.theme, scene.text, scene.language
        told, needs = service.description, wording_of(service, scene.state.settings, language).needs
        claimed = scene.state.catalogue.claimed_ids if scene.state.catalogue else ()
        level, words = proof(text, service, names_of(claimed, language))
        # A picture of what the words say; on a small panel it would begin a page of its own.
        meter = StepBar(theme, level, PROOF_LEVELS, height=16, width=212) if level and theme.spread else None
        if service.info is not None:
            return _told(service.info.in_language(language))
        return [
            Fact(text("You will need"), plain(needs), "list-checks"),
            Fact(text("How we know who you are"), words, "shield-check", extra=meter),
            Fact(text("What it costs"), plain(told.cost.in_language(language)), "coins"),
            Fact(text("When it is ready"), plain(told.deadline.in_language(language)), "printer"),
            Fact(text("Who can ask"), plain(told.audience.in_language(language)), "user"),
        ]


def _told(info: str) -> list[Fact]:
    """Each line of an information service is a row; what stands before a colon is its label."""
    rows = []
    for line in filter(None, (line.strip() for line in info.splitlines())):
        label, colon, value = line.partition(": ")
        rows.append(Fact(label, plain(value)) if colon else Fact("", plain(line)))
    return rows
