"""The characters of a tracking code and no others, so that none can be mistaken: 32 keys and erase."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.issuing.tracking import ALPHABET
from kiosk.widgets.block import Block
from kiosk.widgets.buttons import key_button
from kiosk.widgets.tokens import MIN_TARGET_MM, Theme
from kiosk.widgets.typewriter import Typewriter

KEY_HEIGHT, ROW_GAP = 116, 14
MOST_COLUMNS, LEAST_COLUMNS = 11, 9
ERASE = "erase"


class CodePad(Typewriter):
    """`on_text` gets each character. It stands in as few columns as give it as many rows as fit into `room`.

    Control ids: `key:` and the character, `erase`, which takes the rest of the last row.
    """

    def __init__(
        self, theme: Theme, text: Callable[..., str], on_text: Callable[[str], None], on_erase: Callable[[], None],
        *, room: tuple[float, float] | None = None,
    ) -> None:
        super().__init__()
        self._theme, self._text, self._on_text, self._on_erase = theme, text, on_text, on_erase
        self._gap, self._row_gap = theme.gap, max(theme.space(ROW_GAP), theme.gap)
        width, height = room or (theme.panel.width_px, theme.panel.height_px)
        self._least = theme.mm(MIN_TARGET_MM)
        self._columns = self._best(width, height)
        most = (height - (self._rows - 1) * self._row_gap) / self._rows
        self._tall = max(self._least, min(theme.tall(KEY_HEIGHT), int(most)))
        self._keys: list[Block] = []

    def make_keys(self) -> None:
        theme = self._theme
        self._keys = [
            key_button(theme, letter, self._typing(letter), control_id=f"key:{letter}", height=KEY_HEIGHT,
                       repeat_s=theme.typing_s)
            for letter in ALPHABET
        ]
        self._keys.append(key_button(
            theme, "", self._on_erase, control_id=ERASE, icon="backspace", name=self._text("Erase"), tinted=True,
            height=KEY_HEIGHT, repeat_s=theme.erasing_s,
        ))
        for key in self._keys:
            self.add_widget(key)

    def _best(self, width: float, height: float) -> int:
        """The fewest columns, from 9 on, whose rows fit; never more than are wide enough."""
        most = max(1, int((width + self._gap) // (self._least + self._gap)))
        for columns in range(LEAST_COLUMNS, MOST_COLUMNS + 1):
            rows = -(-(len(ALPHABET) + 1) // columns)
            if rows * (self._least + self._row_gap) - self._row_gap <= height:
                return min(columns, most)
        return min(MOST_COLUMNS, most)

    def _typing(self, letter: str) -> Callable[[], None]:
        return lambda: self._on_text(letter)

    def take(self, character: str) -> bool:
        """Small letters, and I, L and O as people read them, are taken for what they stand for."""
        letter = {"I": "1", "L": "1", "O": "0"}.get(character.upper(), character.upper())
        if len(letter) != 1 or letter not in ALPHABET:
            return False
        self._on_text(letter)
        return True

    def erase(self) -> None:
        self._on_erase()

    @property
    def _rows(self) -> int:
        return -(-(len(ALPHABET) + 1) // self._columns)

    def height_for(self, width: float) -> float:
        del width
        return self._rows * self._tall + (self._rows - 1) * self._row_gap

    def narrowest(self) -> float:
        """Its columns, as narrow as a finger allows."""
        return self._columns * (self._least + self._gap) - self._gap

    def place_keys(self) -> None:
        pitch = (self.width + self._gap) / self._columns
        top = self.top
        for first in range(0, len(self._keys), self._columns):
            for at, key in enumerate(self._keys[first : first + self._columns]):
                left = round(self.x + at * pitch)
                right = round(self.x + (at + 1) * pitch) - self._gap
                if key is self._keys[-1]:
                    right = self.right
                key.place(left, top, right - left, self._tall)
            top -= self._tall + self._row_gap
