"""Which keys the screen's keyboard has, per language: data alone, so that tests read it without a window.

Every layout can type every letter of all four languages, since names and streets do not follow the screen's language:
what a language uses stands on its first page, the rest on the page of signs.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import Language

# Letters beyond a to z: Portuguese (Acordo Ortográfico de 1990), Spanish, Italian.
ACCENTED = "áàâãéèêíìîóòôõúùüçñ"
DIGITS = "1234567890"
TOP, MIDDLE, BOTTOM = "qwertyuiop", "asdfghjkl", "zxcvbnm"
SIGNS_TOP, SIGNS_MIDDLE, SIGNS_BOTTOM = '!?@#%&/()"', ":;'+=*_$ºª", "¿¡€«»°§"
FOOT_LEFT, FOOT_RIGHT = ",", ".-"


@dataclass(frozen=True)
class Page:
    """The five rows above the space bar. Row `bottom` stands between shift and erase."""

    accents: str
    digits: str
    top: str
    middle: str
    bottom: str

    @property
    def characters(self) -> str:
        return self.accents + self.digits + self.top + self.middle + self.bottom + FOOT_LEFT + FOOT_RIGHT


@dataclass(frozen=True)
class Layout:
    letters: Page
    signs: Page


def _layout(accents: str, tenth: str) -> Layout:
    """`tenth` closes the middle row, where the language's own most used key stands."""
    rest = "".join(letter for letter in ACCENTED if letter not in accents + tenth)
    return Layout(
        letters=Page(accents, DIGITS, TOP, MIDDLE + tenth, BOTTOM),
        signs=Page(rest, DIGITS, SIGNS_TOP, SIGNS_MIDDLE, SIGNS_BOTTOM),
    )


LAYOUTS = {
    Language.PT_BR: _layout("áàâãéêíóôõú", "ç"),
    Language.ES: _layout("áéíóúüâãêõç", "ñ"),
    Language.IT: _layout("àáèéìíîòóùú", "'"),
    Language.EN: _layout("áàâãéêíóôõú", "'"),
}


def wants_capital(text: str, *, names: bool = False) -> bool:
    """Whether the next letter begins a sentence (or, for names, a word)."""
    if not text.strip():
        return True
    return text.endswith((". ", "? ", "! ")) or (names and text.endswith(" "))
