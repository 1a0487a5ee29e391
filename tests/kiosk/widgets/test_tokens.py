from __future__ import annotations

import pytest

from kiosk.catalog.model import Colours
from kiosk.widgets.tokens import (
    MIN_CONTRAST,
    PANELS,
    STEPS,
    WRITTEN,
    Palette,
    Theme,
    contrast,
    palette_of,
    weakest,
)


@pytest.mark.parametrize(("ink", "ground"), WRITTEN)
def test_whatever_is_written_stands_out_ten_to_one(ink: str, ground: str) -> None:
    palette = Palette()
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= MIN_CONTRAST


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_the_border_of_a_target_stands_out_three_to_one() -> None:
    palette = Palette()
    assert contrast(palette.edge, palette.page) >= 3
    assert contrast(palette.edge, palette.card) >= 3


def test_the_green_operator_of_the_look_is_accepted() -> None:
    colours = Colours(brand="#083D2C", press="#03211A", tint="#E8F2ED", accent="#F2B705")
    assert palette_of(colours).brand == "#083D2C"


def test_colours_that_are_hard_to_read_are_refused_for_those_of_the_house() -> None:
    colours = Colours(brand="#3B6FD4", press="#0B1C44", tint="#E8EDF7", accent="#FFC24A")
    assert palette_of(colours) == Palette()
    assert weakest(Palette(brand="#3B6FD4"))[0] < MIN_CONTRAST


def test_the_smallest_capitals_are_six_millimetres_high() -> None:
    assert min(STEPS.values()) * 0.668 / 3.64 >= 6.1  # EN 301 549 5.1.4


@pytest.mark.parametrize("name", PANELS)
def test_a_finger_and_an_eye_find_the_same_millimetres_on_every_panel(name: str) -> None:
    theme = Theme(PANELS[name])
    px_per_mm = theme.panel.px_per_mm
    assert theme.target_px / px_per_mm >= 12.7
    assert theme.gap_px(4) / px_per_mm >= 2.54
    assert theme.type_px("small") * 0.668 / px_per_mm >= 6.1  # EN 301 549 5.1.4
    largest = Theme(PANELS[name], large=1.4)
    assert largest.type_px("small") * 0.668 / px_per_mm >= 8.5  # VVSG 2.0 7.1-G


def test_a_small_panel_has_one_step_of_type_and_draws_together() -> None:
    theme = Theme(PANELS["p1280"])
    assert {theme.type_px(step) for step in STEPS} == {54}
    assert theme.px(144) < 144 * theme.scale
    assert Theme().px(144) == 144
