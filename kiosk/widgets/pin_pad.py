"""Number keys, three across. For a card's PIN they write into the PIN's own memory and tell only how many there are."""

from __future__ import annotations

import random
from collections.abc import Callable

from kiosk.journey.events import Event, PinTyped
from kiosk.widgets.button import Pressable
from kiosk.widgets.buttons import key_button
from kiosk.widgets.pin_buffer import PinBuffer
from kiosk.widgets.tokens import Theme
from kiosk.widgets.typewriter import Typewriter

# From the top left, row by row; the last stands between the two function keys.
ORDER: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)
COLUMNS, ROWS = 3, 4


class NumberPad(Typewriter):
    """Ten digits and erase; with `shuffle` a key that mixes them, so that a finger's way betrays nothing.

    A digit's control id is `digit:<n>` wherever it stands.
    """

    def __init__(
        self,
        theme: Theme,
        text: Callable[..., str],
        on_digit: Callable[[int], None],
        on_erase: Callable[[], None],
        *,
        shuffle: bool = False,
        key_height: float = 136,
    ) -> None:
        super().__init__()
        self._on_digit, self._on_erase = on_digit, on_erase
        self._gap = theme.px(24)
        self._tall = theme.px(key_height)
        self._order = list(ORDER)
        self._digits = {
            digit: key_button(
                theme, str(digit), self._typing(on_digit, digit),
                control_id=f"digit:{digit}", height=key_height, step="title",
            )
            for digit in ORDER
        }
        self._mix: Pressable | None = None
        if shuffle:
            self._mix = key_button(
                theme, text("Shuffle"), self._shuffle,
                control_id="shuffle", icon="shuffle", tinted=True, height=key_height, step="body",
            )
        self._erase_key = key_button(
            theme, text("Erase"), on_erase,
            control_id="erase", icon="backspace", tinted=True, height=key_height, step="body",
        )
        for block in (*self._digits.values(), self._mix, self._erase_key):
            if block is not None:
                self.add_widget(block)

    @staticmethod
    def _typing(on_digit: Callable[[int], None], digit: int) -> Callable[[], None]:
        return lambda: on_digit(digit)

    def take(self, character: str) -> bool:
        if character not in "0123456789" or len(character) != 1:
            return False
        self._on_digit(int(character))
        return True

    def erase(self) -> None:
        self._on_erase()

    def _shuffle(self) -> None:
        random.SystemRandom().shuffle(self._order)
        self.arrange()

    def height_for(self, width: float) -> float:
        del width
        return ROWS * self._tall + (ROWS - 1) * self._gap

    def arrange(self) -> None:
        digits = [self._digits[digit] for digit in self._order]
        places: list[Pressable | None] = [*digits[:9], self._mix, digits[9], self._erase_key]
        wide = (self.width - (COLUMNS - 1) * self._gap) / COLUMNS
        for place, button in enumerate(places):
            row, column = divmod(place, COLUMNS)
            if button is not None:
                x, top = self.x + column * (wide + self._gap), self.top - row * (self._tall + self._gap)
                button.place(x, top, wide, self._tall)


def pin_pad(theme: Theme, text: Callable[..., str], buffer: PinBuffer, send: Callable[[Event], None]) -> NumberPad:
    """The pad of a card's PIN: digits go into `buffer`, `PinTyped` says how many lie there."""

    def digit(value: int) -> None:
        buffer.digit(value)
        send(PinTyped(buffer.count))

    def erase() -> None:
        buffer.erase()
        send(PinTyped(buffer.count))

    return NumberPad(theme, text, digit, erase, shuffle=True)
