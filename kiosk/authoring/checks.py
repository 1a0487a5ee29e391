"""What an author is told beyond what a kiosk needs: texts that overflow, dates that have passed, pages nobody reaches.

A catalogue that breaks one of these would run; it would serve somebody badly. Pure: today is passed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kiosk.authoring.letter_widths import lines_of, width_px
from kiosk.catalog.answers import limit_day
from kiosk.catalog.model import Catalogue, FormField, Identification, Language, Service, Texts
from kiosk.catalog.places import Place
from kiosk.catalog.problems import Problem, problem

Found = tuple[Place, str]
# Button of the portrait panel in the standard text size: room for words in px, size of the letters in px, lines.
TILE = (408.0, 46.0, 3)
SUBJECT = (332.0, 40.0, 2)
ANSWER = (820.0, 40.0, 3)
# Answers that tell who somebody is, whatever the catalogue says of them.
PERSONAL = frozenset({"national-id", "phone", "email", "address"})


def of(catalogue: Catalogue, value: Mapping[str, Any], today: date) -> list[Problem]:
    """Everything that is wrong with a catalogue that can be read; `value`, as written, shows what was left out."""
    written = value.get("services")
    found: list[Found] = []
    for number, category in enumerate(catalogue.categories):
        place: Place = ("categories", number)
        found += _fits((*place, "title"), category.title, SUBJECT)
        if not any(service.category == category.id for service in catalogue.services):
            found.append((place, "nobody reaches it, for no service is in it: put one there, or take it out"))
    for number, service in enumerate(catalogue.services):
        raw = written[number] if isinstance(written, list) and isinstance(written[number], Mapping) else {}
        found += of_service(catalogue, service, raw, ("services", number), today)
    return [problem(value, place, words) for place, words in found]


def of_service(
    catalogue: Catalogue, service: Service, raw: Mapping[str, Any], place: Place, today: date
) -> Iterator[Found]:
    """What is wrong with one service."""
    yield from _fits((*place, "title"), service.title, TILE)
    yield from _described(catalogue, service, place)
    yield from _personal(service, raw, place)
    if service.valid_until is not None and service.valid_until < today:
        yield (*place, "valid_until"), f"{service.valid_until} has passed: take the service out, or write a later day"
    yield from _payable(catalogue, service, place, today)
    for number, field in enumerate(service.form):
        yield from _of_field(field, (*place, "form", number), today)


def _described(catalogue: Catalogue, service: Service, place: Place) -> Iterator[Found]:
    """The Carta de Serviços (Lei 13.460/2017, art. 7), and where a request belongs."""
    if service.kind in {"info", "tracking"}:
        return
    if not service.description.steps:
        yield (*place, "description", "steps"), "is missing: say in order what happens from the request to its end"
    if service.description.channels is None:
        yield (*place, "description", "channels"), "is missing: say where else the service is had"
    if catalogue.taxonomy and service.classification is None and service.kind == "ticket":
        yield (*place, "classification"), "is missing: write where in the taxonomy its requests belong"


def _personal(service: Service, raw: Mapping[str, Any], place: Place) -> Iterator[Found]:
    asked = [field.id for field in service.form if field.type in PERSONAL or field.personal]
    if service.anonymous and asked:
        yield place, f"an anonymous service asks who somebody is ({', '.join(asked)}): take the question out"
    named = service.identification is not Identification.NONE
    if (asked or named) and service.kind != "info" and "retention_days" not in raw:
        what = ", ".join(asked) or "who asks"
        words = f"is missing, and personal data are taken ({what}): write for how many days they are kept"
        yield (*place, "retention_days"), words


def _payable(catalogue: Catalogue, service: Service, place: Place, today: date) -> Iterator[Found]:
    """A sample of what the service issues, made as the kiosk makes it."""
    from kiosk.issuing import guides

    rule = service.guide
    if rule is None or rule.amount_cents is None or not rule.kind.payable_as_printed:
        return
    try:
        guides.of_number(rule, catalogue.operator, 1, today)
    except ValueError as error:
        reason = " ".join(str(error).split()).replace(": ", ", ")
        yield (*place, "guide"), f"its barcode or Pix cannot be made ({reason}): correct the guide"


def _of_field(field: FormField, place: Place, today: date) -> Iterator[Found]:
    for number, choice in enumerate(field.choices):
        yield from _fits((*place, "choices", number, "label"), choice.label, ANSWER)
    if field.earliest and field.latest:
        first, last = limit_day(field.earliest, today), limit_day(field.latest, today)
        if first is not None and last is not None and first > last:
            yield (*place, "latest"), f"no day can be given any more, {last} is before {first}: write a later day"


def _fits(place: Place, texts: Texts, button: tuple[float, float, int]) -> Iterator[Found]:
    """Labels wrap and never shrink: a word must fit into a line, and the lines into the button."""
    room_px, size_px, most = button
    for language in Language:
        text = texts.in_language(language)
        longest = max(text.split() or [""], key=lambda word: width_px(word, size_px))
        if width_px(longest, size_px) > room_px:
            yield (*place, str(language)), f"the word {longest[:40]} is wider than the button: take a shorter one"
        elif (lines := lines_of(text, size_px, room_px)) > most:
            yield (*place, str(language)), f"takes {lines} lines, and its button has {most}: shorten it"
