"""The technician's test page: everything that a guide needs of a printer, and worth nothing."""

from __future__ import annotations

from kiosk.catalog.model import Language
from printer.receipt import Align, Band, Field_, Qr, Receipt, Rule, Text


def trial_page(label: str) -> Receipt:
    """A short paper with every size, the letters of the four languages, and a QR code that says `TOTEM TEST`."""
    return Receipt(
        title="Totem",
        language=Language.EN,
        no_value=True,
        blocks=(
            Band(text="TOTEM TEST"),
            Field_(label="Kiosk", value=label),
            Rule(),
            Text(text="Normal ãõç ñ¿¡ àèìòù €§ºª"),
            Text(text="Double ÃÕÇÑÉ", size=2, bold=True),
            Text(text="WM 01", size=3),
            Rule(double=True),
            Qr(data="TOTEM TEST", what="test"),
            Text(text="If you can read this and scan the code, the printer works.", align=Align.CENTRE),
        ),
    )
