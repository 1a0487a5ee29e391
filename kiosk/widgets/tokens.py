"""The visual language in one file: panels, colours, type steps, spaces, motion.

All that is drawn takes its numbers from a `Theme`.

Lengths are written in design pixels (3.64 to the millimetre, those of a 1080 x 1920 panel of 296.7 x 527.4 mm) and
turned into the panel's own pixels by `Theme`: `px` keeps a length as long in millimetres on any panel, `space` (what
separates) and `tall` (how high a control stands) give way on a small one, down to what a finger needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # the window opens before the catalogue's model is imported
    from kiosk.catalog.model import Colours

DESIGN_PX_PER_MM = 3.64

Step = Literal["small", "body", "lead", "head", "title", "display", "countdown"]

# Design pixels. Capitals are 0.668 of the size: small is 6.2 mm.
STEPS: dict[Step, int] = {
    "small": 34, "body": 40, "lead": 46, "head": 56, "title": 68, "display": 96, "countdown": 136,
}
LINE_HEIGHT: dict[Step, float] = {
    "small": 1.25, "body": 1.25, "lead": 1.25, "head": 1.1, "title": 1.1, "display": 1.1, "countdown": 1.1,
}
CAPITALS = 0.668  # of the size
MIN_CAPITALS_MM = 6.1  # 0.7 degrees at 500 mm: EN 301 549 5.1.4
LARGE, LARGEST = 1.2, 1.4  # 8.5 mm and more
TEXT_SIZES: dict[str, float] = {"normal": 1.0, "large": LARGE, "largest": LARGEST}
LINE_CHARACTERS = 48
MEAN_LETTER = 0.54  # of the size

# What a finger needs: VVSG 2.0 7.2-I; 20 mm for what matters most: Colle & Hiszem 2004.
MIN_TARGET_MM, MIN_GAP_MM, MAIN_TARGET_MM = 12.7, 2.54, 20.0

# Design pixels.
KEY_RADIUS, BUTTON_RADIUS, CARD_RADIUS, PANEL_RADIUS, SHEET_RADIUS = 16, 24, 28, 36, 48
LIP = 8
FOCUS_GAP, FOCUS_RING, FOCUS_LINE = 8, 10, 4
HIGH_CONTRAST_BORDER = 5

# Nothing moves for longer, nothing blinks, and what lasts longer than the second shows that it goes on.
MOTION_S = 0.2
SAY_PROGRESS_AFTER_S = 0.3

# While a finger rests on a key: seconds until it acts again, then from one erasing, one letter to the next. By how much
# time the citizen asked for, up to what EN 301 549 5.7 wants at most.
REPEATS_S: dict[int, tuple[float, float, float]] = {1: (0.6, 0.12, 0.6), 2: (1.2, 0.5, 1.2), 3: (2.0, 2.0, 2.0)}

# Shorter sides. From the first on a panel has room for the whole hierarchy, down to the second for one size of text.
ROOMY_MM, NARROW_MM = 290.0, 140.0
# On the small ones lines stand close, and icons stay near the height of the text beside them.
NARROW_LEADING, NARROW_ICONS = 1.0, 0.64
GIVING_WAY: float = 1.75


@dataclass(frozen=True)
class Panel:
    """The screen as built in: pixels and millimetres, upright as the citizen sees it."""

    width_px: int = 1080
    height_px: int = 1920
    width_mm: float = 296.7
    height_mm: float = 527.4

    @cached_property
    def px_per_mm(self) -> float:
        return self.width_px / self.width_mm

    @cached_property
    def short_mm(self) -> float:
        return min(self.width_mm, self.height_mm)


# Those that every screen is drawn on by the tests; a kiosk's own is in its settings.
PANELS: dict[str, Panel] = {
    "tall": Panel(),
    "wide": Panel(1920, 1080, 527.4, 296.7),
    "p1280": Panel(1280, 800, 217.0, 135.6),
    "p1024": Panel(1024, 600, 222.7, 125.3),
    "p800": Panel(800, 480, 154.1, 92.4),
}


@dataclass(frozen=True)
class Palette:
    """Colour roles. Brand, press, tint and accent are the operator's; the others belong to the house.

    `outlined`: grounds do not tell things apart, so whatever has a ground of its own gets a border as well.
    """

    brand: str = "#16316B"
    on_brand: str = "#FFFFFF"
    press: str = "#0B1C44"
    on_press: str = "#FFFFFF"
    tint: str = "#E8EDF7"
    accent: str = "#FFC24A"
    page: str = "#F5F3EE"
    card: str = "#FFFFFF"
    ink: str = "#141A24"
    ink2: str = "#323B49"
    edge: str = "#727D96"
    line: str = "#D5D0C5"
    ok: str = "#0A4A2B"
    on_ok: str = "#FFFFFF"
    ok_tint: str = "#E0F0E6"
    warn: str = "#4A2A00"
    on_warn: str = "#FFFFFF"
    warn_tint: str = "#FFEDC2"
    error: str = "#7A0C12"
    on_error: str = "#FFFFFF"
    error_tint: str = "#FBE4E4"
    unavailable: str = "#E7E4DD"
    focus: str = "#FFC21A"
    focus_line: str = "#141A24"
    take: str = "#FFC21A"
    on_take: str = "#141A24"
    veil: str = "#141A24D8"
    outlined: bool = False

    @property
    def header(self) -> str:
        """The ground of who serves."""
        return self.page if self.outlined else self.brand

    @property
    def on_header(self) -> str:
        return self.ink if self.outlined else self.on_brand

    @property
    def lip(self) -> str:
        """The lip of a face in the brand's colour."""
        return self.brand if self.outlined else self.press

    @property
    def key_press(self) -> str:
        """A pressed key; written on it: on_brand in the light, on_press in high contrast, which are the same."""
        return self.press if self.outlined else self.brand


