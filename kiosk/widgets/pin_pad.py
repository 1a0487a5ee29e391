"""Number keys. For a card's PIN they write into the PIN's own memory and tell only how many there are."""

from __future__ import annotations

import random
from collections.abc import Callable

from kiosk.journey.events import Event, PinTyped
from kiosk.widgets.button import Pressable
from kiosk.widgets.buttons import key_button
from kiosk.widgets.pin_buffer import PinBuffer
from kiosk.widgets.tokens import MAIN_TARGET_MM, MIN_TARGET_MM, Step, Theme
from kiosk.widgets.typewriter import Typewriter
from kiosk.widgets.words import Words

# From the top left, row by row.
ORDER: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)
# How the keys may stand, the best first: columns, then the places of the digits, of the mixing key, of the erase key.
SHAPES: tuple[tuple[int, tuple[int, ...], int, int], ...] = (
    (3, (0, 1, 2, 3, 4, 5, 6, 7, 8, 10), 9, 11),
    (4, (0, 1, 2, 4, 5, 6, 8, 9, 10, 7), 3, 11),
    (6, (0, 1, 2, 3, 4, 6, 7, 8, 9, 10), 5, 11),
)
PLACES = 12
KEY_HEIGHT = 136
GAP = 24


class NumberPad(Typewriter):
    """Ten digits and erase; with `shuffle` a key that mixes them, so that a finger's way betrays nothing.

    The keys stand as `room` (width and height in pixels) allows: three across if they are 20 mm high then, else in
    fewer rows. A digit's control id is `digit:<n>` wherever it stands.
    """

    def __init__(
        self,
        theme: Theme,
        text: Callable[..., str],
        on_digit: Callable[[int], None],
        on_erase: Callable[[], None],
        *,
        shuffle: bool = False,
        key_height: float = KEY_HEIGHT,
        room: tuple[float, float] | None = None,
    ) -> None:
        super().__init__()
        self._on_digit, self._on_erase = on_digit, on_erase
        self._theme, self._text, self._shuffled, self._key_height = theme, text, shuffle, key_height
        self._gap = max(theme.space(GAP), theme.gap)
        self._settle(key_height, room)
        self._order = list(ORDER)
        self._digits: dict[int, Pressable] = {}
        self._mix: Pressable | None = None

    def make_keys(self) -> None:
        theme, text, key_height, on_digit = self._theme, self._text, self._key_height, self._on_digit
        # The largest figures that stand whole on a key of that height.
        steps: tuple[Step, ...] = ("title", "head", "lead")
        step: Step = next((step for step in steps if theme.type_px(step) * 0.95 + theme.pad(20) <= self._tall), "lead")
        self._digits = {
            digit: key_button(
                theme, str(digit), self._typing(on_digit, digit),
                control_id=f"digit:{digit}", height=key_height, step=step, repeat_s=theme.typing_s,
            )
            for digit in ORDER
        }
        self._mix = self._word_key("shuffle", "shuffle", text("Shuffle"), self._shuffle) if self._shuffled else None
        self._erase_key = self._word_key("erase", "backspace", text("Erase"), self._on_erase, repeat_s=theme.erasing_s)
        for block in (*self._digits.values(), self._mix, self._erase_key):
            if block is not None:
                self.add_widget(block)

    def _settle(self, key_height: float, room: tuple[float, float] | None) -> None:
        """Columns, and how high and wide a key is."""
        theme, gap = self._theme, self._gap
        width, height = room or (theme.panel.width_px, theme.panel.height_px)
        wanted = theme.mm(MAIN_TARGET_MM)
        best = -1.0
        for shape in SHAPES:
            columns, rows = shape[0], PLACES // shape[0]
            wide = (width - (columns - 1) * gap) / columns
            tall = max(0.0, min(max(theme.tall(key_height), wanted), (height - (rows - 1) * gap) / rows))
            if min(wide, tall, wanted) > best:
                best = min(wide, tall, wanted)
                self._shape, self._tall, self._wide = shape, max(theme.mm(MIN_TARGET_MM), int(tall)), wide

    def _word_key(
        self, control_id: str, icon: str, word: str, act: Callable[[], None],
        *, repeat_s: tuple[float, float] | None = None,
    ) -> Pressable:
        """With its word, or its icon alone where the word would have to be cut."""
        theme = self._theme
        needed = Words(theme, word, "body", bold=True).longest_word_px + theme.icon_px(56) + 4 * theme.pad(16)

        def key(label: str) -> Pressable:
            return key_button(
                theme, label, act, control_id=control_id, icon=icon, name=word, tinted=True, height=KEY_HEIGHT,
                step="body", repeat_s=repeat_s,
            )

        worded = key(word)
        return worded if needed <= self._wide and worded.least_for(self._wide) <= self._tall else key("")

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

    @property
    def _rows(self) -> int:
        return PLACES // self._shape[0]

    def height_for(self, width: float) -> float:
        del width
        return self._rows * self._tall + (self._rows - 1) * self._gap

    def narrowest(self) -> float:
        """Its columns, as narrow as a finger allows."""
        columns = self._shape[0]
        return columns * self._theme.mm(MIN_TARGET_MM) + (columns - 1) * self._gap

    def place_keys(self) -> None:
        columns, digits, mix, erase = self._shape
        keys: dict[int, Pressable | None] = {
            place: self._digits[digit] for place, digit in zip(digits, self._order, strict=True)
        }
        wide = (self.width - (columns - 1) * self._gap) / columns
        for place, button in (keys | {mix: self._mix, erase: self._erase_key}).items():
            row, column = divmod(place, columns)
            if button is not None:
                button.rank = place  # read as they stand, however they are mixed
                # Whole pixels, so that no gap is a pixel narrower than the others.
                left = round(self.x + column * (wide + self._gap))
                right = round(self.x + (column + 1) * (wide + self._gap)) - self._gap
                button.place(left, self.top - row * (self._tall + self._gap), right - left, self._tall)


def pin_pad(
    theme: Theme, text: Callable[..., str], buffer: PinBuffer, send: Callable[[Event], None],
    *, shuffle: bool = True, room: tuple[float, float] | None = None,
) -> NumberPad:
    """The pad of a card's PIN: digits go into `buffer`, `PinTyped` says how many lie there.

    `shuffle` is off for who goes by speech or by keys: there every digit stands where it is known to be.
    """

    def digit(value: int) -> None:
        buffer.digit(value)
        send(PinTyped(buffer.count))

    def erase() -> None:
        buffer.erase()
        send(PinTyped(buffer.count))

    return NumberPad(theme, text, digit, erase, shuffle=shuffle, room=room)
