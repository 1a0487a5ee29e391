from __future__ import annotations

from typing import Any

from kiosk.widgets.drawn_texts import Drawn, DrawnTexts
from kiosk.widgets.tokens import HIGH_CONTRAST, Theme


class Picture:
    """As large as it is told to be."""

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)


def test_the_text_used_longest_ago_makes_room() -> None:
    texts = DrawnTexts(most_bytes=3 * 400)
    for key in "abc":
        texts.get(key, lambda: Drawn(Picture(10, 10), 10))
    texts.get("a", lambda: Drawn(None, 0))
    texts.get("d", lambda: Drawn(Picture(10, 10), 10))
    assert texts.keys() == ["c", "a", "d"]
    assert texts.size_bytes == 1200


def test_a_text_is_drawn_once_for_both_palettes(window: Any) -> None:
    from kiosk.widgets.words import Words

    light = Words(Theme(), "The same for everyone")
    dark = Words(Theme(palette=HIGH_CONTRAST), "The same for everyone")
    for words in (light, dark):
        words.place(0, 500, 400)
    assert light.texture is not None
    assert light.texture is dark.texture


def test_what_concerns_a_citizen_is_not_kept(window: Any) -> None:
    from kiosk.widgets.drawn_texts import TEXTS
    from kiosk.widgets.text_field import TextField
    from kiosk.widgets.words import Words

    Words(Theme(), "Maria Aparecida", personal=True).place(0, 500, 400)
    field = TextField(Theme(), "Rua das Flores", name="Where?", control_id="field:place")
    field.place(0, 500, 400)
    field.become("Rua das Flores 7")
    kept = repr(TEXTS.keys())
    assert "Maria" not in kept
    assert "Flores" not in kept


def test_what_was_drawn_in_a_session_goes_with_it_though_nobody_marked_it(window: Any) -> None:
    from kiosk.app import forget
    from kiosk.widgets import words
    from kiosk.widgets.drawn_texts import TEXTS

    text = words.Words(Theme(), "A name that nobody marked")
    text.place(0, 500, 300)
    assert text.longest_word_px > 0
    assert "nobody marked" in repr(TEXTS.keys())
    forget()
    assert not TEXTS.keys()
    assert TEXTS.size_bytes == 0
    assert words._word_px.cache_info().currsize == 0