# 21:1; pressed, focused and to be taken: 16.6.
HIGH_CONTRAST = Palette(
    brand="#FFFFFF", on_brand="#000000", press="#FFE600", on_press="#000000", tint="#000000", accent="#000000",
    page="#000000", card="#000000", ink="#FFFFFF", ink2="#FFFFFF", edge="#FFFFFF", line="#FFFFFF",
    ok="#FFFFFF", on_ok="#000000", ok_tint="#000000", warn="#FFFFFF", on_warn="#000000", warn_tint="#000000",
    error="#FFFFFF", on_error="#000000", error_tint="#000000", unavailable="#000000",
    focus="#FFE600", focus_line="#000000", take="#FFE600", on_take="#000000", veil="#000000E6", outlined=True,
)


# What is ever written on what. Ink2 never stands on a tint; on take there is on_take only.
WRITTEN: tuple[tuple[str, str], ...] = (
    ("ink", "page"), ("ink", "card"), ("ink", "tint"), ("ink", "ok_tint"), ("ink", "warn_tint"), ("ink", "error_tint"),
    ("ink", "unavailable"), ("on_take", "take"), ("ink2", "page"), ("ink2", "card"), ("brand", "page"),
    ("brand", "card"), ("brand", "tint"), ("on_brand", "brand"), ("on_header", "header"), ("on_press", "press"),
    ("on_brand", "key_press"), ("on_ok", "ok"), ("on_warn", "warn"), ("on_error", "error"), ("error", "card"),
    ("warn", "warn_tint"),
)


@lru_cache(maxsize=512)
def rgba(colour: str) -> tuple[float, float, float, float]:
    """#RRGGBB or #RRGGBBAA as four numbers from 0 to 1."""
    digits = colour.lstrip("#")
    if len(digits) == 6:
        digits += "FF"
    red, green, blue, alpha = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4, 6))
    return red, green, blue, alpha


def palette_of(colours: Colours | None, *, high_contrast: bool = False) -> Palette:
    """The operator's colours in the house's palette; the catalogue has seen to it that they can be read."""
    if high_contrast:
        return HIGH_CONTRAST
    if colours is None:
        return Palette()
    return Palette(brand=colours.brand, press=colours.press, tint=colours.tint, accent=colours.accent)


