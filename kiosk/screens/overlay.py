"""What lies over a screen: help, the choice of language, the idle warning. Nothing below can be touched then."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from kiosk.catalog.model import Language
from kiosk.journey.events import Ended, HelpToggled, LanguageChosen, LanguageToggled, StillHere
from kiosk.journey.state import (
    BEFORE_COMMIT,
    Attract,
    CheckingPin,
    Committing,
    Consulting,
    Done,
    IdleWarning,
    ReadingCard,
    Services,
)
from kiosk.screens.scene import Scene, Screen
from kiosk.widgets.block import Block, Column, Space
from kiosk.widgets.buttons import primary_button, secondary_button, topic_button
from kiosk.widgets.card import Card, Fact, facts
from kiosk.widgets.progress import Countdown
from kiosk.widgets.words import Words, plain

LANGUAGE_NAMES = {
    Language.PT_BR: "Português", Language.ES: "Español", Language.IT: "Italiano", Language.EN: "English",
}


# Where there is nothing to wait for.
WITH_BACK = tuple(stage for stage in BEFORE_COMMIT if stage not in {ReadingCard, CheckingPin, Consulting, Committing})


class OverlayScreen(Screen):
    """A veil, and a sheet at the foot of the screen."""

    def watches(self, scene: Scene) -> Hashable:
        return type(scene.state.overlay), type(scene.state.stage)

    def sheet(self, scene: Scene, content: Block, *, width_of: float = 1.0) -> None:
        theme = scene.theme
        self.ground(theme.palette.veil)
        margin = theme.px(40)
        card = Card(theme, content, radius=48, pad=(64, 56))
        width = (self.width - 2 * margin) * width_of
        self.put(card, margin, margin + card.height_for(width), width)

    def on_touch_down(self, touch: Any) -> bool:
        super().on_touch_down(touch)
        return True


class HelpOverlay(OverlayScreen):
    def build(self, scene: Scene) -> None:
        theme, text = scene.theme, scene.text
        catalogue = scene.state.catalogue
        rows = []
        if isinstance(scene.state.stage, Attract):
            rows.append(Fact(text("To start"), text("Touch the greeting in your language."), "hand-tap"))
        if isinstance(scene.state.stage, WITH_BACK) and scene.state.stage != Services():
            rows.append(
                Fact(text("Go back"), text("Touch [b]Back[/b], at the lower left. Nothing is lost."), "arrow-left")
            )
        if isinstance(scene.state.stage, BEFORE_COMMIT) and not isinstance(scene.state.stage, Committing):
            rows.append(
                Fact(text("Stop"), text("Touch [b]End[/b], at the upper right. What you wrote is erased."), "x")
            )
        rows += [
            Fact(text("Another language"), text("Touch [b]Language[/b], at the lower right."), "translate"),
            Fact(text("Your card"), text("Leave it in the reader until the screen asks you to take it."),
                 "identification-card"),
        ]
        if catalogue is not None:
            phone = plain(catalogue.operator.phone)
            rows.append(Fact(text("Talk to a person"), text("Call [b]{phone}[/b]", phone=phone), "phone"))
            privacy = plain(catalogue.privacy_notice.in_language(scene.language))
            rows.append(Fact(text("Your data"), privacy, "lock-simple"))
        self.sheet(scene, Column([
            Words(theme, text("How can we help?"), "title", bold=True, role="heading"),
            Space(theme.px(28)),
            facts(theme, rows, room=22),
            Space(theme.px(40)),
            primary_button(theme, text("Close help"), lambda: scene.send(HelpToggled()), icon="check",
                           control_id="close"),
        ]))


class LanguageOverlay(OverlayScreen):
    def watches(self, scene: Scene) -> Hashable:
        return super().watches(scene), scene.language

    def build(self, scene: Scene) -> None:
        theme, text = scene.theme, scene.text
        catalogue = scene.state.catalogue
        column = Column([
            Words(theme, text("Which language?"), "title", bold=True, role="heading"),
            Space(theme.px(32)),
        ])
        for language in catalogue.languages if catalogue else tuple(Language):
            column.add(self._choice(scene, language))
            column.add(Space(theme.gutter))
        column.add(Space(theme.px(16)))
        column.add(secondary_button(
            theme, text("Close"), lambda: scene.send(LanguageToggled()), icon="x", control_id="close",
        ))
        self.sheet(scene, column)

    @staticmethod
    def _choice(scene: Scene, language: Language) -> Block:
        return topic_button(
            scene.theme, LANGUAGE_NAMES[language], lambda: scene.send(LanguageChosen(language)), icon="globe",
            control_id=f"language:{language}", chosen=language is scene.language, height=136, step="lead",
        )


class IdleOverlay(OverlayScreen):
    _countdown: Countdown
    _left: Words

    def build(self, scene: Scene) -> None:
        theme, text, overlay = scene.theme, scene.text, scene.state.overlay
        seconds = overlay.seconds_left if isinstance(overlay, IdleWarning) else 0
        whole_s = scene.state.catalogue.limits.warning_s if scene.state.catalogue else seconds
        self._countdown = Countdown(theme, seconds, whole_s)
        self._left = Words(theme, self._words(scene, seconds), "lead", markup=True, align="center")
        blocks: list[Block] = [
            Space(theme.px(24)),
            self._countdown,
            Space(theme.px(56)),
            Words(theme, text("Are you still there?"), "title", bold=True, role="heading", align="center"),
            Space(theme.px(16)),
            self._left,
            Space(theme.px(72)),
            primary_button(
                theme, text("Yes, go on"), lambda: scene.send(StillHere()), icon="hand-tap-fill",
                control_id="still-here", height=240, step="head",
            ),
        ]
        if isinstance(scene.state.stage, (*BEFORE_COMMIT, Done)):
            blocks += [
                Space(theme.gutter),
                secondary_button(
                    theme, text("End and erase"), lambda: scene.send(Ended()), icon="x", control_id="end",
                ),
            ]
        self.sheet(scene, Column(blocks))

    @staticmethod
    def _words(scene: Scene, seconds: int) -> str:
        if isinstance(scene.state.stage, BEFORE_COMMIT):
            return scene.text(
                "If nobody touches within [b]{n} seconds[/b], this session ends and what you wrote is erased.",
                n=seconds,
            )
        return scene.text("If nobody touches within [b]{n} seconds[/b], this session ends.", n=seconds)

    def refresh(self, scene: Scene) -> None:
        overlay = scene.state.overlay
        if isinstance(overlay, IdleWarning):
            self._countdown.become(overlay.seconds_left)
            self._left.say(self._words(scene, overlay.seconds_left))
