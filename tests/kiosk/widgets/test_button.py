from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.widgets.strikes import STRIKES, Strikes
from kiosk.widgets.tokens import Theme


@pytest.fixture
def pressed() -> list[str]:
    return []


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(STRIKES, "clock", lambda: now[0])
    return now


@pytest.fixture
def button(window: Any, frames: Callable[[], None], pressed: list[str], clock: list[float]) -> Any:
    from kiosk.widgets.buttons import primary_button

    made = primary_button(Theme(), "Continue", lambda: pressed.append("continue"))
    window.add_widget(made)
    made.place(100, 600, 600)
    frames()
    return made


def _touch(x: float, y: float) -> Any:
    from kivy.tests.common import UnitTestTouch

    return UnitTestTouch(x, y)


def _tap(button: Any) -> None:
    touch = _touch(*button.center)
    touch.touch_down()
    touch.touch_up()


def test_it_sinks_onto_its_lip_at_the_touch_and_rises_again(button: Any) -> None:
    lip = Theme().px(8)
    before = button.content.y
    touch = _touch(*button.center)
    touch.touch_down()
    assert button.content.y == before - lip
    touch.touch_up()
    assert button.content.y == before


def test_it_acts_when_the_finger_is_lifted_not_before(button: Any, pressed: list[str]) -> None:
    touch = _touch(*button.center)
    touch.touch_down()
    assert pressed == []
    touch.touch_up()
    assert pressed == ["continue"]


def test_a_finger_that_slides_off_does_not_act(button: Any, pressed: list[str]) -> None:
    touch = _touch(*button.center)
    touch.touch_down()
    touch.touch_move(1000, 1800)
    touch.touch_up()
    assert pressed == []
    assert not button.pressed


def test_a_double_strike_within_half_a_second_acts_once(
    button: Any, pressed: list[str], clock: list[float],
) -> None:
    _tap(button)
    clock[0] += 0.49
    _tap(button)
    assert pressed == ["continue"]
    clock[0] += 0.51
    _tap(button)
    assert pressed == ["continue", "continue"]


def test_two_fingers_at_once_press_once(button: Any, pressed: list[str]) -> None:
    one, two = _touch(*button.center), _touch(button.x + 40, button.y + 40)
    one.touch_down()
    two.touch_down()
    two.touch_up()
    one.touch_up()
    assert pressed == ["continue"]


def test_what_cannot_be_done_says_why_and_does_not_move(window: Any, frames: Callable[[], None]) -> None:
    from kiosk.widgets.buttons import cannot

    made = cannot(Theme(), "Needs internet")
    window.add_widget(made)
    made.place(100, 600, 600)
    before = made.content.y
    touch = _touch(*made.center)
    touch.touch_down()
    assert made.content.y == before
    touch.touch_up()
    assert (made.enabled, made.name, made.press()) == (False, "Needs internet", False)


def test_another_control_is_deaf_too_right_after_the_screen_has_changed() -> None:
    now = [0.0]
    strikes = Strikes(lambda: now[0])
    assert strikes.accept("service:iptu", key=False)
    now[0] = 0.3
    assert not strikes.accept("primary", key=False)
    now[0] = 0.6
    assert strikes.accept("primary", key=False)


def test_different_keys_may_follow_each_other_fast_and_the_same_key_a_little_slower() -> None:
    now = [0.0]
    strikes = Strikes(lambda: now[0])
    assert strikes.accept("digit:1", key=True)
    now[0] = 0.05
    assert strikes.accept("digit:2", key=True)
    now[0] = 0.1
    assert not strikes.accept("digit:2", key=True)
    now[0] = 0.3
    assert strikes.accept("digit:2", key=True)


def test_a_key_that_is_held_acts_again_and_lifting_the_finger_adds_nothing(window: Any) -> None:
    from kivy.clock import Clock

    from kiosk.widgets.buttons import key_button

    acted: list[int] = []
    key = key_button(Theme(), "a", lambda: acted.append(1), control_id="key:a", repeat_s=(0.0, 0.0))
    window.add_widget(key)
    key.place(100, 500, 200)
    touch = _touch(150, key.center_y)
    touch.touch_down()
    while len(acted) < 3:
        Clock.tick()
    touch.touch_up()
    Clock.tick()
    assert len(acted) == 3


def test_a_key_that_left_the_screen_while_held_is_silent(window: Any) -> None:
    from kivy.clock import Clock

    from kiosk.widgets.buttons import key_button

    acted: list[int] = []
    key = key_button(Theme(), "a", lambda: acted.append(1), control_id="key:a", repeat_s=(0.0, 0.0))
    window.add_widget(key)
    key.place(100, 500, 200)
    _touch(150, key.center_y).touch_down()
    window.remove_widget(key)
    for _ in range(5):
        Clock.tick()
    assert acted == []


@pytest.mark.parametrize("patience", [1, 2, 3])
def test_who_asks_for_more_time_may_rest_a_finger_longer(patience: int) -> None:
    theme = Theme(patience=patience)
    assert theme.erasing_s[0] >= 0.6 * patience
    if patience == 3:
        assert min(*theme.erasing_s, *theme.typing_s) >= 2.0  # EN 301 549 5.7


def test_the_ring_of_the_focus_goes_with_its_control_and_there_is_one(window: Any) -> None:
    from kivy.uix.floatlayout import FloatLayout

    from kiosk.widgets.buttons import primary_button

    root = FloatLayout()
    window.add_widget(root)
    one, two = (primary_button(Theme(), word, lambda: None, control_id=word) for word in ("one", "two"))
    for at, button in enumerate((one, two)):
        root.add_widget(button)
        button.place(100, 500 + 300 * at, 400)
    one.show_focus(True)
    two.show_focus(True)
    assert len(list(root.canvas.after.get_group("focus"))) == 1
    two.show_focus(False)
    assert not list(root.canvas.after.get_group("focus"))
