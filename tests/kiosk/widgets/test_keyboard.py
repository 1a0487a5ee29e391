from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from kiosk.catalog.model import Language
from kiosk.widgets.tokens import LARGEST, PANELS, Theme

NEEDED_MM, GAP_MM = 12.7, 2.54  # VVSG 2.0


def said(sentence: str) -> str:
    return sentence


def boards(theme: Theme, height_mm: float) -> Any:
    from kiosk.widgets.keyboard import Keyboard

    width = theme.panel.width_px - 2 * theme.space(25)
    room = (width, height_mm * theme.panel.px_per_mm)
    board = Keyboard(theme, said, Language.PT_BR, lambda _: None, lambda: None, room=room)
    board.place(theme.space(25), theme.panel.height_px, width)
    return board


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("large", [1.0, LARGEST])
@pytest.mark.parametrize("share", [0.4, 0.65])
def test_every_key_is_as_wide_high_and_far_from_the_next_as_a_finger_needs(
    window: Any, name: str, large: float, share: float
) -> None:
    theme = Theme(PANELS[name], large=large)
    board = boards(theme, max(59, theme.panel.height_mm * share))
    per_mm = theme.panel.px_per_mm
    for _ in range(3):
        keys = sorted(board.children, key=lambda key: (-key.y, key.x))
        for key, following in pairwise(keys):
            assert key.width / per_mm >= NEEDED_MM, key.control_id
            assert key.height / per_mm >= NEEDED_MM, key.control_id
            if key.y == following.y:
                assert (following.x - key.right) / per_mm >= GAP_MM, key.control_id
            else:
                assert (key.y - following.top) / per_mm >= GAP_MM, key.control_id
        board._turn_page()


@pytest.mark.parametrize(("height_mm", "rows"), [(59, 4), (75, 5), (92, 6)])
def test_it_has_as_many_rows_as_there_is_room_for(window: Any, height_mm: float, rows: int) -> None:
    theme = Theme(PANELS["p800"])
    board = boards(theme, height_mm)
    assert len({key.y for key in board.children}) == rows
    assert board.height <= height_mm * theme.panel.px_per_mm


@pytest.mark.parametrize("name", PANELS)
def test_the_keys_of_a_pin_are_twenty_millimetres_where_there_is_room(window: Any, name: str) -> None:
    from kiosk.widgets.pin_pad import NumberPad

    theme = Theme(PANELS[name])
    room = (theme.panel.width_px - 2 * theme.margin, theme.panel.height_px * 0.62)
    pad = NumberPad(theme, said, lambda _: None, lambda: None, shuffle=True, room=room)
    pad.place(theme.margin, theme.panel.height_px, room[0])
    least = 20.0 if name != "p800" else 17.0
    for key in pad.children:
        assert min(key.width, key.height) / theme.panel.px_per_mm >= least, key.control_id
    assert pad.height <= room[1]


def test_digits_stand_in_their_order_where_they_are_not_to_be_mixed(window: Any) -> None:
    from kiosk.widgets.pin_buffer import PinBuffer
    from kiosk.widgets.pin_pad import pin_pad

    pad = pin_pad(Theme(), said, PinBuffer(), lambda _: None, shuffle=False)
    pad.place(0, 1000, 900)
    keys = sorted(pad.children, key=lambda key: (-key.y, key.x))
    assert [key.control_id for key in keys] == [*(f"digit:{digit}" for digit in (*range(1, 10), 0)), "erase"]
