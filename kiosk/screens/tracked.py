"""What has happened to a request, and what comes next: service and dates, never names, never the citizen's words."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, datetime
from typing import assert_never

from kiosk.issuing.dates import day, moment
from kiosk.issuing.status_words import words
from kiosk.journey.events import Continued, StatusPrintAsked
from kiosk.journey.state import PRINTS
from kiosk.journey.tracking import Step, StepKind, steps_of
from kiosk.journey.tracking_stages import StatusPaper, Tracked
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.frame import Identity
from kiosk.screens.layout.holding import Holding
from kiosk.screens.layout.shape import Shape
from kiosk.screens.parts import back
from kiosk.screens.scene import Scene
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import primary_button
from kiosk.widgets.card import Fact, facts, notice, remark
from kiosk.widgets.timeline import Ends, Point, band, timeline
from kiosk.widgets.words import Words, plain
from offline_cache.contract.messages import TicketStatus


class TrackedScreen(ArrangedScreen):
    def watches(self, scene: Scene) -> Hashable:
        return scene.state.stage, scene.state.devices.printer in PRINTS

    def turns_with(self, scene: Scene) -> Hashable:
        stage = scene.state.stage
        return isinstance(stage, Tracked) and stage.paper

    def holds(self, scene: Scene) -> Holding:
        stage = scene.state.stage
        assert isinstance(stage, Tracked)
        theme, text, status = scene.theme, scene.text, stage.status
        code = Words(theme, text("Code {code}", code=status.code), "small", bold=True, colour=theme.palette.ink2,
                     personal=True)
        department = status.department.in_language(scene.language)
        of = Words(theme, department, "small", colour=theme.palette.ink2, personal=True)
        asked = remark(theme, "check-circle-fill",
                       text("Asked just now: [b]{time}[/b]", time=moment(scene.wall_clock(), scene.language)))
        points = [_point(scene, step, department) for step in steps_of(status)]
        paper = _paper(scene, stage.paper)
        return Holding(
            title=status.title.in_language(scene.language),
            identity=_opened_with(scene),
            tells=[
                *paper, Ends(code, of, theme.gutter), self._standing(scene, status), self._steps(scene, points), asked
            ],
            actions=[back(scene), _onward(scene, stage.paper)],
        )

    def _steps(self, scene: Scene, points: list[Point]) -> Block:
        """A line from point to point; rows that can be split anywhere on the lowest panels."""
        theme, colours = scene.theme, scene.theme.palette
        if self.shape not in {Shape.FLAT, Shape.TINY}:
            return timeline(theme, points)
        return facts(theme, [
            Fact(
                point.what, plain(point.when or point.more), "check-circle-fill" if point.done else "circle-dashed",
                icon_colour=colours.ok if point.done else colours.ink2, personal=True,
            )
            for point in points
        ])

    @staticmethod
    def _standing(scene: Scene, status: TicketStatus) -> Block:
        """Where it is, and by when it is answered; a state that is not known here is work under way."""
        text = scene.text
        sides = [(text("Situation"), words(scene.language).state(status.state))]
        if status.answer_by is not None:
            sides.append((text("Answer by"), day(date.fromisoformat(status.answer_by), scene.language)))
        elif status.answer_days is not None:
            sides.append((text("Answer within"), text("{n} days", n=status.answer_days)))
        return band(scene.theme, sides)


def _opened_with(scene: Scene) -> Identity:
    session, text = scene.state.session, scene.text
    if session is not None and session.by_card:
        return Identity("identification-card-fill", text("Opened with [b]your card[/b]"))
    return Identity("password", text("Opened with [b]code and PIN[/b]"))


def _point(scene: Scene, step: Step, department: str) -> Point:
    """One step: what, when, and whether it has happened, by icon and word."""
    text = scene.text
    more = ""
    if step.kind is StepKind.RECEIVED:
        more = department
    elif step.kind is StepKind.ANSWER:
        more = text("You read it here, with code and PIN")
    return Point(_name(scene, step), _when(scene, step), more, done=step.done)


def _paper(scene: Scene, paper: StatusPaper) -> list[Block]:
    """What becomes of the printed status."""
    theme, text = scene.theme, scene.text
    match paper:
        case StatusPaper.NONE:
            return []
        case StatusPaper.WAITING:
            return [notice(theme, "ok", text("Printing. The paper comes out below."), icon="printer")]
        case StatusPaper.PRINTED:
            return [notice(theme, "ok", text("[b]Printed.[/b] Take your paper."), icon="check-circle-fill")]
        case StatusPaper.FAILED:
            return [notice(theme, "warn", text("[b]The paper may not have come out.[/b] You can ask for it again."))]
        case StatusPaper.ASKED:
            said = text("[b]Did your paper come out?[/b] This printer cannot tell. If not, ask for it again.")
            return [notice(theme, "warn", said)]
    assert_never(paper)


def _onward(scene: Scene, paper: StatusPaper) -> Block:
    """To paper, while there is none; after it, or without a printer, to the services."""
    theme, text = scene.theme, scene.text
    again = {StatusPaper.NONE, StatusPaper.FAILED, StatusPaper.ASKED}
    if paper in again and scene.state.devices.printer in PRINTS:
        return primary_button(theme, text("Print the status"), lambda: scene.send(StatusPrintAsked()), icon="printer")
    return primary_button(theme, text("See other services"), lambda: scene.send(Continued()), arrow="arrow-right")


def _name(scene: Scene, step: Step) -> str:
    text = scene.text
    match step.kind:
        case StepKind.CHANGED:
            return words(scene.language).state(step.state)
        case StepKind.REGISTERED | StepKind.RECEIVED:
            return words(scene.language).state(step.kind)
        case StepKind.ANSWER:
            return text("Answer")
    assert_never(step.kind)


def _when(scene: Scene, step: Step) -> str:
    text, language = scene.text, scene.language
    if step.at is None:
        return text("The time is not known for sure") if step.done else ""
    if "T" in step.at:
        return moment(datetime.fromisoformat(step.at), language)
    return text("by {date}", date=day(date.fromisoformat(step.at), language))
