"""Where a virtual printer draws: the line being filled, and the page of page mode."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from printer.font import Dots

_PAGE_MAX = 4000  # rows; real printers have 1,600 to 2,400 and ignore what is outside


@dataclass
class LineBuffer:
    """Standard mode: pieces set side by side, aligned at the bottom when the line is printed."""

    width: int
    x: int = 0
    pieces: list[tuple[int, Dots]] = field(default_factory=list)

    def add(self, dots: Dots) -> None:
        self.pieces.append((self.x, dots))
        self.x += dots.shape[1]

    def take(self, advance: int, align: int) -> Dots:
        """The printed line, at least as high as its highest piece; the buffer is empty afterwards."""
        height = max((len(dots) for _, dots in self.pieces), default=0)
        rows = np.zeros((max(height, advance), self.width), dtype=np.bool_)
        used = max((x + dots.shape[1] for x, dots in self.pieces), default=0)
        shift = max(self.width - used, 0) * align // 2
        for x, dots in self.pieces:
            _merge(rows, dots, x + shift, height - len(dots))
        self.pieces = []
        self.x = 0
        return rows


class Page:
    """Page mode: areas with a direction of their own, gathered on one sheet (ESC L, ESC W, ESC T)."""

    def __init__(self, width: int, line: int) -> None:
        self.sheet = np.zeros((_PAGE_MAX, width), dtype=np.bool_)
        self.line = line
        self.bottom = 0
        self.direction = 0
        self.set_area(0, 0, width, _PAGE_MAX)
        self.bottom = 0

    def set_area(self, x: int, y: int, width: int, height: int) -> None:
        self.area = (x, y, min(width, self.sheet.shape[1] - x), min(height, _PAGE_MAX - y))
        self.bottom = max(self.bottom, y + self.area[3])
        self.home()

    def set_direction(self, direction: int) -> None:
        self.direction = direction & 3
        self.home()

    def home(self) -> None:
        """The first line of the area: its reference is the lower edge."""
        self.x, self.y = 0, self.line

    @property
    def width(self) -> int:
        """How long a line is in this direction."""
        return self.area[3] if self.direction % 2 else self.area[2]

    @property
    def height(self) -> int:
        return self.area[2] if self.direction % 2 else self.area[3]

    def put(self, dots: Dots) -> None:
        """Draws with the lower left corner at the position, and moves to the right of it."""
        area = np.zeros((self.height, self.width), dtype=np.bool_)
        _merge(area, dots, self.x, self.y - len(dots))
        x, y, width, height = self.area
        self.sheet[y : y + height, x : x + width] |= np.rot90(area, self.direction)
        self.x += dots.shape[1]

    def clear(self) -> None:
        x, y, width, height = self.area
        self.sheet[y : y + height, x : x + width] = False

    def rows(self) -> Dots:
        return self.sheet[: self.bottom].copy()


def _merge(canvas: Dots, dots: Dots, x: int, y: int) -> None:
    """Draws what lies on the canvas; what lies beside it is lost, as on paper."""
    top, left = max(-y, 0), max(-x, 0)
    dots = dots[top : max(canvas.shape[0] - y, 0), left : max(canvas.shape[1] - x, 0)]
    y, x = y + top, x + left
    canvas[y : y + dots.shape[0], x : x + dots.shape[1]] |= dots
