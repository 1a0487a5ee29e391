"""Following a request: its code, its PIN, the wait, and why nothing can be shown."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.issuing.tracking import GROUP, TRACKING_CHARACTERS
from kiosk.journey.events import CodeTyped, Continued, TrackByCardAsked, WentBack
from kiosk.journey.tracking import AGAIN, PIN_DIGITS, card_opens, tracking_code
from kiosk.journey.tracking_stages import TrackCode, TrackFailed, TrackPin, TrackTrouble
from kiosk.screens.entry import problem
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.layout.shape import Shape
from kiosk.screens.parts import back, said
from kiosk.screens.scene import Scene
from kiosk.screens.trouble_words import TRACKING
from kiosk.widgets.block import Block
from kiosk.widgets.busy import Busy
from kiosk.widgets.buttons import cannot, primary_button, secondary_button
from kiosk.widgets.card import notice, remark
from kiosk.widgets.code_pad import CodePad
from kiosk.widgets.either import Either
from kiosk.widgets.pictures import LookupPicture
from kiosk.widgets.pin_pad import pin_pad
from kiosk.widgets.text_field import DotsField, TextField
from kiosk.widgets.tokens import MAIN_TARGET_MM
from kiosk.widgets.words import Words, plain

CENTRE_S, NEARLY = 5.0, 0.95
LOWEST = {Shape.FLAT, Shape.TINY}
ICONS = {
    TrackTrouble.NO_LINK: "wifi-slash", TrackTrouble.ON_ITS_WAY: "info-fill", TrackTrouble.WAITING_HERE: "info-fill",
}


def grouped(typed: str, between: str = "-") -> str:
    """7K2M-0006-8 for 7K2M00068: the dashes come by themselves."""
    letters = typed.replace("-", "")
    return between.join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def _whole(typed: str) -> bool:
    """As many characters as a tracking code has."""
    return len(typed.replace("-", "")) >= TRACKING_CHARACTERS


class TrackCodeScreen(ArrangedScreen):
    """Built once: what is typed alone changes."""

    def watches(self, scene: Scene) -> Hashable:
        stage = scene.state.stage
        assert isinstance(stage, TrackCode)
        return self._wrong(stage), scene.state.devices.link

    @staticmethod
    def _wrong(stage: TrackCode) -> bool:
        """A code that is whole is judged at once, before anybody goes on."""
        return stage.error or (_whole(stage.typed) and tracking_code(stage.typed) is None)

    def holds(self, scene: Scene) -> Holding:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, TrackCode)
        self._scene, self._typed_so_far = scene, stage.typed
        self._field = TextField(
            theme, self._shown(stage), name=text("Code of the request"), control_id="field:code", lines=1,
            error=self._wrong(stage),
        )
        self._onward = Either(
            primary_button(theme, text("Continue"), self._go_on, arrow="arrow-right"),
            cannot(theme, text("{n} characters", n=TRACKING_CHARACTERS)),
            show_first=_whole(stage.typed),
        )
        self._onward.least_width(theme.mm(MAIN_TARGET_MM))
        hint: Block = Words(theme, text("It stands on the receipt: three groups of four characters."), "body")
        if self._wrong(stage):
            hint = problem(theme, text("A character is wrong or missing. Compare with the receipt."))
        tells = [hint]
        if scene.state.devices.link is False:
            tells.append(notice(theme, "warn", text("[b]No internet now.[/b] We can see only what was asked here."),
                                icon="wifi-slash"))
        return Holding(
            title=text("Which is the code?"),
            field=self._field,
            tells=tells,
            pad=lambda width, height: CodePad(theme, text, self._typed, self._erased, room=(width, height)),
            actions=[back(scene), self._onward],
        )

    def _go_on(self) -> None:
        self._scene.send(Continued())

    def _typed(self, character: str) -> None:
        letters = self._typed_so_far.replace("-", "") + character
        self._scene.send(CodeTyped(letters[:TRACKING_CHARACTERS]))

    def _erased(self) -> None:
        self._scene.send(CodeTyped(self._typed_so_far.replace("-", "")[:-1]))

    def refresh(self, scene: Scene) -> None:
        stage = scene.state.stage
        if isinstance(stage, TrackCode):
            self._scene, self._typed_so_far = scene, stage.typed
            self._field.become(self._shown(stage))
            self._onward.choose(_whole(stage.typed))

    def _shown(self, stage: TrackCode) -> str:
        """In a narrow field the last group is what is seen: a dash would not let it stand alone."""
        return grouped(stage.typed, " " if self.shape in LOWEST else "-")


class TrackPinScreen(ArrangedScreen):
    """The digits pass this screen by, as those of a card do."""

    def watches(self, scene: Scene) -> Hashable:
        stage = scene.state.stage
        return isinstance(stage, TrackPin) and stage.error

    def holds(self, scene: Scene) -> Holding:
        theme, text, stage = scene.theme, scene.text, scene.state.stage
        assert isinstance(stage, TrackPin)
        self._confirm = Either(
            primary_button(theme, text("Confirm"), lambda: scene.send(Continued()), icon="check"),
            cannot(theme, text("{n} digits", n=PIN_DIGITS)),
            show_first=stage.typed == PIN_DIGITS,
        )
        self._confirm.least_width(theme.mm(MAIN_TARGET_MM))
        self._dots = DotsField(
            theme, stage.typed, name=text("PIN of the request"), hint=text("{n} digits", n=PIN_DIGITS),
            error=stage.error, places=PIN_DIGITS,
        )
        return Holding(
            title=text("And the PIN of the request?"),
            field=self._dots,
            tells=[remark(theme, "receipt", text("The six digits stand on the receipt, beside the code."))],
            pad=lambda width, height: pin_pad(
                theme, text, scene.pin, scene.send, shuffle=False, room=(width, height)
            ),
            actions=[back(scene), self._confirm],
        )

    def refresh(self, scene: Scene) -> None:
        stage = scene.state.stage
        if isinstance(stage, TrackPin):
            self._dots.become(stage.typed)
            self._confirm.choose(stage.typed == PIN_DIGITS)


class TrackingScreen(ArrangedScreen):
    """The centre is asked; the bar says how much of the five seconds has passed."""

    def __init__(self, scene: Scene) -> None:
        self._began_s = scene.state.now_s
        super().__init__(scene)

    def holds(self, scene: Scene) -> Holding:
        theme, text = scene.theme, scene.text
        doing = text("Asking the central system")
        self._busy = Busy(theme, doing, control_id="progress")
        return Holding(
            title=text("Looking for your request..."),
            subtitle=text("The central system answers within 5 seconds."),
            pinned=[self._busy],
            picture=LookupPicture(theme, text("Picture: the kiosk asks the central system")),
        )

    def refresh(self, scene: Scene) -> None:
        waited_s = scene.state.now_s - self._began_s + 0.5
        self._busy.become(min(NEARLY, waited_s / CENTRE_S))


class TrackFailedScreen(ArrangedScreen):
    def watches(self, scene: Scene) -> Hashable:
        return scene.state.stage, card_opens(scene.state)

    def holds(self, scene: Scene) -> Holding:
        stage, catalogue = scene.state.stage, scene.state.catalogue
        assert isinstance(stage, TrackFailed)
        theme, text = scene.theme, scene.text
        words = TRACKING[stage.trouble]
        again = stage.trouble in AGAIN
        by_card = primary_button(
            theme, text("Card") if self.shape in LOWEST else text("Use my card"),
            lambda: scene.send(TrackByCardAsked()), icon="identification-card-fill",
        )
        onward = by_card if card_opens(scene.state) else primary_button(
            theme, text("Try again") if again else text("See other services"), lambda: scene.send(Continued()),
            icon="arrows-clockwise" if again else None, arrow=None if again else "arrow-right",
        )
        leave = secondary_button(
            theme, text("Back"), lambda: scene.send(WentBack()), icon="arrow-left", control_id="back"
        )
        phone = plain(catalogue.operator.phone if catalogue else "")
        tone = "ok" if stage.trouble in {TrackTrouble.ON_ITS_WAY, TrackTrouble.WAITING_HERE} else "warn"
        return Holding(
            tells=[
                said(theme, tone, ICONS.get(stage.trouble, "warning-fill"), text(words.title), text(words.remedy)),
                remark(theme, "info-fill", text(words.more, phone=phone)),
            ],
            actions=[leave, onward],
        )
