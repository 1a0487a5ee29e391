"""The screen's own keyboard: accents above, capitals by shift, a page of signs. It types into whoever listens."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.catalog.model import Language
from kiosk.widgets.button import Pressable
from kiosk.widgets.buttons import key_button
from kiosk.widgets.key_layout import (
    ACCENTED,
    FOOT_LEFT,
    FOOT_RIGHT,
    LEAST_COLUMNS,
    LEAST_ROWS,
    MOST_COLUMNS,
    MOST_ROWS,
    Page,
    pages,
)
from kiosk.widgets.tokens import MIN_TARGET_MM, Theme
from kiosk.widgets.typewriter import Typewriter
from kiosk.widgets.words import Words

KEY_HEIGHT = 109
ROW_GAP = 14
# In keys of ten to a row, gaps between them included.
SHIFT_WIDTH, SIGNS_WIDTH = 1.55, 2.1
LETTER_HEIGHT = 0.9  # of the size of its text


class Keyboard(Typewriter):
    """`on_text` gets each character, `on_erase` the wish to take the last one back.

    It has as many rows as fit into `room` (width and height in pixels), four at least; what does not fit stands on
    further pages. Control ids: `key:` and the very character that the key types now, `key:shift`, `key:signs` (turns
    the page), `erase`. Shift holds for one letter.
    """

    def __init__(
        self,
        theme: Theme,
        text: Callable[..., str],
        language: Language,
        on_text: Callable[[str], None],
        on_erase: Callable[[], None],
        *,
        room: tuple[float, float] | None = None,
    ) -> None:
        super().__init__()
        self._theme, self._text = theme, text
        self._on_text, self._on_erase = on_text, on_erase
        self._gap, self._row_gap = theme.gap, max(theme.space(ROW_GAP), theme.gap)
        width, height = room or (theme.panel.width_px, theme.panel.height_px)
        least = theme.mm(MIN_TARGET_MM)
        columns = MOST_COLUMNS if MOST_COLUMNS * (least + self._gap) - self._gap <= width else LEAST_COLUMNS
        # High enough for a letter with its descender, if that leaves room for four rows.
        legible = round(theme.type_px("lead") * LETTER_HEIGHT) + theme.pad(7) + 2 * theme.border(3)
        fitting = int((height + self._row_gap) // (max(least, legible) + self._row_gap)) - 1
        if fitting >= LEAST_ROWS:
            least = max(least, legible)
        rows = min(MOST_ROWS, max(LEAST_ROWS, fitting))
        self._pages = pages(language, rows, columns)
        most = (height - rows * self._row_gap) / (rows + 1)
        self._tall = max(least, min(theme.tall(KEY_HEIGHT), int(most)))
        self._at = 0
        self._capitals = False
        # Rows from the top: each key with its share of the row (0: what is left over).
        self._rows: list[list[tuple[Pressable, float]]] = []
        self._letters: dict[str, Pressable] = {}

    def take(self, character: str) -> bool:
        """A real keyboard has its own capitals: what it sends is what is meant."""
        if character != " " and not any(character.lower() in page.characters for page in self._pages):
            return False
        self._on_text(character)
        return True

    def erase(self) -> None:
        self._on_erase()

    @property
    def page(self) -> Page:
        return self._pages[self._at]

    def want_capitals(self, wanted: bool) -> None:
        """Turn shift on or off: the screen says so where a sentence or a name begins."""
        if wanted == self._capitals:
            return
        self._capitals = wanted
        for letter, button in self._letters.items():
            label = letter.upper() if wanted else letter
            button.name, button.control_id = label, f"key:{label}"
            for block in button.content.children:
                if isinstance(block, Words):
                    block.say(label)
            button.content.arrange()

    # ---- keys -------------------------------------------------------------------------------------------------

    def make_keys(self) -> None:
        self.clear_widgets()
        self._letters = {}
        page, text = self.page, self._text
        rows = [[(self._key(letter, tinted=letter in ACCENTED), 0.0) for letter in row] for row in page.rows[:-1]]
        bottom = [
            (self._function("", self._shift, "key:shift", "arrow-fat-up", text("Capital letters")), SHIFT_WIDTH),
            *((self._key(letter), 0.0) for letter in page.rows[-1]),
            (self._erase_key(), SHIFT_WIDTH),
        ]
        following = self._pages[(self._at + 1) % len(self._pages)]
        turn_name = text("Signs and other letters") if following.turn != "abc" else text("Letters")
        space = key_button(
            self._theme, text("space"), self._typing(" "), control_id="key: ", height=KEY_HEIGHT, step="body",
        )
        foot = [
            (self._function(following.turn, self._turn_page, "key:signs", None, turn_name), SIGNS_WIDTH),
            *((self._key(sign), 1.0) for sign in FOOT_LEFT),
            (space, 0.0),
            *((self._key(sign), 1.0) for sign in FOOT_RIGHT),
        ]
        self._rows = [*rows, bottom, foot]
        for row in self._rows:
            for button, _ in row:
                self.add_widget(button)

    def _key(self, character: str, *, tinted: bool = False) -> Pressable:
        upper = character.upper()
        label = upper if self._capitals else character
        button = key_button(
            self._theme, label, self._typing(character), control_id=f"key:{label}", height=KEY_HEIGHT, tinted=tinted,
            step="lead", repeat_s=self._theme.typing_s,
        )
        if upper != character and len(upper) == 1:
            self._letters[character] = button
        return button

    def _erase_key(self) -> Pressable:
        return key_button(
            self._theme, "", self._on_erase, control_id="erase", icon="backspace", name=self._text("Erase"),
            tinted=True, height=KEY_HEIGHT, repeat_s=self._theme.erasing_s,
        )

    def _function(
        self, label: str, act: Callable[[], None], control_id: str, icon: str | None, name: str
    ) -> Pressable:
        return key_button(
            self._theme, label, act,
            control_id=control_id, icon=icon, name=name, tinted=True, height=KEY_HEIGHT, step="body",
        )

    def _typing(self, character: str) -> Callable[[], None]:
        def typed() -> None:
            capital = self._capitals and character in self._letters
            if capital:
                self.want_capitals(False)
            self._on_text(character.upper() if capital else character)

        return typed

    def _shift(self) -> None:
        self.want_capitals(not self._capitals)

    def _turn_page(self) -> None:
        self._at = (self._at + 1) % len(self._pages)
        self.make_keys()
        self.arrange()

    # ---- place ------------------------------------------------------------------------------------------------

    def height_for(self, width: float) -> float:
        del width
        rows = len(self.page.rows) + 1  # the foot
        return rows * self._tall + (rows - 1) * self._row_gap

    def narrowest(self) -> float:
        """Ten keys as narrow as a finger allows."""
        return LEAST_COLUMNS * (self._theme.mm(MIN_TARGET_MM) + self._gap) - self._gap

    def place_keys(self) -> None:
        unit = (self.width - 9 * self._gap) / 10
        top = self.top
        for row in self._rows:
            fixed = sum(share * unit for _, share in row if share)
            growing = sum(1 for _, share in row if not share)
            free = self.width - (len(row) - 1) * self._gap - fixed
            # A short row keeps its keys as wide as the others, in the middle; only the space bar takes all there is.
            wide_most = free if row is self._rows[-1] else unit * 1.3
            left_over = min(free / max(1, growing), wide_most)
            spare = free - left_over * growing
            x = self.x + (spare / 2 if row not in self._rows[-2:] else 0)
            for button, share in row:
                wide = share * unit if share else left_over
                if row is self._rows[-2] and button is row[-1][0]:
                    x = self.right - wide
                # Whole pixels, so that no gap is a pixel narrower than the others.
                left, following = round(x), round(x + wide + self._gap)
                button.place(left, top, following - self._gap - left, self._tall)
                x += wide + self._gap
            top -= self._tall + self._row_gap
