"""The visual language in one file: colours, type steps, spaces. Everything drawn takes its numbers from a `Theme`.

Lengths are written in design pixels (3.64 to the millimetre, those of a 1080 x 1920 panel of 296.7 x 527.4 mm) and
turned into the panel's own pixels by `Theme.px`. On a panel no larger than a hand or two, spaces and shapes draw
together (`Theme.density`) and all text is one step; what a finger or an eye needs is held in millimetres (`target_px`,
`gap_px`, `type_px`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import ceil
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # the window opens before the catalogue's model is imported
    from kiosk.catalog.model import Colours

DESIGN_PX_PER_MM = 3.64

Step = Literal["small", "body", "lead", "head", "title", "display", "countdown"]

# Design pixels. Capitals are 0.668 of the size: small is 6.2 mm, EN 301 549 5.1.4 asks 6.1 mm at 500 mm.
STEPS: dict[Step, int] = {
    "small": 34, "body": 40, "lead": 46, "head": 56, "title": 68, "display": 96, "countdown": 136,
}
LINE_HEIGHT: dict[Step, float] = {
    "small": 1.25, "body": 1.25, "lead": 1.25, "head": 1.1, "title": 1.1, "display": 1.1, "countdown": 1.1,
}

# On a small panel all text is one step: capitals of 6.1 mm, 8.5 mm at the largest size (VVSG 2.0 7.1-G).
SMALL_PANEL_STEP = 33.3
SMALL_PANEL_LINE = 1.06
SMALL_PANEL_MM = 200.0
# How far spaces and shapes draw together there; icons stay near the height of the text they stand beside.
SMALL_PANEL_DENSITY = 0.5
SMALL_PANEL_ICONS = 0.64

MIN_CONTRAST = 10.0  # VVSG 2.0 7.1-C
MIN_TARGET_MM = 12.7  # VVSG 2.0 7.2-H
MIN_GAP_MM = 2.54  # VVSG 2.0 7.2-H


@dataclass(frozen=True)
class Panel:
    """The screen as built in: pixels and millimetres, upright as the citizen sees it."""

    width_px: int = 1080
    height_px: int = 1920
    width_mm: float = 296.7
    height_mm: float = 527.4

    @property
    def px_per_mm(self) -> float:
        return self.width_px / self.width_mm

    @property
    def small(self) -> bool:
        """Too low for several steps of type: its shorter side is under 200 mm."""
        return min(self.width_mm, self.height_mm) < SMALL_PANEL_MM


PANELS: dict[str, Panel] = {
    "tall": Panel(),
    "wide": Panel(1920, 1080, 527.4, 296.7),
    "p1280": Panel(1280, 800, 217.0, 135.6),
    "p1024": Panel(1024, 600, 222.7, 125.3),
    "p800": Panel(800, 480, 154.1, 92.4),
}


@dataclass(frozen=True)
class Palette:
    """Colour roles. Brand, press, tint and accent are the operator's; the others belong to the house."""

    brand: str = "#16316B"
    press: str = "#0B1C44"
    tint: str = "#E8EDF7"
    accent: str = "#FFC24A"
    page: str = "#F5F3EE"
    card: str = "#FFFFFF"
    ink: str = "#141A24"
    ink2: str = "#323B49"
    on_brand: str = "#FFFFFF"
    edge: str = "#727D96"
    line: str = "#D5D0C5"
    ok: str = "#0A4A2B"
    ok_tint: str = "#E0F0E6"
    warn: str = "#4A2A00"
    warn_tint: str = "#FFEDC2"
    error: str = "#7A0C12"
    error_tint: str = "#FBE4E4"
    unavailable: str = "#E7E4DD"
    focus: str = "#FFC21A"
    take: str = "#FFC21A"
    veil: str = "#141A24D8"


# What is ever written on what. Ink2 never stands on a tint; on take there is ink only.
WRITTEN: tuple[tuple[str, str], ...] = (
    ("ink", "page"), ("ink", "card"), ("ink", "tint"), ("ink", "ok_tint"), ("ink", "warn_tint"), ("ink", "error_tint"),
    ("ink", "unavailable"), ("ink", "take"), ("ink2", "page"), ("ink2", "card"), ("brand", "page"), ("brand", "card"),
    ("brand", "tint"), ("on_brand", "brand"), ("on_brand", "press"), ("on_brand", "ok"), ("on_brand", "warn"),
    ("on_brand", "error"), ("error", "card"), ("warn", "warn_tint"),
)


def rgba(colour: str) -> tuple[float, float, float, float]:
    """#RRGGBB or #RRGGBBAA as four numbers from 0 to 1."""
    digits = colour.lstrip("#")
    if len(digits) == 6:
        digits += "FF"
    red, green, blue, alpha = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4, 6))
    return red, green, blue, alpha


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""

    def luminance(colour: str) -> float:
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgba(colour)[:3]
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def weakest(palette: Palette) -> tuple[float, str, str]:
    """The pair of `WRITTEN` with the least contrast: ratio, ink role, ground role."""
    by_role = {entry.name: getattr(palette, entry.name) for entry in fields(palette)}
    return min((contrast(by_role[ink], by_role[ground]), ink, ground) for ink, ground in WRITTEN)


def palette_of(colours: Colours | None) -> Palette:
    """The operator's colours in the house's palette; the house's own where they would be hard to read."""
    if colours is None:
        return Palette()
    palette = Palette(brand=colours.brand, press=colours.press, tint=colours.tint, accent=colours.accent)
    return palette if weakest(palette)[0] >= MIN_CONTRAST else Palette()


@dataclass(frozen=True)
class Theme:
    """Colours and lengths for one panel and one operator.

    `large` is the text size the citizen chose (1, 1.2, 1.4); with `reach` every control lies in the lower half.
    """

    panel: Panel = Panel()
    palette: Palette = Palette()
    large: float = 1.0
    reach: bool = False

    @property
    def scale(self) -> float:
        """Panel pixels to one design pixel."""
        return self.panel.px_per_mm / DESIGN_PX_PER_MM

    @property
    def density(self) -> float:
        """How far spaces and shapes draw together on this panel: 1 where there is room."""
        return SMALL_PANEL_DENSITY if self.panel.small else 1.0

    def px(self, design_px: float) -> int:
        """A design length (a space, a shape) in the panel's pixels."""
        return round(design_px * self.scale * self.density)

    def icon_px(self, design_px: float) -> int:
        """An icon's design side in the panel's pixels."""
        return round(design_px * self.scale * (SMALL_PANEL_ICONS if self.panel.small else 1.0))

    def mm(self, length_mm: float) -> int:
        """At least that many millimetres, in the panel's pixels."""
        return ceil(length_mm * self.panel.px_per_mm)

    @property
    def target_px(self) -> int:
        """No control is narrower or lower."""
        return self.mm(MIN_TARGET_MM)

    def gap_px(self, design_px: float) -> int:
        """A design length between two controls: never under the least gap."""
        return max(self.px(design_px), self.mm(MIN_GAP_MM))

    def type_px(self, step: Step) -> int:
        """The size of a type step in the panel's pixels."""
        if self.panel.small:
            return ceil(SMALL_PANEL_STEP * self.scale * self.large)
        return round(STEPS[step] * self.scale * self.large)

    def line_px(self, step: Step) -> int:
        """From one line of that step to the next."""
        return round(self.type_px(step) * (SMALL_PANEL_LINE if self.panel.small else LINE_HEIGHT[step]))

    @property
    def margin(self) -> int:
        return self.mm(2.6) if self.panel.small else self.px(64)

    @property
    def gutter(self) -> int:
        return self.gap_px(24)
