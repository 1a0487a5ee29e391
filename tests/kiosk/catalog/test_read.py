from __future__ import annotations

import json

import pytest
import yaml

from kiosk.catalog import read
from kiosk.catalog.guide_kinds import GuideKind
from kiosk.catalog.model import Identification, Language, OfflineRule
from tests.kiosk import vila_aurora

ALVARA = next(
    service for service in yaml.safe_load(vila_aurora.PATH.read_text(encoding="utf-8"))["services"]
    if service["id"] == "taxa-alvara"
)["guide"]  # fmt: skip
ADDED = {
    "version": 1,
    "published": "2026-11-24T00:00:00Z",
    "trust_anchors": ("anchor",),
    "sealing_keys": (vila_aurora.KEY,),
    "files": vila_aurora.file,
}


@pytest.fixture
def written():
    return yaml.safe_load(vila_aurora.PATH.read_text(encoding="utf-8"))


def problems(value):
    with pytest.raises(read.CatalogueError) as refused:
        read.from_yaml(yaml.safe_dump(value, allow_unicode=True), **ADDED)
    return refused.value.problems


def service(value, service_id):
    return next(service for service in value["services"] if service["id"] == service_id)


def test_the_demonstrations_catalogue_survives_its_signed_form():
    catalogue = vila_aurora.catalogue()
    data = read.to_json(catalogue)
    assert read.from_json(data) == catalogue
    assert read.to_json(read.from_json(data)) == data


def test_the_demonstration_offers_each_kind_of_service_as_the_design_needs_it():
    catalogue = vila_aurora.catalogue()
    found = {service.id: (service.kind, service.identification, service.offline) for service in catalogue.services}
    assert found == {
        "iptu": ("guide", Identification.CARD_PIN, OfflineRule.REFUSE),
        "certidao-negativa": ("document", Identification.CARD_PIN, OfflineRule.QUEUE),
        "ouvidoria": ("ticket", Identification.NONE, OfflineRule.QUEUE),
        "taxa-alvara": ("guide", Identification.NONE, OfflineRule.ISSUE),
        "poda-arvore": ("ticket", Identification.CLAIMED, OfflineRule.QUEUE),
        "zona-azul": ("guide", Identification.NONE, OfflineRule.REFUSE),
        "orientacoes": ("info", Identification.NONE, OfflineRule.ISSUE),
        "iss": ("guide", Identification.CARD_PIN, OfflineRule.REFUSE),
        "certidao-tributos": ("ticket", Identification.CLAIMED, OfflineRule.QUEUE),
        "acompanhar": ("tracking", Identification.NONE, OfflineRule.REFUSE),
        "transparencia": ("info", Identification.NONE, OfflineRule.ISSUE),
    }
    assert {service.category for service in catalogue.services} == {category.id for category in catalogue.categories}


def test_no_title_is_left_untranslated():
    for service in vila_aurora.catalogue().services:
        assert len({service.summary.in_language(language) for language in Language}) == 4


def test_a_missing_text_is_named_by_service_and_language(written):
    del service(written, "iptu")["title"]["it"]
    assert problems(written) == ("services[iptu].title.it: is missing: write it in Italian",)


def test_every_problem_has_its_own_line(written):
    del service(written, "iptu")["icon"]
    service(written, "ouvidoria")["kind"] = "tikcet"
    lines = problems(written)
    assert len(lines) == 2
    assert lines[0] == "services[iptu].icon: is missing: write it"
    assert lines[1].startswith("services[ouvidoria].kind: ")


def test_an_unknown_field_is_refused(written):
    service(written, "iptu")["ofline"] = "issue"
    assert problems(written)[0].startswith("services[iptu].ofline: ")


def test_what_publishing_adds_is_not_written_by_hand(written):
    assert problems(written | {"version": 3}) == ("version: written by publishing, not by hand: take it out",)


@pytest.mark.parametrize(
    ("service_id", "change", "reason"),
    [
        ("iptu", {"offline": "issue"}, "cannot be issued offline"),
        ("iptu", {"lookup": None}, "from the catalogue or from a look-up"),
        ("iptu", {"identification": "none"}, "asks for card and PIN"),
        ("taxa-alvara", {"guide": None}, "a guide rule belongs to kind guide"),
        *(
            ("taxa-alvara", {"guide": {**ALVARA, "kind": kind.value}}, words)
            for kind in GuideKind
            if kind.registered
            for words in ("must be registered before anybody can pay it", "is its registrar's, and has neither")
        ),
        ("taxa-alvara", {"guide": {**ALVARA, "series": None}}, "write febraban_id, series and pix_key"),
        ("taxa-alvara", {"guide": {**ALVARA, "registrar": "pix"}}, "has no registrar"),
        ("taxa-alvara", {"guide": {**ALVARA, "kind": "pix-static"}}, "has neither registrar nor febraban_id"),
        ("taxa-alvara", {"lookup": "charge", "offline": "refuse"}, "write lookup: charge there alone"),
        ("zona-azul", {"lookup": None}, "write lookup: charge there alone"),
        ("zona-azul", {"offline": "queue"}, "there is none while the centre is away"),
        ("certidao-negativa", {"lookup": None}, "look-up certificate belongs to kind document"),
        ("certidao-negativa", {"document_template": None}, "document template"),
        ("ouvidoria", {"identification": "claimed"}, "anonymous service asks for no identification"),
        ("ouvidoria", {"response_days": None}, "names a deadline"),
        ("orientacoes", {"info": None}, "a text belongs to kind info"),
        ("orientacoes", {"category": "nowhere"}, "category nowhere"),
        ("poda-arvore", {"id": "iptu"}, "used twice"),
    ],
)
def test_a_service_that_cannot_work_is_refused(written, service_id, change, reason):
    service(written, service_id).update(change)
    assert any(reason in line for line in problems(written)), problems(written)


