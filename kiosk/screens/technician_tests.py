"""What only the eyes and the finger of a technician can judge: touch, its calibration, the screen; and the log."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from kivy.graphics import Color, Line

from kiosk.journey.affine import CROSSES
from kiosk.journey.events import ActAsked, Continued, CrossTouched, FieldTouched
from kiosk.journey.technician_stages import (
    SCREEN_GROUNDS,
    TOUCH_FIELDS,
    Act,
    Calibrating,
    LogExcerpt,
    ScreenTest,
    TouchTest,
    allowed,
)
from kiosk.screens.act_words import ACTS
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Choices, Holding
from kiosk.screens.layout.shape import Shape
from kiosk.screens.parts import back
from kiosk.screens.scene import Area, Scene, Screen
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.buttons import primary_button, secondary_button, topic_button
from kiosk.widgets.qr import QrPicture
from kiosk.widgets.tokens import rgba
from kiosk.widgets.words import Words

CROSS_PX, CROSS_LINE_PX = 48, 6
# A technician's phone is held close to the glass.
QR_MODULE_MM = 0.36


class TouchTestScreen(ArrangedScreen):
    """Every field is pressed once: a dead zone of the panel is a field that stays empty."""

    def holds(self, scene: Scene) -> Holding:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, TouchTest)
        left = TOUCH_FIELDS - len(stage.hit)
        actions: list[Block] = [back(scene)]
        if allowed(stage.who, Act.CALIBRATE):
            called = ACTS[Act.CALIBRATE]
            actions.append(secondary_button(
                theme, text(called.label), lambda: scene.send(ActAsked(Act.CALIBRATE)), icon=called.icon,
                control_id=f"act:{Act.CALIBRATE}",
            ))
        return Holding(
            title=text(ACTS[Act.TEST_TOUCH].title),
            subtitle=text("{n} are left.", n=left) if left else text("The touch works everywhere."),
            choices=[Choices([self._field(scene, at, hit=at in stage.hit) for at in range(TOUCH_FIELDS)], columns=3)],
            actions=actions,
            bar=False,
            end=False,
        )

    @staticmethod
    def _field(scene: Scene, at: int, *, hit: bool) -> Block:
        name = scene.text("Field {n}", n=at + 1)
        return topic_button(
            scene.theme, str(at + 1), lambda: scene.send(FieldTouched(at)), icon="hand-tap", control_id=f"field:{at}",
            chosen=hit, name=name, height=200,
        )


class CalibratingScreen(Screen):
    """One cross after the other is touched; where the finger was put down is all that counts."""

    def build(self, scene: Scene) -> None:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, Calibrating)
        self._send = scene.send
        self.ground(theme.palette.page)
        width = self.width * 0.56
        column = Column([
            Words(theme, text("Touch the middle of the cross"), "lead", bold=True, role="heading", align="center"),
            Words(theme, text("{n} of {of}", n=len(stage.touched) + 1, of=len(CROSSES)), "body", align="center"),
            back(scene),
        ], gap=theme.space(24))
        tall = column.height_for(width)
        self.put(column, (self.width - width) / 2, (self.height + tall) / 2, width, tall)
        x, y = CROSSES[min(len(stage.touched), len(CROSSES) - 1)]
        at_x, at_y, arm = self.width * x, self.height * y, theme.px(CROSS_PX)
        with self.canvas:
            Color(rgba=rgba(theme.palette.ink))
            for points in ((at_x - arm, at_y, at_x + arm, at_y), (at_x, at_y - arm, at_x, at_y + arm)):
                Line(points=points, width=max(1, theme.px(CROSS_LINE_PX) / 2), cap="none")

    def on_touch_down(self, touch: Any) -> bool:
        if not super().on_touch_down(touch):
            self._send(CrossTouched(touch.sx, touch.sy))
        return True


class ScreenTestScreen(Screen):
    """A plain ground over the whole panel, but for a strip with the way on: dead pixels and shadows show on it."""

    def build(self, scene: Scene) -> None:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, ScreenTest)
        onward = primary_button(theme, text("Next colour"), lambda: scene.send(Continued()), arrow="arrow-right")
        width = self.width - 2 * theme.margin
        row = Row([back(scene), onward], shares=[1.0, 1.0], gap=theme.gutter, valign="fill")
        where = text("{n} of {of}", n=stage.at + 1, of=len(SCREEN_GROUNDS))
        title = f"{text(ACTS[Act.TEST_SCREEN].title)}: {where}"
        strip = Column([Words(theme, title, "body", bold=True, role="heading"), row], gap=theme.space(16))
        tall = strip.height_for(width)
        foot = tall + 2 * theme.space(20)
        self.ground(SCREEN_GROUNDS[stage.at])
        self.ground(theme.palette.page, Area(0, 0, self.width, foot))
        self.put(strip, theme.margin, foot - theme.space(20), width, tall)


class LogExcerptScreen(ArrangedScreen):
    """One picture a page."""

    def watches(self, scene: Scene) -> Hashable:
        return scene.state.stage

    def turns_with(self, scene: Scene) -> Hashable:
        return scene.state.stage

    def holds(self, scene: Scene) -> Holding:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, LogExcerpt)
        called = ACTS[Act.LOG]
        tells: list[Block] = [Words(theme, text("One moment, please."), "lead")]
        if stage.pages is not None:
            # The newest lines first: they are what is looked for.
            tells = [
                self._piece(scene, number, piece) for number, piece in reversed(list(enumerate(stage.pages, start=1)))
            ]
        return Holding(
            title=text(called.title),
            subtitle=text(called.lead) if not self.shape.short_of_room else "",
            tells=tells,
            actions=[back(scene)],
            bar=False,
            end=False,
        )

    def _piece(self, scene: Scene, number: int, piece: str) -> Block:
        theme = scene.theme
        side = 0 if theme.reach else {Shape.UPRIGHT: 900, Shape.WIDE: 440}.get(self.shape, 0)
        name = scene.text("Part {n} of the log", n=number)
        made = QrPicture(theme, piece, name=name, side=side, least_mm=QR_MODULE_MM, error="l")
        made.control_id = f"qr:{number}"
        return made
