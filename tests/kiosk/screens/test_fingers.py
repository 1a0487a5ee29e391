"""More than one finger on the glass: what is meant once is done once, and nothing else comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.state import Attract, State
from kiosk.screens.view import View
from tests.kiosk.conftest import PANEL, working_devices


@pytest.fixture
def view(catalogue: Catalogue, window: Any, frames: Callable[[], None], scene_of: Callable[..., Any]) -> View:
    shown = View()
    window.add_widget(shown)
    shown.show(
        scene_of(
            State(catalogue=catalogue, devices=working_devices(catalogue), stage=Attract(), language=Language.EN)
        )
    )
    frames()
    return shown


def fingers(view: View, count: int) -> list[Any]:
    from kivy.tests.common import UnitTestTouch

    controls = [node.bounds for node in view.tree() if node.role == "button" and node.enabled]
    middles = [(left + width / 2, bottom + height / 2) for left, bottom, width, height in controls]
    return [UnitTestTouch(*middles[at % len(middles)]) for at in range(count)]


@pytest.mark.parametrize("count", [2, 5, 10])
def test_several_fingers_at_once_act_once(count: int, view: View, sent: list[Any]) -> None:
    hand = fingers(view, count)
    for finger in hand:
        finger.touch_down()
    for finger in hand:
        finger.touch_up()
    assert len(sent) == 1


def test_a_palm_that_slides_over_the_glass_starts_nothing(view: View, sent: list[Any]) -> None:
    hand = fingers(view, 5)
    for finger in hand:
        finger.touch_down()
    for finger in hand:
        finger.touch_move(PANEL.width_px / 2, PANEL.height_px - 5)
    for finger in hand:
        finger.touch_up()
    assert sent == []


def test_a_second_finger_on_the_same_control_does_not_act_again(view: View, sent: list[Any]) -> None:
    from kivy.tests.common import UnitTestTouch

    left, bottom, width, height = next(node.bounds for node in view.tree() if node.id.startswith("start:"))
    one, other = (UnitTestTouch(left + width * part, bottom + height / 2) for part in (0.3, 0.7))
    one.touch_down()
    other.touch_down()
    other.touch_up()
    one.touch_up()
    assert len(sent) == 1
