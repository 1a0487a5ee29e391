from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import ImageFont

from kiosk.widgets.tokens import Theme

FONTS = Path(__file__).parents[3] / "kiosk" / "widgets" / "assets" / "fonts"
LETTERS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    "áàâãäéèêëíìîïóòôõöúùûüçñýÁÀÂÃÄÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑÝªº°¿¡«»“”‘’–—…·•€$%&@#*+-=/\\|()[]{}<>.,;:!?'\"_"
)


@pytest.mark.parametrize("weight", [500, 700])
def test_the_font_has_every_letter_of_the_four_languages(weight: int) -> None:
    font = ImageFont.truetype(str(FONTS / f"AtkinsonHyperlegibleNext-{weight}.ttf"), 40)
    missing = font.getmask("\U0010fffd")
    drawn = {letter: font.getmask(letter) for letter in LETTERS}
    absent = [
        letter for letter, mask in drawn.items() if (mask.size, bytes(mask)) == (missing.size, bytes(missing))
    ]
    assert absent == []


def test_a_text_wraps_at_its_width_and_says_how_many_lines_it_takes(window: Any) -> None:
    from kiosk.widgets.words import Words

    words = Words(Theme(), "Print the slip to pay your property tax, with Pix and a barcode.")
    one_line = words.height_for(5000)
    assert words.lines == 1
    assert words.height_for(500) == words.lines * one_line
    assert words.lines > 1
    assert words.texture.width <= 500


def test_markup_makes_bold_and_is_not_read_out(window: Any) -> None:
    from kiosk.widgets.words import Words

    words = Words(Theme(), "[b]2 tries left.[/b] We stop before the last one.", markup=True)
    assert words.name == "2 tries left. We stop before the last one."


def test_plain_text_keeps_its_brackets(window: Any) -> None:
    from kiosk.widgets.words import Words, plain

    assert Words(Theme(), "[b]").name == "[b]"
    assert Words(Theme(), plain("[b] & co"), markup=True).name == "[b] & co"


def test_a_text_can_change_in_its_place(window: Any) -> None:
    from kiosk.widgets.words import Words

    words = Words(Theme(), "18", "countdown")
    words.place(0, 400, 300)
    before = words.texture
    words.say("7")
    assert words.name == "7"
    assert words.texture is not before
    assert words.size == [300, words.height_for(300)]


@pytest.mark.parametrize("markup", [False, True])
def test_where_a_letter_covers_half_a_pixel_it_is_half_ink_half_ground(window: Any, *, markup: bool) -> None:
    import numpy as np
    from kivy.graphics import Color, Fbo, Rectangle

    from kiosk.widgets.words import Words

    words = Words(Theme(), "[b]Sage[/b], 18" if markup else "Sage, 18", markup=markup, colour="#000000")
    words.place(0, words.height_for(400), 400)
    texture = words.texture
    pane = Fbo(size=texture.size)
    with pane:
        Color(1, 1, 1, 1)
        Rectangle(size=texture.size)
        Color(rgba=words._ink.rgba)
        Rectangle(size=texture.size, texture=texture)
    pane.draw()
    wide, tall = texture.size
    covered = np.frombuffer(texture.pixels, np.uint8).reshape(tall, wide, 4)[::-1, :, 3].astype(int)
    painted = np.frombuffer(pane.pixels, np.uint8).reshape(tall, wide, 4)[:, :, 0].astype(int)
    assert ((covered > 60) & (covered < 200)).any()
    assert np.abs(painted - (255 - covered)).max() <= 1
