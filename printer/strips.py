"""What a laid-out receipt is made of: strips of paper, top to bottom, each part at its place in dots."""

from __future__ import annotations

from dataclasses import dataclass

from printer.symbols import code128_dots, itf_length, qr_side

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
    """A QR code without its quiet zone."""

    x: int
    data: bytes
    module: int

    @property
    def advance(self) -> int:
        return qr_side(self.data) * self.module


@dataclass(frozen=True, slots=True)
class Bars:
    """A barcode along the feed, without its quiet zones: an ITF, or a Code 128 where `wide` is 0."""

    x: int
    text: str
    wide: int

    @property
    def advance(self) -> int:
        return itf_length(self.text, self.wide) if self.wide else len(code128_dots(self.text))


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
