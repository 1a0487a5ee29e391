"""What must hold between the fields of a catalogue, told of plain values: of a model's, or of a file with other faults.

So everything that is wrong is told in one run, not what is left when the first faults are mended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.catalog.guide_kinds import ISSUED, GuideKind

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """`broken` is asked only where each of `fields` is right by itself."""

    fields: tuple[str, ...]
    broken: Callable[[Values], bool]
    words: str


OF_A_SERVICE = (
    Rule(
        ("kind", "guide"),
        lambda service: (service["kind"] == "guide") != (service.get("guide") is not None),
        "a guide rule belongs to kind guide, and only there",
    ),
    Rule(
        ("kind", "document_template"),
        lambda service: (service["kind"] == "document") != (service.get("document_template") is not None),
        "a document template belongs to kind document, and only there",
    ),
    Rule(
        ("anonymous", "identification"),
        lambda service: bool(service.get("anonymous")) and service["identification"] != "none",
        "an anonymous service asks for no identification",
    ),
    Rule(
        ("lookup", "offline"),
        lambda service: bool(service.get("lookup")) and service["offline"] == "issue",
        "what is looked up at the centre cannot be issued offline: write offline: refuse",
    ),
    Rule(
        ("guide", "offline"),
        lambda service: service["offline"] == "issue" and not _guide_kind(service).payable_as_printed,
        "a guide of this kind must be registered before anybody can pay it, so it cannot be issued offline: "
        "write offline: refuse",
    ),
    Rule(
        ("guide",),
        lambda service: _guide_kind(service) not in ISSUED,
        f"guides of this kind cannot be issued yet: write kind: {' or '.join(sorted(ISSUED))}",
    ),
    Rule(
        ("kind", "info"),
        lambda service: (service["kind"] == "info") != (service.get("info") is not None),
        "a text belongs to kind info, and only there",
    ),
    Rule(
        ("guide", "lookup"),
        lambda service: service.get("guide") is not None
        and (service["guide"].get("amount_cents") is None) != (service.get("lookup") == "debts"),
        "a guide has its amount from the catalogue or from a look-up of debts",
    ),
    Rule(
        ("kind", "lookup"),
        lambda service: (service["kind"] == "document") != (service.get("lookup") == "certificate"),
        "look-up certificate belongs to kind document, and only there",
    ),
    Rule(
        ("lookup", "identification"),
        lambda service: bool(service.get("lookup")) and service["identification"] != "card+pin",
        "a look-up at the centre asks for card and PIN: write identification: card+pin",
    ),
    Rule(
        ("response_days", "next_steps"),
        lambda service: service.get("response_days") is None
        and any("{deadline}" in step["pt-BR"] for step in service.get("next_steps") or ()),
        "a step names a deadline, but there are no response_days",
    ),
    Rule(
        ("kind", "paper"),
        lambda service: service.get("paper") == "optional" and service["kind"] != "ticket",
        "paper may be declined for kind ticket alone: a guide or a document is the paper",
    ),
    Rule(
        ("kind", "outputs"),
        lambda service: service["kind"] != "document" and list(service.get("outputs") or ["thermal"]) != ["thermal"],
        "outputs are for kind document: a guide or a ticket is printed as a receipt",
    ),
    Rule(
        ("outputs",),
        lambda service: bool(twice(service.get("outputs") or ())),
        "an output is named twice",
    ),
    Rule(
        ("form",),
        lambda service: bool(twice(question["id"] for question in service.get("form") or ())),
        "two questions of the form have the same id",
    ),
)


def of_service(service: Values, wrong: frozenset[str] = frozenset()) -> list[str]:
    """What does not hold in one service; `wrong` names its fields that are wrong by themselves."""
    return [rule.words for rule in OF_A_SERVICE if not wrong.intersection(rule.fields) and rule.broken(service)]


def of_catalogue(catalogue: Values) -> list[str]:
    """What does not hold between the parts of a catalogue. What is no record or has no id is passed over."""
    categories, services = _records(catalogue.get("categories")), _records(catalogue.get("services"))
    known = {_text(category.get("id")) for category in categories}
    lines = [f"categories[{name}]: the id is used twice" for name in twice(_ids(categories))]
    lines += [f"services[{name}]: the id is used twice" for name in twice(_ids(services))]
    lines += [
        f"services[{service.get('id')}]: category {service['category']} is not in the catalogue"
        for service in services
        if _text(service.get("category")) and service["category"] not in known
    ]
    if twice(map(str, _list(catalogue.get("languages")))):
        lines.append("languages: each only once")
    return lines + _numbers_apart(services)


def twice(names: Iterable[str]) -> list[str]:
    """The names that occur more than once, in their order."""
    return [name for name, times in Counter(names).items() if times > 1]


def _guide_kind(service: Values) -> GuideKind:
    """What a service's guide is; of one that gives none, what every other is."""
    rule = service.get("guide")
    return GuideKind(rule.get("kind", GuideKind.ARRECADACAO)) if isinstance(rule, Mapping) else GuideKind.ARRECADACAO


def _numbers_apart(services: list[Values]) -> list[str]:
    """Two guides of one payee must never carry the same digits."""
    owners: dict[str, str] = {}
    lines = []
    for service in services:
        rule = service.get("guide")
        if not isinstance(rule, Mapping) or rule.get("amount_cents") is None:
            continue
        payee, own = _text(rule.get("febraban_id")), _text(rule.get("series"))
        series = owners.setdefault(payee, own)
        if series != own:
            lines.append(
                f"services[{service.get('id')}]: guides under FEBRABAN id {payee} already take numbers "
                f"from series {series}; one payee has one series"
            )
    return lines


def _ids(records: list[Values]) -> list[str]:
    return [name for record in records if (name := _text(record.get("id")))]


def _records(value: Any) -> list[Values]:
    return [record for record in _list(value) if isinstance(record, Mapping)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
