"""What a technician sees: the PIN, why a card opens nothing, and how the kiosk is."""

from __future__ import annotations

import math
from collections.abc import Hashable

from kiosk.journey.events import Continued, WentBack
from kiosk.journey.state import PRINTS, ReaderCondition, State
from kiosk.journey.technician import PIN_DIGITS
from kiosk.journey.technician_stages import TechnicianChecking, TechnicianFailed, TechnicianMode, TechnicianPin
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.frame import Identity
from kiosk.screens.layout.holding import Holding
from kiosk.screens.parts import said
from kiosk.screens.scene import Scene
from kiosk.screens.trouble_words import TECHNICIAN, TECHNICIAN_LOCKED
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import cannot, primary_button, secondary_button
from kiosk.widgets.card import Fact, facts, notice
from kiosk.widgets.either import Either
from kiosk.widgets.pin_pad import pin_pad
from kiosk.widgets.text_field import DotsField
from kiosk.widgets.words import Words, plain
from offline_cache.contract.staff import Role, Technician

MINUTE_S = 60


def _leave(scene: Scene) -> Block:
    return secondary_button(
        scene.theme, scene.text("Leave"), lambda: scene.send(WentBack()), icon="x", control_id="back"
    )


def _who(scene: Scene, who: Technician) -> str:
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
            identity=Identity("wrench", _who(scene, stage.who)),
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
            identity=Identity("wrench", _who(scene, stage.who)),
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
    """Who is here by which right, and how the kiosk is. The card's going ends it."""

    def watches(self, scene: Scene) -> Hashable:
        return scene.state.stage, scene.state.devices, scene.state.catalogue

    def holds(self, scene: Scene) -> Holding:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, TechnicianMode)
        who = stage.who
        mine = [
            Fact(text("Sites"), plain(", ".join(who.sites))),
            Fact(text("List of cancelled technicians' cards"), text("of {date}", date=plain(who.list_made))),
        ]
        return Holding(
            title=text("Maintenance"),
            subtitle=text("Taking the card out ends it. Every visit is recorded."),
            identity=Identity("wrench", _who(scene, who)),
            tells=[facts(theme, self._state(scene)), facts(theme, mine)],
            actions=[_leave(scene)],
            end=False,
        )

    @staticmethod
    def _state(scene: Scene) -> list[Fact]:
        text, devices, catalogue = scene.text, scene.state.devices, scene.state.catalogue
        colours = scene.theme.palette
        good, bad = text("works"), text("does not work: look at it")

        def row(label: str, *, works: bool, value: str = "") -> Fact:
            icon, colour = ("check-circle-fill", colours.ok) if works else ("x-circle-fill", colours.error)
            return Fact(label, plain(value) or (good if works else bad), icon, icon_colour=colour)

        version = text("version {n}", n=catalogue.version) if catalogue is not None else ""
        numbers = ", ".join(f"{series} {left}" for series, left in devices.numbers)
        return [
            row(text("Printer"), works=devices.printer in PRINTS),
            row(text("Card reader"), works=devices.reader is ReaderCondition.READY),
            row(text("Way to the centre"), works=bool(devices.link)),
            row(text("Enrolment"), works=devices.enrolled),
            row(text("Room on the disk"), works=devices.space),
            row(text("Clock"), works=devices.clock_trusted),
            row(text("Catalogue"), works=catalogue is not None, value=version),
            *([row(text("Numbers left"), works=True, value=numbers)] if numbers else []),
        ]


def _minutes(state: State) -> int:
    stage = state.stage
    if not isinstance(stage, TechnicianFailed):
        return 0
    return max(1, math.ceil((stage.locked_until_s - state.now_s) / MINUTE_S))
