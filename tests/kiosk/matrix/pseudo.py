"""A language 40 % longer than English, with accents: what is cut or does not fit shows before a translation does it."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import ceil
from typing import Any

from kiosk.catalog.model import Catalogue, Language
from kiosk.locale.translate import translator

LONGER = 1.4
# Whole words are added, so that the longest word stays as long as languages make it.
PADDING = ("óne", "twô", "thrée", "fôur", "fívé", "síx", "sévén", "éíght", "nîné", "tén")
ACCENTED = str.maketrans("aeioucnAEIOUCN", "áéíôúçñÁÉÍÔÚÇÑ")
# Markup and places for values stay as they are.
FIXED = re.compile(r"(\[/?b\]|\{[^}]*\}|&\w+;)")


def lengthen(sentence: str) -> str:
    """The sentence with accents and 40 % more letters, in words of its own."""
    if not sentence.strip():
        return sentence
    parts = FIXED.split(sentence)
    accented = "".join(part if FIXED.fullmatch(part) else part.translate(ACCENTED) for part in parts)
    letters = sum(len(part) for part in parts if not FIXED.fullmatch(part))
    missing = ceil(letters * (LONGER - 1))
    added: list[str] = []
    while sum(len(word) + 1 for word in added) < missing:
        word = PADDING[len(added) % len(PADDING)]
        rest = missing - sum(len(each) + 1 for each in added) - 1
        added.append(word if rest >= 2 else word[: max(1, rest)])
    # A label's last sign ends it, and a line break stands where it stood.
    body, end = (accented[:-1], accented[-1]) if accented[-1] in ".!?:…" else (accented, "")
    return " ".join((body, *added)) + end


def pseudo_translator(language: Language) -> Callable[..., str]:
    """As `translator`, with English lengthened; values are put in unchanged."""
    plain = translator(language)
    if language is not Language.EN:
        return plain

    def text(sentence: str, **values: object) -> str:
        words = lengthen(plain(sentence))
        return words.format(**values) if values else words

    return text


def _longer(data: Any) -> Any:
    """Every text in the plain data of a catalogue with its English lengthened."""
    languages = {language.value for language in Language}
    if isinstance(data, dict):
        if Language.EN.value in data and set(data) <= languages:
            return {**data, Language.EN.value: lengthen(data[Language.EN.value])}
        return {key: _longer(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_longer(entry) for entry in data]
    return data


def pseudo_catalogue(catalogue: Catalogue) -> Catalogue:
    """The catalogue with all its English texts lengthened."""
    return Catalogue.model_validate(_longer(catalogue.model_dump(mode="json", by_alias=True)))
