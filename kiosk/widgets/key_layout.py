"""Which keys the screen's keyboard has, per language: data alone, so that tests read it without a window.

Every layout can type every letter of all four languages, since names and streets do not follow the screen's language:
what a language uses stands on its first page, the rest on the page of signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from kiosk.catalog.model import Language

# Letters beyond a to z: Portuguese (Acordo Ortográfico de 1990), Spanish, Italian.
ACCENTED = "áàâãéèêíìîóòôõúùüçñ"
DIGITS = "1234567890"
TOP, MIDDLE, BOTTOM = "qwertyuiop", "asdfghjkl", "zxcvbnm"
SIGNS = '!?@#%&/()"' + ":;'+=*$ºª" + "¿¡€"
FOOT_LEFT, FOOT_RIGHT = ",", ".-"
# Keys between shift and erase.
BOTTOM_KEYS = 7
MOST_ROWS, LEAST_ROWS = 5, 3
MOST_COLUMNS, LEAST_COLUMNS = 11, 10


@dataclass(frozen=True)
class Page:
    """The rows above the space bar, from the top; the last stands between shift and erase and may be empty.

    `turn` is what the key says that leads to this page.
    """

    rows: tuple[str, ...]
    turn: str

    @property
    def characters(self) -> str:
        return "".join(self.rows) + FOOT_LEFT + FOOT_RIGHT


@dataclass(frozen=True)
class Letters:
    """A language's own keys: its accents, and the one that closes the middle row, where it is used most."""

    accents: str
    tenth: str

    @property
    def rest(self) -> str:
        """The accented letters of the other languages."""
        return "".join(letter for letter in ACCENTED if letter not in self.accents + self.tenth)

    @property
    def signs(self) -> str:
        return SIGNS.replace(self.tenth, "")


LETTERS = {
    Language.PT_BR: Letters("áàâãéêíóôõú", "ç"),
    Language.ES: Letters("áéíóúüâãêõç", "ñ"),
    Language.IT: Letters("àáèéìíîòóùú", "'"),
    Language.EN: Letters("áàâãéêíóôõú", "'"),
}


def pages(language: Language, rows: int = MOST_ROWS, columns: int = MOST_COLUMNS) -> tuple[Page, ...]:
    """The keyboard in so many rows (3 to 5, the foot apart) of so many keys (10 or 11).

    The first page has the letters, and the language's accents and digits where there is a row for them.
    """
    own = LETTERS[language]
    first = [TOP, MIDDLE + own.tenth, BOTTOM]
    waiting = own.rest + own.signs
    if rows >= MOST_ROWS:
        first.insert(0, DIGITS)
    if rows > LEAST_ROWS:
        first.insert(0, own.accents)
    else:
        waiting = own.accents + waiting
    found = [Page(tuple(first), "abc")]
    upper = [DIGITS]
    while waiting:
        left = rows - 1 - len(upper)
        wanted = ceil(max(0, len(waiting) - BOTTOM_KEYS) / left)
        for _ in range(left):
            upper.append(waiting[: min(columns, wanted)])
            waiting = waiting[len(upper[-1]) :]
        found.append(Page((*upper, waiting[:BOTTOM_KEYS]), "123" if DIGITS in upper and rows < MOST_ROWS else "?!@"))
        waiting, upper = waiting[BOTTOM_KEYS:], []
    return tuple(found)


def wants_capital(text: str, *, names: bool = False) -> bool:
    """Whether the next letter begins a sentence (or, for names, a word)."""
    if not text.strip():
        return True
    return text.endswith((". ", "? ", "! ")) or (names and text.endswith(" "))
