"""The technician's test page: everything that a guide needs of a printer, and worth nothing."""

from __future__ import annotations

from kiosk.catalog.model import Language
from printer.head_test import head_test
from printer.receipt import Align, Band, Barcode, Field_, Heading, Qr, Receipt, Rule, Table, Text


def trial_page(label: str) -> Receipt:
    """A short paper with every size, the letters of the four languages, the head's test, and two codes that say so."""
    return Receipt(
        title="Totem",
        language=Language.EN,
        no_value=True,
        blocks=(
            Band(text="TOTEM TEST"),
            Field_(label="Kiosk", value=label),
            Rule(),
            Heading(text="Letters", level=2),
            Text(text="Normal ãõç ñ¿¡ àèìòù €§ºª"),
            Text(text="Double ÃÕÇÑÉ", size=2, bold=True),
            Text(text="WM 01", size=3),
            Rule(),
            Table(
                headings=("Size", "Columns", "Height"), aligns=(Align.LEFT, Align.RIGHT, Align.RIGHT),
                rows=(("normal", "48", "3 mm"), ("double", "24", "6 mm"), ("triple", "16", "9 mm")),
            ),
            Rule(double=True),
            Heading(text="Every line and every bar must be whole", level=2),
            head_test(),
            Barcode(data="TOTEM TEST", what="test"),
            Qr(data="TOTEM TEST", what="test"),
            Text(text="If you can read this and scan both codes, the printer works.", align=Align.CENTRE),
        ),
    )  # fmt: skip
