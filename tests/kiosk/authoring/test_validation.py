"""`totem catalog validate`: everything that is wrong in one run, with its line and how to mend it."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from PIL import ImageFont

from kiosk.authoring import field_words, letter_widths, schema
from kiosk.authoring.validation import validate
from kiosk.catalog.written import load
from tests.kiosk import vila_aurora

TODAY = date(2026, 11, 24)
TEXT = vila_aurora.PATH.read_text(encoding="utf-8")
FONT = Path(letter_widths.__file__).parents[1] / "widgets" / "assets" / "fonts" / "AtkinsonHyperlegibleNext-700.ttf"


def problems(value):
    text = value if isinstance(value, str) else yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    return [str(found) for found in validate(text.encode(), TODAY, vila_aurora.file).problems]


@pytest.fixture
def written():
    return yaml.safe_load(TEXT)


def service(written, name):
    return next(entry for entry in written["services"] if entry["id"] == name)


SAMPLES = sorted(vila_aurora.PATH.parents[1].glob("*/catalogue.yaml"))


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.parent.name)
def test_every_sample_is_valid(file):
    found = validate(file.read_bytes(), TODAY, lambda name: (file.parent / name).read_bytes())
    assert found.problems == ()


def of(name):
    file = vila_aurora.PATH.parents[1] / name / "catalogue.yaml"
    catalogue = validate(file.read_bytes(), TODAY, lambda name: (file.parent / name).read_bytes()).catalogue
    assert catalogue is not None
    return catalogue


@pytest.mark.parametrize(
    ("name", "country", "guides", "kinds"),
    [
        ("vila-aurora", "BR", {"arrecadacao", "pix-dynamic"}, {"guide", "document", "ticket", "info", "tracking"}),
        ("altariva", "IT", {"pagopa"}, {"guide", "ticket", "info", "tracking"}),
        ("valdelomas", "ES", {"cuaderno-57"}, {"guide", "ticket", "info", "tracking"}),
    ],
)
def test_each_sample_serves_its_own_country_and_is_paid_as_people_pay_there(name, country, guides, kinds):
    catalogue = of(name)
    assert catalogue.operator.country == country
    assert {service.guide.kind.value for service in catalogue.services if service.guide} == guides
    assert {service.kind for service in catalogue.services} == kinds


def test_no_two_samples_have_the_same_crest():
    crests = [of(file.parent.name).operator.crest for file in SAMPLES]
    for pictures in ([crest.colour for crest in crests], [crest.one_colour for crest in crests]):
        assert len(set(pictures)) == len(SAMPLES) == 3


def test_a_hazard_is_classified_down_to_what_was_seen():
    catalogue = of("altariva")
    form = {field.id: field for field in catalogue.service("segnalazione-rischio").form}
    for choice in form["rischio"].choices:
        below = form.get(choice.id)
        assert choice.classification is not None
        for seen in below.choices if below is not None else ():
            assert seen.classification.startswith(f"{choice.classification}/")


def test_every_problem_has_the_line_on_which_it_is_mended():
    lines = TEXT.splitlines()
    at = next(number for number, line in enumerate(lines, start=1) if "Pagare l'IPTU" in line)
    found = problems(TEXT.replace("      it: Pagare l'IPTU\n", "").replace("offline: issue", "offline: isue", 1))
    assert f"{at - 3}: services[iptu].title.it: is missing: write it in Italian" in found
    assert len(found) == 2
    assert all(line.split(":")[0].isdigit() for line in found)


def change(name, value):
    return lambda written: service(written, "ouvidoria").update({name: value})


TITLE = dict.fromkeys(("pt-BR", "es", "it", "en"), "Falar")


def question(**more):
    """The pruning service asks that too."""
    return lambda written: service(written, "poda-arvore")["form"].append({"id": "more", "label": TITLE, **more})


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (change("title", TITLE | {"en": "Antidisestablishmentarianism"}), "is wider than the button"),
        (change("title", TITLE | {"en": "one two " * 12}), "its button has 3: shorten it"),
        (change("valid_until", "2026-11-23"), "2026-11-23 has passed"),
        (lambda written: service(written, "poda-arvore").pop("retention_days"), "personal data are taken"),
        (lambda written: service(written, "iptu")["description"].pop("steps"), "description.steps: is missing"),
        (lambda written: written["categories"].append({"id": "x", "icon": "x", "title": TITLE}), "nobody reaches it"),
        (lambda written: written["operator"]["colours"].update(brand="#3B6FD4"), "10:1 are needed"),
        (lambda written: service(written, "taxa-alvara")["guide"].update(pix_key="ação"), "Pix cannot be made"),
        (
            lambda written: service(written, "ouvidoria")["form"][1].update(
                show_if={"field": "tipo", "equals": ["nada"]}
            ),
            "which nobody can give",
        ),
        (
            lambda written: service(written, "ouvidoria")["form"].insert(
                0, {"id": "first", "type": "text", "label": TITLE, "show_if": {"field": "tipo", "equals": ["elogio"]}}
            ),
            "question first can never be reached",
        ),
        (
            lambda written: service(written, "poda-arvore")["form"].extend([
                {"id": "agreed", "type": "consent", "label": TITLE},
                {"id": "why", "type": "text", "label": TITLE, "show_if": {"field": "agreed", "equals": ["no"]}},
            ]),
            "waits for the answer no of agreed, which nobody can give",
        ),
        (question(type="text", pattern="[A-Z]{9}", pattern_message=TITLE, max_length=8), "no text can be given"),
        (question(type="number", maximum=-1), "no number can be given"),
        (question(type="money", minimum=10**12), "no number can be given"),
        (question(type="choice"), "choices belong to type choice"),
        (lambda written: written["operator"].update(time_zone="9" * 400), "is not a time zone"),
        (lambda written: written["operator"].update(time_zone="America"), "is not a time zone"),
        (lambda written: written.pop("privacy_notice"), "privacy_notice: is missing"),
        (lambda written: written["privacy_notice"].pop("it"), "privacy_notice.it: is missing: write it in Italian"),
        (lambda written: service(written, "taxa-alvara")["guide"].update(amount_cents=10**11), "can carry"),
        (lambda written: service(written, "zona-azul")["guide"].update(amount_cents=10**10), "a pix-dynamic can carry"),
        (lambda written: service(written, "zona-azul").update(offline="issue"), "must be registered before anybody"),
        (lambda written: service(written, "iptu").update(offline="issue"), "cannot be issued offline"),
        (lambda written: service(written, "ouvidoria")["summary"].pop("en"), "summary.en: is missing"),
        (
            lambda written: service(written, "ouvidoria")["form"].append(
                {"id": "mail", "type": "email", "label": TITLE}
            ),
            "an anonymous service asks who somebody is",
        ),
        (
            lambda written: service(written, "poda-arvore")["form"].append(
                {"id": "dia", "type": "date", "label": TITLE, "earliest": "today", "latest": "2026-11-01"}
            ),
            "no day can be given any more",
        ),
    ],
)  # fmt: skip
def test_what_would_serve_a_citizen_badly_is_told(written, spoil, words):
    spoil(written)
    found = problems(written)
    assert any(words in line for line in found), found


def test_everything_is_told_in_one_run_also_where_the_whole_cannot_be_read(written):
    written["operator"]["colours"].update(brand="#3B6FD4")
    service(written, "iptu")["title"].pop("it")
    service(written, "ouvidoria")["title"]["en"] = "Antidisestablishmentarianism"
    service(written, "poda-arvore").pop("retention_days")
    service(written, "orientacoes")["valid_until"] = "2026-11-23"
    written["categories"][0]["title"]["es"] = "Otorrinolaringológicamente"
    found = problems(written)
    for words in (
        "10:1 are needed", "services[iptu].title.it: is missing", "services[ouvidoria].title.en: the word",
        "services[poda-arvore].retention_days", "2026-11-23 has passed", "is wider than the button",
    ):  # fmt: skip
        assert any(words in line for line in found), (words, found)
    numbers = [int(line.split(":")[0]) for line in found]
    assert numbers == sorted(numbers)


def test_what_administrators_write_is_what_the_schema_takes(written):
    schemas = jsonschema_rs.validator_for(schema.schema())
    for file in SAMPLES:
        value = load(file.read_text(encoding="utf-8"))
        assert [str(found) for found in schemas.iter_errors(json.loads(json.dumps(value, default=str)))] == []
    for spoil in (
        lambda: service(written, "iptu").update(ofline="issue"), lambda: service(written, "iptu").update(offline="x"),
        lambda: service(written, "iptu")["title"].pop("it"), lambda: written["operator"]["colours"].update(brand="red"),
        lambda: service(written, "ouvidoria")["form"][0].update(type="colour"),
    ):  # fmt: skip
        assert schemas.is_valid(written)
        kept = copy.deepcopy(written)
        spoil()
        assert not schemas.is_valid(written)
        written.clear()
        written.update(kept)


def test_the_widths_of_letters_are_those_of_the_screens_font():
    font = ImageFont.truetype(str(FONT), 1000)
    # Half units are rounded one way or the other, as Pillow's engine for layout is.
    wrong = {letter: width for letter, width in letter_widths.WIDTHS.items() if abs(font.getlength(letter) - width) > 1}
    assert wrong == {}


def test_the_published_schema_is_current_and_names_what_authors_write():
    published = vila_aurora.PATH.parents[1] / "catalogue.schema.json"
    # made by `totem catalog schema`
    assert published.read_text(encoding="utf-8") == schema.text()
    made = json.loads(published.read_bytes())
    assert "services" in made["properties"]
    assert "version" not in made["properties"]
    assert "title" in made["$defs"]["Service"]["properties"]
    records = {"Catalogue": made, **made["$defs"]}
    fields = {f"{name}.{field}": value for name, record in records.items()
              for field, value in record.get("properties", {}).items()}  # fmt: skip
    assert [name for name, value in fields.items() if not value.get("description")] == []
    assert set(field_words.WORDS) <= set(fields), "words for what no longer is there"
