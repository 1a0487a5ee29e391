"""A document as an A4 sheet: template and data become a tagged PDF/A-2a, in the operator's colours.

Typst writes it (some 10 ms, and no library of the system). No independent validator of PDF/A-2 was at hand: that the
file conforms is its writer's word; that it is a sound PDF is checked by others in the tests.
"""

from __future__ import annotations

import functools
import io
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import kiosk
from central import a4_words
from kiosk.catalog.model import Language, Operator

TEMPLATE = Path(__file__).parent / "pages" / "document.typ"
FONTS = Path(kiosk.__file__).parent / "widgets" / "assets" / "fonts"
REGIONS = {Language.PT_BR: "br", Language.ES: "es", Language.IT: "it", Language.EN: "gb"}


@dataclass(frozen=True)
class Sheet:
    """What stands on it. `copy`: its number, marked from the second on; `address`: https://.../v/CODE#SEAL."""

    operator: Operator
    department: str
    language: Language
    title: str
    subtitle: str
    rows: tuple[tuple[str, str], ...]
    statement: str
    holder: str
    national_id: str
    closing: str
    identity: str
    code: str
    address: str
    copy: int
    without_value: bool
    issued: datetime


def compose(sheet: Sheet) -> bytes:
    """The PDF, not yet signed."""
    import typst

    made: bytes = typst.compile(
        _template(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(_data(sheet)), "qr": _qr(sheet.address)},
        pdf_standards=["a-2a"],
        timestamp=int(sheet.issued.timestamp()),
    )
    return made


@functools.cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


@functools.cache
def _fonts() -> Any:
    """The house's own, read once, and none of this machine's: the same sheet comes out everywhere."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _data(sheet: Sheet) -> dict[str, object]:
    operator, say = sheet.operator, a4_words.words(sheet.language)
    office = f"{operator.name_line1} {operator.name_line2}"
    language, _, _ = sheet.language.partition("-")
    stands = ("title", "subtitle", "rows", "statement", "holder", "national_id", "closing", "identity")
    return {
        **{name: getattr(sheet, name) for name in stands},
        **operator.colours.model_dump(),
        "lang": language,
        "region": REGIONS[sheet.language],
        "office": office,
        "document_title": f"{sheet.title} {sheet.subtitle}",
        "name_line1": operator.name_line1,
        "name_line2": operator.name_line2,
        "department": sheet.department,
        "crest": list(operator.crest.colour_png) if operator.crest else None,
        "copy": say.copy.format(copy=sheet.copy) if sheet.copy > 1 else "",
        "no_value": say.no_value if sheet.without_value else "",
        "watermark": say.no_value.rpartition(" · ")[2],
        "code": sheet.code,
        "address": sheet.address,
        "check_title": say.check_title,
        "check_typed": say.check_typed.format(website=operator.website),
        "check_scanned": say.check_scanned,
        "check_code": say.check_code,
        "signed": say.signed.format(office=office),
        "page": say.page,
        "alt_crest": say.alt_crest,
        "alt_qr": say.alt_qr,
        "foot": f"{office} · {operator.website} · {operator.phone}",
    }


def _qr(address: str) -> str:
    """ISO/IEC 18004 with its quiet zone of 4 modules; M finds a phone's eye as on the receipts."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=4, xmldecl=False, svgns=True)
    return out.getvalue().decode()
