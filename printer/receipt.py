"""The device-independent receipt: what a paper says, without a word about how a printer is told.

Three outputs are made from it: ESC/POS bytes for a profile, a picture, spoken text. Sizes are multiples of
font A (12 x 24 dots at 203 dpi, 48 columns on an 80 mm roll of 576 dots).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kiosk.catalog.model import Language


class Block(BaseModel):
    # pydantic would keep the strings it has read in a cache of the process, citizens' names among them.
    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Header(Block):
    """Who issues: crest (104 dots), name in two double lines, then department left and kiosk right."""

    kind: Literal["header"] = "header"
    name_line1: str
    name_line2: str
    department: str
    kiosk: str


class Text(Block):
    """A paragraph; wraps at words, long words are broken."""

    kind: Literal["text"] = "text"
    text: str
    size: Literal[1, 2, 3] = 1
    bold: bool = False
    align: Align = Align.LEFT


class Field_(Block):  # noqa: N801  `Field` is pydantic's
    """Label left, value right; on one line if both fit, else the value below, still right."""

    kind: Literal["field"] = "field"
    label: str
    value: str
    size: Literal[1, 2] = 1
    value_size: Literal[1, 2, 3] = 1


class Rule(Block):
    kind: Literal["rule"] = "rule"
    double: bool = False


class Band(Block):
    """White on black over the whole width, double size, centred."""

    kind: Literal["band"] = "band"
    text: str


class Qr(Block):
    """A QR code, ECC level M, quiet zone of 4 modules."""

    kind: Literal["qr"] = "qr"
    data: str
    module_dots: int = Field(default=5, ge=4, le=8)
    what: str = Field(description="spoken and alternative text")


class Matrix(Block):
    """A Data Matrix (ECC 200), quiet zone of two modules. `data` is ASCII."""

    kind: Literal["matrix"] = "matrix"
    data: str = Field(pattern=r"^[\x20-\x7e]+$")
    module_dots: int = Field(default=4, ge=3, le=8)
    what: str = Field(description="spoken and alternative text")


class Payment(Block):
    """How to pay a guide: Pix QR and number blocks upright, the barcode rotated beside them at the right edge.

    `barcode` has 44 digits as `itf`: ITF with a narrow element of 2 dots and a wide one as the printer's profile says
    (5 or 6); or an even number of them as `gs1-128`, at 3 dots a module. 104 dots high, 40 dots quiet at each end.
    Without page mode the barcode stands alone, centred, below the texts. Without `pix_payload` nothing is said of Pix.
    """

    kind: Literal["payment"] = "payment"
    band: str
    pix_title: str = ""
    pix_payload: str | None = None
    pix_hint: str = ""
    code_title: str
    code_hint: str
    line_blocks: tuple[str, ...]
    code_where: str
    barcode: str = Field(pattern=r"^(\d\d){22,24}$")
    symbology: Literal["itf", "gs1-128"] = "itf"


class Feed(Block):
    kind: Literal["feed"] = "feed"
    dots: int = Field(ge=1, le=1000)


AnyBlock = Annotated[Header | Text | Field_ | Rule | Band | Qr | Matrix | Payment | Feed, Field(discriminator="kind")]


class Receipt(Block):
    """One paper. The cut after the last block is implied. `no_value` marks a simulation's paper on its whole
    length.
    """

    title: str
    language: Language
    no_value: bool = False
    blocks: tuple[AnyBlock, ...]
