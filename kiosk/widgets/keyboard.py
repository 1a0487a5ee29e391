"""The screen's own keyboard: accents above, capitals by shift, a page of signs. It types into whoever listens."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.catalog.model import Language
from kiosk.widgets.button import Pressable
from kiosk.widgets.buttons import key_button
from kiosk.widgets.key_layout import FOOT_LEFT, FOOT_RIGHT, LAYOUTS, Page
from kiosk.widgets.tokens import Theme
from kiosk.widgets.typewriter import Typewriter
from kiosk.widgets.words import Words

KEY_HEIGHT = 109
ROW_GAP, KEY_GAP = 14, 10
# In keys of ten to a row, gaps between them included.
SHIFT_WIDTH, SIGNS_WIDTH = 1.55, 2.1


class Keyboard(Typewriter):
    """`on_text` gets each character, `on_erase` the wish to take the last one back.

    Control ids: `key:` and the very character that the key types now, `key:shift`, `key:signs`, `erase`. Shift holds
    for one letter.
    """

    def __init__(
        self,
        theme: Theme,
        text: Callable[..., str],
        language: Language,
        on_text: Callable[[str], None],
        on_erase: Callable[[], None],
    ) -> None:
        super().__init__()
        self._theme, self._text, self._layout = theme, text, LAYOUTS[language]
        self._on_text, self._on_erase = on_text, on_erase
        self._gap, self._row_gap, self._tall = theme.px(KEY_GAP), theme.px(ROW_GAP), theme.px(KEY_HEIGHT)
        self._signs = False
        self._capitals = False
        # Rows from the top: each key with its share of the row (0: what is left over).
        self._rows: list[list[tuple[Pressable, float]]] = []
        self._letters: dict[str, Pressable] = {}
        self._build()

    def take(self, character: str) -> bool:
        """A real keyboard has its own capitals: what it sends is what is meant."""
        pages = (self._layout.letters, self._layout.signs)
        if character != " " and not any(character.lower() in page.characters for page in pages):
            return False
        self._on_text(character)
        return True

    def erase(self) -> None:
        self._on_erase()

    @property
    def page(self) -> Page:
        return self._layout.signs if self._signs else self._layout.letters

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

    # ---- keys -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.clear_widgets()
        self._letters = {}
        page, text = self.page, self._text
        accents = [(self._key(letter, tinted=True), 0.0) for letter in page.accents]
        rows = [[(self._key(letter), 0.0) for letter in row] for row in (page.digits, page.top, page.middle)]
        bottom = [
            (self._function("", self._shift, "key:shift", "arrow-fat-up", text("Capital letters")), SHIFT_WIDTH),
            *((self._key(letter), 0.0) for letter in page.bottom),
            (self._function("", self._on_erase, "erase", "backspace", text("Erase")), SHIFT_WIDTH),
        ]
        turn = "abc" if self._signs else "?!@"
        turn_name = text("Letters") if self._signs else text("Signs and other letters")
        space = key_button(
            self._theme, text("space"), self._typing(" "), control_id="key: ", height=KEY_HEIGHT, step="body",
        )
        foot = [
            (self._function(turn, self._turn_page, "key:signs", None, turn_name), SIGNS_WIDTH),
            *((self._key(sign), 1.0) for sign in FOOT_LEFT),
            (space, 0.0),
            *((self._key(sign), 1.0) for sign in FOOT_RIGHT),
        ]
        self._rows = [accents, *rows, bottom, foot]
        for row in self._rows:
            for button, _ in row:
                self.add_widget(button)

    def _key(self, character: str, *, tinted: bool = False) -> Pressable:
        upper = character.upper()
        label = upper if self._capitals else character
        button = key_button(
            self._theme, label, self._typing(character),
            control_id=f"key:{label}", height=KEY_HEIGHT, tinted=tinted, step="lead",
        )
        if upper != character and len(upper) == 1:
            self._letters[character] = button
        return button

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
        self._signs = not self._signs
        self._build()
        self.arrange()

    # ---- place ------------------------------------------------------------------------------------------------

    def height_for(self, width: float) -> float:
        del width
        return 6 * self._tall + 5 * self._row_gap

    def arrange(self) -> None:
        unit = (self.width - 9 * self._gap) / 10
        top = self.top
        for row in self._rows:
            free = self.width - (len(row) - 1) * self._gap - sum(share * unit for _, share in row if share)
            left_over = free / max(1, sum(1 for _, share in row if not share))
            x = self.x
            for button, share in row:
                wide = share * unit if share else left_over
                # Whole pixels, so that no gap is a pixel narrower than the others.
                left, following = round(x), round(x + wide + self._gap)
                button.place(left, top, following - self._gap - left, self._tall)
                x += wide + self._gap
            top -= self._tall + self._row_gap
