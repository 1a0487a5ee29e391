"""Who are you? Name and CPF, typed. It is a claim and is called one."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.catalog.id_numbers import DIGITS_ONLY, LONGEST, IdScheme, compact, scheme_of, shown
from kiosk.issuing.id_names import names_of
from kiosk.journey.citizen import CLAIM_ID, CLAIM_NAME
from kiosk.journey.events import Answered, Continued
from kiosk.journey.state import Claim
from kiosk.screens.entry import problem
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.layout.shape import Shape, shape_of
from kiosk.screens.parts import back
from kiosk.screens.scene import Scene
from kiosk.screens.steps import Part, step
from kiosk.widgets.block import Block, Column
from kiosk.widgets.buttons import primary_button, secondary_button
from kiosk.widgets.key_layout import wants_capital
from kiosk.widgets.keyboard import Keyboard
from kiosk.widgets.pin_pad import NumberPad
from kiosk.widgets.text_field import TextField
from kiosk.widgets.words import Words

MOST_LETTERS = 80


class ClaimScreen(ArrangedScreen):
    """Two fields; the one that is touched is typed into, with the keys that it needs. Where there is no room for both,
    one after the other.
    """

    def __init__(self, scene: Scene) -> None:
        self._active = CLAIM_NAME
        self._values = {CLAIM_NAME: "", CLAIM_ID: ""}
        self._keyboard: Keyboard | None = None
        super().__init__(scene)

    def watches(self, scene: Scene) -> Hashable:
        return scene.state.stage, self._active

    def turns_with(self, scene: Scene) -> Hashable:
        return type(scene.state.stage), self._active

    @staticmethod
    def _alone(scene: Scene) -> bool:
        """Whether one field is all there is room for; in reach mode nothing above the keys may be touched."""
        return scene.theme.reach or scene.theme.large > 1 or shape_of(scene.theme) is not Shape.UPRIGHT

    def holds(self, scene: Scene) -> Holding:
        stage, session = scene.state.stage, scene.state.session
        assert isinstance(stage, Claim)
        self._scene = scene
        self._schemes = scene.state.catalogue.claimed_ids if scene.state.catalogue else (IdScheme.CPF,)
        self._read(scene)
        theme, text = scene.theme, scene.text
        # One thing at a time is pointed out.
        name_wrong = stage.error and self._no_name
        id_wrong = stage.error and self._no_id and not name_wrong
        fields = {
            CLAIM_NAME: (text("Your full name"), name_wrong),
            CLAIM_ID: (self._asked(scene), id_wrong),
        }
        alone = self._alone(scene)
        self._fields = {
            which: self._field(scene, which, label, error=error)
            for which, (label, error) in fields.items() if which == self._active or not alone
        }
        title = text("Who are you?")
        if alone and shape_of(theme).short_of_room:
            title = self._fields[self._active].name
        rows: list[Block] = []
        for field in self._fields.values():
            label = Words(theme, field.name, "small", bold=True, colour=theme.palette.ink2, role="")
            rows.append(field if field.name == title else Column([label, field], gap=theme.space(6)))
        if stage.error:
            said: Block = problem(theme, self._wrong(scene))
        else:
            claim = text("We take this as [b]what you tell us,[/b] not as proof.")
            said = Words(theme, claim, "body", markup=True)
        return Holding(
            title=title,
            step=step(session.service, Part.IDENTITY, text) if session and session.service else None,
            field=rows[0] if len(rows) == 1 else Column(rows, gap=theme.space(16)),
            tells=[said],
            pad=lambda width, height: self._keys(scene, width, height),
            wide_pad=self._active == CLAIM_NAME or not self._digits_only,
            actions=[self._back(scene), primary_button(theme, text("Continue"), self._go_on, arrow="arrow-right")],
        )

    def _back(self, scene: Scene) -> Block:
        """From the second field alone back to the first."""
        if not self._alone(scene) or self._active == CLAIM_NAME:
            return back(scene)
        return secondary_button(
            scene.theme, scene.text("Back"), lambda: self._activate(CLAIM_NAME), icon="arrow-left", control_id="back"
        )

    def _field(self, scene: Scene, which: str, label: str, *, error: bool) -> TextField:
        return TextField(
            scene.theme, self._shown(which), name=label, control_id=f"field:{which}", lines=1,
            active=which == self._active, error=error,
            act=None if self._alone(scene) else lambda: self._activate(which),
        )

    def _keys(self, scene: Scene, width: float, height: float) -> Block:
        self._keyboard = None
        room = (width, height)
        if self._active == CLAIM_ID and self._digits_only:
            return NumberPad(scene.theme, scene.text, lambda digit: self._typed(str(digit)), self._erased, room=room)
        self._keyboard = Keyboard(scene.theme, scene.text, scene.language, self._typed, self._erased, room=room)
        self._keyboard.want_capitals(self._capital)
        return self._keyboard

    @property
    def _no_name(self) -> bool:
        return not self._values[CLAIM_NAME].strip()

    @property
    def _no_id(self) -> bool:
        return scheme_of(self._schemes, compact(self._values[CLAIM_ID])) is None

    @property
    def _digits_only(self) -> bool:
        return set(self._schemes) <= DIGITS_ONLY

    @property
    def _capital(self) -> bool:
        """Numbers have capital letters only; names begin with one."""
        return self._active == CLAIM_ID or wants_capital(self._values[CLAIM_NAME], names=True)

    @property
    def _names(self) -> str:
        return names_of(self._schemes, self._scene.language)

    def _asked(self, scene: Scene) -> str:
        if self._schemes == (IdScheme.CPF,):
            return scene.text("Your CPF")
        return scene.text("Your number: {names}", names=self._names)

    def _wrong(self, scene: Scene) -> str:
        if self._no_name:
            return scene.text("The name is missing.")
        if self._schemes != (IdScheme.CPF,):
            return scene.text("This number is not valid. Check it: {names}.", names=self._names)
        if len(compact(self._values[CLAIM_ID])) < LONGEST[IdScheme.CPF]:
            return scene.text("A CPF has {n} digits.", n=LONGEST[IdScheme.CPF])
        return scene.text("This CPF is not valid. Check the digits.")

    def _go_on(self) -> None:
        """From the name to the CPF, then on. What is wrong is at once what is typed into."""
        if self._no_name:
            self._active = CLAIM_NAME
        elif self._no_id:
            asked = self._active == CLAIM_NAME
            self._active = CLAIM_ID
            if asked and not self._values[CLAIM_ID]:
                self.show(self._scene)
                return
        self._scene.send(Continued())

    def _activate(self, which: str) -> None:
        self._active = which
        self.show(self._scene)

    def _shown(self, which: str) -> str:
        value = self._values[which]
        return shown(self._schemes[0], value) if which == CLAIM_ID and len(self._schemes) == 1 else value

    def _typed(self, character: str) -> None:
        number = self._active == CLAIM_ID
        most = max(LONGEST[scheme] for scheme in self._schemes) if number else MOST_LETTERS
        if len(self._values[self._active]) < most:
            self._become(self._values[self._active] + (compact(character) if number else character))

    def _erased(self) -> None:
        self._become(self._values[self._active][:-1])

    def _become(self, value: str) -> None:
        self._values[self._active] = value
        if self._keyboard is not None:
            self._keyboard.want_capitals(self._capital)
        self._scene.send(Answered(self._active, value))

    def _read(self, scene: Scene) -> None:
        answers = scene.state.session.answers if scene.state.session else {}
        for which in self._values:
            self._values[which] = answers.get(which, "")

    def refresh(self, scene: Scene) -> None:
        self._scene = scene
        self._read(scene)
        for which, field in self._fields.items():
            field.become(self._shown(which))
