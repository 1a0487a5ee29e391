"""The technician's test page: everything that a guide needs of a printer, and worth nothing."""

from __future__ import annotations

from kiosk.catalog.model import Language
from printer.head_test import LETTERS, head_test
from printer.profiles import Profile
from printer.receipt import Align, Band, Barcode, Field_, Heading, Qr, Receipt, Rule, Table, Text


def trial_page(label: str, profile: Profile) -> Receipt:
    """A short paper for that printer: every size, the letters of the four languages, the head's test, and two codes
    that say so.
    """
    return Receipt(
        title="Totem",
        language=Language.EN,
        no_value=True,
        blocks=(
            Band(text="TOTEM TEST"),
            Field_(label="Kiosk", value=label),
            Rule(),
            Heading(text="Letters", level=2),
            Text(text=LETTERS),
            Text(text="Double ÃÕÇÑÉ", size=2, bold=True),
            Text(text="WM 01", size=3),
            Rule(),
            Table(
                headings=("Size", "Columns", "Height"), aligns=(Align.LEFT, Align.RIGHT, Align.RIGHT),
                rows=tuple(
                    (name, str(profile.columns // times), f"{3 * times} mm")
                    for times, name in enumerate(("normal", "double", "triple"), start=1)
                ),
            ),
            Rule(double=True),
            Heading(text="Every line and every bar must be whole", level=2),
            head_test(profile.dots),
            Barcode(data="TOTEM TEST", what="test"),
            Qr(data="TOTEM TEST", what="test"),
            Text(text="If you can read this and scan both codes, the printer works.", align=Align.CENTRE),
        ),
    )  # fmt: skip
