"""Where the digits of a card's PIN lie while they are typed: one small piece of memory, zeroed after use.

The digits are never a string, never an event and never part of the state; the screen knows how many there are.
"""

from __future__ import annotations

# NIST SP 800-73-4 part 2, 2.4.3: 6 to 8 digits; older cards take 4 and 5 as well.
MIN_DIGITS = 4
MAX_DIGITS = 8
ASCII_ZERO = 0x30


class PinBuffer:
    """At most eight ASCII digits in memory that never moves: the array is not resized, so no copy stays behind."""

    __slots__ = ("_count", "_digits")

    def __init__(self) -> None:
        self._digits = bytearray(MAX_DIGITS)
        self._count = 0

    @property
    def count(self) -> int:
        """How many digits were typed; all that anybody may know."""
        return self._count

    def digit(self, value: int) -> None:
        """Add one digit, 0 to 9; a ninth is not taken. ValueError for anything else."""
        if not 0 <= value <= 9:
            raise ValueError("a PIN digit is 0 to 9")
        if self._count < MAX_DIGITS:
            self._digits[self._count] = ASCII_ZERO + value
            self._count += 1

    def erase(self) -> None:
        """Take the last digit away; nothing happens without one."""
        if self._count:
            self._count -= 1
            self._digits[self._count] = 0

    def take(self) -> bytearray:
        """The digits as ASCII, handed over for good: the caller zeroes them after use. This buffer is empty then."""
        taken = bytearray(self._count)
        for place in range(self._count):
            taken[place] = self._digits[place]
        self.wipe()
        return taken

    def wipe(self) -> None:
        """Zero everything."""
        for place in range(MAX_DIGITS):
            self._digits[place] = 0
        self._count = 0

    def __repr__(self) -> str:
        return f"<PinBuffer of {self._count} digits>"
