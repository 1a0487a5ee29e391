"""The instructing pictures: card in, card being read, right and wrong way, take your card, paper coming out."""

from __future__ import annotations

from typing import Any

from kiosk.widgets.machine import (
    METAL,
    SLOT,
    SOFT,
    WHITE,
    Device,
    Lamp,
    draw_card,
    draw_kiosk,
    draw_reader,
)
from kiosk.widgets.sketch import Sketch
from kiosk.widgets.tokens import Theme


class CardPicture(Sketch):
    """The reader, and the card before it or in it. `lamp` says which: only while it waits is the card outside."""

    design_width, design_height = 952, 680

    def __init__(self, theme: Theme, lamp: Lamp, name: str = "", width: float | None = None) -> None:
        super().__init__(theme, name, width)
        self._lamp = lamp

    def draw(self) -> None:
        brand = self.theme.palette.brand
        self.ground()
        draw_reader(self, 196, 44, 1, self._lamp)
        if self._lamp is Lamp.WAITS:
            with self.clipped(0, 0, 952, 680):
                draw_card(self, 303, 316, 1, self.deep)
            for left in (112, 712):
                self.arrow(left, 330, 128, 160, brand, down=False)
        else:
            with self.clipped(0, 197, 952, 483):
                draw_card(self, 303, 5, 1, self.deep)


class CardWayPicture(Sketch):
    """One half of "not so, but so": the reader with a card the wrong or the right way, above a band for the verdict."""

    design_width, design_height = 464, 680
    band = 112

    @property
    def band_px(self) -> float:
        """How high the band is as drawn."""
        return self.band * self.scale

    @property
    def band_wide_px(self) -> float:
        """How wide the band is as drawn."""
        return self.design_width * self.scale

    def __init__(self, theme: Theme, *, right: bool, name: str = "", width: float | None = None) -> None:
        super().__init__(theme, name, width)
        self._right = right

    def draw(self) -> None:
        theme = self.theme
        colours = theme.palette
        tint, edge = (colours.ok_tint, colours.ok) if self._right else (colours.error_tint, colours.error)
        self.ground(36, 680, tint)
        self.rounded(0, self.design_height - self.band, 464, self.band, (0, 0, 36, 36), edge)
        draw_reader(self, 52, 40, 0.643, Lamp.WAITS if self._right else Lamp.FAILED, simple=True)
        draw_card(self, 114, 184, 0.68, self.deep if colours.outlined else edge, turned=not self._right)


class CardOutPicture(Sketch):
    """Where the card waits to be taken: the kiosk with its reader lit, and the reader close by."""

    design_width, design_height = 952, 1000

    def draw(self) -> None:
        theme = self.theme
        self.ground(colour=WHITE)
        scale = 1.318
        draw_kiosk(self, 42, 75, scale, theme, Device.READER)
        left, top = 42 + 199 * scale, 75 + 449 * scale
        self.rounded(left, top, 76 * scale, 99 * scale, 12 * scale, self.deep)
        self.rounded(left + 9 * scale, top + 9 * scale, 58 * scale, 81 * scale, 5 * scale, WHITE)
        self.box(left + 6 * scale, top + 22 * scale, 64 * scale, 14 * scale, self.deep)
        self.rounded(left + 16 * scale, top + 48 * scale, 18 * scale, 22 * scale, 4 * scale, "#5B74B0")
        for down in (50, 63):
            self.box(left + 42 * scale, top + down * scale, 20 * scale, 6 * scale, "#8FA0CC")
        # The close view, with its pointer to the lit reader.
        self.rounded(512, 44, 404, 912, 36, theme.palette.tint)
        self.triangle((514, 610, 514, 714, 462, 662), theme.palette.tint)
        draw_reader(self, 542, 80, 0.614, Lamp.WAITS)
        with self.clipped(512, 190, 404, 700):
            draw_card(self, 596, 157, 0.684, self.deep)
        self.arrow(610, 664, 208, 244, theme.palette.brand, down=True)


