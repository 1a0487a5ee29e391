"""What can be pressed: a face on a lip. The face sinks onto its lip in the frame of the touch; lifting the finger acts.

`Look` says how a kind of button is painted; kiosk/widgets/buttons.py has the kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kivy.clock import Clock

from kiosk.widgets.block import Block
from kiosk.widgets.focusable import Focusable
from kiosk.widgets.strikes import STRIKES
from kiosk.widgets.surface import Framed, Rounded
from kiosk.widgets.tokens import BUTTON_RADIUS, KEY_RADIUS, LIP, MIN_TARGET_MM, Theme

LEAST_PAD_PX = 3
LEAST_LIP_PX = 2


@dataclass(frozen=True)
class Look:
    """Colours are values, lengths design pixels. Without a lip the button is flat (the bottom bar)."""

    fill: str
    rim: str
    lip_colour: str
    ink: str
    press: str
    press_ink: str
    radius: int = BUTTON_RADIUS
    border: int = 0
    lip: int = LIP


def primary(theme: Theme) -> Look:
    colours = theme.palette
    return Look(colours.brand, colours.brand, colours.lip, colours.on_brand, colours.press, colours.on_press)


def secondary(theme: Theme) -> Look:
    colours = theme.palette
    return Look(colours.card, colours.brand, colours.brand, colours.brand, colours.press, colours.on_press, border=4)


def target(theme: Theme) -> Look:
    """Tiles, topics, answers: white with the border of a target."""
    colours = theme.palette
    return Look(colours.card, colours.edge, colours.edge, colours.ink, colours.press, colours.on_press, border=3)


def on_header(theme: Theme) -> Look:
    """A button on the ground of who serves: border and lip in its ink."""
    colours = theme.palette
    return Look(
        colours.header, colours.on_header, colours.on_header, colours.on_header, colours.press, colours.on_press,
        radius=20, border=3, lip=6,
    )


def flat(theme: Theme, *, on: bool = False) -> Look:
    """The bottom bar, and settings off or on."""
    colours = theme.palette
    fill, ink = (colours.brand, colours.on_brand) if on else (colours.tint, colours.brand)
    rim, border = (colours.edge, 3) if colours.outlined else (fill, 0)
    return Look(fill, rim, fill, ink, colours.press, colours.on_press, radius=20, border=border, lip=0)


def key(theme: Theme, *, tinted: bool = False) -> Look:
    colours = theme.palette
    return Look(
        colours.tint if tinted else colours.card, colours.edge, colours.edge, colours.ink, colours.key_press,
        colours.on_press, radius=KEY_RADIUS, border=3, lip=7,
    )


def unavailable(theme: Theme, radius: int = BUTTON_RADIUS) -> Look:
    """Flat: it cannot be pressed, and its label says why."""
    colours = theme.palette
    ground = colours.unavailable
    rim, border = (colours.edge, 3) if colours.outlined else (ground, 0)
    return Look(ground, rim, ground, colours.ink, ground, colours.ink, radius=radius, border=border, lip=0)


class Pressable(Focusable):
    """A control. `content` is laid on its face; `height` and `pad` are design pixels.

    `name` is what is said of it. `act` runs when the finger is lifted inside, once, never twice within the time of a
    double strike; a button without `act` is unavailable and only says why. While a finger rests on a key with
    `repeat_s` (the wait, then the beat), it acts again and again; lifting it then does nothing more.
    """

    role = "button"

    def __init__(
        self,
        theme: Theme,
        look: Look,
        content: Block,
        *,
        control_id: str,
        name: str,
        act: Callable[[], None] | None,
        height: float = 144,
        pad: tuple[float, float] = (32, 8),
        is_key: bool = False,
        repeat_s: tuple[float, float] | None = None,
    ) -> None:
        super().__init__(theme, look.radius)
        self.control_id, self.name, self.enabled = control_id, name, act is not None
        self._act = act
        self._is_key, self._repeat_s = is_key, repeat_s
        self._beat: Any = None
        self._repeated = False
        self._look = look
        self._tall = theme.tall(height)
        self._least_wide = theme.mm(MIN_TARGET_MM)
        border = theme.border(look.border) if look.border else 0
        self._pad = (max(theme.pad(pad[0]), border), max(theme.pad(pad[1]), border))
        self._least_pad = min(LEAST_PAD_PX, self._pad[1]) if theme.spread else 0
        self._lip_px = theme.pad(look.lip)
        radius = theme.pad(look.radius)
        self._lip = Rounded(self.canvas, look.lip_colour, radius) if look.lip else None
        self._face = Framed(self.canvas, look.fill, look.rim, radius, border)
        self.content = content
        self.add_widget(content)
        self._touch: Any = None

    @property
    def act(self) -> Callable[[], None] | None:
        """What it does; None while it is unavailable."""
        return self._act

    @property
    def pressed(self) -> bool:
        return self._touch is not None

    def least_width(self, width: float) -> None:
        """Stand at least so wide."""
        self._least_wide = max(self._least_wide, round(width))

    @property
    def repeats(self) -> bool:
        """Whether it goes on while it is held."""
        return self._repeat_s is not None and self.enabled

    def let_go(self) -> None:
        """The finger on it meant something else: it rises, and lifting the finger does nothing."""
        if self._touch is not None:
            self._touch.ungrab(self)
            self._end_beat()
            self._show_pressed(None)

    def width_for(self, available: float) -> float:
        inner = self.content.width_for(available - 2 * self._pad[0])
        return min(available, max(inner + 2 * self._pad[0], self._least_wide))

    def narrowest(self) -> float:
        return max(self._least_wide, self.content.narrowest() + 2 * self._pad[0])

    def height_for(self, width: float) -> float:
        inner = self.content.height_for(width - 2 * self._pad[0]) + 2 * self._pad[1] + self._lip_px
        return max(self._tall, inner)

    def least_for(self, width: float) -> float:
        """With hardly a lip, and hardly room around the content: what hangs below a line stays off the border."""
        inner = self.content.least_for(width - 2 * self._pad[0]) + 2 * self._least_pad
        return max(self._least_wide, inner + LEAST_LIP_PX)

    def arrange(self) -> None:
        across, down = self._pad
        # Where it stands lower than it would like, the lip gives way, then the room above and below the content.
        inner = self.content.least_for(self.width - 2 * across)
        lip = max(min(LEAST_LIP_PX, self._lip_px), min(self._lip_px, round(self.height - inner - 2 * down)))
        down = max(0, min(down, round((self.height - lip - inner) / 2)))
        sunk = lip if self.pressed else 0
        if self._lip is not None:
            # The lip stands out below the face; a pressed face covers it.
            self._lip.put(self.x, self.y, self.width, self.height - lip)
        face_y, face_tall = self.y + lip - sunk, self.height - lip
        self._face.put(self.x, face_y, self.width, face_tall)
        self.content.place(
            self.x + across, face_y + face_tall - down, self.width - 2 * across, face_tall - 2 * down,
        )

    def _show_pressed(self, touch: Any) -> None:
        self._touch = touch
        look = self._look
        if touch is None:
            self._face.paint(look.fill, look.rim)
            self.content.paint(None)
        else:
            self._face.paint(look.press, look.press)
            self.content.paint(look.press_ink)
        self.arrange()

    def press(self) -> bool:
        """Act as a finger would, double strikes apart included; False when nothing happened."""
        if self._act is None or not STRIKES.accept(self.control_id, key=self._is_key):
            return False
        self._act()
        return True

    def on_touch_down(self, touch: Any) -> bool:
        if not self.collide_point(*touch.pos) or touch.is_mouse_scrolling:
            return False
        if self.enabled and self._touch is None:
            touch.grab(self)
            self._show_pressed(touch)
            self._repeated = False
            if self._repeat_s is not None:
                self._beat = Clock.schedule_once(self._again, self._repeat_s[0])
        return True

    def _again(self, _dt: float) -> None:
        """The finger rests on it. What left the screen, or the finger that left the key, ends it."""
        touch, self._beat = self._touch, None
        if self._repeat_s is None or touch is None or self._act is None or self.get_parent_window() is None:
            return
        self._beat = Clock.schedule_once(self._again, self._repeat_s[1])
        if self.collide_point(*touch.pos):
            self._repeated = True
            self._act()

    def _end_beat(self) -> None:
        if self._beat is not None:
            self._beat.cancel()
            self._beat = None

    def on_touch_move(self, touch: Any) -> bool:
        return bool(touch.grab_current is self)

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._end_beat()
        self._show_pressed(None)
        if self.collide_point(*touch.pos) and not self._repeated:
            self.press()
        return True
