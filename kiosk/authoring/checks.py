"""What an author is told beyond what a kiosk needs: texts that overflow, dates that have passed, pages nobody reaches.

A catalogue that breaks one of these would run; it would serve somebody badly. Pure: today is passed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from pydantic import ValidationError

from kiosk.authoring.letter_widths import lines_of, width_px
from kiosk.catalog.answers import limit_day
from kiosk.catalog.guide_kinds import GuideKind
from kiosk.catalog.model import (
    Catalogue,
    Category,
    FormField,
    Identification,
    Language,
    Operator,
    Record,
    Service,
    Texts,
)
from kiosk.catalog.places import Place
from kiosk.catalog.problems import Problem, problem
from kiosk.catalog.texts import PLAIN

Found = tuple[Place, str]
R = TypeVar("R", bound=Record)
# In cents: ten digits in a boleto (FEBRABAN, barcode layout, 10-19), in Cuaderno 57 and in pagoPA's postal code, and
# thirteen characters with the point in a Pix (EMV QRCPS-MPM 4.7, id 54); eleven digits in an arrecadacao and in SEPA's
# QR (EPC069-12).
LARGEST = 10**10 - 1
LARGEST_CENTS = {GuideKind.ARRECADACAO: 10**11 - 1, GuideKind.SEPA: 10**11 - 1}
# Button of the portrait panel in the standard text size: room for words in px, size of the letters in px, lines.
TILE = (408.0, 46.0, 3)
SUBJECT = (332.0, 40.0, 2)
ANSWER = (820.0, 40.0, 3)
# Answers that tell who somebody is, whatever the catalogue says of them.
PERSONAL = frozenset({"national-id", "phone", "email", "address"})


@dataclass(frozen=True)
class Around:
    """What a service stands in: who is paid, as far as that can be read, and whether requests are classified."""

    operator: Operator | None
    taxonomy: bool


def of(catalogue: Catalogue, value: Mapping[str, Any], today: date) -> list[Problem]:
    """Everything that is wrong with a catalogue that can be read; `value`, as written, shows what was left out."""
    written, around = value.get("services"), Around(catalogue.operator, bool(catalogue.taxonomy))
    found: list[Found] = []
    for number, category in enumerate(catalogue.categories):
        place: Place = ("categories", number)
        found += _fits((*place, "title"), category.title, SUBJECT)
        if not any(service.category == category.id for service in catalogue.services):
            found.append((place, "nobody reaches it, for no service is in it: put one there, or take it out"))
    for number, service in enumerate(catalogue.services):
        raw = written[number] if isinstance(written, list) and isinstance(written[number], Mapping) else {}
        found += of_service(around, service, raw, ("services", number), today)
    return [problem(value, place, words) for place, words in found]


def of_parts(value: Mapping[str, Any], today: date) -> list[Problem]:
    """The same of what can be read of a catalogue that cannot be read as a whole: so that all is told in one run."""
    around = Around(_read(Operator, value.get("operator")), bool(value.get("taxonomy")))
    found: list[Found] = []
    for number, entry in enumerate(_list(value, "categories")):
        if (category := _read(Category, entry)) is not None:
            found += _fits(("categories", number, "title"), category.title, SUBJECT)
    for number, entry in enumerate(_list(value, "services")):
        if (service := _read(Service, entry)) is not None:
            found += of_service(around, service, entry, ("services", number), today)
    return [problem(value, place, words) for place, words in found]


def _list(value: Mapping[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    return found if isinstance(found, list) else []


def _read(kind: type[R], value: Any) -> R | None:
    try:
        return kind.model_validate(value, context=PLAIN)
    except ValidationError:
        return None


def of_service(
    around: Around, service: Service, raw: Mapping[str, Any], place: Place, today: date
) -> Iterator[Found]:
    """What is wrong with one service."""
    yield from _fits((*place, "title"), service.title, TILE)
    yield from _described(around, service, place)
    yield from _personal(service, raw, place)
    if service.valid_until is not None and service.valid_until < today:
        yield (*place, "valid_until"), f"{service.valid_until} has passed: take the service out, or write a later day"
    yield from _payable(around, service, place, today)
    for number, field in enumerate(service.form):
        yield from _of_field(field, (*place, "form", number), today)


def _described(around: Around, service: Service, place: Place) -> Iterator[Found]:
    """The Carta de Serviços (Lei 13.460/2017, art. 7), and where a request belongs."""
    if service.kind in {"info", "tracking"}:
        return
    if not service.description.steps:
        yield (*place, "description", "steps"), "is missing: say in order what happens from the request to its end"
    if service.description.channels is None:
        yield (*place, "description", "channels"), "is missing: say where else the service is had"
    if around.taxonomy and service.classification is None and service.kind == "ticket":
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


def _payable(around: Around, service: Service, place: Place, today: date) -> Iterator[Found]:
    """A sample of what the service issues, made as the kiosk makes it."""
    from kiosk.issuing import guides

    rule = service.guide
    if rule is None or rule.amount_cents is None:
        return
    if rule.amount_cents > LARGEST_CENTS.get(rule.kind, LARGEST):
        yield (*place, "guide", "amount_cents"), f"is more than a {rule.kind} can carry: write it in cents"
    if not rule.kind.payable_as_printed or around.operator is None:
        return
    try:
        guides.of_number(rule, around.operator, 1, today)
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
