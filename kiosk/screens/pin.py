"""The card's PIN: dots, how many tries are left, the pad. The digits pass this screen by."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.journey.events import Continued
from kiosk.journey.state import EnterPin
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.parts import back, where_it_is
from kiosk.screens.scene import Scene
from kiosk.screens.steps import Part, step
from kiosk.widgets.block import Block, Row
from kiosk.widgets.buttons import cannot, primary_button
from kiosk.widgets.card import notice
from kiosk.widgets.either import Either
from kiosk.widgets.icon import Icon
from kiosk.widgets.machine import Device
from kiosk.widgets.pin_buffer import MAX_DIGITS, MIN_DIGITS
from kiosk.widgets.pin_pad import pin_pad
from kiosk.widgets.text_field import DotsField
from kiosk.widgets.words import Words


class PinScreen(ArrangedScreen):
    """Built again only when the card's word on its tries changes: a mixed pad stays mixed while typing."""

    def watches(self, scene: Scene) -> Hashable:
        stage = scene.state.stage
        assert isinstance(stage, EnterPin)
        return stage.tries_left, stage.wrong

    @staticmethod
    def _found(scene: Scene) -> bool:
        """Whether somebody must find the digits without seeing them: then they stand in their order."""
        return scene.state.settings.speech or scene.state.settings.keys

    def holds(self, scene: Scene) -> Holding:
        stage, session = scene.state.stage, scene.state.session
        assert isinstance(stage, EnterPin)
        if stage.pad:
            return self._on_the_reader(scene, stage)
        theme, text = scene.theme, scene.text
        self._confirm = Either(
            primary_button(theme, text("Confirm"), lambda: scene.send(Continued()), icon="check"),
            cannot(theme, text("At least {n} digits", n=MIN_DIGITS)),
            show_first=stage.typed >= MIN_DIGITS,
        )
        hint = text("{low} to {high} digits", low=MIN_DIGITS, high=MAX_DIGITS)
        self._dots = DotsField(theme, stage.typed, name=text("The card's PIN"), hint=hint, error=stage.wrong)
        tells: list[Block] = []
        tries = self._tries(scene, stage)
        if tries:
            tells.append(notice(theme, "warn", tries))
        if stage.tries_left is not None:
            stops = text("We stop before the last one, so that the card is not blocked.")
            tells.append(Words(theme, stops, "small"))
        privacy = text("Only the card checks the PIN. It is not kept here and is never said aloud.")
        tells.append(
            Row([Icon(theme, "lock-simple-fill", 60), Words(theme, privacy, "small")], shares=[0, 1],
                gap=theme.pad(24))
        )
        return Holding(
            title=text("Type your card's PIN"),
            step=step(session.service, Part.IDENTITY, text) if session and session.service else None,
            field=self._dots,
            tells=tells,
            pad=lambda width, height: pin_pad(
                theme, text, scene.pin, scene.send, shuffle=not self._found(scene), room=(width, height)
            ),
            actions=[back(scene), self._confirm],
        )

    def _on_the_reader(self, scene: Scene, stage: EnterPin) -> Holding:
        """The reader has keys of its own: nothing is typed here. It begins to wait when the citizen says so."""
        theme, text, session = scene.theme, scene.text, scene.state.session
        tries = self._tries(scene, stage)
        words = text("Touch [b]Begin,[/b] then type the PIN on the reader's keys. You have half a minute.")
        return Holding(
            title=text("Type the PIN on the reader"),
            step=step(session.service, Part.IDENTITY, text) if session and session.service else None,
            tells=[*([notice(theme, "warn", tries)] if tries else []), where_it_is(theme, Device.READER, words)],
            actions=[
                back(scene),
                primary_button(theme, text("Begin"), lambda: scene.send(Continued()), arrow="arrow-right"),
            ],
        )

    @staticmethod
    def _tries(scene: Scene, stage: EnterPin) -> str:
        text = scene.text
        if stage.tries_left is None:
            return text("[b]The PIN did not match.[/b] Type it again.") if stage.wrong else ""
        if stage.wrong:
            return text("[b]The PIN did not match. {n} tries left.[/b]", n=stage.tries_left)
        return text("[b]{n} tries left.[/b]", n=stage.tries_left)

    def refresh(self, scene: Scene) -> None:
        stage = scene.state.stage
        assert isinstance(stage, EnterPin)
        if stage.pad:
            return
        self._dots.become(stage.typed)
        self._confirm.choose(stage.typed >= MIN_DIGITS)
