"""The machine as the citizen sees it: the whole kiosk with the device that is meant lit, its card slot and its card.

The lamp in a picture is the machine's lamp: yellow waits, blue works, red failed.
"""

from __future__ import annotations

from enum import StrEnum

from kiosk.widgets.sketch import Sketch
from kiosk.widgets.tokens import Theme

METAL = "#1B2740"
SLOT = "#000000"
WHITE = "#FFFFFF"
SOFT = "#8FA0CC"
PHOTO = "#D3DEF0"
PERSON = "#5B74B0"
CHIP = "#F0B429"
CHIP_LINE = "#6B4700"


class Lamp(StrEnum):
    WAITS = "#FFC24A"
    WORKS = "#7FD4FF"
    FAILED = "#FF746C"


class Device(StrEnum):
    """What of the kiosk a sentence speaks of."""

    READER = "reader"
    OUTLET = "outlet"


# The card in its own units, upright: chip towards the reader.
CARD_WIDTH, CARD_HEIGHT = 346, 544


def draw_card(sketch: Sketch, x: float, y: float, scale: float, edge: str, *, turned: bool = False) -> None:
    """A card with its top left at (x, y); `turned`: upside down, the wrong way for the reader."""

    def place(left: float, top: float, width: float, height: float) -> tuple[float, float, float, float]:
        if turned:
            left, top = CARD_WIDTH - left - width, CARD_HEIGHT - top - height
        return x + left * scale, y + top * scale, width * scale, height * scale

    def centre(across: float, down: float) -> tuple[float, float]:
        left, top, _, _ = place(across, down, 0, 0)
        return left, top

    sketch.rounded(*place(0, 0, CARD_WIDTH, CARD_HEIGHT), 28 * scale, edge)
    sketch.rounded(*place(6, 6, CARD_WIDTH - 12, CARD_HEIGHT - 12), 22 * scale, WHITE)
    sketch.box(*place(3, 208, CARD_WIDTH - 6, 48), edge)
    sketch.rounded(*place(125, 60, 96, 86), 14 * scale, CHIP_LINE)
    sketch.rounded(*place(129, 64, 88, 78), 10 * scale, CHIP)
    for contact in ((157, 64, 4, 78), (185, 64, 4, 78), (129, 101, 30, 4), (187, 101, 30, 4)):
        sketch.box(*place(*contact), CHIP_LINE)
    sketch.rounded(*place(44, 306, 102, 122), 10 * scale, PHOTO)
    sketch.disc(*centre(95, 349), 20 * scale, PERSON)
    left, top, width, height = place(58, 385, 74, 43)
    round_top, flat = 37 * scale, 0.0
    shoulders = (flat, flat, round_top, round_top) if turned else (round_top, round_top, flat, flat)
    sketch.rounded(left, top, width, height, shoulders, PERSON)
    for down, long in ((314, 130), (347, 130), (380, 90)):
        sketch.rounded(*place(172, down, long, 14), 6 * scale, SOFT)


def draw_reader(sketch: Sketch, x: float, y: float, scale: float, lamp: Lamp, *, simple: bool = False) -> None:
    """The reader's front, 560 x 190; `simple`: without the sign of the card, for small pictures."""
    sketch.plate(x, y, 560 * scale, 190 * scale, 32 * scale, METAL)
    if simple:
        sketch.disc(x + 72 * scale, y + 56 * scale, 22 * scale, lamp)
    else:
        across, down = x + 64 * scale, y + 67 * scale
        for radius, colour in ((32, lamp.value), (26, METAL), (17, lamp.value)):
            sketch.disc(across, down, radius * scale, colour)
        sketch.rounded(x + 216 * scale, y + 25 * scale, 128 * scale, 85 * scale, 15 * scale, WHITE)
        sketch.rounded(x + 223 * scale, y + 32 * scale, 114 * scale, 71 * scale, 9 * scale, METAL)
        sketch.rounded(x + 239 * scale, y + 50 * scale, 33 * scale, 29 * scale, 7 * scale, WHITE)
    sketch.rounded(x + 84 * scale, y + 142 * scale, 392 * scale, 22 * scale, 11 * scale, SLOT)


# The kiosk in its own units.
KIOSK_WIDTH, KIOSK_HEIGHT = 332, 638


def draw_kiosk(sketch: Sketch, x: float, y: float, scale: float, theme: Theme, lit: Device | None) -> None:
    """The whole machine, with the device that is meant inside a yellow frame."""

    def rounded(left: float, top: float, width: float, height: float, radius: float, colour: str) -> None:
        sketch.rounded(x + left * scale, y + top * scale, width * scale, height * scale, radius * scale, colour)

    rounded(27, 590, 278, 48, 12, theme.palette.edge if theme.palette.outlined else METAL)
    rounded(0, 0, 332, 621, 52, theme.palette.brand)
    rounded(14, 14, 304, 593, 40, WHITE)
    rounded(46, 47, 239, 328, 14, sketch.deep)
    rounded(70, 82, 191, 43, 10, WHITE)
    for left in (70, 174):
        for top in (146, 237):
            rounded(left, top, 88, 75, 12, SOFT)
    sketch.disc(x + 58 * scale, y + 445 * scale, 18 * scale, METAL)
    for left in (92, 112, 132):
        for top in (424, 446):
            rounded(left, top, 16, 16, 4, METAL)
    if lit is Device.READER:
        rounded(160, 386, 154, 118, 34, theme.palette.focus_line)
        rounded(172, 398, 130, 94, 24, theme.palette.take)
        rounded(190, 416, 94, 58, 12, METAL)
        rounded(204, 452, 66, 9, 4, WHITE)
    else:
        rounded(189, 414, 96, 60, 12, METAL)
        rounded(201, 453, 72, 9, 4, WHITE)
    if lit is Device.OUTLET:
        rounded(44, 486, 244, 128, 36, theme.palette.focus_line)
        rounded(56, 498, 220, 104, 26, theme.palette.take)
        rounded(70, 512, 192, 26, 13, METAL)
        rounded(96, 526, 140, 70, 2, theme.palette.focus_line)
        rounded(104, 530, 124, 58, 1, WHITE)
    else:
        rounded(70, 562, 191, 24, 12, METAL)


class KioskPicture(Sketch):
    """The whole kiosk, with what is meant lit; stands beside a sentence that says where."""

    design_width, design_height = KIOSK_WIDTH, KIOSK_HEIGHT

    def __init__(self, theme: Theme, lit: Device | None, name: str = "", width: float | None = None) -> None:
        super().__init__(theme, name, width)
        self._lit = lit

    def draw(self) -> None:
        draw_kiosk(self, 0, 0, 1, self.theme, self._lit)
