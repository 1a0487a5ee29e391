"""Which key means what, and when a press counts."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kiosk.access.keys import Command, Held, KeyMap, KeySettings

CODES = {"tab": 9, "enter": 13, "escape": 27, "f1": 282, "f6": 287, "f7": 288, "f8": 289, "f9": 290, "right": 275,
         "left": 276, "up": 273, "down": 274, "numpadenter": 271, "backspace": 8, "delete": 127, "numpad6": 262}


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_five_keys_and_their_twins_on_a_keyboard() -> None:
    keys = KeyMap(CODES)
    assert keys.command(9, shift=False) is Command.NEXT
    assert keys.command(9, shift=True) is Command.PREVIOUS
    assert keys.command(13, shift=True) is Command.SELECT
    assert keys.command(27, shift=False) is Command.BACK
    assert keys.command(282, shift=False) is Command.LISTEN
    assert keys.command(ord("a"), shift=False) is None


def test_a_keypad_that_sends_other_codes_is_described_by_names_or_numbers() -> None:
    keys = KeyMap(CODES, {"next": ["numpad6"], "listen": ["1073741926"]})
    assert keys.command(262, shift=False) is Command.NEXT
    assert keys.command(1073741926, shift=False) is Command.LISTEN
    assert keys.command(9, shift=False) is None


@pytest.mark.parametrize(("chosen", "says"), [({"jump": ["tab"]}, "jump"), ({"next": ["warp"]}, "warp")])
def test_what_nobody_knows_is_refused_in_one_line(chosen: dict[str, list[str]], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        KeyMap(CODES, chosen)


def test_the_same_key_again_too_soon_is_a_trembling_hand_another_key_is_not() -> None:
    clock = Clock()
    held = Held(KeySettings(double_strike_s=0.5), clock)
    assert held.down(1, goes_on=False)
    held.up(1)
    clock.now += 0.3
    assert not held.down(1, goes_on=False)
    held.up(1)
    assert held.down(2, goes_on=False)
    held.up(2)
    clock.now += 0.6
    assert held.down(1, goes_on=False)


@pytest.mark.parametrize(("patience", "deaf_s"), [(1, 0.06), (2, 0.3), (3, 0.5)])
def test_who_asks_for_more_time_is_given_it_between_two_strikes_of_a_key(patience: int, deaf_s: float) -> None:
    """EN 301 549 5.8: adjustable up to 0.5 s."""
    clock = Clock()
    held = Held(KeySettings(), clock)
    held.patience = patience
    assert held.down(1, goes_on=False)
    held.up(1)
    clock.now += deaf_s - 0.01
    assert not held.down(1, goes_on=False)
    held.up(1)
    clock.now += 0.02
    assert held.down(1, goes_on=False)


def test_who_asks_for_three_times_the_time_holds_a_key_for_two_seconds_before_it_goes_on_once_in_two() -> None:
    """EN 301 549 5.7: the wait adjustable to 2 s, the beat to one in 2 s."""
    clock = Clock()
    held = Held(KeySettings(), clock)
    held.patience = 3
    went_on = []
    for at in range(70):  # the system repeats ten times a second, for seven seconds
        if held.down(9, goes_on=True):
            went_on.append(at / 10)
        clock.now += 0.1
    assert went_on[0] == 0
    assert 2.0 <= went_on[1] <= 2.2
    assert all(later - earlier >= 2.0 for earlier, later in pairwise(went_on))


def test_a_key_that_is_held_acts_once_and_those_that_move_go_on_after_a_while() -> None:
    clock = Clock()
    held = Held(KeySettings(repeat_after_s=1.0, repeat_every_s=0.5), clock)
    moves, selects = 0, 0
    for _ in range(31):  # the system repeats ten times a second, for three seconds
        moves += held.down(9, goes_on=True)
        selects += held.down(13, goes_on=False)
        clock.now += 0.1
    assert selects == 1
    assert 4 <= moves <= 6
