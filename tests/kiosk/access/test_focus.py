"""The order of the focus, on plain nodes."""

from __future__ import annotations

from kiosk.access.focus import Focus, stops
from kiosk.widgets.semantics import Node


def _node(key: str, role: str = "button") -> Node:
    return Node(id=key, role=role, name=key, enabled=True, bounds=(0, 0, 1, 1), key=key)


SCREEN = [
    _node("operator", "text"), _node("end"), _node("title", "heading"), _node("hint", "text"), _node("answer:1"),
    _node("primary"), _node("help"),
]


def _keys(nodes: list[Node]) -> list[str]:
    return [node.key for node in nodes]


def test_without_speech_the_focus_stops_at_controls_with_it_also_at_what_informs() -> None:
    assert _keys(stops(SCREEN, speech=False)) == ["end", "answer:1", "primary", "help"]
    assert _keys(stops(SCREEN, speech=True)) == ["end", "title", "hint", "answer:1", "primary", "help"]


def test_it_begins_at_the_title_or_at_the_first_control_that_does_not_end_the_visit() -> None:
    for speech, first in ((True, "title"), (False, "answer:1")):
        begun = Focus().arrive(stops(SCREEN, speech=speech))
        assert begun is not None
        assert begun.key == first


def test_on_a_screen_with_a_field_it_begins_there() -> None:
    begun = Focus().arrive([_node("end"), _node("key:a"), _node("field:place", "textbox")])
    assert begun is not None
    assert begun.key == "field:place"


def test_a_warning_that_time_runs_out_is_answered_by_one_key() -> None:
    warning = [_node("title", "heading"), _node("left", "text"), _node("end"), _node("still-here")]
    for speech in (False, True):
        begun = Focus().arrive(stops(warning, speech=speech))
        assert begun is not None
        assert begun.key == "still-here"


def test_forward_and_backward_it_comes_past_every_stop_and_back_to_where_it_began() -> None:
    at = stops(SCREEN, speech=True)
    for step in (1, -1):
        focus = Focus()
        begun = focus.arrive(at)
        assert begun is not None
        seen = {begun.key}
        for _ in range(len(at) - 1):
            node = focus.move(at, step)
            assert node is not None
            seen.add(node.key)
        assert seen == set(_keys(at))
        again = focus.move(at, step)
        assert again is not None
        assert again.key == begun.key


def test_after_the_screen_was_built_again_it_stays_or_goes_to_what_stands_in_its_place() -> None:
    focus = Focus()
    focus.arrive(stops(SCREEN, speech=False))
    focus.move(stops(SCREEN, speech=False), 1)
    assert focus.key == "primary"
    kept = focus.keep([_node("new"), _node("end"), _node("primary")])
    assert kept is not None
    assert kept.key == "primary"
    moved = focus.keep([_node("end"), _node("other")])
    assert moved is not None
    assert moved.key == "other"
    assert focus.keep([]) is None
