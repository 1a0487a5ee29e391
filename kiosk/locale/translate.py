"""The screen's words in the citizen's language, from gettext catalogues compiled beside their sources.

The msgid is the English sentence itself, so English needs no catalogue and a missing translation shows English rather
than a code. Only the standard library is imported: the catalogues are read while the window is being opened.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from kiosk.catalog.model import Language

FOLDER = Path(__file__).parent
DOMAIN = "kiosk"


def catalogue_path(language: Language, suffix: str = ".mo") -> Path:
    """Where the catalogue of a language lies: `<language>/LC_MESSAGES/kiosk.mo`, as pybabel and gettext expect."""
    return FOLDER / language.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}{suffix}"


@cache
def _catalogue(language: Language) -> NullTranslations:
    if language is Language.EN:
        return NullTranslations()
    with catalogue_path(language).open("rb") as compiled:
        return GNUTranslations(compiled)


def translator(language: Language) -> Callable[..., str]:
    """A function `text(sentence, **values)` that gives the sentence in the language, with `{name}` filled in.

    Values are put in after translation, unchanged: a caller that writes markup escapes them first.
    """
    translated = _catalogue(language).gettext

    def text(sentence: str, **values: object) -> str:
        words = translated(sentence)
        return words.format(**values) if values else words

    return text


def mark(sentence: str) -> str:
    """The sentence itself: says to the extraction that it is translated later, where a table is read."""
    return sentence
