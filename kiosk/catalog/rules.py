"""What must hold between the fields of a catalogue, told of plain values: of a model's, or of a file with other faults.

So everything that is wrong is told in one run, not what is left when the first faults are mended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.catalog import form_rules
from kiosk.catalog.acting import RESERVED
from kiosk.catalog.field_rules import twice
from kiosk.catalog.guide_kinds import GuideKind
from kiosk.catalog.places import Place

Values = Mapping[str, Any]
HIGHEST_WITHOUT_PIN = 2
Entry = tuple[Place, Values]
# Levels of a taxonomy.
DEEPEST = 6


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
        "a guide rule belongs to kind guide, and only there: add guide, take it out, or change the kind",
    ),
    Rule(
        ("kind", "document_template"),
        lambda service: (service["kind"] == "document") != (service.get("document_template") is not None),
        "a document template belongs to kind document, and only there: add document_template, or change the kind",
    ),
    Rule(
        ("anonymous", "identification"),
        lambda service: bool(service.get("anonymous")) and service["identification"] != "none",
        "an anonymous service asks for no identification: write identification: none",
    ),
    Rule(
        ("lookup", "offline"),
        lambda service: bool(service.get("lookup")) and service["offline"] == "issue",
        "what is looked up at the centre cannot be issued offline: write offline: refuse",
    ),
    Rule(
        ("guide", "offline"),
        lambda service: _guide_kind(service).registered and service["offline"] != "refuse",
        "a guide of this kind must be registered before anybody can pay it, so there is none while the centre is away: "
        "write offline: refuse",
    ),
    Rule(
        ("guide",),
        lambda service: _lacks(service, GuideKind.ARRECADACAO, ("febraban_id", "series", "pix_key")),
        "an arrecadacao has no registrar: write febraban_id, series and pix_key",
    ),
    Rule(
        ("guide",),
        lambda service: _lacks(service, GuideKind.PIX_STATIC, ("series", "pix_key"))
        or (_guide_kind(service) is GuideKind.PIX_STATIC and _given(service, ("febraban_id",)) != []),
        "a pix-static has neither registrar nor febraban_id: write series and pix_key",
    ),
    Rule(
        ("guide",),
        lambda service: _guide_kind(service).registered
        and _given(service, ("registrar", "febraban_id", "series", "pix_key")) != ["registrar"],
        "a guide of this kind is its registrar's, and has neither febraban_id, series nor pix_key: write registrar",
    ),
    Rule(
        ("kind", "info"),
        lambda service: (service["kind"] == "info") != (service.get("info") is not None),
        "a text belongs to kind info, and only there: add info, take it out, or change the kind",
    ),
    Rule(
        ("guide", "lookup"),
        lambda service: service.get("guide") is not None
        and (service["guide"].get("amount_cents") is None) != (service.get("lookup") == "debts"),
        "a guide has its amount from the catalogue or from a look-up of debts: write amount_cents or lookup: debts",
    ),
    Rule(
        ("guide", "lookup"),
        lambda service: (service.get("lookup") == "charge")
        != (_guide_kind(service).registered and service["guide"].get("amount_cents") is not None),
        "a registrar's guide of a fixed amount is looked up, and no other one: write lookup: charge there alone",
    ),
    Rule(
        ("kind", "lookup"),
        lambda service: (service["kind"] == "document") != (service.get("lookup") == "certificate"),
        "look-up certificate belongs to kind document, and only there: write lookup: certificate for a document",
    ),
    Rule(
        ("lookup", "identification"),
        lambda service: service.get("lookup") in {"debts", "certificate"} and service["identification"] != "card+pin",
        "a look-up of what belongs to a citizen asks for card and PIN: write identification: card+pin",
    ),
    Rule(
        ("assurance", "identification"),
        lambda service: bool(service.get("assurance")) and service["identification"] in {"none", "claimed"},
        "only a card proves anything: write identification: card or card+pin, or leave assurance out",
    ),
    Rule(
        ("assurance", "identification"),
        lambda service: (service.get("assurance") or 0) > HIGHEST_WITHOUT_PIN and service["identification"] == "card",
        "assurance 3 and 4 need the holder's PIN: write identification: card+pin",
    ),
    Rule(
        ("response_days", "next_steps"),
        lambda service: service.get("response_days") is None
        and any("{deadline}" in step["pt-BR"] for step in service.get("next_steps") or ()),
        "a step names a deadline, but there are no response_days: add response_days, or take {deadline} out",
    ),
    Rule(
        ("acts_for", "identification"),
        lambda service: bool(service.get("acts_for")) and service["identification"] == "none",
        "who asks for somebody else says who they are: write another identification, or take acts_for out",
    ),
    Rule(
        ("acts_for", "kind"),
        lambda service: bool(service.get("acts_for")) and service["kind"] != "ticket",
        "asking for somebody else belongs to kind ticket: a guide or a document is of whoever the card proves",
    ),
    Rule(
        ("acts_for",),
        lambda service: bool(twice(["myself", *(basis["id"] for basis in service.get("acts_for") or ())])),
        "two bases have the same id (myself is one already): rename one",
    ),
    Rule(
        ("acts_for", "form"),
        lambda service: bool(service.get("acts_for"))
        and bool(RESERVED & {question["id"] for question in service.get("form") or ()}),
        f"{', '.join(sorted(RESERVED))} are asked already: rename those questions",
    ),
    Rule(
        ("kind", "paper"),
        lambda service: service.get("paper") == "optional" and service["kind"] != "ticket",
        "paper may be declined for kind ticket alone, since a guide or a document is the paper: write paper: required",
    ),
    Rule(
        ("valid_from", "valid_until"),
        lambda service: str(service.get("valid_from") or "") > str(service.get("valid_until") or "9999"),
        "valid_from is after valid_until: exchange them",
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
        "two questions of the form have the same id: rename one",
    ),
)


def of_service(service: Values, wrong: frozenset[str] = frozenset()) -> list[str]:
    """What does not hold in one service; `wrong` names its fields that are wrong by themselves."""
    found = [rule.words for rule in OF_A_SERVICE if not wrong.intersection(rule.fields) and rule.broken(service)]
    return found if "form" in wrong else [*found, *form_rules.of_form(service)]


def of_catalogue(catalogue: Values) -> list[tuple[Place, str]]:
    """What does not hold between the parts of a catalogue, with its place. What is no record is passed over."""
    categories, services = _records(catalogue, "categories"), _records(catalogue, "services")
    known = {_text(category.get("id")) for _, category in categories}
    found: list[tuple[Place, str]] = [
        (place, "the id is used twice: rename one") for records in (categories, services) for place in _second(records)
    ]
    found += [
        (place, f"category {service['category']} is not in the catalogue: add it to categories, or correct it")
        for place, service in services
        if _text(service.get("category")) and service["category"] not in known
    ]
    if twice(map(str, _list(catalogue.get("languages")))):
        found.append((("languages",), "each only once: take the second one out"))
    return [*found, *_numbers_apart(services), *_payees(catalogue, services), *_classified(catalogue, services)]


def _guide_kind(service: Values) -> GuideKind:
    """What a service's guide is; of one that gives none, what every other is."""
    rule = service.get("guide")
    return GuideKind(rule.get("kind", GuideKind.ARRECADACAO)) if isinstance(rule, Mapping) else GuideKind.ARRECADACAO


