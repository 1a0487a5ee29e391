"""Text: one font in two weights, exact steps, wrapped at words, line boxes as in the mock-ups.

`bold` sets all of it, `markup` reads `[b]…[/b]`; then text that comes from people or catalogues goes through `plain`.
`personal` is what names or concerns the citizen: it is spoken to a headset only, and its picture goes with the control.
Drawn white and tinted, so that a pressed control changes colour without drawing its text again.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from kivy.core.text import Label as PlainLabel
from kivy.core.text.markup import MarkupLabel
from kivy.graphics import Color, Rectangle
from kivy.utils import escape_markup

from kiosk.widgets.block import Align, Block
from kiosk.widgets.drawn_texts import TEXTS, Drawn
from kiosk.widgets.texels import sharp
from kiosk.widgets.tokens import Step, Theme, rgba

FONT = "Atkinson Hyperlegible Next"
_FONTS = Path(__file__).parent / "assets" / "fonts"
# One letter on a key needs no room for the lines beside it.
TIGHT = 0.86
# Of a text that goes on on another page.
LEAST_WORDS = 3
_TAG = re.compile(r"\[/?b\]")
_WORD = re.compile(r"\S+\s*")


def plain(text: str) -> str:
    """Text from outside, safe inside marked-up text."""
    return str(escape_markup(text))


def spoken(text: str) -> str:
    """Marked-up text without its marks, as it is read out."""
    return _TAG.sub("", text).replace("&bl;", "[").replace("&br;", "]").replace("&amp;", "&").replace("\n", " ")


@cache
def _register() -> None:
    PlainLabel.register(
        FONT,
        str(_FONTS / "AtkinsonHyperlegibleNext-500.ttf"),
        fn_bold=str(_FONTS / "AtkinsonHyperlegibleNext-700.ttf"),
    )


@cache
def _ruler(size_px: int, bold: bool) -> Any:
    """What measures words of that size; it keeps none."""
    return PlainLabel(font_name=FONT, font_size=size_px, bold=bold)


@lru_cache(maxsize=4096)
def _word_px(word: str, size_px: int, bold: bool) -> float:
    return float(_ruler(size_px, bold).get_extents(word)[0])


def forget() -> None:
    """The words that were measured are not kept."""
    _word_px.cache_clear()


@cache
def _natural_height(size_px: int) -> int:
    """The height of one line as the font itself wants it."""
    _register()
    return int(PlainLabel(font_name=FONT, font_size=size_px).get_extents("X")[1])


class Words(Block):
    """A text. Its height follows its width; it is never shortened and never shrunk."""

    role = "text"

    def __init__(
        self,
        theme: Theme,
        text: str,
        step: Step = "body",
        *,
        bold: bool = False,
        markup: bool = False,
        colour: str | None = None,
        align: Align = "left",
        role: str = "text",
        control_id: str = "",
        personal: bool = False,
        tight: bool = False,
    ) -> None:
        super().__init__()
        _register()
        self.role, self.control_id, self.personal = role, control_id, personal
        self._theme, self._step = theme, step
        self._size_px = theme.type_px(step)
        self._leading_px = theme.leading_px(step)
        self._line_px = min(self._leading_px, round(self._size_px * TIGHT)) if tight else self._leading_px
        self._align = align
        self._markup, self._bold = markup, bold
        self._own = colour or theme.palette.ink
        self._drawn_for: float | None = None
        self._one_line_px: float | None = None
        self._longest_px: float | None = None
        self._widest_px: float = 0
        self._wrapped_at: int | None = None
        self.texture: Any = None
        with self.canvas:
            self._ink = Color(rgba=rgba(self._own))
            self._picture = Rectangle(size=(0, 0))
        self.text = text
        self.name = spoken(text) if markup else text.replace("\n", " ")

    def say(self, text: str) -> None:
        """Change the text in the place it has."""
        if text == self.text:
            return
        self.text = text
        self.name = spoken(text) if self._markup else text.replace("\n", " ")
        self._drawn_for = self._one_line_px = self._longest_px = None
        self.arrange()

    def _draw(self, width: float | None) -> None:
        if self.personal:
            drawn = self._drawn(width)
        else:
            key = (self.text, width, self._size_px, self._leading_px, self._align, self._bold, self._markup)
            drawn = TEXTS.get(key, lambda: self._drawn(width))
        self.texture, self._widest_px = drawn.texture, drawn.widest_px

    def _drawn(self, width: float | None) -> Drawn:
        natural = _natural_height(self._size_px)
        options: dict[str, Any] = {
            "text": self.text, "font_name": FONT, "font_size": self._size_px, "bold": self._bold, "halign": self._align,
            "line_height": self._leading_px / natural, "text_size": (width, None), "font_hinting": "light",
            # Lines closer than the font's own would cut the last line's descenders off.
            "padding": (0, 0, 0, max(0, natural - self._leading_px) + 2), "color": (1, 1, 1, 1),
        }
        label = MarkupLabel(**options) if self._markup else PlainLabel(**options)
        label.refresh()
        return Drawn(sharp(label.texture), max((line.w for line in label._cached_lines), default=0))

    @property
    def one_line_px(self) -> float:
        """The width at which nothing needs to wrap."""
        if self._one_line_px is None:
            self._draw(None)
            self._one_line_px = self._widest_px
            self._wrapped_at = None
        return self._one_line_px

    @property
    def longest_word_px(self) -> float:
        """The width below which a word would be cut in two."""
        if self._longest_px is None:
            bold = self._bold or (self._markup and "[b]" in self.text)
            # What concerns the citizen is not kept.
            measured = _word_px.__wrapped__ if self.personal else _word_px
            words = self.name.split()
            self._longest_px = max((measured(word, self._size_px, bold) for word in words), default=0.0)
        return self._longest_px

    def narrowest(self) -> float:
        return self.longest_word_px + 2

    def split(self, width: float, room: float, *, anywhere: bool) -> tuple[Block, Block] | None:
        """After as many words as fit on the lines that there is room for."""
        words = _WORD.findall(self.text)
        if not anywhere or room < self._line_px or len(words) < 2:
            return None
        least, most = 0, len(words)
        while most - least > 1:
            half = (least + most) // 2
            if self._like("".join(words[:half]).rstrip()).height_for(width) <= room:
                least = half
            else:
                most = half
        if least == 0:
            return None
        # No word or two alone on the next page.
        least = max(min(least, len(words) - LEAST_WORDS), (least + 1) // 2)
        head, tail = "".join(words[:least]).rstrip(), "".join(words[least:])
        if self._markup and head.count("[b]") > head.count("[/b]"):
            head, tail = f"{head}[/b]", f"[b]{tail}"
        return self._like(head), self._like(tail)

    def _like(self, text: str) -> Words:
        """Another text, set as this one."""
        return Words(
            self._theme, text, self._step, bold=self._bold, markup=self._markup, colour=self._own, align=self._align,
            role=self.role, personal=self.personal,
        )

    def _fit(self, width: float) -> None:
        """Draw for that width, on one line if it fits."""
        if self._drawn_for == width:
            return
        wrap = None if self.one_line_px <= width else int(width)
        if wrap != self._wrapped_at:
            self._draw(wrap)
            self._wrapped_at = wrap
        self._drawn_for = width

    @property
    def lines(self) -> int:
        """How many lines it takes as drawn."""
        if not self.text or self.texture is None:
            return 0
        spare = max(0, _natural_height(self._size_px) - self._leading_px) + 2
        return max(1, round(float(self.texture.height - spare) / self._leading_px))

    def width_for(self, available: float) -> float:
        self._fit(available)
        # Two pixels more than its longest line: the same words wrap at the same places again.
        return min(available, self._widest_px + 2)

    def height_for(self, width: float) -> float:
        """A text that is still to come keeps one line free."""
        self._fit(width)
        return max(1, self.lines) * self._line_px

    def arrange(self) -> None:
        if self._drawn_for != self.width:
            self._fit(self.width)
        if self.texture is None or not self.text:
            self._picture.size = (0, 0)
            return
        wide, tall = self.texture.size
        spare = self.width - wide
        x = self.x + {"left": 0, "center": spare / 2, "right": spare}[self._align]
        # The line box is centred on the font's own line, as browsers do: capitals then sit in the middle of it.
        overhang = (_natural_height(self._size_px) - self._line_px) / 2
        block = self.lines * self._line_px
        top = self.top - (self.height - block) / 2 + overhang
        self._picture.texture = self.texture
        self._picture.size = (wide, tall)
        self._picture.pos = (round(x), round(top - tall))

    def paint(self, colour: str | None) -> None:
        self._ink.rgba = rgba(colour or self._own)
