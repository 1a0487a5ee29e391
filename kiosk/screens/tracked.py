"""What has happened to a request, and what comes next: service and dates, never names, never the citizen's words."""

from __future__ import annotations

from datetime import date, datetime
from typing import assert_never

from kiosk.issuing.dates import day, moment
from kiosk.journey.events import Continued
from kiosk.journey.tracking import Step, StepKind, steps_of
from kiosk.journey.tracking_stages import Tracked
from kiosk.screens.arrange import ArrangedScreen
from kiosk.screens.frame import Identity
from kiosk.screens.holding import Holding
from kiosk.screens.parts import back
from kiosk.screens.scene import Scene, Text
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.buttons import primary_button
from kiosk.widgets.card import Fact, facts, notice, remark
from kiosk.widgets.words import Words, plain
from offline_cache.contract.messages import TicketStatus

ICONS = {StepKind.REGISTERED: "receipt", StepKind.RECEIVED: "envelope", StepKind.ANSWER: "chat-circle-text"}


class TrackedScreen(ArrangedScreen):
    def holds(self, scene: Scene) -> Holding:
        stage = scene.state.stage
        assert isinstance(stage, Tracked)
        theme, text, status = scene.theme, scene.text, stage.status
        code = Words(theme, text("Code {code}", code=status.code), "small", bold=True, colour=theme.palette.ink2,
                     personal=True)
        department = Words(theme, status.department.in_language(scene.language), "small",
                           colour=theme.palette.ink2, personal=True,
                           align="right" if theme.spread == 1 and theme.large == 1 else "left")
        asked = remark(theme, "check-circle-fill",
                       text("Asked just now: [b]{time}[/b]", time=moment(scene.wall_clock(), scene.language)))
        return Holding(
            title=status.title.in_language(scene.language),
            identity=Identity("detective-fill", text("Opened with code and PIN")),
            tells=[
                # Side by side only where neither has to wrap.
                Row([code, department], shares=[0, 1], gap=theme.gutter)
                if theme.spread == 1 and theme.large == 1
                else Column([code, department]),
                self._standing(scene, status),
                facts(theme, [_fact(scene, step) for step in steps_of(status)]),
                asked,
            ],
            actions=[
                back(scene),
                primary_button(theme, text("See other services"), lambda: scene.send(Continued()),
                               arrow="arrow-right"),
            ],
        )

    @staticmethod
    def _standing(scene: Scene, status: TicketStatus) -> Block:
        text = scene.text
        if status.answer_by is not None:
            by = day(date.fromisoformat(status.answer_by), scene.language)
            return notice(scene.theme, "info", text("[b]Received.[/b] The answer comes by [b]{date}.[/b]", date=by),
                          personal=True)
        if status.answer_days is not None:
            words = text("[b]Received.[/b] The answer comes within [b]{n} days.[/b]", n=status.answer_days)
            return notice(scene.theme, "info", words, personal=True)
        return notice(scene.theme, "info", text("[b]Received.[/b] It is being looked after."), personal=True)


def _fact(scene: Scene, step: Step) -> Fact:
    """One step: what, when, and whether it has happened, by icon and word."""
    text = scene.text
    done = step.done
    return Fact(
        _name(text, step),
        plain(_when(scene, step)),
        "check-circle-fill" if done else "circle-dashed",
        icon_colour=scene.theme.palette.ok if done else scene.theme.palette.ink2,
        personal=True,
    )


def _name(text: Text, step: Step) -> str:
    match step.kind:
        case StepKind.REGISTERED:
            return text("Registered")
        case StepKind.RECEIVED:
            return text("Received by the city")
        case StepKind.ANSWER:
            return text("Answer")
    assert_never(step.kind)


def _when(scene: Scene, step: Step) -> str:
    text, language = scene.text, scene.language
    if step.at is None:
        return text("The time is not known for sure") if step.done else text("You read it here, with code and PIN")
    if "T" in step.at:
        return moment(datetime.fromisoformat(step.at), language)
    return text("by {date}", date=day(date.fromisoformat(step.at), language))
