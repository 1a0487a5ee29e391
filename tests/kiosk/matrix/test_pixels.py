"""Contrast is measured on what was painted: screens whose colours are wrong are found by their pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kiosk.widgets.tokens import Palette, Theme
from tests.kiosk.conftest import PANEL
from tests.kiosk.matrix.glass import Pixels

SIZE = (PANEL.width_px, PANEL.height_px)


class Painted:
    """A ground of one colour, and what is put on it, read back as pixels."""

    def __init__(self, ground: str) -> None:
        from kivy.uix.widget import Widget

        self.root = Widget(size=SIZE)
        self.fill(ground, (0, 0), SIZE)

    def fill(self, colour: str, pos: tuple[float, float], size: tuple[float, float]) -> None:
        from kivy.graphics import Color, Rectangle

        from kiosk.widgets.tokens import rgba

        with self.root.canvas:
            Color(rgba=rgba(colour))
            Rectangle(pos=pos, size=size)

    def words(self, text: str, colour: str) -> Any:
        from kiosk.widgets.words import Words

        made = Words(Theme(), text, "body", colour=colour)
        self.root.add_widget(made)
        made.place(100, 1000, 800)
        return made

    def button(self, palette: Palette) -> Any:
        from kiosk.widgets import button
        from kiosk.widgets.words import Words

        theme = Theme(palette=palette)
        made = button.Pressable(
            theme, button.target(theme), Words(theme, "A", "lead", role=""), control_id="one", name="A",
            act=lambda: None,
        )
        self.root.add_widget(made)
        made.place(100, 600, 300, 150)
        return made

    def pixels(self) -> Pixels:
        from kivy.graphics import Fbo

        fbo = Fbo(size=SIZE)
        fbo.add(self.root.canvas)
        fbo.draw()
        return np.frombuffer(fbo.pixels, np.dtype("<u4")).reshape(SIZE[1], SIZE[0])


@pytest.mark.parametrize(
    ("ink", "ground", "expected"),
    [("#141A24", "#F5F3EE", 15.7), ("#FFFFFF", "#000000", 21.0), ("#777777", "#FFFFFF", 4.5)],
)
def test_the_contrast_of_a_text_is_that_of_its_pixels(ink: str, ground: str, expected: float, window: Any) -> None:
    from tests.kiosk.matrix.pixels import ink_contrast

    painted = Painted(ground)
    words = painted.words("Confira as letras da cidade", ink)
    x, y = (round(edge) for edge in words._picture.pos)
    wide, tall = (round(edge) for edge in words._picture.size)
    cut = painted.pixels()[y : y + tall, x : x + wide]
    assert ink_contrast(cut) == pytest.approx(expected, abs=0.1)


def test_a_faint_text_and_one_that_was_painted_over_are_found(window: Any) -> None:
    from tests.kiosk.matrix.pixels import faint_texts

    painted = Painted("#FFFFFF")
    painted.words("Pode ser lido", "#141A24")
    assert faint_texts(painted.root, painted.pixels(), 10) == []
    faint = Painted("#FFFFFF")
    faint.words("Quase invisível", "#8A8A8A")
    assert len(faint_texts(faint.root, faint.pixels(), 10)) == 1
    same = Painted("#FFFFFF")
    same.words("Branco no branco", "#FFFFFF")
    assert len(faint_texts(same.root, same.pixels(), 10)) == 1
    hidden = Painted("#FFFFFF")
    words = hidden.words("Debaixo de um quadro", "#141A24")
    with words.canvas.after:
        from kivy.graphics import Color, Rectangle

        Color(1, 1, 1, 1)
        Rectangle(pos=words.pos, size=words.size)
    assert len(faint_texts(hidden.root, hidden.pixels(), 10)) == 1


def test_a_text_that_runs_over_a_second_ground_is_measured_on_both(window: Any) -> None:
    from tests.kiosk.matrix.pixels import faint_texts

    painted = Painted("#FFFFFF")
    painted.fill("#323B49", (100, 900), (120, 200))
    painted.words("Metade no escuro", "#141A24")
    assert len(faint_texts(painted.root, painted.pixels(), 10)) == 1


def test_a_border_that_cannot_be_told_from_its_ground_is_found(window: Any) -> None:
    from tests.kiosk.matrix.pixels import faint_borders

    clear = Painted("#FFFFFF")
    clear.button(Palette())
    assert faint_borders(clear.root, clear.pixels(), flat_too=False) == []
    faint = Painted("#FFFFFF")
    faint.button(Palette(edge="#D5D0C5"))
    assert [each.split(":")[0] for each in faint_borders(faint.root, faint.pixels(), flat_too=False)] == ["one"]
