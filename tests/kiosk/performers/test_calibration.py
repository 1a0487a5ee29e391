"""A calibration is kept, added to, and never makes a kiosk that cannot start."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.journey.affine import CROSSES, Affine, fit
from kiosk.performers.calibration import FILE, Calibration


def shifted(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """As a panel tells it that is a little turned, stretched and moved."""
    return [(1.02 * x - 0.03 * y + 0.01, 0.04 * x + 0.95 * y - 0.02) for x, y in points]


def test_what_is_fitted_brings_every_touch_to_its_place() -> None:
    found = fit(shifted(CROSSES))
    assert found is not None
    for meant, touched in zip([(0.5, 0.5), (0.1, 0.9)], shifted(((0.5, 0.5), (0.1, 0.9))), strict=True):
        assert found.of(*touched) == pytest.approx(meant)


def test_touches_in_one_line_or_apart_from_each_other_calibrate_nothing() -> None:
    assert fit([(0.1, 0.1)] * 4) is None
    assert fit([(0.12, 0.88), (0.88, 0.88), (0.88, 0.12), (0.4, 0.4)]) is None


def test_it_is_kept_and_the_next_one_comes_on_top(tmp_path: Path) -> None:
    first = Calibration(tmp_path)
    assert first.present == Affine()
    first.add(Affine(c=0.1))
    again = Calibration(tmp_path)
    again.add(Affine(a=2.0))
    assert Calibration(tmp_path).present.of(0.2, 0.5) == pytest.approx((0.6, 0.5))


@pytest.mark.parametrize("text", ["", "[]", '{"a": "x"}', '{"z": 1}', "nonsense"])
def test_a_file_that_cannot_be_read_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="ascii")
    assert Calibration(tmp_path).present == Affine()


def test_fingers_are_set_right_once_and_a_mouse_never() -> None:
    from kiosk.access.touch_correction import TouchCorrection

    correction = TouchCorrection(lambda: Affine(c=0.1))
    finger = SimpleNamespace(uid=1, device="wm_touch", profile=["pos"], sx=0.2, sy=0.3)
    correction.process([("begin", finger)])
    assert finger.sx == pytest.approx(0.3)
    correction.process([("end", finger)])
    assert finger.sx == pytest.approx(0.3), "its lifting carries the place that was set right already"
    mouse = SimpleNamespace(uid=2, device="mouse", profile=["pos"], sx=0.2, sy=0.3)
    correction.process([("begin", mouse)])
    assert mouse.sx == 0.2
