"""What a screen may be shown as: panel, language, text size, contrast, reach; and which of them are proven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from kiosk.catalog.model import Catalogue, Language
from kiosk.widgets.tokens import Panel, Theme, palette_of

PANELS = {
    "tall": Panel(1080, 1920, 296.7, 527.4),
    "wide": Panel(1920, 1080, 527.4, 296.7),
    "p1280": Panel(1280, 800, 217, 135.6),
    "p1024": Panel(1024, 600, 222.7, 125.3),
    "p800": Panel(800, 480, 154.1, 92.4),
}
TEXTS = {"normal": 1.0, "large": 1.2, "largest": 1.4}

# The one list of what every screen is proven in; it only grows.
PROVEN_PANELS = ("tall",)
PROVEN_TEXTS = ("normal",)
PROVEN_CONTRASTS = (False,)
PROVEN_REACHES = (False,)


@dataclass(frozen=True)
class Variant:
    """One way to show any screen. `pseudo`: English, 40 % longer, with accents."""

    panel: str
    language: Language
    text: str = "normal"
    high_contrast: bool = False
    reach: bool = False
    pseudo: bool = False

    @property
    def name(self) -> str:
        """Short, readable, good for a file's name: `p800-it-largest-contrast-reach`."""
        parts = [self.panel, "pseudo" if self.pseudo else self.language.value, self.text]
        parts += ["contrast"] if self.high_contrast else []
        parts += ["reach"] if self.reach else []
        return "-".join(parts)

    @property
    def size(self) -> Panel:
        return PANELS[self.panel]


def variants(panel: str) -> Iterator[Variant]:
    """Every combination for one panel. The longer language changes no colour: it is shown in one contrast."""
    for text, reach in product(PROVEN_TEXTS, PROVEN_REACHES):
        for language, contrast in product(Language, PROVEN_CONTRASTS):
            yield Variant(panel, language, text, contrast, reach)
        yield Variant(panel, Language.EN, text, reach=reach, pseudo=True)


def theme_of(variant: Variant, catalogue: Catalogue | None) -> Theme:
    """The theme of that variant, as the application makes it from what the citizen chose."""
    colours = catalogue.operator.colours if catalogue else None
    return Theme(panel=variant.size, palette=palette_of(colours), large=TEXTS[variant.text])
