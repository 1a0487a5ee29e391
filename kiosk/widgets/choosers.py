"""Settings: one of a few, and a level from 1 to 5 between minus and plus."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.widgets import button as looks
from kiosk.widgets.block import Block, Row, Space
from kiosk.widgets.button import Pressable
from kiosk.widgets.buttons import key_button
from kiosk.widgets.icon import Icon
from kiosk.widgets.labelled import Labelled
from kiosk.widgets.surface import Framed
from kiosk.widgets.tokens import Step, Theme
from kiosk.widgets.words import Words

LEVELS = 5


def option_button(
    theme: Theme, label: str, act: Callable[[], None], *, control_id: str, chosen: bool, step: Step = "body",
    height: float = 120,
) -> Pressable:
    """One of a few; the one that is chosen has a check mark and the brand's ground."""
    look = looks.primary(theme) if chosen else looks.target(theme)
    ink = look.ink if chosen else theme.palette.brand
    words = Words(theme, label, step, bold=True, colour=ink, role="", align="center")
    content = Labelled(words, Icon(theme, "check", 48, ink) if chosen else None, None, theme.pad(16))
    button = Pressable(theme, look, content, control_id=control_id, name=label, act=act, height=height, pad=(16, 8))
    button.state = "chosen" if chosen else ""
    return button


class Level(Block):
    """So many of five bars, each higher than the one before, and the figure beside them."""

    role = "text"

    def __init__(self, theme: Theme, level: int, *, name: str, control_id: str) -> None:
        super().__init__()
        self.name, self.control_id = f"{name}: {level}", control_id
        colours = theme.palette
        self._wide, self._gap = theme.pad(18), theme.pad(9)
        self._tall = theme.tall(84)
        self._bars = [
            Framed(
                self.canvas, colours.brand if at < level else colours.card,
                colours.brand if at < level else colours.edge, theme.pad(6), max(2, theme.px(3)),
            )
            for at in range(LEVELS)
        ]
        self._figure = Words(theme, str(level), "lead", bold=True, role="")
        self.add_widget(self._figure)

    def _bars_px(self) -> float:
        return LEVELS * (self._wide + self._gap)

    def width_for(self, available: float) -> float:
        return min(available, self._bars_px() + self._gap + self._figure.one_line_px + 2)

    def height_for(self, width: float) -> float:
        del width
        return max(self._tall, self._figure.height_for(self._figure.one_line_px + 2))

    def arrange(self) -> None:
        wanted = self.width_for(self.width)
        x = self.center_x - wanted / 2
        foot = self.center_y - self._tall / 2
        for at, bar in enumerate(self._bars):
            high = self._tall * (0.4 + 0.6 * at / (LEVELS - 1))
            bar.put(x, foot, self._wide, high)
            x += self._wide + self._gap
        figure = self._figure.one_line_px + 2
        tall = self._figure.height_for(figure)
        self._figure.place(x + self._gap, self.center_y + tall / 2, figure, tall)


def level_row(
    theme: Theme, level: int, change: Callable[[int], None], *, name: str, less: str, more: str, control_id: str,
) -> Row:
    """Minus, the level, plus; at an end the key that cannot act is not drawn and its place stays.

    `name` is what is set, `less` and `more` what the keys are called; ids are `<control_id>:less`, `:more`.
    """
    side = theme.tall(104)

    def key(icon: str, to: int, called: str, suffix: str) -> Block:
        if not 1 <= to <= LEVELS:
            return Space(theme.tall(110), side)
        button = key_button(
            theme, "", lambda: change(to), control_id=f"{control_id}:{suffix}", icon=icon, name=called, height=110,
        )
        button.least_width(side)
        return button

    shown = Level(theme, level, name=name, control_id=control_id)
    return Row([key("minus", level - 1, less, "less"), shown, key("plus", level + 1, more, "more")],
               shares=[0, 1, 0], gap=theme.gap, valign="fill")

