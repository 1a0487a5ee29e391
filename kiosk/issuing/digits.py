"""Digits as people type them, and the check digits of FEBRABAN's codes."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.issuing.errors import CodeError

PUNCTUATION = frozenset(" -.")


@dataclass(frozen=True)
class Digits:
    """The digits of a text, and for each its place in the text, from 1."""

    text: str
    places: tuple[int, ...]

    def part(self, start: int, end: int) -> Digits:
        """The digits from index `start` up to `end`."""
        return Digits(self.text[start:end], self.places[start:end])

    def __add__(self, other: Digits) -> Digits:
        return Digits(self.text + other.text, self.places + other.places)


def typed(code: str) -> Digits:
    """Leaves spaces, dots and dashes out; CodeError at any other character that is no digit, control characters too."""
    digits, places = [], []
    for place, character in enumerate(code, start=1):
        if character in PUNCTUATION:
            continue
        if not is_digits(character, 1):
            raise CodeError(f"{character!r} is not a digit", place)
        digits.append(character)
        places.append(place)
    return Digits("".join(digits), tuple(places))


def is_digits(text: str, length: int) -> bool:
    """Whether the text is that many digits 0 to 9, and of no other script."""
    return len(text) == length and text.isascii() and text.isdigit()


def mod10(digits: str) -> int:
    """Weights 2 and 1 from the right, the digits of the products summed; 0 for remainder 0."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        product = int(digit) * (2 - index % 2)
        total += product // 10 + product % 10
    return -total % 10


def remainder11(digits: str) -> int:
    """Weights 2 to 9 from the right, modulo 11. What becomes of it differs: an arrecadação and a boleto disagree."""
    return sum(int(digit) * (2 + index % 8) for index, digit in enumerate(reversed(digits))) % 11
