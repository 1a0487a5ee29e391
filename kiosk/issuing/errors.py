"""What is wrong with a code that somebody printed, typed or scanned."""

from __future__ import annotations


class CodeError(ValueError):
    """A code that cannot be what it claims to be. `position` counts from 1 in the text as given, None for the whole."""

    def __init__(self, reason: str, position: int | None = None) -> None:
        super().__init__(reason if position is None else f"{reason} (position {position})")
        self.reason = reason
        self.position = position
