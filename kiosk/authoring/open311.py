"""Services in and out of Open311 GeoReport v2: its service list and definitions (wiki.open311.org/GeoReport_v2).

Open311 knows requests alone, in one language, without privacy, hours or papers. What it does not say is left out of
what is imported, so that checking tells the author what is still to be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.catalog.model import Catalogue, FormField, Language, Service

# Its datatypes, and ours: what it cannot say becomes a string.
DATATYPES = {
    "text": "string", "long-text": "text", "number": "number", "money": "number", "date": "datetime",
    "choice": "singlevaluelist", "choices": "multivaluelist", "yes-no": "singlevaluelist", "consent": "singlevaluelist",
}  # fmt: skip
TYPES = {
    "string": "text", "text": "long-text", "number": "number", "datetime": "date", "singlevaluelist": "choice",
    "multivaluelist": "choices",
}  # fmt: skip


def export(catalogue: Catalogue, language: Language) -> dict[str, Any]:
    """`services`: the answer of GET services; `definitions`: of GET services/CODE, by code. Of requests alone."""
    requests = [service for service in catalogue.services if service.kind == "ticket"]
    return {
        "services": [_listed(catalogue, service, language) for service in requests],
        "definitions": {service.id: _definition(service, language) for service in requests},
    }


def _listed(catalogue: Catalogue, service: Service, language: Language) -> dict[str, Any]:
    group = next(entry.title for entry in catalogue.categories if entry.id == service.category)
    return {
        "service_code": service.id,
        "service_name": service.title.in_language(language),
        "description": service.summary.in_language(language),
        "metadata": bool(service.form),
        # the answer comes later, under the tracking code
        "type": "realtime",
        "keywords": ",".join(words.in_language(language) for words in service.keywords),
        "group": group.in_language(language),
    }


def _definition(service: Service, language: Language) -> dict[str, Any]:
    return {
        "service_code": service.id,
        "attributes": [_attribute(field, number, language) for number, field in enumerate(service.form, start=1)],
    }


def _attribute(field: FormField, order: int, language: Language) -> dict[str, Any]:
    attribute: dict[str, Any] = {
        "variable": True,
        "code": field.id,
        "datatype": DATATYPES.get(field.type, "string"),
        "required": field.required,
        "datatype_description": field.hint.in_language(language) if field.hint else "",
        "order": order,
        "description": field.label.in_language(language),
    }
    if field.choices:
        attribute["values"] = [
            {"key": choice.id, "name": choice.label.in_language(language)} for choice in field.choices
        ]
    elif field.type in {"yes-no", "consent"}:
        attribute["values"] = [{"key": "yes", "name": "yes"}, {"key": "no", "name": "no"}]
    return attribute


def take_in(listed: Mapping[str, Any], definition: Mapping[str, Any] | None, language: Language) -> dict[str, Any]:
    """One service as administrators write it, in that language alone; ValueError if it is no service of Open311."""

    def text(words: Any) -> dict[str, str]:
        return {str(language): str(words)}

    code = _slug(listed.get("service_code")) if isinstance(listed, Mapping) else ""
    if not code or not listed.get("service_name"):
        raise ValueError("a service of Open311 has a service_code and a service_name: this has not")
    form = []
    for attribute in sorted(_records(definition, "attributes"), key=_order):
        if not attribute.get("variable", True):
            continue
        field: dict[str, Any] = {
            "id": _slug(attribute.get("code")),
            "type": TYPES.get(str(attribute.get("datatype")), "text"),
            "required": str(attribute.get("required")).lower() == "true",
            "label": text(attribute.get("description") or attribute.get("code")),
        }
        if attribute.get("datatype_description"):
            field["hint"] = text(attribute["datatype_description"])
        if field["type"] in {"choice", "choices"}:
            field["choices"] = [
                {"id": _slug(value.get("key")), "label": text(value.get("name"))}
                for value in _records(attribute, "values")
            ]
        form.append(field)
    return {
        "id": code,
        "kind": "ticket",
        "icon": "chat-circle-text",
        "category": _slug(listed.get("group")) or "requests",
        "identification": "none",
        "offline": "queue",
        "title": text(listed["service_name"]),
        "summary": text(listed.get("description") or listed["service_name"]),
        "keywords": [text(word.strip()) for word in str(listed.get("keywords") or "").split(",") if word.strip()],
        "form": form,
    }


def _records(value: Any, name: str) -> list[Mapping[str, Any]]:
    """The records of a list; what is none is passed over."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []


def _order(attribute: Mapping[str, Any]) -> int:
    """Some servers write the number as text; what is none comes first."""
    written = str(attribute.get("order") or "")
    return int(written) if written.isdecimal() else 0


def _slug(name: Any) -> str:
    """An id as ours are written."""
    from unicodedata import normalize

    plain = normalize("NFKD", str(name or "")).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())[:48]
