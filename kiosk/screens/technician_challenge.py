"""The way in by a code of the centre: what to tell them, and where to type what they answer."""

from __future__ import annotations

import math
from collections.abc import Hashable

from kiosk.journey.events import Continued
from kiosk.journey.technician_stages import Challenge
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.parts import back
from kiosk.screens.scene import Scene
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import cannot, primary_button
from kiosk.widgets.card import Fact, facts, notice
from kiosk.widgets.either import Either
from kiosk.widgets.pin_pad import pin_pad
from kiosk.widgets.text_field import DotsField
from kiosk.widgets.tokens import MAIN_TARGET_MM
from kiosk.widgets.words import Words, plain
from offline_cache.contract.challenge import CODE_DIGITS, grouped

MINUTE_S = 60


class ChallengeScreen(ArrangedScreen):
    """The digits pass this screen by, as those of a card do."""

    def watches(self, scene: Scene) -> Hashable:
        stage = scene.state.stage
        assert isinstance(stage, Challenge)
        return stage.nonce, stage.tries_left, stage.wrong, stage.checking, _minutes(scene)

    def holds(self, scene: Scene) -> Holding:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, Challenge)
        self._confirm = Either(
            primary_button(theme, text("Confirm"), lambda: scene.send(Continued()), icon="check"),
            cannot(theme, text("{n} digits", n=CODE_DIGITS)),
            show_first=stage.typed == CODE_DIGITS,
        )
        self._confirm.least_width(theme.mm(MAIN_TARGET_MM))
        self._dots = DotsField(
            theme, stage.typed, name=text("Code of the centre"), hint=text("{n} digits", n=CODE_DIGITS),
            error=stage.wrong, places=CODE_DIGITS,
        )
        kiosk, number = f"[b]{plain(stage.kiosk)}[/b]", f"[b]{grouped(stage.nonce, 3)}[/b]"
        told = [Fact(text("Kiosk"), kiosk), Fact(text("Number"), number)]
        if self.shape.short_of_room:
            told = [Fact(text("Kiosk and number"), f"{kiosk}\n{number}")]
        tells: list[Block] = [facts(theme, told, room=10)]
        if stage.wrong:
            left = text("[b]The code did not match.[/b] Tries left: {n}.", n=stage.tries_left)
            tells.insert(0, notice(theme, "warn", left))
        if stage.checking:
            tells.append(Words(theme, text("One moment, please."), "lead"))
        return Holding(
            title=text("Call the centre"),
            subtitle=text("Tell them both. Their code counts for {n} minutes more.", n=_minutes(scene)),
            field=self._dots,
            tells=tells,
            pad=None if stage.checking else lambda width, height: pin_pad(
                theme, text, scene.pin, scene.send, shuffle=False, room=(width, height)
            ),
            actions=[back(scene), self._confirm] if not stage.checking else [],
            end=False,
        )

    def refresh(self, scene: Scene) -> None:
        stage = scene.state.stage
        if isinstance(stage, Challenge):
            self._dots.become(stage.typed)
            self._confirm.choose(stage.typed == CODE_DIGITS)


def _minutes(scene: Scene) -> int:
    stage = scene.state.stage
    assert isinstance(stage, Challenge)
    return max(1, math.ceil((stage.until_s - scene.state.now_s) / MINUTE_S))