class PaperPicture(Sketch):
    """The printer's slot with the receipt uncovered downwards; `show(progress)` is the printer's own measure, 0..1.

    Once more has come out than there is room for, its upper part has slid behind the slot.
    """

    design_width = 952
    PAPER_LEFT, PAPER_TOP, PAPER_WIDTH = 231, 130, 490
    # Below the slot nothing shows in the last part of the panel.
    FOOT = 166
    # Lower than this, the kiosk beside the slot would stand in its way.
    ROOM_FOR_KIOSK = 640
    # 80 mm of paper carry 72 mm of print.
    MARGIN = 24

    def __init__(self, theme: Theme, name: str = "", width: float | None = None, *, tall: float = 758) -> None:
        super().__init__(theme, name, width)
        self.design_height = tall
        self._texture: Any = None
        self._progress = 0.0
        self._lamp = Lamp.WORKS

    def show(self, progress: float, texture: Any, *, waiting: bool = False) -> None:
        """Uncover so much of the receipt's picture; without a picture the paper stays blank."""
        lamp = Lamp.FAILED if waiting else Lamp.WORKS
        if (progress, texture, lamp) != (self._progress, self._texture, self._lamp):
            self._progress, self._texture, self._lamp = progress, texture, lamp
            self.redraw()

    def draw(self) -> None:
        theme = self.theme
        self.ground()
        self.plate(146, 43, 660, 120, 28, METAL)
        self.disc(197, 84, 15, self._lamp)
        self.rounded(204, 116, 544, 24, 12, SLOT)
        if self.design_height >= self.ROOM_FOR_KIOSK:
            draw_kiosk(self, 49, self.design_height - 427, 0.4, theme, Device.OUTLET)
        if self._lamp is Lamp.WORKS:
            self.arrow(790, self.design_height - 346, 92, 92, theme.palette.brand, down=True)
        length = self._length()
        out = min(self._progress * length, self.design_height - self.FOOT)
        if out < 4:
            return
        self.rounded(self.PAPER_LEFT, self.PAPER_TOP, self.PAPER_WIDTH, out, 0, "#8FA0CC")
        self.box(self.PAPER_LEFT + 3, self.PAPER_TOP, self.PAPER_WIDTH - 6, out - 3, WHITE)
        if self._texture is not None:
            shown = (max(0.0, self._progress - (out - 3) / length), self._progress)
            left, width = self.PAPER_LEFT + self.MARGIN, self.PAPER_WIDTH - 2 * self.MARGIN
            self.picture(left, self.PAPER_TOP, width, out - 3, self._texture, shown)

    def _length(self) -> float:
        if self._texture is None:
            return self.design_height - self.FOOT
        return float((self.PAPER_WIDTH - 2 * self.MARGIN) * self._texture.height / self._texture.width)


class LookupPicture(Sketch):
    """The kiosk asks, the city hall answers: a dotted way between the two, or a cross where it is cut off."""

    design_width, design_height = 952, 680

    def __init__(self, theme: Theme, name: str = "", width: float | None = None, *, cut: bool = False) -> None:
        super().__init__(theme, name, width)
        self._cut = cut

    def draw(self) -> None:
        theme = self.theme
        self.ground()
        draw_kiosk(self, 110, 116, 0.7, theme, None)
        if self._cut:
            for points in ((420, 308, 484, 372), (420, 372, 484, 308)):
                self.line(points, 22, theme.palette.error)
        else:
            for across in (404, 452, 500):
                self.disc(across, 340, 13, theme.palette.brand)
        self._town_hall(560, 196)

    def _town_hall(self, x: float, y: float) -> None:
        brand = self.theme.palette.brand
        self.box(x, y + 320, 290, 26, brand if self.theme.palette.outlined else METAL)
        self.box(x + 16, y + 110, 258, 210, WHITE)
        for left in (40, 100, 160, 220):
            self.rounded(x + left, y + 134, 32, 162, 8, self.deep)
        self.box(x, y + 92, 290, 24, brand)
        self.triangle((x + 4, y + 94, x + 286, y + 94, x + 145, y), brand)
        self.disc(x + 145, y + 60, 16, self.deep if self.theme.palette.outlined else WHITE)

class RegisterPicture(Sketch):
    """The kiosk at work, no card and no paper yet."""

    design_width, design_height = 952, 680

    def draw(self) -> None:
        self.ground()
        draw_kiosk(self, 332, 46, 0.87, self.theme, None)


class TrayPicture(Sketch):
    """Two ways for a paper in the outlet: down into the hand, or up into the sealed opening beside it."""

    design_width, design_height = 952, 560
    LINES = (100, 144, 144, 120, 144)

    def draw(self) -> None:
        brand, edge = self.theme.palette.brand, self.deep
        self.ground()
        self.plate(80, 40, 340, 126, 24, METAL)
        self.disc(126, 80, 15, Lamp.WAITS)
        self.rounded(124, 116, 252, 26, 13, SLOT)
        self._paper(148, 128, 204, 250, edge)
        self.arrow(178, 400, 144, 136, brand, down=True)
        self.rounded(568, 40, 288, 132, 28, METAL)
        self.rounded(576, 48, 272, 116, 22, WHITE)
        self.rounded(594, 110, 236, 36, 18, METAL)
        self.arrow(640, 190, 144, 136, brand, down=False)
        with self.clipped(0, 340, 952, 214):
            self._paper(610, 344, 204, 260, edge)

    def _paper(self, x: float, y: float, width: float, height: float, edge: str) -> None:
        self.box(x, y, width, height, edge)
        self.box(x + 6, y + 6, width - 12, height - 12, WHITE)
        for at, long in enumerate(self.LINES):
            self.rounded(x + 30, y + 40 + at * 42, long, 14, 7, SOFT)
