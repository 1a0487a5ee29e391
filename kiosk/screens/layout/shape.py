"""The shape of a screen: what it has room for, judged by its millimetres and by the size of its text."""

from __future__ import annotations

from enum import Enum

from kiosk.widgets.tokens import Theme

# Lines of body text from the top of the panel to its foot.
WIDE_LINES, LOW_LINES, FLAT_LINES = 15.1, 11.0, 9.0


class Shape(Enum):
    """`UPRIGHT` as in most pictures of the look; `WIDE`: the same hierarchy in two columns; `LOW`: a rail for the
    actions beside the content; `FLAT`: the question in the header; `TINY`: no header, what ends stands in the bar.
    """

    UPRIGHT = "upright"
    WIDE = "wide"
    LOW = "low"
    FLAT = "flat"
    TINY = "tiny"

    @property
    def short_of_room(self) -> bool:
        return self in {Shape.LOW, Shape.FLAT, Shape.TINY}


def shape_of(theme: Theme) -> Shape:
    """The shape of the panel with text of that size."""
    panel = theme.panel
    if panel.height_px > panel.width_px:
        return Shape.UPRIGHT
    lines = panel.height_px / theme.leading_px("body")
    if lines >= WIDE_LINES:
        return Shape.WIDE
    if lines >= LOW_LINES:
        return Shape.LOW
    return Shape.FLAT if lines >= FLAT_LINES else Shape.TINY
