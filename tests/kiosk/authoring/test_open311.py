"""What goes out as Open311 comes back as the same requests, in one language."""

import json

import pytest
import yaml
from click.testing import CliRunner

from kiosk.authoring import open311
from kiosk.catalog.model import Language
from kiosk.commands.catalog import catalog
from tests.kiosk import vila_aurora


def test_a_service_definition_says_what_the_form_asks():
    out = open311.export(vila_aurora.catalogue(), Language.PT_BR)
    assert {entry["service_code"] for entry in out["services"]} == {"ouvidoria", "poda-arvore", "certidao-tributos"}
    kind = out["definitions"]["ouvidoria"]["attributes"][0]
    assert (kind["code"], kind["datatype"], kind["required"]) == ("tipo", "singlevaluelist", True)
    assert {"key": "elogio", "name": "Elogio"} in kind["values"]


def test_what_was_exported_is_imported_again():
    catalogue = vila_aurora.catalogue()
    out = open311.export(catalogue, Language.ES)
    listed = next(entry for entry in out["services"] if entry["service_code"] == "ouvidoria")
    back = open311.take_in(listed, out["definitions"]["ouvidoria"], Language.ES)
    ours = catalogue.service("ouvidoria")
    assert back["title"] == {"es": ours.title.es}
    assert [field["id"] for field in back["form"]] == [field.id for field in ours.form]
    assert [len(field.get("choices", ())) for field in back["form"]] == [len(field.choices) for field in ours.form]


def test_by_command_a_catalogue_goes_out_and_comes_back_to_be_written_on(tmp_path):
    out = CliRunner().invoke(catalog, ["export", str(vila_aurora.PATH), "--language", "it"])
    assert out.exit_code == 0, out.output
    file = tmp_path / "services.json"
    file.write_text(out.stdout, encoding="utf-8")
    back = CliRunner().invoke(catalog, ["import", str(file), "--language", "it"])
    assert back.exit_code == 0, back.output
    services = yaml.safe_load(back.stdout)["services"]
    ours = {service.id for service in vila_aurora.catalogue().services if service.kind == "ticket"}
    assert {service["id"] for service in services} == ours
    assert all(field["label"]["it"] for service in services for field in service["form"])


@pytest.mark.parametrize(
    "value",
    [
        7, {}, {"services": 7}, [7], [{}], [{"service_code": "x"}], {"services": [{"service_name": "x"}]}, "text", None,
    ],
)  # fmt: skip
def test_what_lists_no_service_is_refused_in_words(tmp_path, value):
    file = tmp_path / "services.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    done = CliRunner().invoke(catalog, ["import", str(file)])
    assert isinstance(done.exception, ValueError), done.exception
    assert "\n" not in str(done.exception)


@pytest.mark.parametrize("junk", [7, [7], [{}], [{"order": "x", "values": 7}], [{"values": [7], "datatype": "x"}]])
def test_attributes_that_are_none_are_passed_over(junk):
    listed = {"service_code": "x", "service_name": "X"}
    assert open311.take_in(listed, {"attributes": junk}, Language.EN)["id"] == "x"
