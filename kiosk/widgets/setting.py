"""A setting: its label and the control that the width allows, from all choices in a row down to a single button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.widgets.block import Block, Row, Space
from kiosk.widgets.buttons import key_button
from kiosk.widgets.choosers import option_button
from kiosk.widgets.icon import Icon
from kiosk.widgets.tokens import Step, Theme
from kiosk.widgets.words import Words

KEY_HEIGHT = 110
# Of a row, where the control stands beside its caption.
CAPTION_SHARE = 0.36
# A word may stand on a second line, or below its check mark, but not make the control higher than this.
MOST_GROWN = 1.3
# Each choice of a size is written larger than the one before, where there is room for it.
GROWING: tuple[Step, ...] = ("body", "lead", "head")


@dataclass(frozen=True)
class Choice:
    """One of the values of a setting; `act` sets it."""

    label: str
    act: Callable[[], None]


class Setting(Block):
    """`caption` says what is set, `control` sets it: below it, or `beside` it where the words leave the room.

    Where a panel is too low for both, they can be placed apart.
    """

    def __init__(self, theme: Theme, icon: str, label: str, control: Block, *, beside: bool = False) -> None:
        super().__init__()
        words = Words(theme, label, "small", bold=True, colour=theme.palette.ink2)
        self.caption = Row([Icon(theme, icon, 48), words], shares=[0, 1], gap=theme.pad(16))
        self.control = control
        self._beside = beside
        self._gap, self._gutter = theme.space(8), theme.gutter
        self.hold(self.caption)
        self.hold(control)

    def _widths(self, width: float) -> tuple[float, float] | None:
        """Of caption and control side by side; None where they stand one above the other."""
        caption = round((width - self._gutter) * CAPTION_SHARE)
        control = width - self._gutter - caption
        if not self._beside or self.caption.narrowest() > caption or self.control.narrowest() > control:
            return None
        return caption, control

    def narrowest(self) -> float:
        return max(self.caption.narrowest(), self.control.narrowest())

    def _tall(self, width: float, control: Callable[[float], float]) -> float:
        two = self._widths(width)
        if two is not None:
            return max(self.caption.height_for(two[0]), control(two[1]))
        return self.caption.height_for(width) + self._gap + control(width)

    def height_for(self, width: float) -> float:
        return self._tall(width, self.control.height_for)

    def least_for(self, width: float) -> float:
        return self._tall(width, self.control.least_for)

    def arrange(self) -> None:
        two = self._widths(self.width)
        if two is None:
            self.caption.place(self.x, self.top, self.width)
            top = self.caption.y - self._gap
            tall = min(self.control.height_for(self.width), top - self.y)
            self.control.place(self.x, top, self.width, max(tall, self.control.least_for(self.width)))
            return
        tall = self.caption.height_for(two[0])
        self.caption.place(self.x, self.top - (self.height - tall) // 2, two[0], tall)
        tall = min(self.control.height_for(two[1]), self.height)
        self.control.place(self.right - two[1], self.top - (self.height - tall) // 2, two[1], tall)


class _Form(Row):
    """Controls of equal width in a row, no higher than a control may be."""

    def __init__(self, theme: Theme, blocks: Sequence[Block], height: float) -> None:
        # One pixel more, since places are rounded.
        super().__init__(blocks, shares=[1.0] * len(blocks), gap=theme.gutter + 1, valign="fill")
        self._most = theme.tall(height) * MOST_GROWN * theme.large

    def narrowest(self) -> float:
        count = len(self.blocks)
        return max(block.narrowest() for block in self.blocks) * count + self._gap * (count - 1)

    def fits(self, width: float) -> bool:
        return self.narrowest() <= width and self.least_for(width) <= self._most


class Chooser(Block):
    """`choices` side by side, the one at `chosen` filled. Too narrow for that: of two, a button that turns the second
    on and off; of more, the present one between minus and plus.

    Ids are `<control_id>:<number from 0>`; of the narrow forms `<control_id>`, `<control_id>:less`, `:more`.
    """

    def __init__(
        self, theme: Theme, choices: Sequence[Choice], chosen: int, *, name: str, control_id: str, less: str = "",
        more: str = "", growing: bool = False,
    ) -> None:
        super().__init__()
        self._theme, self._choices, self._chosen, self._id = theme, choices, chosen, control_id
        self._called, self._less, self._more = name, less, more
        steps: list[Sequence[Step]] = [["body"] * len(choices)]
        if growing:
            steps.insert(0, GROWING)
        self._forms: list[_Form] = [self._row(step) for step in steps]
        self._narrow: Row | None = None
        self._shown: Row | None = None

    def _row(self, steps: Sequence[Step]) -> _Form:
        buttons = []
        for at, (choice, step) in enumerate(zip(self._choices, steps, strict=True)):
            button = option_button(
                self._theme, choice.label, choice.act, control_id=f"{self._id}:{at}", chosen=at == self._chosen,
                step=step,
            )
            button.name = f"{self._called}: {choice.label}"
            buttons.append(button)
        return _Form(self._theme, buttons, 120)

    def _form(self, width: float) -> Row:
        for form in self._forms:
            if form.fits(width):
                return form
        return self._last()

    def _last(self) -> Row:
        if self._narrow is None:
            self._narrow = self._toggle() if len(self._choices) == 2 else self._stepper()
        return self._narrow

    def _toggle(self) -> Row:
        on = self._chosen == 1
        other = self._choices[0 if on else 1]
        button = option_button(
            self._theme, self._choices[1].label, other.act, control_id=self._id, chosen=on,
        )
        button.name, button.state = f"{self._called}: {self._choices[1].label}", "on" if on else "off"
        return Row([button], shares=[1.0], valign="fill")

    def _stepper(self) -> Row:
        shown = Words(self._theme, self._choices[self._chosen].label, "lead", bold=True, align="center")
        shown.name, shown.control_id = f"{self._called}: {shown.text}", self._id
        return Row(
            [self._key("minus", self._chosen - 1, self._less, "less"), shown,
             self._key("plus", self._chosen + 1, self._more, "more")],
            shares=[0, 1, 0], gap=self._theme.gap, valign="fill",
        )

    def _key(self, icon: str, to: int, called: str, suffix: str) -> Block:
        theme = self._theme
        side = theme.tall(104)
        if not 0 <= to < len(self._choices):
            return Space(theme.tall(KEY_HEIGHT), side)
        button = key_button(
            theme, "", self._choices[to].act, control_id=f"{self._id}:{suffix}", icon=icon, name=called,
            height=KEY_HEIGHT,
        )
        button.least_width(side)
        return button

    def narrowest(self) -> float:
        """Of the narrowest form there is."""
        return self._last().narrowest()

    def height_for(self, width: float) -> float:
        return self._form(width).height_for(width)

    def least_for(self, width: float) -> float:
        return self._form(width).least_for(width)

    def arrange(self) -> None:
        form = self._form(self.width)
        if form is not self._shown:
            self.clear_widgets()
            self.hold(form)
            self._shown = form
        form.place(self.x, self.top, self.width, self.height)
