"""What a screen may be shown as: panel, language, text size, contrast, reach; and which of them are proven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import product

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey.settings import Settings, TextSize
from kiosk.journey.state import State
from kiosk.widgets.tokens import PANELS, TEXT_SIZES, Panel, Theme, palette_of

# What still fails, as patterns of variant and screen: nothing.
OWED: tuple[tuple[str, str], ...] = ()


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
    def for_words(self) -> bool:
        """Where words need most room: in these, screens that differ in words alone are shown as well."""
        return self.text == "largest" and not self.high_contrast and not self.reach

    @property
    def size(self) -> Panel:
        return PANELS[self.panel]


def pairs(panel: str) -> Iterator[tuple[Variant, ...]]:
    """Every combination for one panel, in pairs that differ in contrast alone.

    The longer language changes no colour: it is shown in one contrast.
    """
    for text, reach in product(TEXT_SIZES, (False, True)):
        for language in Language:
            yield Variant(panel, language, text, reach=reach), Variant(panel, language, text, True, reach)
        yield (Variant(panel, Language.EN, text, reach=reach, pseudo=True),)


def chosen(variant: Variant, state: State) -> State:
    """The state of a citizen who chose to have the screen so."""
    settings = Settings(text=TextSize(variant.text), high_contrast=variant.high_contrast, reach=variant.reach)
    return replace(state, settings=settings)


def theme_of(variant: Variant, catalogue: Catalogue | None) -> Theme:
    """The theme of that variant, as the application makes it from what the citizen chose."""
    colours = catalogue.operator.colours if catalogue else None
    palette = palette_of(colours, high_contrast=variant.high_contrast)
    return Theme(panel=variant.size, palette=palette, large=TEXT_SIZES[variant.text], reach=variant.reach)


def owed(variant: str, scene: str) -> bool:
    """Whether that failure is known and waits for the screen's author."""
    return any(fnmatchcase(variant, one) and fnmatchcase(scene, other) for one, other in OWED)
