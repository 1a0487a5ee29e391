"""The device-independent receipt: what a paper says, without a word about how a printer is told.

Three outputs are made from it: ESC/POS bytes for a profile, a picture, spoken text. Sizes are multiples of
font A (12 x 24 dots at 203 dpi, 48 columns on an 80 mm roll of 576 dots).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, model_validator

from kiosk.catalog.model import Language


class Block(BaseModel):
    # pydantic would keep the strings it has read in a cache of the process, citizens' names among them.
    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Header(Block):
    """Who issues: crest (104 dots), name in two double lines, then department left and kiosk right.

    `crest`: 104 rows of 13 bytes in base64, a bit a dot, the leftmost first; empty: there is none; None: the one that
    the printer's own papers carry.
    """

    kind: Literal["header"] = "header"
    name_line1: str
    name_line2: str
    department: str
    kiosk: str
    crest: str | None = Field(default=None, max_length=1804)


class Heading(Block):
    """What follows is about this: level 1 for the paper's own title, 2 for a part of it."""

    kind: Literal["heading"] = "heading"
    text: str
    level: Literal[1, 2] = 1


class Text(Block):
    """A paragraph; wraps at words, long words are broken. `indent`: letters that stay free at its left."""

    kind: Literal["text"] = "text"
    text: str
    size: Literal[1, 2, 3] = 1
    bold: bool = False
    align: Align = Align.LEFT
    indent: int = Field(default=0, ge=0, le=8)


class Field_(Block):  # noqa: N801  `Field` is pydantic's
    """Label left, value right; on one line if both fit, else the value below, still right.

    `marked` sets the value white on black: what somebody has to see to. `heads`: the label is emphasised instead of the
    value, for what stands below it is about it.
    """

    kind: Literal["field"] = "field"
    label: str
    value: str
    size: Literal[1, 2] = 1
    value_size: Literal[1, 2, 3] = 1
    marked: bool = False
    heads: bool = False


class Table(Block):
    """Rows of cells under headings. Cells wrap; where even that has no room, each row becomes label and value lines."""

    kind: Literal["table"] = "table"
    headings: tuple[str, ...] = Field(min_length=1)
    rows: tuple[tuple[str, ...], ...] = ()
    aligns: tuple[Align, ...] = Field(default=(), description="one a column; left where none is given")

    @model_validator(mode="after")
    def _rectangular(self) -> Self:
        if any(len(row) != len(self.headings) for row in self.rows):
            raise ValueError("every row has as many cells as there are headings")
        if self.aligns and len(self.aligns) != len(self.headings):
            raise ValueError("there is one alignment a column, or none")
        return self


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


class Barcode(Block):
    """A barcode of its own: across the paper where it fits, else along the feed. Its text is set below it."""

    kind: Literal["barcode"] = "barcode"
    symbology: Literal["itf", "code128"] = "code128"
    data: str
    what: str = Field(description="spoken and alternative text")


class Picture(Block):
    """Dots, a bit each, rows padded to whole bytes, 1 is black. One wider than the paper is halved until it fits."""

    kind: Literal["picture"] = "picture"
    width_dots: int = Field(ge=1, le=4096)
    rows: Base64Bytes
    align: Align = Align.CENTRE
    what: str = Field(description="spoken and alternative text")

    @model_validator(mode="after")
    def _whole_rows(self) -> Self:
        if not self.rows or len(self.rows) % ((self.width_dots + 7) // 8):
            raise ValueError("a picture has one or more whole rows")
        return self


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


AnyBlock = Annotated[
    Header | Heading | Text | Field_ | Table | Rule | Band | Qr | Matrix | Barcode | Picture | Payment | Feed,
    Field(discriminator="kind"),
]


class Receipt(Block):
    """One paper, parted from the roll after its last block as `cut` says. `no_value` marks a simulation's paper on its
    whole length.
    """

    title: str
    language: Language
    no_value: bool = False
    cut: Literal["full", "partial"] = "full"
    blocks: tuple[AnyBlock, ...]
