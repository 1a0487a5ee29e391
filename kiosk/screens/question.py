"""One question of the form: typed, or chosen from answers."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.catalog.model import FormField
from kiosk.issuing.masks import digits
from kiosk.journey import form
from kiosk.journey.events import Answered, Continued
from kiosk.journey.state import Question
from kiosk.screens.answers import answer_buttons
from kiosk.screens.entry import CPF_DIGITS, cpf_shown, problem
from kiosk.screens.frame import FramedScreen
from kiosk.screens.parts import back
from kiosk.screens.scene import Area, Scene
from kiosk.screens.steps import question
from kiosk.widgets.block import Column, Row, Space
from kiosk.widgets.buttons import primary_button
from kiosk.widgets.key_layout import wants_capital
from kiosk.widgets.keyboard import Keyboard
from kiosk.widgets.pages import paged
from kiosk.widgets.pin_pad import NumberPad
from kiosk.widgets.text_field import TextField
from kiosk.widgets.words import Words

TYPED = frozenset({"text", "long-text", "national-id"})
KEYBOARD_MARGIN = 25


class QuestionScreen(FramedScreen):
    """`Continued` moves on; the journey answers with an error if the answer will not do."""

    def __init__(self, scene: Scene) -> None:
        self._page = 0
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
        return scene.state.stage, None if typed else self._answer(scene), self._page

    def build(self, scene: Scene) -> None:
        session, stage, field = scene.state.session, scene.state.stage, self._field(scene)
        assert session is not None
        assert session.service is not None
        assert isinstance(stage, Question)
        self._scene, self._value = scene, self._answer(scene)
        self._text_field = self._count = self._keyboard = None
        language, text, theme = scene.language, scene.text, scene.theme
        title = session.service.title.in_language(language)
        area = self.frame(
            scene,
            title=field.label.in_language(language),
            step=question(session.service, stage.index, title, text),
            actions=[back(scene), primary_button(theme, text("Continue"), self._go_on, arrow="arrow-right")],
        )
        if field.hint is not None:
            hint = Words(theme, field.hint.in_language(language), "body", colour=theme.palette.ink2)
            self.put(hint, area.x, area.top + theme.px(16), area.width)
            area = Area(area.x, area.bottom, area.width, hint.y - theme.px(24))
        if field.type in TYPED:
            self._lay_typed(scene, field, stage, area)
        else:
            self._lay_choices(scene, field, stage, area)

    def _go_on(self) -> None:
        self._scene.send(Continued())

    # ---- chosen -----------------------------------------------------------------------------------------------

    def _lay_choices(self, scene: Scene, field: FormField, stage: Question, area: Area) -> None:
        theme, text = scene.theme, scene.text
        top = area.top
        if stage.error:
            wrong = problem(theme, text("Choose one of the answers."))
            self.put(wrong, area.x, top, area.width)
            top = wrong.y - theme.px(24)
        buttons = answer_buttons(scene, field, self._answer(scene), lambda value: scene.send(Answered(field.id, value)))
        room = top - area.bottom
        column = paged(
            theme, text, buttons, width=area.width, room=room, page=self._page, turn=self._turn
        )
        self.put(column, area.x, top, area.width)

    def _turn(self, page: int) -> None:
        self._page = page
        self.show(self._scene)

    # ---- typed ------------------------------------------------------------------------------------------------

    def _lay_typed(self, scene: Scene, field: FormField, stage: Question, area: Area) -> None:
        theme, text, language = scene.theme, scene.text, scene.language
        if field.type == "national-id":
            pad = NumberPad(theme, text, lambda digit: self._typed(str(digit)), self._erased, key_height=128)
            below = self.put(pad, area.x, area.bottom + pad.height_for(area.width), area.width)
        else:
            self._keyboard = Keyboard(theme, text, language, self._typed, self._erased)
            self._keyboard.want_capitals(wants_capital(self._value))
            margin = theme.px(KEYBOARD_MARGIN)
            width = self.width - 2 * margin
            tall = self._keyboard.height_for(width)
            below = self.put(self._keyboard, margin, area.bottom + theme.px(8) + tall, width)
        foot = self._foot(scene, field, error=stage.error)
        room = area.top - below.top - foot.height_for(area.width) - theme.px(32)
        line_px = theme.leading_px("lead")
        most = 6 if field.type == "long-text" else 2 if field.type == "text" else 1
        self._text_field = TextField(
            theme, self._shown(field), name=field.label.in_language(language), control_id=f"field:{field.id}",
            lines=max(1, min(most, int((room - theme.px(52)) / line_px))), error=stage.error,
        )
        self.put(Column([self._text_field, Space(theme.px(12)), foot]), area.x, area.top, area.width)

    def _foot(self, scene: Scene, field: FormField, *, error: bool) -> Row:
        """What is wrong at the left, how much is written at the right."""
        theme, text = scene.theme, scene.text
        self._count = Words(theme, self._counted(scene, field), "small", colour=theme.palette.ink2, align="right")
        if not error:
            free = Space(1, 1) if field.required else Words(theme, text("You may leave this empty."), "small")
            return Row([free, self._count], shares=[2, 1], gap=theme.gutter, valign="top")
        if field.type == "national-id":
            words = text("This CPF is not valid. Check the digits.")
        else:
            words = text("The answer is missing.")
        return Row([problem(theme, words), self._count], shares=[2, 1], gap=theme.gutter, valign="top")

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
