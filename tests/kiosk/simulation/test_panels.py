"""The demonstration on another panel."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kiosk.simulation import demonstrate, demonstration
from kiosk.widgets.tokens import PANELS, Panel


@pytest.mark.parametrize("name", PANELS)
def test_the_kiosk_is_told_the_panel_that_was_named(name: str, tmp_path: Path) -> None:
    places = demonstrate.places(tmp_path / "var", name)
    places.state.mkdir()
    demonstration.write_settings(places, {"network": 1, "printer": 2, "a4": 3}, "socket", sound=False)
    settings = tomllib.loads((places.state / "totem.toml").read_text(encoding="utf-8"))
    assert Panel(**settings["panel"]) == PANELS[name]


def test_a_window_that_is_too_large_gets_fewer_pixels_and_keeps_its_millimetres() -> None:
    shown = demonstrate.fitting((1920, 1080), PANELS["tall"])
    assert shown.height_px <= 1080
    assert (shown.width_mm, shown.height_mm) == (296.7, 527.4)
    assert shown.width_px / shown.height_px == pytest.approx(1080 / 1920, abs=0.002)


def test_a_window_that_fits_stays_as_it_is() -> None:
    assert demonstrate.fitting((1920, 1080), PANELS["p800"]) == PANELS["p800"]
