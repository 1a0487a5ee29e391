"""The layout engine: any panel, any text size, reach mode; nothing cut, nothing shrunk, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.settings import Settings
from kiosk.journey.state import Devices, State
from kiosk.screens.layout.shape import Shape, shape_of
from kiosk.screens.view import View
from kiosk.widgets.tokens import LARGEST, PANELS, Theme
from tests.kiosk.screens.citizens import states
from tests.kiosk.screens.test_first_screens import _states

MOST_PAGES = 40


def _every_state(catalogue: Catalogue) -> dict[str, State]:
    return {**states(catalogue, Language.IT), **_states(catalogue, Language.IT)}


def _pages(view: View) -> list[str]:
    """The words of all pages, turned by the arrows; checked on the way by the caller's `view`."""
    told: list[str] = []
    for _ in range(MOST_PAGES):
        told += [node.name for node in view.tree() if node.role in {"text", "heading"}]
        forward = view.control("page:next")
        if forward is None:
            return told
        forward._act()
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize("panel", ["p1280", "p800"])
def test_what_has_no_room_goes_to_further_pages_and_not_a_word_is_lost(
    panel: str, catalogue: Catalogue, window: Any, scene_of: Callable[..., Any],
) -> None:
    state = _every_state(catalogue)["details iptu"]
    whole, small = View(), View()
    whole.show(scene_of(state))
    small.show(scene_of(state, theme=Theme(PANELS[panel], large=LARGEST)))
    assert small.control("page:next") is not None
    said = " ".join(_pages(small)).split()
    for sentence in _pages(whole):
        # What frames a screen differs from panel to panel; what it says does not.
        if sentence and catalogue.operator.name_line1 not in sentence:
            assert set(sentence.split()) <= set(said), sentence


def test_an_arrow_that_cannot_act_is_not_there_and_the_page_stays_when_the_settings_change(
    catalogue: Catalogue, window: Any, scene_of: Callable[..., Any],
) -> None:
    state = _every_state(catalogue)["details iptu"]
    view = View()
    view.show(scene_of(state, theme=Theme(PANELS["p800"])))
    assert view.control("page:before") is None
    view.control("page:next")._act()
    assert view.control("page:before") is not None
    louder = replace(state, settings=Settings(volume=5))
    view.show(scene_of(louder, theme=Theme(PANELS["p800"], large=LARGEST)))
    assert view.control("page:before") is not None


def test_text_is_never_smaller_on_a_page_that_has_little_room(window: Any) -> None:
    sizes = {Theme(panel).type_px("body") / panel.px_per_mm * 0.668 for panel in PANELS.values()}
    assert min(sizes) >= 6.1  # EN 301 549 5.1.4


@pytest.mark.parametrize(
    ("panel", "large", "shape"),
    [
        ("tall", LARGEST, Shape.UPRIGHT), ("wide", 1.0, Shape.WIDE), ("p1280", 1.0, Shape.LOW),
        ("p1024", 1.0, Shape.LOW), ("p800", 1.0, Shape.FLAT), ("p800", LARGEST, Shape.TINY),
    ],
)
def test_the_shape_follows_from_millimetres_and_text(panel: str, large: float, shape: Shape) -> None:
    assert shape_of(Theme(PANELS[panel], large=large)) is shape


def test_the_failsafe_has_nothing_to_press_on_any_panel(
    catalogue: Catalogue, window: Any, scene_of: Callable[..., Any],
) -> None:
    for panel in PANELS.values():
        view = View()
        view.show(scene_of(_every_state(catalogue)["failure"], theme=Theme(panel)))
        assert [node.id for node in view.tree() if node.role == "button"] == []


def test_the_bar_offers_what_the_panel_has_room_for(
    catalogue: Catalogue, window: Any, scene_of: Callable[..., Any],
) -> None:
    state = replace(_every_state(catalogue)["services"], devices=Devices())
    for panel, wanted in {
        "tall": {"help", "listen", "letters", "contrast", "reach", "language"},
        "p1280": {"help", "listen", "access", "language"},
        "p800": {"help", "listen", "access"},
    }.items():
        view = View()
        view.show(scene_of(state, theme=Theme(PANELS[panel])))
        assert wanted <= {node.id for node in view.tree()}
