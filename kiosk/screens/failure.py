"""The failsafe: this kiosk stopped by its own fault. Nothing to press; it needs almost nothing to be built."""

from __future__ import annotations

from kiosk.catalog.model import Language
from kiosk.journey.state import Failure
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Scene
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.card import Card, Fact, facts, notice, remark
from kiosk.widgets.icon import Icon, Picture
from kiosk.widgets.words import Words, plain


class FailureScreen(ArrangedScreen):
    def holds(self, scene: Scene) -> Holding:
        phone = scene.state.catalogue.operator.phone if scene.state.catalogue else ""
        if self.shape.short_of_room:
            return Holding(
                title=scene.text("Out of order"), tells=self._few(scene, phone), end=False, bar=False, strip=False,
            )
        theme, text = scene.theme, scene.text
        return Holding(
            title=text("This kiosk stopped to take care of itself"),
            subtitle=text("The fault is ours, not yours."),
            emblem=Picture(theme, "pictures/kiosk-hurt.png", 160) if theme.large == 1 else None,
            rail=[] if self._number_below(scene) else [self._number_card(scene)],
            tells=self._all(scene, phone),
            foot=self._foot(scene, phone),
            end=False,
            bar=False,
            strip=False,
        )

    def _number_below(self, scene: Scene) -> bool:
        """Under what is told, where the column at the left is missing or too narrow for large figures."""
        return self.shape is Shape.UPRIGHT or scene.theme.large > 1

    def _number_card(self, scene: Scene) -> Block:
        theme, colours = scene.theme, scene.theme.palette
        number = Column([
            Words(theme, scene.text("Fault number"), "small", bold=True, colour=colours.ink2),
            Words(
                theme, self._number(scene), "display", bold=True, colour=colours.brand, control_id="fault-number",
            ),
        ])
        row = Row([Icon(theme, "hash", 72), number], shares=[0, 1], gap=theme.space(40))
        return Card(theme, row, rim=colours.line, pad=(40, 16))

    @staticmethod
    def _number(scene: Scene) -> str:
        stage = scene.state.stage
        return stage.number if isinstance(stage, Failure) else ""

    def _few(self, scene: Scene, phone: str) -> list[Block]:
        """What a low panel has room for: nothing can be pressed, so there are no further pages."""
        theme, text = scene.theme, scene.text
        number = text("Fault number")
        told = [
            Words(theme, text("[b]Take your card,[/b] if it is in the reader."), markup=True),
            Words(theme, f"{number}: [b]{plain(self._number(scene))}[/b]", markup=True, control_id="fault-number"),
        ]
        if phone:
            told.append(Words(theme, text("Help: call {phone}", phone=phone), bold=True))
        return list(told)

    def _all(self, scene: Scene, phone: str) -> list[Block]:
        theme, text = scene.theme, scene.text
        missing = text("[b]Got none?[/b] Ask at the counter. The fault number shows what was done.")
        if phone:
            missing = text("[b]Got none?[/b] Call {phone}. The fault number shows what was done.", phone=plain(phone))
        told: list[Block] = [
            notice(theme, "ok", text("[b]Your data were erased[/b] from the memory."), icon="shield-check-fill"),
            facts(
                theme,
                [
                    Fact("", text("[b]Take your card,[/b] if it is in the reader."), "identification-card-fill"),
                    Fact("", text("[b]Got a code?[/b] Your request is registered. Keep the code."), "ticket-fill"),
                    Fact("", missing, "phone-fill"),
                ],
                room=16,
            ),
        ]
        if self._number_below(scene):
            told.append(self._number_card(scene))
        if theme.large == 1:
            told.append(remark(theme, "arrows-clockwise", text("This screen comes back by itself.")))
        return told

    @staticmethod
    def _foot(scene: Scene, phone: str) -> Block:
        theme = scene.theme
        texts = [scene.translator(language) for language in Language if language is not scene.language]
        others = " · ".join(text("Out of order") for text in texts)
        lines = Column([Words(theme, others, "small")])
        if phone:
            lines = Column([
                Words(theme, scene.text("Help: call {phone}", phone=phone), "lead", bold=True),
                Words(theme, others, "small"),
            ])
        return Row([Icon(theme, "question", 72), lines], shares=[0, 1], gap=theme.space(32))
