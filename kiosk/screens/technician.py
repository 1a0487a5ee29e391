"""What a technician sees first: the PIN, why a card opens nothing, and the menu."""

from __future__ import annotations

import math
from collections.abc import Hashable

from kiosk.health.findings import needing_a_hand
from kiosk.journey.events import ActAsked, Continued, WentBack
from kiosk.journey.state import State
from kiosk.journey.technician import PIN_DIGITS
from kiosk.journey.technician_stages import (
    Act,
    TechnicianChecking,
    TechnicianFailed,
    TechnicianMode,
    TechnicianPin,
    allowed,
)
from kiosk.screens.act_words import ACTS, MENU
from kiosk.screens.finding_rows import rows, summary
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.frame import Identity
from kiosk.screens.layout.holding import Choices, Holding
from kiosk.screens.parts import said
from kiosk.screens.scene import Scene
from kiosk.screens.trouble_words import TECHNICIAN, TECHNICIAN_LOCKED
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import cannot, primary_button, secondary_button, topic_button
from kiosk.widgets.card import notice
from kiosk.widgets.either import Either
from kiosk.widgets.pin_pad import pin_pad
from kiosk.widgets.text_field import DotsField
from kiosk.widgets.words import Words, plain
from offline_cache.contract.staff import Role, Technician

MINUTE_S = 60
# So many of the faults stand above the menu; all of them in the state of everything.
FIRST = 2


def _leave(scene: Scene) -> Block:
    return secondary_button(
        scene.theme, scene.text("Leave"), lambda: scene.send(WentBack()), icon="x", control_id="back"
    )


def who_is_here(scene: Scene, who: Technician) -> str:
    """For the strip: name and role."""
    if who.role is Role.REMOTE:
        return scene.text("[b]Technician[/b] · by a code of the centre")
    role = scene.text("Supervisor") if who.role is Role.SUPERVISOR else scene.text("Technician")
    return f"[b]{plain(who.name)}[/b] · {role}"


class TechnicianPinScreen(ArrangedScreen):
    """The digits pass this screen by, as those of a citizen's card do."""

    def watches(self, scene: Scene) -> Hashable:
        stage = scene.state.stage
        return (stage.tries_left, stage.wrong) if isinstance(stage, TechnicianPin) else stage

    def holds(self, scene: Scene) -> Holding:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, TechnicianPin)
        self._confirm = Either(
            primary_button(theme, text("Confirm"), lambda: scene.send(Continued()), icon="check"),
            cannot(theme, text("At least {n} digits", n=PIN_DIGITS.start)),
            show_first=stage.typed >= PIN_DIGITS.start,
        )
        hint = text("{low} to {high} digits", low=PIN_DIGITS.start, high=PIN_DIGITS.stop - 1)
        self._dots = DotsField(theme, stage.typed, name=text("The card's PIN"), hint=hint, error=stage.wrong)
        tells: list[Block] = []
        if stage.wrong:
            tells.append(notice(theme, "warn", text("[b]The PIN did not match.[/b] Type it again.")))
        return Holding(
            title=text("Type your card's PIN"),
            identity=Identity("wrench", who_is_here(scene, stage.who)),
            field=self._dots,
            tells=tells,
            pad=lambda width, height: pin_pad(theme, text, scene.pin, scene.send, shuffle=True, room=(width, height)),
            actions=[_leave(scene), self._confirm],
            end=False,
        )

    def refresh(self, scene: Scene) -> None:
        stage = scene.state.stage
        if isinstance(stage, TechnicianPin):
            self._dots.become(stage.typed)
            self._confirm.choose(stage.typed >= PIN_DIGITS.start)


class TechnicianCheckingScreen(ArrangedScreen):
    def holds(self, scene: Scene) -> Holding:
        stage = scene.state.stage
        assert isinstance(stage, TechnicianChecking)
        return Holding(
            title=scene.text("One moment, please."),
            identity=Identity("wrench", who_is_here(scene, stage.who)),
            tells=[Words(scene.theme, scene.text("Leave your card in the reader."), "lead")],
            end=False,
        )


class TechnicianFailedScreen(ArrangedScreen):
    def watches(self, scene: Scene) -> Hashable:
        return scene.state.stage, _minutes(scene.state)

    def holds(self, scene: Scene) -> Holding:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, TechnicianFailed)
        words = TECHNICIAN_LOCKED if stage.trouble is None else TECHNICIAN[stage.trouble]
        remedy = text(words.remedy, n=_minutes(scene.state))
        return Holding(
            tells=[said(theme, "warn", "warning-fill", text(words.title), remedy)], actions=[_leave(scene)], end=False
        )


class TechnicianModeScreen(ArrangedScreen):
    """What needs somebody, then all that can be done. The card's going ends it."""

    def holds(self, scene: Scene) -> Holding:
        text, stage = scene.text, scene.state.stage
        assert isinstance(stage, TechnicianMode)
        tells: list[Block] = [summary(scene, stage.findings)]
        hand = needing_a_hand(stage.findings or ())[:FIRST]
        if hand and not self.shape.short_of_room:
            tells.append(rows(scene, hand))
        remote = stage.who.role is Role.REMOTE
        how = text("Every visit is recorded.")
        if not remote:
            how = text("Taking the card out ends it. Every visit is recorded.")
        columns = 2 if self.shape.short_of_room else 3
        return Holding(
            title=text("Maintenance"),
            subtitle="" if self.shape.short_of_room else how,
            identity=Identity("wrench", who_is_here(scene, stage.who)),
            strip=not self.shape.short_of_room,
            tells=tells,
            choices=[Choices([self._act(scene, act) for act in MENU if allowed(stage.who, act)], columns=columns)],
            actions=[_leave(scene), self._restart(scene)],
            end=False,
        )

    @staticmethod
    def _restart(scene: Scene) -> Block:
        called = ACTS[Act.RESTART]
        return secondary_button(
            scene.theme, scene.text(called.label), lambda: scene.send(ActAsked(Act.RESTART)), icon=called.icon,
            control_id=f"act:{Act.RESTART}",
        )

    @staticmethod
    def _act(scene: Scene, act: Act) -> Block:
        called = ACTS[act]
        return topic_button(
            scene.theme, scene.text(called.label), lambda: scene.send(ActAsked(act)), icon=called.icon,
            control_id=f"act:{act}",
        )


def _minutes(state: State) -> int:
    stage = state.stage
    if not isinstance(stage, TechnicianFailed):
        return 0
    return max(1, math.ceil((stage.locked_until_s - state.now_s) / MINUTE_S))
