from __future__ import annotations

from typing import Any

from kiosk.widgets.tokens import Theme


def test_the_tree_reads_from_the_top_and_a_button_speaks_for_what_it_holds(window: Any) -> None:
    from kiosk.widgets import semantics
    from kiosk.widgets.block import Column
    from kiosk.widgets.buttons import primary_button, secondary_button
    from kiosk.widgets.card import notice
    from kiosk.widgets.words import Words

    theme = Theme()
    column = Column([
        Words(theme, "What do you need?", "title", role="heading"),
        notice(theme, "ok", "[b]Available now.[/b]"),
        secondary_button(theme, "Back", lambda: None, icon="arrow-left", control_id="back"),
        primary_button(theme, "Begin", None),
    ])
    window.add_widget(column)
    column.place(64, 1800, 900)
    nodes = semantics.tree(column)
    assert [(node.role, node.name, node.enabled) for node in nodes] == [
        ("heading", "What do you need?", True),
        ("text", "Available now.", True),
        ("button", "Back", True),
        ("button", "Begin", False),
    ]
    tops = [node.bounds[1] + node.bounds[3] for node in nodes]
    assert tops == sorted(tops, reverse=True)
    assert nodes[2].bounds[0] == 64


def test_a_block_of_higher_rank_is_read_later(window: Any) -> None:
    from kivy.uix.widget import Widget

    from kiosk.widgets import semantics
    from kiosk.widgets.words import Words

    root = Widget()
    bar, content = Words(Theme(), "bar"), Words(Theme(), "content")
    bar.rank = 2
    root.add_widget(bar)
    root.add_widget(content)
    assert [node.name for node in semantics.tree(root)] == ["content", "bar"]


def test_a_node_tells_state_value_and_what_is_personal_and_keeps_its_key_when_built_again(window: Any) -> None:
    from kiosk.widgets import semantics
    from kiosk.widgets.block import Column
    from kiosk.widgets.buttons import primary_button
    from kiosk.widgets.text_field import TextField
    from kiosk.widgets.words import Words

    def build() -> Column:
        name = Words(Theme(), "Maria", "body")
        name.personal = True
        chosen = primary_button(Theme(), "Normal", lambda: None, control_id="text:normal")
        chosen.state = "chosen"
        field = TextField(Theme(), "Rua 7", name="Where?", control_id="field:place")
        return Column([Words(Theme(), "Your data", "title", role="heading"), name, chosen, field, Words(Theme(), "x")])

    one, two = build(), build()
    nodes = semantics.tree(one)
    assert [node.personal for node in nodes] == [False, True, False, False, False]
    assert (nodes[2].state, nodes[3].value, nodes[3].name) == ("chosen", "Rua 7", "Where?")
    assert [node.key for node in nodes] == ["heading", "text", "text:normal", "field:place", "text#2"]
    assert [node.key for node in semantics.tree(two)] == [node.key for node in nodes]


def test_what_a_real_keyboard_types_goes_where_the_screens_own_keys_type(window: Any) -> None:
    from kiosk.catalog.model import Language
    from kiosk.widgets.keyboard import Keyboard
    from kiosk.widgets.pin_pad import NumberPad

    typed: list[str] = []

    def said(sentence: str, **_values: object) -> str:
        return sentence

    board = Keyboard(Theme(), said, Language.PT_BR, typed.append, typed.clear)
    pad = NumberPad(Theme(), said, lambda digit: typed.append(str(digit)), typed.clear)
    assert [board.take(letter) for letter in "Çã?☃"] == [True, True, True, False]
    assert [pad.take(sign) for sign in ("7", "x", "", "12")] == [True, False, False, False]
    assert typed == ["Ç", "ã", "?", "7"]
    pad.erase()
    assert typed == []
