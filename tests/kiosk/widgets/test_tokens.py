from __future__ import annotations

import pytest

from kiosk.catalog.contrast import LEAST_WRITTEN, contrast
from kiosk.catalog.model import Colours
from kiosk.widgets.tokens import (
    HIGH_CONTRAST,
    LARGE,
    LARGEST,
        PANELS,
    STEPS,
    WRITTEN,
    Palette,
    Panel,
    Theme,
    palette_of,
)


@pytest.mark.parametrize(("ink", "ground"), WRITTEN)
def test_whatever_is_written_stands_out_ten_to_one(ink: str, ground: str) -> None:
    palette = Palette()
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= LEAST_WRITTEN


@pytest.mark.parametrize(("ink", "ground"), WRITTEN)
def test_in_high_contrast_it_stands_out_twenty_one_to_one_and_sixteen_on_yellow(ink: str, ground: str) -> None:
    on = getattr(HIGH_CONTRAST, ground)
    least = 16.5 if on == "#FFE600" else 21
    assert round(contrast(getattr(HIGH_CONTRAST, ink), on), 2) >= least


def test_high_contrast_asks_no_operator() -> None:
    colours = Colours(brand="#083D2C", press="#03211A", tint="#E8F2ED", accent="#F2B705")
    assert palette_of(colours, high_contrast=True) == HIGH_CONTRAST
    assert palette_of(None, high_contrast=True) == HIGH_CONTRAST


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_the_border_of_a_target_stands_out_three_to_one() -> None:
    palette = Palette()
    assert contrast(palette.edge, palette.page) >= 3
    assert contrast(palette.edge, palette.card) >= 3


def test_an_operators_colours_are_taken_over_and_everything_written_on_them_can_be_read() -> None:
    palette = palette_of(Colours(brand="#083D2C", press="#03211A", tint="#E8F2ED", accent="#F2B705"))
    assert palette.brand == "#083D2C"
    for ink, ground in WRITTEN:
        assert contrast(getattr(palette, ink), getattr(palette, ground)) >= LEAST_WRITTEN, (ink, ground)


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize(("large", "least_mm"), [(1.0, 6.1), (LARGE, 7.3), (LARGEST, 8.5)])
def test_capitals_are_as_high_as_they_must_be_on_every_panel(name: str, large: float, least_mm: float) -> None:
    theme = Theme(PANELS[name], large=large)
    for step in STEPS:
        assert theme.type_px(step) * 0.668 / theme.panel.px_per_mm >= least_mm  # EN 301 549 5.1.4


def test_a_small_panel_has_one_size_of_text_and_a_large_one_all_of_them() -> None:
    def sizes(name: str) -> set[int]:
        return {Theme(PANELS[name]).type_px(step) for step in STEPS}

    assert sizes("p1280") == {54}
    assert sizes("p800") == {48}
    assert sizes("tall") == sizes("wide") == set(STEPS.values())


@pytest.mark.parametrize("name", PANELS)
def test_no_control_is_lower_and_no_gap_narrower_than_a_finger_needs(name: str) -> None:
    theme = Theme(PANELS[name])
    assert theme.tall(1) / theme.panel.px_per_mm >= 12.7  # VVSG 2.0
    assert theme.tall(144) / theme.panel.px_per_mm >= 19.7
    assert theme.gutter / theme.panel.px_per_mm >= 2.54


def test_a_finger_stays_as_wide_on_another_panel() -> None:
    small = Theme(Panel(width_px=800, height_px=480, width_mm=154, height_mm=92.4))
    assert small.px(144) / small.panel.px_per_mm == pytest.approx(144 / 3.64, abs=0.2)
    assert Theme().px(144) == 144
