"""How touches are set right: an affine map of the screen onto itself, found from a few touched crosses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
# Where the crosses stand, in shares of width and height from the lower left.
CROSSES: tuple[Point, ...] = ((0.12, 0.88), (0.88, 0.88), (0.88, 0.12), (0.12, 0.12))
# A finger misses a cross by some millimetres; further off, another thing was touched.
MOST_AWAY = 0.03
LEAST_TURN = 1e-6


@dataclass(frozen=True)
class Affine:
    """x' = a x + b y + c, y' = d x + e y + f, in shares of width and height."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    def of(self, x: float, y: float) -> Point:
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def after(self, first: Affine) -> Affine:
        """`first`, then this."""
        return Affine(
            self.a * first.a + self.b * first.d, self.a * first.b + self.b * first.e,
            self.a * first.c + self.b * first.f + self.c,
            self.d * first.a + self.e * first.d, self.d * first.b + self.e * first.e,
            self.d * first.c + self.e * first.f + self.f,
        )  # fmt: skip


def fit(touched: Sequence[Point], meant: Sequence[Point] = CROSSES) -> Affine | None:
    """The map that brings what was touched nearest to what was meant (least squares); None where they do not belong
    together, so that a slip never makes the screen unusable.
    """
    columns = _solved(touched, [x for x, _ in meant]), _solved(touched, [y for _, y in meant])
    if columns[0] is None or columns[1] is None:
        return None
    found = Affine(*columns[0], *columns[1])
    for point, (x, y) in zip(touched, meant, strict=True):
        at = found.of(*point)
        if max(abs(at[0] - x), abs(at[1] - y)) > MOST_AWAY:
            return None
    return found


def _solved(touched: Sequence[Point], wanted: Sequence[float]) -> tuple[float, float, float] | None:
    """The normal equations of `wanted` = p x + q y + r, by Cramer's rule."""
    rows = [(x, y, 1.0) for x, y in touched]
    normal = [[sum(row[i] * row[j] for row in rows) for j in range(3)] for i in range(3)]
    right = [sum(row[i] * value for row, value in zip(rows, wanted, strict=True)) for i in range(3)]
    whole = _determinant(normal)
    if abs(whole) < LEAST_TURN:
        return None
    parts = [
        _determinant([[right[i] if j == column else normal[i][j] for j in range(3)] for i in range(3)]) / whole
        for column in range(3)
    ]
    return parts[0], parts[1], parts[2]


def _determinant(m: Sequence[Sequence[float]]) -> float:
    return (
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    )
