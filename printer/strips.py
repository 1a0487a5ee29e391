"""What a laid-out receipt is made of: strips of paper, top to bottom, each part at its place in dots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from printer.font import Dots
from printer.symbols import (
    BAR_NARROW,
    GS1_MODULE,
    code128_dots,
    gs1_dots,
    itf_dots,
    itf_length,
    matrix_modules,
    qr_modules,
    qr_side,
)

CELL_WIDTH, CELL_HEIGHT = 12, 24
PITCH = {1: 32, 2: 56, 3: 82}
"""From one line to the next, by size."""
BAND_HEIGHT = 48
CREST = 104


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style, `x` dots from the left."""

    x: int
    text: str
    size: int = 1
    bold: bool = False
    reverse: bool = False

    @property
    def width(self) -> int:
        return len(self.text) * CELL_WIDTH * self.size


@dataclass(frozen=True, slots=True)
class Line:
    """Runs that share a bottom edge. Reversed: white on black over the whole width."""

    runs: tuple[Run, ...]
    advance: int
    reverse: bool = False

    @property
    def height(self) -> int:
        return CELL_HEIGHT * max(run.size for run in self.runs)


@dataclass(frozen=True, slots=True)
class Blank:
    advance: int


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code or a Data Matrix without its quiet zone."""

    x: int
    data: bytes
    module: int
    kind: Literal["qr", "data-matrix"] = "qr"

    @property
    def modules(self) -> Dots:
        return qr_modules(self.data) if self.kind == "qr" else matrix_modules(self.data.decode("ascii"))

    @property
    def advance(self) -> int:
        side = qr_side(self.data) if self.kind == "qr" else len(self.modules)
        return side * self.module


@dataclass(frozen=True, slots=True)
class Bars:
    """A barcode along the feed, without its quiet zones. `wide` belongs to ITF."""

    x: int
    text: str
    wide: int
    symbology: Literal["itf", "gs1-128", "code128"] = "itf"

    @property
    def row(self) -> Dots:
        """One row of dots across all bars."""
        match self.symbology:
            case "itf":
                return itf_dots(self.text, BAR_NARROW, self.wide)
            case "gs1-128":
                return gs1_dots(self.text, GS1_MODULE)
            case "code128":
                return code128_dots(self.text)

    @property
    def advance(self) -> int:
        return itf_length(self.text, self.wide) if self.symbology == "itf" else len(self.row)


@dataclass(frozen=True, slots=True)
class Crest:
    x: int = 0


@dataclass(frozen=True, slots=True)
class Turned:
    """Size 1 text along the feed, read from below."""

    x: int
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Dots of no known kind, rows of bits padded to bytes. `tall`: every row is like the first."""

    x: int
    width: int
    rows: bytes
    tall: int = 0

    @property
    def row_bytes(self) -> int:
        return (self.width + 7) // 8

    @property
    def advance(self) -> int:
        return self.tall or len(self.rows) // self.row_bytes


@dataclass(frozen=True, slots=True)
class Placed:
    y: int
    part: Line | Code | Bars | Drawing | Crest | Turned


@dataclass(frozen=True, slots=True)
class Sheet:
    """Parts side by side: needs page mode, or a raster."""

    parts: tuple[Placed, ...]
    advance: int


Strip = Line | Blank | Code | Bars | Drawing | Sheet
