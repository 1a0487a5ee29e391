"""The kinds of buttons, as the screens ask for them.

`primary_button`, `secondary_button`: the action row. `small_button`: Mudar, Encerrar. `service_tile`: a service.
`topic_button`: a category, a choice. `wide_button`: icon, title, subtitle, arrow. `bar_button`: the bottom bar.
`key_button`: PIN pad and keyboard. `cannot`: an action that cannot be done now, and why.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.widgets import button as looks
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.button import Look, Pressable
from kiosk.widgets.icon import Badge, Icon
from kiosk.widgets.labelled import Labelled
from kiosk.widgets.tokens import Step, Theme
from kiosk.widgets.words import Words

Act = Callable[[], None]


def _labelled(
    theme: Theme, label: str, ink: str, step: Step, *, icon: str | None = None, arrow: str | None = None,
    icon_side: float = 56, gap: float = 20, tight: bool = False,
) -> Block:
    """Icon, word, arrow in the middle of a face."""
    words = Words(theme, label, step, bold=True, colour=ink, role="", align="center", tight=tight)
    return Labelled(
        words,
        Icon(theme, icon, icon_side, ink) if icon else None,
        Icon(theme, arrow, icon_side, ink) if arrow else None,
        theme.pad(gap),
        lifts=theme.spread > 0,
    )


def primary_button(
    theme: Theme, label: str, act: Act | None, *, icon: str | None = None, arrow: str | None = None,
    control_id: str = "primary", height: float = 152, step: Step = "lead",
) -> Pressable:
    """The one main action of a screen; `icon` stands before the word, `arrow` after it."""
    look = looks.primary(theme)
    content = _labelled(theme, label, look.ink, step, icon=icon, arrow=arrow, icon_side=56 if step == "lead" else 84)
    return Pressable(theme, look, content, control_id=control_id, name=label, act=act, height=height)


def secondary_button(
    theme: Theme, label: str, act: Act | None, *, icon: str | None = None, control_id: str, height: float = 152,
) -> Pressable:
    look = looks.secondary(theme)
    content = _labelled(theme, label, look.ink, "lead", icon=icon)
    return Pressable(theme, look, content, control_id=control_id, name=label, act=act, height=height, pad=(24, 8))


def cannot(theme: Theme, reason: str, *, control_id: str = "primary", height: float = 144) -> Pressable:
    """In the place of an action that cannot be done now: flat, and the label is the reason."""
    look = looks.unavailable(theme)
    content = _labelled(theme, reason, look.ink, "lead", icon="prohibit")
    return Pressable(theme, look, content, control_id=control_id, name=reason, act=None, height=height)


def small_button(
    theme: Theme, label: str, act: Act | None, *, icon: str | None = None, control_id: str, look: Look | None = None,
) -> Pressable:
    """90 design pixels high: 23 mm of face and its lip."""
    chosen = look or looks.secondary(theme)
    content = _labelled(theme, label, chosen.ink, "body", icon=icon, icon_side=44, gap=16)
    return Pressable(theme, chosen, content, control_id=control_id, name=label, act=act, height=92, pad=(28, 4))


def topic_button(
    theme: Theme, label: str, act: Act | None, *, icon: str | None = None, control_id: str, chosen: bool = False,
    height: float = 116, step: Step = "body", keep_icon: bool = False, name: str | None = None,
) -> Pressable:
    """A category or an answer: icon and word from the left; `chosen` fills it with the brand's colour, and a check
    takes the icon's place unless it is to `keep_icon`. `name` is said instead of the label.
    """
    look = looks.primary(theme) if chosen else looks.target(theme)
    icon = "check" if chosen and not keep_icon else icon
    mark = [Icon(theme, icon, 60, look.ink if chosen else theme.palette.brand)] if icon else []
    words = Words(theme, label, step, bold=True, colour=look.ink, role="")
    content = Row([*mark, words], shares=[0.0] * len(mark) + [1.0], gap=theme.pad(24))
    button = Pressable(
        theme, look, content, control_id=control_id, name=name or label, act=act, height=height, pad=(24, 8),
    )
    button.state = "chosen" if chosen else ""
    return button


def wide_button(
    theme: Theme, title: str, subtitle: str, act: Act | None, *, icon: str | None = None, control_id: str,
    title_colour: str | None = None, tinted: bool = False, height: float = 146,
) -> Pressable:
    """One row over the whole width: icon, title, what it is, arrow."""
    colours = theme.palette
    look = looks.target(theme)
    if tinted:
        look = Look(
            colours.tint, colours.brand, colours.brand, colours.brand, colours.press, colours.on_brand, border=4,
        )
    lines = [Words(theme, title, "lead", bold=True, colour=title_colour or look.ink, role="")]
    if subtitle:
        lines.append(Words(theme, subtitle, "body" if icon is None else "small", colour=look.ink, role=""))
    parts: list[Block] = [Icon(theme, icon, 64)] if icon else []
    parts += [Column(lines, gap=0), Icon(theme, "arrow-right", 60)]
    content = Row(parts, shares=([0.0] if icon else []) + [1.0, 0.0], gap=theme.pad(28))
    name = f"{title}. {subtitle}" if subtitle else title
    return Pressable(theme, look, content, control_id=control_id, name=name, act=act, height=height, pad=(40, 12))


def bar_button(
    theme: Theme, label: str, icon: str, act: Act, *, control_id: str, on: bool = False, beside: bool = False,
) -> Pressable:
    """A place of the bottom bar: icon above word, or `beside` it, flat."""
    look = looks.flat(theme, on=on)
    if beside:
        line = _labelled(theme, label, look.ink, "small", icon=icon, icon_side=52, gap=16)
        return Pressable(theme, look, line, control_id=control_id, name=label, act=act, height=92, pad=(16, 4))
    content = Column(
        [
            Icon(theme, icon, 56, look.ink),
            Words(theme, label, "small", bold=True, colour=look.ink, role="", align="center"),
        ],
        gap=theme.pad(4), align="center",
    )
    return Pressable(theme, look, _Middle(content), control_id=control_id, name=label, act=act, height=156, pad=(12, 8))


def key_button(
    theme: Theme, label: str, act: Act | None, *, control_id: str, icon: str | None = None, name: str | None = None,
    tinted: bool = False, height: float = 104, step: Step = "lead", repeat_s: tuple[float, float] | None = None,
) -> Pressable:
    """A key. An icon stands alone on it when `label` is empty; then `name` is said. `repeat_s`: see `Pressable`."""
    look = looks.key(theme, tinted=tinted)
    content: Block
    if icon and not label:
        content = Row([Icon(theme, icon, 56, look.ink)], align="center")
    else:
        content = _labelled(theme, label, look.ink, step, icon=icon, gap=16, tight=True)
    return Pressable(
        theme, look, content, control_id=control_id, name=name or label, act=act, height=height, pad=(4, 2),
        is_key=True, repeat_s=repeat_s,
    )


def service_tile(
    theme: Theme, title: str, icon: str, tag: str, act: Act, *, control_id: str, card: bool, now: bool = True,
    height: float = 268,
) -> Pressable:
    """A service: its icon, what it asks for, its title at the foot. Not to be had `now`: the tag is the reason.

    It can be pressed even then: the next screen explains.
    """
    look, colours = looks.target(theme), theme.palette
    mark = "identification-card" if card else None
    fill, ink = colours.brand, colours.on_brand
    if not now:
        mark, fill, ink = "prohibit", colours.unavailable, colours.ink
    note = Words(theme, tag, "small", bold=not now, colour=colours.ink2 if now else colours.ink, role="", align="right")
    side: list[Block] = [Icon(theme, mark, 44, colours.ink2 if now else colours.ink)] if mark else []
    head = Row(
        [Badge(theme, icon, 96, fill=fill, colour=ink), Row([*side, note], gap=theme.pad(10), align="right")],
        shares=[0.0, 1.0], gap=theme.pad(12),
    )
    content = _Ends(head, Words(theme, title, "lead", bold=True, colour=look.ink, role=""))
    name = f"{title}. {tag}"
    return Pressable(theme, look, content, control_id=control_id, name=name, act=act, height=height, pad=(28, 24))


class _Middle(Block):
    """One block in the middle of whatever height it gets."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self._block = block
        self.add_widget(block)

    def width_for(self, available: float) -> float:
        return self._block.width_for(available)

    def narrowest(self) -> float:
        return self._block.narrowest()

    def height_for(self, width: float) -> float:
        return self._block.height_for(width)

    def arrange(self) -> None:
        tall = self._block.height_for(self.width)
        self._block.place(self.x, self.top - (self.height - tall) / 2, self.width, tall)


class _Ends(Block):
    """One block at the top, one at the foot."""

    def __init__(self, upper: Block, lower: Block) -> None:
        super().__init__()
        self._upper, self._lower = upper, lower
        self.add_widget(upper)
        self.add_widget(lower)

    def narrowest(self) -> float:
        return max(self._upper.narrowest(), self._lower.narrowest())

    def height_for(self, width: float) -> float:
        return self._upper.height_for(width) + self._lower.height_for(width)

    def arrange(self) -> None:
        self._upper.place(self.x, self.top, self.width)
        foot = self._lower.height_for(self.width)
        self._lower.place(self.x, self.y + foot, self.width, foot)
