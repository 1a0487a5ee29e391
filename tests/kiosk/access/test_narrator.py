"""What is said of nodes, without a window."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.access.narrator import Listener, changes, chosen, echo, how, of
from kiosk.catalog.model import Language
from kiosk.locale.translate import translator
from kiosk.widgets.semantics import Node

ROOM = Listener(Language.EN, translator(Language.EN))
HEADSET = replace(ROOM, headset=True)


def _node(name: str, role: str = "button", **more: object) -> Node:
    plain = Node(id=name, role=role, name=name, enabled=True, bounds=(0, 0, 1, 1), key=str(more.get("id", name)))
    return replace(plain, **more)  # type: ignore[arg-type]


def _said(utterances: list[object]) -> list[str]:
    return [utterance.text for utterance in utterances]  # type: ignore[attr-defined]


def test_a_control_says_name_role_and_state() -> None:
    assert _said([*of(_node("Help"), ROOM)]) == ["Help. button."]
    assert _said([*of(_node("Contrast", state="on"), ROOM)]) == ["Contrast. button, switched on."]
    short = of(_node("At least 4 digits", enabled=False), ROOM)
    assert _said([*short]) == ["At least 4 digits. button, not available."]
    assert _said([*of(_node("What do you need?", "heading"), ROOM)]) == ["What do you need?"]


def test_what_is_personal_is_named_to_a_headset_alone() -> None:
    debt = _node("IPTU, R$ 10,00", personal=True)
    assert _said([*of(debt, ROOM)]) == ["Personal, shown on the screen. button."]
    heard = of(debt, HEADSET)
    assert _said([*heard]) == ["IPTU, 10 reais. button."]
    assert heard[0].personal


def test_keys_are_called_by_their_signs() -> None:
    assert _said([*of(_node(",", id="key:,"), ROOM)]) == ["comma"]
    assert _said([*of(_node("S", id="key:S"), ROOM)]) == ["capital s"]
    assert _said([*of(_node("7", id="digit:7"), ROOM)]) == ["7"]


@pytest.mark.parametrize("listener", [ROOM, HEADSET])
def test_a_pins_digit_is_named_to_a_headset_alone(listener: Listener) -> None:
    said = of(_node("7", id="digit:7"), replace(listener, pin=True))
    assert ("7" in said[0].text) == listener.headset


@pytest.mark.parametrize(
    ("before", "after", "room", "headset"),
    [
        ("", "R", "Signs typed: 1.", "capital r"),
        ("Rua", "Rua ", "Signs typed: 4.", "space"),
        ("123", "123.4", "Signs typed: 5.", "4"),
        ("Rua", "Ru", "Erased. Signs left: 2.", "a erased."),
    ],
)
def test_typing_is_echoed_to_a_headset_and_counted_to_the_room(
    before: str, after: str, room: str, headset: str
) -> None:
    assert _said([*echo(before, after, ROOM)]) == [room]
    assert _said([*echo(before, after, HEADSET)]) == [headset]


def test_what_comes_to_a_screen_is_said_what_only_counts_is_not() -> None:
    before = [_node("3 of 200 letters", "text"), _node("Page 1 of 2", "text", id="page")]
    after = [
        _node("4 of 200 letters", "text"), _node("The answer is missing.", "text"),
        _node("Page 2 of 2", "text", id="page"),
    ]
    assert _said([*changes(before, after, ROOM)]) == ["Page 2 of 2.", "The answer is missing."]


def test_a_choice_says_that_it_is_chosen() -> None:
    before, after = [_node("Renewal", id="answer:1")], [_node("Renewal", id="answer:1", state="chosen")]
    assert _said([*chosen(before, after, "answer:1", ROOM)]) == ["chosen."]
    assert chosen(after, after, "answer:1", ROOM) == []


def test_how_to_go_on_names_the_choices_and_the_way() -> None:
    nodes = [_node("a", id="answer:1"), _node("b", id="answer:2"), _node("Next page", id="page:next"),
             _node("Continue", id="primary")]
    assert _said([*how(nodes, ROOM, first=False)]) == ["2 choices.", "To go on: Continue."]
    stopped = [_node("No internet", id="primary", enabled=False)]
    assert _said([*how(stopped, ROOM, first=False)]) == ["Not possible yet: No internet."]
