"""The contrast of colours (WCAG 2.2), and what the house writes on or beside an operator's own."""

from __future__ import annotations

LEAST_WRITTEN = 10.0  # VVSG 2.0 7.1-C
LEAST_DRAWN = 3.0  # WCAG 2.2 1.4.11

WHITE, PAGE, INK = "#FFFFFF", "#F5F3EE", "#141A24"

# An operator's colour, what it is seen with, and in which words.
SEEN = (
    ("brand", WHITE, "white on it"),
    ("brand", PAGE, "written on the page"),
    ("brand", "tint", "written on the tint"),
    ("press", WHITE, "white on it"),
    ("tint", INK, "ink on it"),
)


def parts(colour: str) -> tuple[int, int, int]:
    """#RRGGBB as three numbers from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(red: float, green: float, blue: float) -> float:
    """The relative luminance of a colour whose parts go from 0 to 255."""

    def linear(part: float) -> float:
        share: float = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def ratio(one: float, other: float) -> float:
    """The contrast ratio of two luminances, 1 to 21."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours."""
    return ratio(luminance(*parts(one)), luminance(*parts(other)))


def hard_to_read(colours: dict[str, str]) -> list[str]:
    """A line for each of `SEEN` that is too weak: what was measured, and what to take instead."""
    return [
        f"the contrast of {name}, {words}, is {measured:.1f}:1, and {LEAST_WRITTEN:.0f}:1 are needed: "
        f"take a {'lighter' if name == 'tint' else 'darker'} one"
        for name, with_what, words in SEEN
        if (measured := contrast(colours[name], colours.get(with_what, with_what))) < LEAST_WRITTEN
    ]
