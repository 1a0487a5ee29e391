"""What goes out as Open311 comes back as the same requests, in one language."""

from kiosk.authoring import open311
from kiosk.catalog.model import Language
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
