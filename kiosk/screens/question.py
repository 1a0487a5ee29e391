"""One question of the form: typed, or chosen from answers."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from kiosk.catalog.answers import Wrong, every
from kiosk.catalog.model import FormField, Service
from kiosk.journey import form
from kiosk.journey.events import Answered, Continued
from kiosk.journey.state import Question
from kiosk.journey.wording import field_wording
from kiosk.screens.answers import answer_buttons
from kiosk.screens.entry import problem
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Choices, Holding
from kiosk.screens.layout.shape import Shape, shape_of
from kiosk.screens.parts import back
from kiosk.screens.scene import Scene
from kiosk.screens.steps import question
from kiosk.screens.typing_kinds import Kind, counted, kind_of, wrong_words
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import primary_button
from kiosk.widgets.folding import Folding
from kiosk.widgets.key_layout import wants_capital
from kiosk.widgets.keyboard import Keyboard
from kiosk.widgets.pin_pad import NumberPad
from kiosk.widgets.text_field import TextField
from kiosk.widgets.words import Words


class QuestionScreen(ArrangedScreen):
    """`Continued` moves on; the journey answers with an error if the answer will not do."""

    def __init__(self, scene: Scene) -> None:
        self._value = ""
        self._text_field: TextField | None = None
        self._count: Words | None = None
        self._keyboard: Keyboard | None = None
        self._kind: Kind | None = None
        super().__init__(scene)

    @staticmethod
    def _field(scene: Scene) -> FormField:
        stage, session = scene.state.stage, scene.state.session
        assert isinstance(stage, Question)
        assert session is not None
        return form.page_at(session, stage.index)

    @staticmethod
    def _answer(scene: Scene) -> str:
        session = scene.state.session
        return session.answers.get(QuestionScreen._field(scene).id, "") if session else ""

    def watches(self, scene: Scene) -> Hashable:
        typed = kind_of(scene, self._field(scene)) is not None
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
        asked = stage.index + 1, len(form.pages(session))
        common = Holding(
            title=wording.label,
            step=question(session.service, self._place(session.service, field), asked, title, text),
            actions=[back(scene), primary_button(theme, text("Continue"), self._go_on, arrow="arrow-right")],
        )
        hints: list[Block] = []
        if wording.hint is not None:
            hints.append(Words(theme, wording.hint, "body", colour=theme.palette.ink2))
        kind = self._kind = kind_of(scene, field)
        why = form.why_wrong(field, session, scene.state) if stage.error else None
        if kind is None:
            wrong = [problem(theme, self._choose(scene, field, why))] if stage.error else []
            if field.type == "choices" and not wrong:
                hints.append(Words(theme, text("You may choose more than one."), "body", colour=theme.palette.ink2))
            buttons = answer_buttons(
                scene, field, self._answer(scene), lambda value: scene.send(Answered(field.id, value))
            )
            return replace(common, tells=[*hints, *wrong], choices=[Choices(buttons, columns=1)])
        self._text_field = TextField(
            theme, self._shown(), name=wording.label, control_id=f"field:{field.id}",
            lines=self._lines(scene, kind), error=stage.error,
        )
        return replace(
            common, field=self._text_field, tells=[self._foot(scene, field, kind, why, error=stage.error), *hints],
            pad=lambda width, height: self._keys(scene, kind, width, height), wide_pad=not kind.pad,
        )

    @staticmethod
    def _place(service: Service, page: FormField) -> int:
        return [entry.id for entry in every(service.questions)].index(page.id)

    @staticmethod
    def _choose(scene: Scene, field: FormField, why: Wrong | None) -> str:
        if why is Wrong.MISSING and field.type != "consent":
            why = Wrong.UNKNOWN
        return wrong_words(scene, field, why)

    @staticmethod
    def _lines(scene: Scene, kind: Kind) -> int:
        """As many as there is room for above the keys."""
        theme = scene.theme
        most = kind.lines
        share = {Shape.UPRIGHT: 1.0, Shape.WIDE: 0.7}.get(shape_of(theme), 0.0) / theme.large**2
        if theme.reach:
            share *= 0.7
        return max(1, min(most, round(most * share)))

    def _go_on(self) -> None:
        self._scene.send(Continued())

    # ---- typed ------------------------------------------------------------------------------------------------

    def _keys(self, scene: Scene, kind: Kind, width: float, height: float) -> Block:
        theme, text, room = scene.theme, scene.text, (width, height)
        if kind.pad:
            return NumberPad(theme, text, lambda digit: self._typed(str(digit)), self._erased, room=room)
        self._keyboard = Keyboard(theme, text, scene.language, self._typed, self._erased, room=room)
        self._keyboard.want_capitals(kind.capitals and wants_capital(self._value))
        return self._keyboard

    def _foot(self, scene: Scene, field: FormField, kind: Kind, why: Wrong | None, *, error: bool) -> Block:
        """What is wrong at the left, how much is written at the right."""
        theme, text = scene.theme, scene.text
        self._count = Words(theme, counted(scene, kind, self._value), "small", colour=theme.palette.ink2, align="right")
        if error:
            said: Block = problem(theme, wrong_words(scene, field, why))
        elif not field.required:
            said = Words(theme, text("You may leave this empty."), "small")
        else:
            return self._count
        return Folding(said, self._count, shares=(2, 1), gap=theme.gutter, valign="top", fold=theme.space(8))

    def _shown(self) -> str:
        """An amount stands there from the start; anything else when it is typed."""
        return self._kind.shown(self._value) if self._kind and (self._value or self._kind.money) else ""

    def _typed(self, character: str) -> None:
        kind = self._kind
        if kind is not None and kind.room(self._value):
            self._become(self._field(self._scene), kind.put(self._value, character))

    def _erased(self) -> None:
        if self._kind is not None:
            self._become(self._field(self._scene), self._kind.taken(self._value))

    def _become(self, field: FormField, value: str) -> None:
        self._value = value
        if self._keyboard is not None and self._kind is not None:
            self._keyboard.want_capitals(self._kind.capitals and wants_capital(value))
        self._scene.send(Answered(field.id, value))

    def refresh(self, scene: Scene) -> None:
        self._scene = scene
        self._value = self._answer(scene)
        if self._text_field is not None:
            self._text_field.become(self._shown())
        if self._count is not None and self._kind is not None:
            self._count.say(counted(scene, self._kind, self._value))
