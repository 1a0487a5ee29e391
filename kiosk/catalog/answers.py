"""Which questions a form asks, given what was answered, and which answers will do: the kiosk and the centre run this.

Every answer is text. A choice is its id, several are ids with commas between, yes and no are those words, a number is
decimal digits, money is cents, a date is ISO 8601, a national id is without punctuation and in capitals. An address is
three answers, under its id and `.postcode`, `.street` and `.place`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum

from kiosk.catalog.field_rules import LONGEST_NUMBER
from kiosk.catalog.form_fields import FormField
from kiosk.catalog.id_numbers import compact, scheme_of
from kiosk.catalog.texts import Texts

YES, NO = "yes", "no"
POSTCODE, STREET, PLACE = ".postcode", ".street", ".place"
# The CEP has eight digits, a CAP and a código postal five.
POSTCODES = re.compile(r"\d{5}|\d{8}")
# E.164 6.1: fifteen digits at most; the shortest national numbers of the three countries have eight.
PHONE = re.compile(r"\+?\d{8,15}")
# What RFC 5321 4.1.2 lets through in practice; the centre finds out whether anybody reads there.
EMAIL = re.compile(r"[^\s@]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
LONGEST_EMAIL = 120


class Wrong(StrEnum):
    """Why an answer will not do."""

    MISSING = "missing"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    TOO_SMALL = "too-small"
    TOO_LARGE = "too-large"
    TOO_EARLY = "too-early"
    TOO_LATE = "too-late"
    TOO_MANY = "too-many"
    PATTERN = "pattern"
    NOT_VALID = "not-valid"
    UNKNOWN = "unknown"


_POSTCODE = Texts.model_validate({"pt-BR": "CEP", "es": "Código postal", "it": "CAP", "en": "Postcode"})
_STREET = Texts.model_validate({
    "pt-BR": "Rua e número", "es": "Calle y número", "it": "Via e numero", "en": "Street and number",
})  # fmt: skip
_PLACE = Texts.model_validate({
    "pt-BR": "Bairro e cidade", "es": "Barrio y municipio", "it": "Località e comune", "en": "District and town",
})  # fmt: skip


def parts_of(field: FormField) -> tuple[FormField, ...]:
    """The pages that a question takes: itself, or the three of an address, whose ids carry the part's name."""
    return (field,) if field.type != "address" else _parts_of_address(field)


@functools.lru_cache(maxsize=64)
def _parts_of_address(field: FormField) -> tuple[FormField, ...]:
    bases = (
        (POSTCODE, _POSTCODE, "postcode", 8), (STREET, _STREET, "text", field.max_length),
        (PLACE, _PLACE, "text", field.max_length),
    )  # fmt: skip
    return tuple(
        # Not validated: the ids of parts are such as no administrator can write.
        field.model_copy(
            update={
                "id": field.id + part, "type": kind, "short": name, "max_length": longest,
                "label": field.label if part == POSTCODE else name,
                "hint": name if part == POSTCODE else field.hint if part == STREET else None,
                "simple": None,
            }
        )
        for part, name, kind, longest in bases
    )


def every(form: tuple[FormField, ...]) -> tuple[FormField, ...]:
    """All pages that the form can have."""
    return tuple(page for field in form for page in parts_of(field))


def asked(form: tuple[FormField, ...], answers: Mapping[str, str]) -> tuple[FormField, ...]:
    """The pages of the form that these answers lead to, in their order."""
    pages: list[FormField] = []
    seen: dict[str, str] = {}
    for field in form:
        condition = field.show_if
        if condition is not None and not set(seen.get(condition.field, "").split(",")) & set(condition.equals):
            continue
        # Only what is itself asked decides what is asked after it.
        seen[field.id] = answers.get(field.id, "")
        pages += parts_of(field)
    return tuple(pages)


def wrong(page: FormField, value: str, today: date | None, debts: Collection[str] | None = None) -> Wrong | None:
    """Why this answer will not do for that page; None if it will.

    Without `today` limits that count from it are not asked. `debts`: the ids to choose from, if they are known.
    """
    value = value.strip()
    if not value or (page.type == "consent" and page.required and value != YES):
        return Wrong.MISSING if page.required else None
    kind: str = page.type
    match kind:
        case "text" | "long-text":
            return _text(page, value)
        case "number" | "money":
            return _number(page, value)
        case "date":
            return _date(page, value, today)
        case "choice":
            return None if value in {choice.id for choice in page.choices} else Wrong.UNKNOWN
        case "choices":
            return _choices(page, value.split(","))
        case "yes-no" | "consent":
            return None if value in {YES, NO} else Wrong.UNKNOWN
        case "national-id":
            return None if scheme_of(page.numbers, compact(value)) else Wrong.NOT_VALID
        case "phone":
            return None if PHONE.fullmatch(value) else Wrong.NOT_VALID
        case "email":
            return None if len(value) <= LONGEST_EMAIL and EMAIL.fullmatch(value) else Wrong.NOT_VALID
        case "postcode":
            return None if POSTCODES.fullmatch(value) else Wrong.NOT_VALID
        case "debt":
            return None if debts is None or value in debts else Wrong.UNKNOWN
        case _:
            # an address is asked by its parts
            return Wrong.UNKNOWN


def faults(form: tuple[FormField, ...], answers: Mapping[str, object], today: date | None) -> dict[str, Wrong]:
    """What is wrong with a whole form, by field: answers that will not do, or that nobody asked for."""
    texts = {name: value for name, value in answers.items() if isinstance(value, str)}
    pages = asked(form, texts)
    found = {name: Wrong.UNKNOWN for name in answers if name not in texts or name not in {page.id for page in pages}}
    for page in pages:
        why = wrong(page, texts.get(page.id, ""), today)
        if why is not None:
            found[page.id] = why
    return found


def limit_day(limit: str, today: date | None) -> date | None:
    """2026-01-31, today, today-30, today+90 as a date; None for the latter where today is not known."""
    if limit.startswith("today"):
        if today is None:
            return None
        return today + timedelta(days=int(limit.removeprefix("today") or 0))
    return date.fromisoformat(limit)


def _text(page: FormField, value: str) -> Wrong | None:
    if len(value) > page.max_length:
        return Wrong.TOO_LONG
    if len(value) < page.min_length:
        return Wrong.TOO_SHORT
    return Wrong.PATTERN if page.pattern and not re.fullmatch(page.pattern, value) else None


def _number(page: FormField, value: str) -> Wrong | None:
    if not re.fullmatch(rf"[0-9]{{1,{LONGEST_NUMBER}}}", value):
        return Wrong.NOT_VALID
    if page.minimum is not None and int(value) < page.minimum:
        return Wrong.TOO_SMALL
    return Wrong.TOO_LARGE if page.maximum is not None and int(value) > page.maximum else None


def _date(page: FormField, value: str, today: date | None) -> Wrong | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return Wrong.NOT_VALID
    if len(value) != len("2026-01-31"):
        return Wrong.NOT_VALID
    first = limit_day(page.earliest, today) if page.earliest else None
    last = limit_day(page.latest, today) if page.latest else None
    if first is not None and day < first:
        return Wrong.TOO_EARLY
    return Wrong.TOO_LATE if last is not None and day > last else None


def _choices(page: FormField, chosen: list[str]) -> Wrong | None:
    if len(set(chosen)) != len(chosen) or not set(chosen) <= {choice.id for choice in page.choices}:
        return Wrong.UNKNOWN
    return Wrong.TOO_MANY if page.most is not None and len(chosen) > page.most else None
