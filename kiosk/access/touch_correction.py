"""Sets touches right by the calibration that a technician made, before anything else sees them.

One of Kivy's post-processing modules: it is handed every event of every finger once. A mouse points where it points.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.base import EventLoop

from kiosk.journey.affine import Affine


class TouchCorrection:
    """`present` gives the calibration of this moment."""

    def __init__(self, present: Callable[[], Affine]) -> None:
        self._present = present
        # Where each finger was put by us last: the event of its lifting may carry that place once more.
        self._put: dict[int, tuple[float, float]] = {}

    def install(self) -> None:
        EventLoop.add_postproc_module(self)

    def process(self, events: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        """Kivy's own interface: the events, set right."""
        calibration = self._present()
        if calibration != Affine():
            for kind, touch in events:
                self._correct(kind, touch, calibration)
        return events

    def _correct(self, kind: str, touch: Any, calibration: Affine) -> None:
        if touch.device == "mouse" or "pos" not in touch.profile:
            return
        if self._put.get(touch.uid) != (touch.sx, touch.sy):
            touch.sx, touch.sy = calibration.of(touch.sx, touch.sy)
        self._put[touch.uid] = (touch.sx, touch.sy)
        if kind == "end":
            del self._put[touch.uid]
