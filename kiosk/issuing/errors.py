"""What is wrong with a code that somebody printed, typed or scanned."""

from __future__ import annotations


class CodeError(ValueError):
    """A code that cannot be what it claims to be. `position` counts from 1 in the text as given.

    A wrong check digit stands where the check digit does; what is missing, behind the last character there is.
    """

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"{reason} (position {position})")
        self.reason = reason
        self.position = position
