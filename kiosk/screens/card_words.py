"""What cards are called by the people who carry them."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.locale.translate import mark
from kiosk.screens.scene import Text

# Two families are one card to who carries it.
CARDS = {
    "piv-icp-brasil": mark("e-CPF"),
    "icp-brasil": mark("e-CPF"),
    "cns": mark("Italian health card (CNS)"),
    "cie": mark("Italian identity card (CIE)"),
    "dnie": mark("Spanish DNIe"),
    "belgian-eid": mark("Belgian eID"),
    "portuguese": mark("Portuguese citizen card"),
    "estonian": mark("Estonian ID card"),
}


def cards_taken(text: Text, families: Iterable[str]) -> str:
    """The cards that this kiosk takes, one after the other."""
    return ", ".join(dict.fromkeys(text(CARDS[family]) for family in families))
