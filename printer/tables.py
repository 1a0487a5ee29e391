"""How wide each column of a table is, in characters."""

from __future__ import annotations

from collections.abc import Sequence

LEAST = 6
"""A column narrower than this breaks every word."""


def widths(rows: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Widths whose sum, with one character between columns, is at most `room`; None when no column can be LEAST wide.

    Columns that need little get what they need; the others share what is left.
    """
    needs = [max(1, *(len(row[column]) for row in rows)) for column in range(len(rows[0]))]
    left = room - (len(needs) - 1)
    if sum(needs) <= left:
        return needs
    if sum(min(need, LEAST) for need in needs) > left:
        return None
    given = [0] * len(needs)
    waiting = sorted(range(len(needs)), key=lambda column: needs[column])
    while waiting:
        share = left // len(waiting)
        column = waiting.pop(0)
        # Never so much that those who still wait go below the least.
        given[column] = min(needs[column], max(share, min(needs[column], LEAST)))
        left -= given[column]
    return given
