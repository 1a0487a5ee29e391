"""What typed answers share: how a CPF is shown while it grows, and how a wrong answer is pointed out."""

from __future__ import annotations

from kiosk.issuing.masks import digits
from kiosk.widgets.block import Row
from kiosk.widgets.icon import Icon
from kiosk.widgets.tokens import Theme
from kiosk.widgets.words import Words

CPF_DIGITS = 11


def cpf_shown(typed: str) -> str:
    """529.982.2 for 5299822: the points and the dash come by themselves."""
    number = digits(typed)
    parts = [part for part in (number[:3], number[3:6], number[6:9]) if part]
    shown = ".".join(parts)
    return f"{shown}-{number[9:11]}" if len(number) > 9 else shown


def problem(theme: Theme, words: str) -> Row:
    """What is wrong with an answer: icon and word, not colour alone."""
    colour = theme.palette.error
    return Row(
        [Icon(theme, "warning-circle-fill", 48, colour), Words(theme, words, "body", bold=True, colour=colour)],
        shares=[0, 1],
        gap=theme.pad(16),
    )
