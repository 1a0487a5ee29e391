"""What a receipt is made of once it is laid out: strips, top to bottom, and what stands on them. Lengths are dots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from printer.font import Dots
from printer.symbols import BAR_NARROW, GS1_MODULE, gs1_dots, itf_dots, matrix_modules, qr_modules

CELL_WIDTH, CELL_HEIGHT = 12, 24


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style, `x` dots from the left."""

    x: int
    text: str
    size: int = 1
    bold: bool = False

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
        return len(self.modules) * self.module


@dataclass(frozen=True, slots=True)
class Bars:
    """A barcode along the feed, without its quiet zones. `wide` belongs to ITF."""

    x: int
    digits: str
    wide: int
    symbology: Literal["itf", "gs1-128"] = "itf"

    @property
    def row(self) -> Dots:
        """One row of dots across all bars."""
        if self.symbology == "gs1-128":
            return gs1_dots(self.digits, GS1_MODULE)
        return itf_dots(self.digits, BAR_NARROW, self.wide)

    @property
    def advance(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class Crest:
    x: int = 0


@dataclass(frozen=True, slots=True)
class Turned:
    """Size 1 text along the feed, read from below."""

    x: int
    text: str


@dataclass(frozen=True, slots=True)
class Placed:
    y: int
    part: Line | Code | Bars | Crest | Turned


@dataclass(frozen=True, slots=True)
class Sheet:
    """Parts side by side: needs page mode, or a raster."""

    parts: tuple[Placed, ...]
    advance: int


Strip = Line | Blank | Code | Bars | Sheet