def _given(service: Values, names: tuple[str, ...]) -> list[str]:
    """Which of these fields the guide of a service has."""
    rule = service.get("guide")
    return [name for name in names if isinstance(rule, Mapping) and rule.get(name) is not None]


def _lacks(service: Values, kind: GuideKind, needed: tuple[str, ...]) -> bool:
    """Whether a guide of this kind lacks one of its fields, or names a registrar that it does not need."""
    if not isinstance(service.get("guide"), Mapping) or _guide_kind(service) is not kind:
        return False
    return len(_given(service, needed)) < len(needed) or bool(_given(service, ("registrar",)))


def _numbers_apart(services: list[Entry]) -> list[tuple[Place, str]]:
    """Two guides of one payee must never carry the same digits."""
    owners: dict[str, str] = {}
    found: list[tuple[Place, str]] = []
    for place, service in services:
        rule = service.get("guide")
        if not isinstance(rule, Mapping) or rule.get("amount_cents") is None:
            continue
        payee, own = _text(rule.get("febraban_id")), _text(rule.get("series"))
        if not payee:
            # a Pix's txid begins with its series, and a registrar's numbers are its own
            continue
        series = owners.setdefault(payee, own)
        if series != own:
            words = f"guides under FEBRABAN id {payee} take numbers from series {series}; one payee has one series"
            found.append((place, f"{words}: write series: {series}"))
    return found


def _payees(catalogue: Values, services: list[Entry]) -> list[tuple[Place, str]]:
    """Who is paid by Pix has a name and a city."""
    operator = catalogue.get("operator")
    if not isinstance(operator, Mapping):
        return []
    paid = any(isinstance(rule := service.get("guide"), Mapping) and rule.get("pix_key") for _, service in services)
    return [
        (("operator", name), "is missing, and a guide is paid by Pix: write it, in capitals without accents")
        for name in ("pix_name", "pix_city")
        if paid and not operator.get(name)
    ]


def _classified(catalogue: Values, services: list[Entry]) -> list[tuple[Place, str]]:
    """Every classification is in the operator's taxonomy."""
    known = set(_paths(catalogue.get("taxonomy"), ""))
    found: list[tuple[Place, str]] = []
    for place, service in services:
        named: list[tuple[Place, Any]] = [((*place, "classification"), service.get("classification"))]
        for number, field in enumerate(_list(service.get("form"))):
            if isinstance(field, Mapping):
                named += [
                    ((*place, "form", number, "choices", at, "classification"), choice.get("classification"))
                    for at, choice in enumerate(_list(field.get("choices")))
                    if isinstance(choice, Mapping)
                ]
        found += [
            (where, f"{path} is not in the taxonomy: add it there, or correct it")
            for where, path in named
            if _text(path) and path not in known
        ]
    return found


def _paths(topics: Any, above: str, depth: int = 0) -> list[str]:
    paths = []
    for topic in _list(topics) if depth < DEEPEST else ():
        if isinstance(topic, Mapping) and _text(topic.get("id")):
            path = f"{above}{topic['id']}"
            paths += [path, *_paths(topic.get("topics"), f"{path}/", depth + 1)]
    return paths


def _second(records: list[Entry]) -> list[Place]:
    """Where an id comes that came before."""
    seen: set[str] = set()
    places = []
    for place, record in records:
        name = _text(record.get("id"))
        if name in seen:
            places.append(place)
        elif name:
            seen.add(name)
    return places


def _records(catalogue: Values, name: str) -> list[Entry]:
    return [
        ((name, number), record)
        for number, record in enumerate(_list(catalogue.get(name)))
        if isinstance(record, Mapping)
    ]


def _list(value: Any) -> list[Any] | tuple[Any, ...]:
    return value if isinstance(value, list | tuple) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
