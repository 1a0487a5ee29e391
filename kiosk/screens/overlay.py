"""What lies over a screen: help, the choice of language, the idle warning. Nothing below can be touched then."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.catalog.model import Language
from kiosk.journey import waiting
from kiosk.journey.events import (
    AccessToggled,
    Ended,
    HelpToggled,
    LanguageChosen,
    LanguageToggled,
    MaintenanceAsked,
    StillHere,
)
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
from kiosk.journey.tracking_stages import Tracking
from kiosk.screens.layout.arrange import ArrangedSheet
from kiosk.screens.layout.holding import Choices, Holding
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Scene
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import primary_button, secondary_button, topic_button
from kiosk.widgets.card import Fact, facts
from kiosk.widgets.progress import Countdown
from kiosk.widgets.words import Words, plain

LANGUAGE_NAMES = {
    Language.PT_BR: "Português", Language.ES: "Español", Language.IT: "Italiano", Language.EN: "English",
}


# Where there is nothing but to wait.
WITHOUT_BACK = {ReadingCard, CheckingPin, Consulting, Tracking, Committing}
WITH_BACK = tuple(stage for stage in BEFORE_COMMIT if stage not in WITHOUT_BACK)


class OverlaySheet(ArrangedSheet):
    """Built again when it lies over another stage."""

    def watches(self, scene: Scene) -> Hashable:
        return type(scene.state.overlay).__name__, type(scene.state.stage).__name__, scene.state.devices.link


class HelpOverlay(OverlaySheet):
    def holds(self, scene: Scene) -> Holding:
        theme, text = scene.theme, scene.text
        close = primary_button(
            theme, text("Close help"), lambda: scene.send(HelpToggled()), icon="check", control_id="close",
        )
        # Where the bar is wide, it has no place for `Access`: the settings that it lacks are found here.
        settings = secondary_button(
            theme, text("Text, voice, time"), lambda: scene.send(AccessToggled()), icon="person-arms-spread",
            control_id="access",
        )
        # Whoever comes to mend the network and has no card: a code of the centre lets them in.
        technician = topic_button(
            theme, text("For technicians"), lambda: scene.send(MaintenanceAsked()), icon="wrench",
            control_id="maintenance",
        )
        wanted = isinstance(scene.state.stage, Attract) and not scene.state.devices.link
        return Holding(
            title=text("How can we help?"), tells=[facts(theme, self._rows(scene), room=22)],
            choices=[Choices([technician], columns=1)] if wanted else [],
            actions=[settings, close] if self.shape in {Shape.UPRIGHT, Shape.WIDE} else [close],
            one_below_other=self.shape is Shape.UPRIGHT and not theme.reach,
        )

    def _rows(self, scene: Scene) -> list[Fact]:
        text, catalogue = scene.text, scene.state.catalogue
        low = scene.theme.reach
        rows = []
        if isinstance(scene.state.stage, Attract):
            rows.append(Fact(text("To start"), text("Touch the greeting in your language."), "hand-tap"))
        if isinstance(scene.state.stage, WITH_BACK) and scene.state.stage != Services():
            rows.append(
                Fact(text("Go back"), text("Touch [b]Back[/b], at the lower left. Nothing is lost."), "arrow-left")
            )
        if isinstance(scene.state.stage, BEFORE_COMMIT) and not isinstance(scene.state.stage, Committing):
            where = text("Touch [b]End[/b], at the upper right. What you wrote is erased.")
            if low or self.shape in {Shape.FLAT, Shape.TINY}:
                where = text("Touch the button with the cross. What you wrote is erased.")
            rows.append(Fact(text("Stop"), where, "x"))
        another = text("Touch [b]Language[/b], at the lower right.")
        if self.shape in {Shape.FLAT, Shape.TINY}:
            another = text("Touch [b]Access[/b], below. Languages are there.")
        elif low:
            another = text("Touch [b]Language[/b], below.")
        rows += [
            Fact(text("Another language"), another, "translate"),
            Fact(text("Your card"), text("Leave it in the reader until the screen asks you to take it."),
                 "identification-card"),
        ]
        rows.append(Fact(
            text("Hear the screen"), text("Plug in a headset, or keep a finger on the screen for two seconds."),
            "speaker-high",
        ))
        if catalogue is not None:
            phone = plain(catalogue.operator.phone)
            rows.append(Fact(text("Talk to a person"), text("Call [b]{phone}[/b]", phone=phone), "phone"))
            privacy = plain(catalogue.privacy_notice.in_language(scene.language))
            rows.append(Fact(text("Your data"), privacy, "lock-simple"))
        return rows


class LanguageOverlay(OverlaySheet):
    def watches(self, scene: Scene) -> Hashable:
        return super().watches(scene), scene.language

    def holds(self, scene: Scene) -> Holding:
        theme, text = scene.theme, scene.text
        catalogue = scene.state.catalogue
        languages = catalogue.languages if catalogue else tuple(Language)
        close = secondary_button(
            theme, text("Close"), lambda: scene.send(LanguageToggled()), icon="x", control_id="close",
        )
        return Holding(
            title=text("Which language?"),
            choices=[Choices(
                [self._choice(scene, language) for language in languages],
                columns=2 if self.shape is not Shape.UPRIGHT else 1,
            )],
            actions=[close],
        )

    @staticmethod
    def _choice(scene: Scene, language: Language) -> Block:
        return topic_button(
            scene.theme, LANGUAGE_NAMES[language], lambda: scene.send(LanguageChosen(language)), icon="globe",
            control_id=f"language:{language}", chosen=language is scene.language, height=136, step="lead",
        )


class IdleOverlay(OverlaySheet):
    _countdown: Countdown
    _left: Words

    def holds(self, scene: Scene) -> Holding:
        theme, text, overlay = scene.theme, scene.text, scene.state.overlay
        seconds, last = (overlay.seconds_left, overlay.last) if isinstance(overlay, IdleWarning) else (0, False)
        catalogue = scene.state.catalogue
        whole_s = waiting.warning_s(catalogue.limits, scene.state.settings) if catalogue else seconds
        self._countdown = Countdown(theme, seconds, whole_s)
        self._left = Words(theme, self._words(scene, seconds), "lead", markup=True)
        actions: list[Block] = []
        if isinstance(scene.state.stage, (*BEFORE_COMMIT, Done)):
            actions.append(secondary_button(
                theme, text("End and erase"), lambda: scene.send(Ended()), icon="x", control_id="end",
            ))
        high = self.shape is Shape.UPRIGHT and not theme.reach
        actions.append(primary_button(
            theme, text("Use the time left") if last else text("Yes, go on"), lambda: scene.send(StillHere()),
            icon="hand-tap-fill", control_id="still-here", height=240 if high else 152, step="head" if high else "lead",
        ))
        title = text("Your time is almost over") if last else text("Are you still there?")
        return Holding(
            title=title, picture=self._countdown, tells=[self._left], actions=actions, one_below_other=high,
        )

    def _words(self, scene: Scene, seconds: int) -> str:
        if isinstance(scene.state.stage, BEFORE_COMMIT):
            overlay = scene.state.overlay
            if self.shape is Shape.TINY or (isinstance(overlay, IdleWarning) and overlay.last):
                return scene.text("In [b]{n} seconds[/b] what you wrote is erased.", n=seconds)
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
