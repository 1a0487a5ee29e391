"""The checks of the matrix can fail: each is fed a screen that is wrong in one way, and one that is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from kiosk.widgets.tokens import Panel, Theme
from tests.kiosk.conftest import PANEL
from tests.kiosk.screens import checks


class Stage:
    """A bare screen on which controls and texts are put by hand."""

    def __init__(self) -> None:
        from kivy.uix.widget import Widget

        self.root = Widget(size=(PANEL.width_px, PANEL.height_px))
        self.theme = Theme()

    def button(
        self, control_id: str, x: float, y: float, width: float = 200, height: float = 150, **options: Any,
    ) -> Any:
        from kiosk.widgets import button
        from kiosk.widgets.words import Words

        content = Words(self.theme, options.pop("words", "A"), "lead", role="")
        made = button.Pressable(
            self.theme, options.pop("look", button.secondary(self.theme)), content, control_id=control_id,
            name=options.pop("name", "A"), act=options.pop("act", lambda: None),
        )
        self.root.add_widget(made)
        made.place(x, y + height, width, height)
        return made

    def words(self, text: str, x: float = 50, y: float = 500, width: float = 800, **options: Any) -> Any:
        from kiosk.widgets.words import Words

        made = Words(options.pop("theme", self.theme), text, options.pop("step", "body"), **options)
        self.root.add_widget(made)
        made.place(x, y + made.height_for(width), width)
        return made


@pytest.fixture
def stage(window: Any) -> Stage:
    return Stage()


def test_a_control_in_the_upper_half_is_out_of_reach(stage: Stage) -> None:
    from tests.kiosk.matrix.layout import not_within_reach

    stage.button("low", 100, PANEL.height_px / 2 - 150)
    assert not_within_reach(stage.root, PANEL) == []
    stage.button("high", 400, PANEL.height_px / 2 - 140)
    assert not_within_reach(stage.root, PANEL) == ["high"]


def test_on_a_low_panel_keys_may_take_the_upper_half_too(stage: Stage) -> None:
    from tests.kiosk.matrix.layout import not_within_reach

    low = Panel(1080, 1920, 78, 135.6)
    stage.button("primary", 400, PANEL.height_px - 200)
    assert not_within_reach(stage.root, low) == ["primary"]
    stage.button("key:a", 100, PANEL.height_px - 200)
    assert not_within_reach(stage.root, low) == []
    assert not_within_reach(stage.root, PANEL) == ["primary", "key:a"]


def test_letters_are_measured_as_drawn_against_each_text_size(stage: Stage) -> None:
    from tests.kiosk.matrix.layout import small_letters

    stage.words("Small", step="small")
    assert small_letters(stage.root, PANEL, "normal") == []
    assert len(small_letters(stage.root, PANEL, "large")) == 1
    stage.words("Tiny", step="small", theme=Theme(large=0.9))
    assert [each.split(": ")[1] for each in small_letters(stage.root, PANEL, "normal")] == ["'Tiny'"]
    larger = Stage()
    larger.words("Large", step="small", theme=Theme(large=1.4))
    assert small_letters(larger.root, PANEL, "largest") == []


def test_a_primary_or_a_key_of_the_pad_has_20_mm_where_there_is_room(stage: Stage) -> None:
    from tests.kiosk.matrix.layout import small_primaries

    stage.button("primary", 100, 100, height=72)
    stage.button("digit:1", 100, 400, height=72)
    stage.button("key:a", 400, 400, height=72)
    assert [each.split(":")[0] for each in small_primaries(stage.root, PANEL, reach=False)] == ["primary", "digit"]
    small = Panel(800, 480, 154.1, 92.4)
    assert small_primaries(stage.root, small, reach=True) == []


def test_a_letter_that_the_font_does_not_have_is_named(stage: Stage) -> None:
    from tests.kiosk.matrix.layout import missing_letters

    stage.words("Ação, señor, è già")
    assert missing_letters(stage.root) == []
    stage.words("日")
    assert missing_letters(stage.root) == ["日"]


@pytest.mark.parametrize(
    ("places", "wrong"),
    [
        ([(0, 600), (0, 300), (300, 300)], []),
        ([(0, 300), (0, 600)], ["c0 before c1"]),
        ([(300, 600), (0, 600)], ["c0 before c1"]),
        # the next column begins at its top
        ([(0, 600), (0, 300), (300, 600), (300, 300)], []),
    ],
)
def test_controls_are_reached_as_they_are_read(
    places: Sequence[tuple[float, float]], wrong: list[str], stage: Stage,
) -> None:
    from tests.kiosk.matrix.layout import out_of_order

    for at, (x, y) in enumerate(places):
        stage.button(f"c{at}", x, y)
    assert out_of_order(stage.root) == wrong


def test_a_control_that_is_reached_twice_is_named(stage: Stage) -> None:
    from tests.kiosk.matrix.layout import out_of_order

    stage.button("same", 0, 600)
    stage.button("same", 0, 300)
    assert out_of_order(stage.root) == ["same is reached 2 times"]


def _too_small(stage: Stage) -> list[str]:
    stage.button("small", 100, 100, height=46)
    return checks.too_small(stage.root, PANEL)


def _too_near(stage: Stage) -> list[str]:
    stage.button("one", 100, 100)
    stage.button("two", 308, 100)
    return checks.too_near(stage.root, PANEL)


def _unnamed(stage: Stage) -> list[Any]:
    stage.button("silent", 100, 100, name="")
    return checks.unnamed(stage.root)


def _doubled(stage: Stage) -> list[str]:
    stage.button("twin", 100, 100)
    stage.button("twin", 100, 500)
    return checks.doubled(stage.root)


def _overlapping(stage: Stage) -> list[str]:
    stage.words("One over", y=500)
    stage.words("the other", y=520)
    return checks.overlapping(stage.root)


def _too_wide_for_its_button(stage: Stage) -> list[str]:
    stage.button("narrow", 100, 100, width=160, words="Acessibilidade")
    return checks.overflowing(stage.root)


def _off_the_glass(stage: Stage) -> list[str]:
    stage.words("Out", x=1000, width=200)
    return checks.overflowing(stage.root)


def _too_tall(stage: Stage) -> list[str]:
    stage.words("Two lines at least, in a place of one", width=300).height = 50
    return checks.overflowing(stage.root)


@pytest.mark.parametrize(
    "wrong",
    [
        _too_small, _too_near, _unnamed, _doubled, _overlapping, _too_wide_for_its_button, _off_the_glass, _too_tall,
    ],
)
def test_what_is_wrong_on_a_screen_is_found(wrong: Callable[[Stage], list[Any]], stage: Stage) -> None:
    assert wrong(stage)


def test_a_screen_that_is_right_has_no_faults(stage: Stage) -> None:
    stage.words("What do you need?", y=900)
    stage.button("one", 100, 400)
    stage.button("two", 320, 400, words="B", name="B")
    assert checks.faults(stage.root, PANEL) == {}
