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
