"""The JSON Schema (2020-12) of what administrators write: editors complete and check a catalogue by it.

It is made of the model, so that it cannot say anything else; what publishing adds is not in it.
"""

from __future__ import annotations

import json
from typing import Any

from kiosk.authoring.field_words import WORDS
from kiosk.catalog.model import Catalogue
from kiosk.catalog.read import ADDED

ADDRESS = "https://json-schema.org/draft/2020-12/schema"
# What pydantic calls everything; editors would show it instead of the description.
NOISE = "title"


def schema() -> dict[str, Any]:
    """The schema as plain values."""
    made = Catalogue.model_json_schema(by_alias=True)
    for name in ADDED:
        del made["properties"][name]
    made["required"] = [name for name in made["required"] if name not in ADDED]
    made["$defs"].pop("SealingKey", None)
    del made["$defs"]["Crest"]["properties"]["paper"]
    made["$defs"]["Crest"]["description"] = "two PNG files beside the catalogue: in colours, and in one colour"
    for name, record in {"Catalogue": made, **made["$defs"]}.items():
        for field, value in record.get("properties", {}).items():
            if words := WORDS.get(f"{name}.{field}"):
                value["description"] = words
    found = _quiet(made)
    assert isinstance(found, dict)
    return {"$schema": ADDRESS, "title": "Totem service catalogue", **found}


def text() -> str:
    """As it is published."""
    return json.dumps(schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _quiet(value: Any, *, names: bool = False) -> Any:
    """Without the titles that only repeat a name; `names`: the keys here are fields, one of which may be title."""
    if isinstance(value, dict):
        return {
            key: _quiet(entry, names=key in {"properties", "$defs"} and not names)
            for key, entry in value.items()
            if names or key != NOISE or not isinstance(entry, str)
        }
    return [_quiet(entry) for entry in value] if isinstance(value, list) else value
