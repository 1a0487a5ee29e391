"""One question of the form: typed, or chosen from answers."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from kiosk.catalog.model import FormField
from kiosk.issuing.masks import digits
from kiosk.journey import form
from kiosk.journey.events import Answered, Continued
from kiosk.journey.state import Question
from kiosk.journey.wording import field_wording
from kiosk.screens.answers import answer_buttons
from kiosk.screens.arrange import ArrangedScreen
from kiosk.screens.entry import CPF_DIGITS, cpf_shown, problem
from kiosk.screens.holding import Choices, Holding
from kiosk.screens.parts import back
from kiosk.screens.scene import Scene
from kiosk.screens.shape import Shape, shape_of
from kiosk.screens.steps import question
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import primary_button
from kiosk.widgets.folding import Folding
from kiosk.widgets.key_layout import wants_capital
from kiosk.widgets.keyboard import Keyboard
from kiosk.widgets.pin_pad import NumberPad
from kiosk.widgets.text_field import TextField
from kiosk.widgets.words import Words

TYPED = frozenset({"text", "long-text", "national-id"})


# Lines of the field, by how much there is room for.
LINES = {"text": 2, "long-text": 4, "national-id": 1}


class QuestionScreen(ArrangedScreen):
    """`Continued` moves on; the journey answers with an error if the answer will not do."""

    def __init__(self, scene: Scene) -> None:
        self._value = ""
        self._text_field: TextField | None = None
        self._count: Words | None = None
        self._keyboard: Keyboard | None = None
        super().__init__(scene)

    @staticmethod
    def _field(scene: Scene) -> FormField:
        stage, session = scene.state.stage, scene.state.session
        assert isinstance(stage, Question)
        assert session is not None
        assert session.service is not None
        return form.field_at(session.service, stage.index)

    @staticmethod
    def _answer(scene: Scene) -> str:
        session = scene.state.session
        return session.answers.get(QuestionScreen._field(scene).id, "") if session else ""

    def watches(self, scene: Scene) -> Hashable:
        typed = self._field(scene).type in TYPED
        return scene.state.stage, None if typed else self._answer(scene)

    def turns_with(self, scene: Scene) -> Hashable:
        return self._field(scene).id

    def holds(self, scene: Scene) -> Holding:
        session, stage, field = scene.state.session, scene.state.stage, self._field(scene)
        assert session is not None
        assert session.service is not None
        assert isinstance(stage, Question)
        self._scene, self._value = scene, self._answer(scene)
        self._text_field = self._count = self._keyboard = None
        text, theme = scene.text, scene.theme
        wording = field_wording(field, scene.state.settings, scene.language)
        title = session.service.title.in_language(scene.language)
        common = Holding(
            title=wording.label,
            step=question(session.service, stage.index, title, text),
            actions=[back(scene), primary_button(theme, text("Continue"), self._go_on, arrow="arrow-right")],
        )
        hints: list[Block] = []
        if wording.hint is not None:
            hints.append(Words(theme, wording.hint, "body", colour=theme.palette.ink2))
        if field.type not in TYPED:
            wrong = [problem(theme, text("Choose one of the answers."))] if stage.error else []
            buttons = answer_buttons(
                scene, field, self._answer(scene), lambda value: scene.send(Answered(field.id, value))
            )
            return replace(common, tells=[*hints, *wrong], choices=[Choices(buttons, columns=1)])
        self._text_field = TextField(
            theme, self._shown(field), name=wording.label, control_id=f"field:{field.id}",
            lines=self._lines(scene, field), error=stage.error,
        )
        return replace(
            common, field=self._text_field, tells=[self._foot(scene, field, error=stage.error), *hints],
            pad=lambda width, height: self._keys(scene, field, width, height), wide_pad=field.type != "national-id",
        )

    @staticmethod
    def _lines(scene: Scene, field: FormField) -> int:
        """As many as there is room for above the keys."""
        theme = scene.theme
        most = LINES[field.type]
        share = {Shape.UPRIGHT: 1.0, Shape.WIDE: 0.7}.get(shape_of(theme), 0.0) / theme.large**2
        if theme.reach:
            share *= 0.7
        return max(1, min(most, round(most * share)))

    def _go_on(self) -> None:
        self._scene.send(Continued())

    # ---- typed ------------------------------------------------------------------------------------------------

    def _keys(self, scene: Scene, field: FormField, width: float, height: float) -> Block:
        theme, text, room = scene.theme, scene.text, (width, height)
        if field.type == "national-id":
            return NumberPad(theme, text, lambda digit: self._typed(str(digit)), self._erased, room=room)
        self._keyboard = Keyboard(theme, text, scene.language, self._typed, self._erased, room=room)
        self._keyboard.want_capitals(wants_capital(self._value))
        return self._keyboard

    def _foot(self, scene: Scene, field: FormField, *, error: bool) -> Block:
        """What is wrong at the left, how much is written at the right."""
        theme, text = scene.theme, scene.text
        self._count = Words(theme, self._counted(scene, field), "small", colour=theme.palette.ink2, align="right")
        said: Block | None = None
        if error and field.type == "national-id":
            said = problem(theme, text("This CPF is not valid. Check the digits."))
        elif error:
            said = problem(theme, text("The answer is missing."))
        elif not field.required:
            said = Words(theme, text("You may leave this empty."), "small")
        if said is None:
            return self._count
        return Folding(said, self._count, shares=(2, 1), gap=theme.gutter, valign="top", fold=theme.space(8))

    def _counted(self, scene: Scene, field: FormField) -> str:
        if field.type == "national-id":
            return scene.text("{n} of {of} digits", n=len(digits(self._value)), of=CPF_DIGITS)
        return scene.text("{n} of {of} letters", n=len(self._value), of=field.max_length)

    def _shown(self, field: FormField) -> str:
        return cpf_shown(self._value) if field.type == "national-id" else self._value

    def _typed(self, character: str) -> None:
        field = self._field(self._scene)
        most = CPF_DIGITS if field.type == "national-id" else field.max_length
        if len(self._value) < most:
            self._become(field, self._value + character)

    def _erased(self) -> None:
        self._become(self._field(self._scene), self._value[:-1])

    def _become(self, field: FormField, value: str) -> None:
        self._value = value
        if self._keyboard is not None:
            self._keyboard.want_capitals(wants_capital(value))
        self._scene.send(Answered(field.id, value))

    def refresh(self, scene: Scene) -> None:
        self._scene = scene
        field = self._field(scene)
        self._value = self._answer(scene)
        if self._text_field is not None:
            self._text_field.become(self._shown(field))
        if self._count is not None:
            self._count.say(self._counted(scene, field))
