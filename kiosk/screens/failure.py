"""The failsafe: this kiosk stopped by its own fault. Nothing to press; it needs almost nothing to be built."""

from __future__ import annotations

from kiosk.catalog.model import Language
from kiosk.journey.state import Failure
from kiosk.screens.frame import FramedScreen
from kiosk.screens.scene import Area, Scene
from kiosk.widgets.block import Column, Row, Space
from kiosk.widgets.card import Card, Fact, facts, notice, remark
from kiosk.widgets.icon import Icon, Picture
from kiosk.widgets.words import Words, plain


class FailureScreen(FramedScreen):
    def build(self, scene: Scene) -> None:
        area = self.frame(scene, end=False, bar=False)
        phone = scene.state.catalogue.operator.phone if scene.state.catalogue else ""
        foot = Area(area.x, self.bar_top(scene.theme) + scene.theme.px(16), area.width, area.top)
        self.fit(lambda room: self._column(scene, phone, room), foot)
        self._foot(scene, phone)

    @staticmethod
    def _column(scene: Scene, phone: str, room: int) -> Column:
        theme, text, colours, stage = scene.theme, scene.text, scene.theme.palette, scene.state.stage
        number = stage.number if isinstance(stage, Failure) else ""
        heading = Column([
            Words(theme, text("This kiosk stopped to take care of itself"), "title", bold=True, role="heading"),
            Space(theme.px(8)),
            Words(theme, text("The fault is ours, not yours."), "lead"),
        ])
        hurt = Picture(theme, "pictures/kiosk-hurt.png", 196)
        missing = text("[b]Got none?[/b] Ask at the counter. The fault number shows what was done.")
        if phone:
            missing = text("[b]Got none?[/b] Call {phone}. The fault number shows what was done.", phone=plain(phone))
        gap = theme.px(room)
        return Column([
            Card(
                theme, Row([hurt, heading], shares=[0, 1], gap=theme.px(48)), fill=colours.warn_tint, radius=36,
                pad=(40, room + 8),
            ),
            Space(gap),
            notice(theme, "ok", text("[b]Your data were erased[/b] from the memory."), icon="shield-check-fill"),
            Space(gap),
            facts(
                theme,
                [
                    Fact("", text("[b]Take your card,[/b] if it is in the reader."), "identification-card-fill"),
                    Fact("", text("[b]Got a code?[/b] Your request is registered. Keep the code."), "ticket-fill"),
                    Fact("", missing, "phone-fill"),
                ],
                room=room,
            ),
            Space(gap),
            Card(
                theme,
                Row(
                    [
                        Icon(theme, "hash", 72),
                        Column([
                            Words(theme, text("Fault number"), "small", bold=True, colour=colours.ink2),
                            Words(theme, number, "display", bold=True, colour=colours.brand, control_id="fault-number"),
                        ]),
                    ],
                    shares=[0, 1], gap=theme.px(40),
                ),
                rim=colours.line, pad=(40, room),
            ),
            Space(gap),
            remark(theme, "arrows-clockwise", text("This screen comes back by itself.")),
        ])

    def _foot(self, scene: Scene, phone: str) -> None:
        theme, colours = scene.theme, scene.theme.palette
        tall = self.bar_top(theme)
        self.ground(colours.line, Area(0, tall - theme.px(3), self.width, tall))
        self.ground(colours.card, Area(0, 0, self.width, tall - theme.px(3)))
        texts = [scene.translator(language) for language in Language if language is not scene.language]
        others = [text("Out of order") for text in texts]
        lines = Column([Words(theme, " · ".join(others), "small")])
        if phone:
            lines = Column([
                Words(theme, scene.text("Help: call {phone}", phone=phone), "lead", bold=True),
                Words(theme, " · ".join(others), "small"),
            ])
        row = Row([Icon(theme, "question", 72), lines], shares=[0, 1], gap=theme.px(32))
        self.put(row, theme.margin, tall, self.width - 2 * theme.margin, tall)
