"""What typed answers share: how a wrong answer is pointed out."""

from __future__ import annotations

from kiosk.widgets.block import Row
from kiosk.widgets.icon import Icon
from kiosk.widgets.tokens import Theme
from kiosk.widgets.words import Words


def problem(theme: Theme, words: str) -> Row:
    """What is wrong with an answer: icon and word, not colour alone."""
    colour = theme.palette.error
    return Row(
        [Icon(theme, "warning-circle-fill", 48, colour), Words(theme, words, "body", bold=True, colour=colour)],
        shares=[0, 1],
        gap=theme.pad(16),
    )
