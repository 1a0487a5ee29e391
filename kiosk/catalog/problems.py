"""What is wrong with a record that people wrote, a plain line each: where, and what to write instead."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kiosk.catalog import rules

_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "nobody knows this field: correct its name, or take it out",
    "string_type": "must be text; in quotes, where it could be taken for a number or a date",
    "string_too_short": "is empty",
    "string_unicode": "must be text; one of its characters does not exist",
}
_PATTERNS = {
    r"^#[0-9A-Fa-f]{6}$": 'must be a colour such as "#16316B", in quotes',
    r"^[a-z0-9][a-z0-9-]{0,47}$": "must be 1 to 48 small letters, digits and hyphens",
    r"^[a-z0-9][a-z0-9-]{0,11}$": "must be 1 to 12 small letters, digits and hyphens",
    r"^\d{4}$": 'must be four digits, such as "0123", in quotes',
    r"^[A-Z]{2}$": "must be two capital letters, such as SP",
}


def lines(error: ValidationError, value: Any) -> list[str]:
    """services[iptu].title.it: is missing. A service or a field is named by its id, where it has one."""
    return [
        _placed(_path(value, problem["loc"]), words)
        for problem in error.errors()
        for words in _said(problem).splitlines()
    ]


def of_catalogue(error: ValidationError, value: Any) -> list[str]:
    """The same for a catalogue, with what would come to light once these were mended."""
    found = lines(error, value)
    if isinstance(value, dict):
        services = value.get("services")
        for number, service in enumerate(services if isinstance(services, list) else ()):
            if isinstance(service, dict):
                wrong = _wrong_fields(error, number)
                place = _path(value, ("services", number))
                found += [_placed(place, words) for words in rules.of_service(service, wrong)]
        found += rules.of_catalogue(value)
    return list(dict.fromkeys(found))


def _wrong_fields(error: ValidationError, number: int) -> frozenset[str]:
    places = [problem["loc"] for problem in error.errors()]
    return frozenset(str(loc[2]) for loc in places if loc[:2] == ("services", number) and len(loc) > 2)


def _said(problem: ErrorDetails) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], f"must look like {context['pattern']}")
    return _WORDS.get(kind, problem["msg"])


def _path(value: Any, place: tuple[int | str, ...]) -> str:
    path = ""
    for step in place:
        value = _step(value, step)
        if isinstance(step, int):
            name = value.get("id", step) if isinstance(value, dict) else step
            path += f"[{name}]"
        else:
            path += f".{step}" if path else step
    return path


def _placed(path: str, words: str) -> str:
    return f"{path}: {words}" if path else words


def _step(value: Any, step: int | str) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None