def test_two_series_under_one_payee_are_refused(written):
    second = json.loads(json.dumps(service(written, "taxa-alvara")))
    second["id"], second["guide"]["series"] = "taxa-feira", "feiras"
    written["services"].append(second)
    assert "one payee has one series" in problems(written)[0]
    second["guide"]["series"] = "taxas"
    read.from_yaml(yaml.safe_dump(written, allow_unicode=True), **ADDED)


def test_everything_wrong_is_told_at_once_also_what_lies_between_fields_and_services(written):
    written["operator"]["colours"]["brand"] = "darkblue"
    iptu = service(written, "iptu")
    del iptu["title"]["it"]
    iptu["frequnet"] = iptu.pop("frequent")
    service(written, "certidao-negativa")["offline"] = "issue"
    service(written, "certidao-negativa")["icon"] = 7
    service(written, "poda-arvore")["category"] = "nowhere"
    service(written, "orientacoes")["id"] = "iptu"
    written["categories"].append(written["categories"][0])
    assert [line.rstrip(":").split(": ", 1)[0] for line in problems(written)] == [
        "operator.colours.brand",
        "services[iptu].title.it",
        "services[iptu].frequnet",
        "services[certidao-negativa].icon",
        "services[certidao-negativa]",
        "categories[impostos]",
        "services[iptu]",
        "services[poda-arvore]",
    ]


def test_a_rule_between_fields_is_silent_where_one_of_them_is_wrong_by_itself(written):
    service(written, "iptu")["kind"] = "giude"
    service(written, "taxa-alvara")["guide"]["amount_cents"] = "much"
    assert [line.split(":")[0] for line in problems(written)] == [
        "services[iptu].kind",
        "services[taxa-alvara].guide.amount_cents",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda value: value["operator"]["colours"].update(brand="#FFF"), "a colour such as"),
        (lambda value: service(value, "iptu").update(id="IPTU Novo"), "small letters, digits and hyphens"),
        (lambda value: service(value, "iptu").update(offline="never"), "'issue', 'queue' or 'refuse'"),
        (lambda value: service(value, "iptu")["title"].update(it=""), "is empty"),
        (lambda value: service(value, "iptu")["title"].update(it=12), "in quotes"),
        (lambda value: service(value, "iptu").update(ofline="issue"), "correct its name, or take it out"),
    ],
)
def test_a_problem_says_what_to_write_instead(written, change, words):
    change(written)
    assert words in problems(written)[0]


@pytest.mark.parametrize("languages", [[], ["en", "en"], ["fr"]])
def test_a_catalogue_in_no_language_or_in_one_twice_is_refused(written, languages):
    assert problems(written | {"languages": languages})[0].startswith("languages")


def test_two_questions_or_two_choices_of_one_id_are_refused(written):
    form = service(written, "taxa-alvara")["form"]
    form[0]["choices"].append(form[0]["choices"][0])
    assert "two choices have the same id" in problems(written)[0]
    form[0]["choices"].pop()
    form.append(form[0])
    assert "two questions of the form have the same id" in problems(written)[0]


@pytest.mark.parametrize("value", [[], {}, 7, None, "text", [[]], [7], [{"id": []}], [{"id": {}, "category": []}]])
@pytest.mark.parametrize("name", ["services", "categories", "operator", "languages"])
def test_a_file_of_the_wrong_shape_is_refused_in_plain_lines(written, name, value):
    lines = problems(written | {name: value})
    assert lines
    assert not [line for line in lines if "\n" in line]


@pytest.mark.parametrize("value", [7, "a text", [7], {"en": []}, True])
@pytest.mark.parametrize("name", ["form", "guide", "info", "next_steps", "lookup", "identification", "id", "category"])
def test_a_field_of_the_wrong_shape_is_refused_in_plain_lines(written, name, value):
    service(written, "taxa-alvara")[name] = value
    lines = problems(written)
    assert not [line for line in lines if "\n" in line]


@pytest.mark.parametrize("text", ["", "- a", "a: [", "a: !!python/object:os.system {}"])
def test_what_is_no_catalogue_is_refused_in_one_line(text):
    with pytest.raises(read.CatalogueError) as refused:
        read.from_yaml(text, **ADDED)
    assert len(refused.value.problems) == 1
    assert "\n" not in refused.value.problems[0]


def test_bytes_that_are_no_json_are_refused():
    with pytest.raises(read.CatalogueError, match="not JSON"):
        read.from_json(b"\xff{")