@dataclass(frozen=True)
class Theme:
    """Colours and lengths for one panel and one operator.

    `large` is the text size the citizen chose (1, LARGE, LARGEST). `reach`: every control stands in the lower half.
    `patience`: how many times the usual time the citizen asked for (1, 2, 3).
    """

    panel: Panel = Panel()
    palette: Palette = Palette()
    large: float = 1.0
    reach: bool = False
    patience: int = 1

    @property
    def erasing_s(self) -> tuple[float, float]:
        """How long a finger rests on the erase key until it erases on, and the beat of it."""
        hold, erase, _ = REPEATS_S[self.patience]
        return hold, erase

    @property
    def typing_s(self) -> tuple[float, float]:
        """The same for letters and digits."""
        hold, _, letter = REPEATS_S[self.patience]
        return hold, letter

    @cached_property
    def scale(self) -> float:
        """Panel pixels to one design pixel."""
        return self.panel.px_per_mm / DESIGN_PX_PER_MM

    @cached_property
    def spread(self) -> float:
        """How much of the full hierarchy the panel has room for: 1 all of it, 0 one size of text, low controls."""
        return min(1.0, max(0.0, (self.panel.short_mm - NARROW_MM) / (ROOMY_MM - NARROW_MM)))

    def px(self, design_px: float) -> int:
        """A design length in the panel's pixels, as long in millimetres as on any other panel."""
        return round(design_px * self.scale)

    def mm(self, millimetres: float) -> int:
        """Not less than so many millimetres, in the panel's pixels."""
        return ceil(millimetres * self.panel.px_per_mm)

    def space(self, design_px: float) -> int:
        """What separates or pads: it gives way faster than the panel shrinks (64: 17.6 mm, 4.5 mm, 2.3 mm)."""
        give: float = min(1.0, self.panel.short_mm / ROOMY_MM) ** GIVING_WAY
        return round(design_px * self.scale * give)

    def pad(self, design_px: float) -> int:
        """The room inside a control: less than half of it on a small panel."""
        return round(design_px * self.scale * (0.4 + 0.6 * self.spread))

    def tall(self, design_px: float) -> int:
        """The least height of a control that is so high in the design: half on a small panel, 12.7 mm at least."""
        return max(round(design_px * self.scale * (0.5 + 0.5 * self.spread)), self.mm(MIN_TARGET_MM))

    def type_px(self, step: Step) -> int:
        """The size of a type step in the panel's pixels. On a small panel all steps fall together on the smallest."""
        least_mm = MIN_CAPITALS_MM / CAPITALS
        size_mm = least_mm + (STEPS[step] / DESIGN_PX_PER_MM - least_mm) * self.spread
        return max(round(size_mm * self.panel.px_per_mm * self.large), self.mm(least_mm * self.large))

    def leading_px(self, step: Step) -> int:
        """From one line of a step to the next."""
        height = NARROW_LEADING + (LINE_HEIGHT[step] - NARROW_LEADING) * self.spread
        return round(self.type_px(step) * height)

    def icon_px(self, design_px: float) -> int:
        """The side of an icon or a badge."""
        return round(design_px * self.scale * (NARROW_ICONS + (1 - NARROW_ICONS) * self.spread))

    def line_px(self, step: Step) -> int:
        """The width of a line of 48 characters: text is not set wider."""
        return round(LINE_CHARACTERS * MEAN_LETTER * self.type_px(step))

    @property
    def margin(self) -> int:
        return self.space(64)

    @property
    def gutter(self) -> int:
        """Between two controls side by side."""
        return max(self.space(24), self.gap)

    @property
    def gap(self) -> int:
        """The least between two controls."""
        return self.mm(MIN_GAP_MM)

    def border(self, design_px: float) -> int:
        """A border as thick as in the design; in high contrast as thick as all borders there are."""
        return max(1, self.pad(HIGH_CONTRAST_BORDER if self.palette.outlined else design_px))
