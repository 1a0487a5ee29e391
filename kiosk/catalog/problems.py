"""What is wrong with a record that people wrote: where, what, and how to mend it. All of it in one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kiosk.catalog import rules
from kiosk.catalog.places import Place, named

_WORDS = {
    "missing": ("is missing", "write it"),
    "extra_forbidden": ("nobody knows this field", "correct its name, or take it out"),
    "string_type": ("must be text", "write it in quotes, where it could be taken for a number or a date"),
    "string_too_short": ("is empty", "write it, or take it out"),
    "string_unicode": ("must be text; one of its characters does not exist", "take that character out"),
    "too_short": ("is empty", "give at least one"),
    "tuple_type": ("must be a list", "write each entry on a line of its own, after a hyphen"),
    "model_type": ("must have fields of its own", "write each on a line of its own, further in"),
    "model_attributes_type": ("must have fields of its own", "write each on a line of its own, further in"),
    "int_type": ("must be a whole number", "write it without quotes or a point"),
    "int_parsing": ("must be a whole number", "write it without quotes or a point"),
    "int_from_float": ("must be a whole number", "write money in cents, and everything else without a point"),
    "bool_type": ("must be true or false", "write true or false, without quotes"),
    "bool_parsing": ("must be true or false", "write true or false, without quotes"),
}
_LANGUAGES = {"pt-BR": "Portuguese", "es": "Spanish", "it": "Italian", "en": "English"}
_PATTERNS = {
    r"^#[0-9A-Fa-f]{6}$": ("is no colour", 'it must be a colour such as "#16316B", in quotes'),
    r"^[a-z0-9][a-z0-9-]{0,47}$": ("is no id", "it must be 1 to 48 small letters, digits and hyphens"),
    r"^[a-z0-9][a-z0-9-]{0,11}$": ("is no series", "it must be 1 to 12 small letters, digits and hyphens"),
    r"^\d{4}$": ("is not four digits", 'it must be four digits, such as "0123", in quotes'),
    r"^[A-Z]{2}$": ("is no state", "it must be two capital letters, such as SP"),
    r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$": ("is no time of day", 'write "08:30", in quotes'),
    r"^(today([+-]\d{1,5})?|\d{4}-\d{2}-\d{2})$": ("is no day", "write it as 2026-01-31, today, today-30 or today+90"),
    r"^[a-z0-9-]{1,48}(/[a-z0-9-]{1,48}){0,5}$": ("is no topic", "write its ids from the top, as area/subject"),
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `path` names a service or a field by its id, where it has one."""

    place: Place
    path: str
    what: str
    mend: str

    def __str__(self) -> str:
        words = f"{self.what}: {self.mend}" if self.mend else self.what
        return f"{self.path}: {words}" if self.path else words


def problem(value: Any, place: Place, words: str) -> Problem:
    """`words` say what is wrong and, after the first colon, how to mend it."""
    what, colon, mend = words.partition(": ")
    return Problem(place, named(value, place), what, mend if colon else "correct it")


def lines(error: ValidationError, value: Any) -> list[Problem]:
    """services[iptu].title.it: is missing: write it in Italian."""
    return [
        problem(value, _place(found["loc"]), words)
        for found in error.errors()
        for words in _said(found).splitlines()
    ]


def of_catalogue(error: ValidationError, value: Any) -> list[Problem]:
    """The same for a catalogue, with what would come to light once these were mended."""
    # What stands at the top is what the rules say of the whole, and they are asked below.
    found = [entry for entry in lines(error, value) if entry.place or not isinstance(value, Mapping)]
    if isinstance(value, Mapping):
        services = value.get("services")
        for number, service in enumerate(services if isinstance(services, list) else ()):
            if isinstance(service, Mapping):
                wrong = _wrong_fields(error, number)
                found += [problem(value, ("services", number), words) for words in rules.of_service(service, wrong)]
        found += [problem(value, place, words) for place, words in rules.of_catalogue(value)]
    return list({(entry.place, entry.what): entry for entry in found}.values())


def _wrong_fields(error: ValidationError, number: int) -> frozenset[str]:
    places = [found["loc"] for found in error.errors()]
    return frozenset(str(loc[2]) for loc in places if loc[:2] == ("services", number) and len(loc) > 2)


def _place(loc: tuple[int | str, ...]) -> Place:
    return tuple(loc)


def _said(found: ErrorDetails) -> str:
    kind, context = found["type"], found.get("ctx", {})
    match kind:
        case "value_error":
            return str(context["error"])
        case "string_pattern_mismatch":
            what, mend = _PATTERNS.get(context["pattern"], ("does not look right", f"write it as {context['pattern']}"))
        case "missing" if found["loc"] and found["loc"][-1] in _LANGUAGES:
            what, mend = "is missing", f"write it in {_LANGUAGES[str(found['loc'][-1])]}"
        case "literal_error" | "enum":
            what, mend = "is none of what can be written here", f"write {context['expected']}"
        case "string_too_long":
            what, mend = f"is longer than {context['max_length']} letters", "shorten it"
        case _ if kind in _WORDS:
            what, mend = _WORDS[kind]
        case _:
            what, mend = _plain(found["msg"]), "correct it"
    return f"{what}: {mend}"


def _plain(message: str) -> str:
    """Pydantic's own words, as ours begin."""
    return message.replace("Input should be", "must be").replace("\n", " ").replace(": ", ", ")
