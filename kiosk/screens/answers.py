"""Answers to choose from: one large button each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kiosk.catalog.model import FormField
from kiosk.issuing.dates import day
from kiosk.journey.form import NO, YES
from kiosk.screens.parts import price
from kiosk.screens.scene import Scene
from kiosk.widgets import button as looks
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.button import Pressable
from kiosk.widgets.buttons import topic_button
from kiosk.widgets.icon import Icon
from kiosk.widgets.words import Words
from offline_cache.contract.messages import Debt


def answer_buttons(scene: Scene, field: FormField, chosen: str, choose: Callable[[str], None]) -> list[Block]:
    """One button for each answer that the field allows, the chosen one filled."""
    session, text = scene.state.session, scene.text
    if field.type == "debt":
        debts = session.debts if session else ()
        return [_debt_button(scene, debt, choose, chosen=debt.id == chosen) for debt in debts]
    if field.type == "consent":
        answers = [(YES, text("I agree")), (NO, text("I do not agree"))]
    elif field.type == "yes-no":
        answers = [(YES, text("Yes")), (NO, text("No"))]
    else:
        answers = [(choice.id, choice.label.in_language(scene.language)) for choice in field.choices]
    many = field.type == "choices"
    picked = [choice.id for choice in field.choices if choice.id in chosen.split(",")] if many else [chosen]
    return [
        topic_button(
            scene.theme, label, _choosing(choose, _toggled(field, picked, value) if many else value),
            control_id=f"answer:{value}", chosen=value in picked, height=128,
        )
        for value, label in answers
    ]


def _toggled(field: FormField, picked: list[str], value: str) -> str:
    """The choices after one was touched, in the form's order."""
    after = set(picked) ^ {value}
    return ",".join(choice.id for choice in field.choices if choice.id in after)


def _choosing(choose: Callable[[str], None], value: str) -> Callable[[], None]:
    return lambda: choose(value)


def _debt_button(scene: Scene, debt: Debt, choose: Callable[[str], None], *, chosen: bool) -> Pressable:
    """What it is for at the left, how much and until when at the right."""
    theme, text = scene.theme, scene.text
    look = looks.primary(theme) if chosen else looks.target(theme)
    until = day(date.fromisoformat(debt.due), scene.language)
    due = text("by {date}", date=until)
    if theme.spread == 0 or (theme.reach and theme.large > 1):
        # A small panel, or large letters in half of one, has room for what tells one from the other; the rest is read
        # on the review.
        when = until if theme.spread == 0 and theme.reach and theme.large > 1 else due
        amount = price(scene.state.session, debt.amount_cents)
        lines = Column([
            Words(theme, debt.title, "lead", bold=True, colour=look.ink, role=""),
            Words(theme, f"{amount} · {when}", "small", colour=look.ink, role=""),
        ])
        return _debt_pressable(scene, debt, lines, due, choose, chosen=chosen)
    what = Column(
        [
            Words(theme, debt.title, "lead", bold=True, colour=look.ink, role=""),
            Words(theme, debt.detail, "small", colour=look.ink, role=""),
        ],
        gap=theme.pad(4),
    )
    how_much = Column(
        [
            Words(theme, price(scene.state.session, debt.amount_cents), "lead", bold=True, colour=look.ink, role=""),
            Words(theme, due, "small", colour=look.ink, role=""),
        ],
        gap=theme.pad(4),
        align="right",
    )
    mark: list[Block] = [Icon(theme, "check", 60, look.ink)] if chosen else []
    content = Row([*mark, what, how_much], shares=[0.0] * len(mark) + [1.0, 0.0], gap=theme.pad(28))
    return _debt_pressable(scene, debt, content, due, choose, chosen=chosen)


def _debt_pressable(
    scene: Scene, debt: Debt, content: Block, due: str, choose: Callable[[str], None], *, chosen: bool
) -> Pressable:
    theme = scene.theme
    look = looks.primary(theme) if chosen else looks.target(theme)
    how_much = price(scene.state.session, debt.amount_cents)
    button = Pressable(
        theme, look, content,
        control_id=f"debt:{debt.id}", name=f"{debt.title}. {debt.detail}. {how_much}, {due}",
        act=_choosing(choose, debt.id), height=176, pad=(36, 20),
    )
    button.state, button.personal = "chosen" if chosen else "", True
    return button
