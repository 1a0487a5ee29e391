"""A service in the citizen's words: simplified where they asked for it and the catalogue has it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import FormField, Language, Service
from kiosk.journey.settings import Settings


@dataclass(frozen=True)
class Wording:
    """What the details say of a service, in one language."""

    summary: str
    needs: str


@dataclass(frozen=True)
class FieldWording:
    """A question as it is asked, in one language."""

    label: str
    hint: str | None


def wording_of(service: Service, settings: Settings, language: Language) -> Wording:
    """Summary and needs of a service."""
    simple = service.simple if settings.simple else None
    summary = (simple.summary if simple else None) or service.summary
    needs = (simple.needs if simple else None) or service.description.needs
    return Wording(summary=summary.in_language(language), needs=needs.in_language(language))


def field_wording(field: FormField, settings: Settings, language: Language) -> FieldWording:
    """Label and hint of a question; the usual ones stand in for what the catalogue does not simplify."""
    simple = field.simple if settings.simple else None
    label = (simple.label if simple else None) or field.label
    hint = (simple.hint if simple else None) or field.hint
    return FieldWording(label=label.in_language(language), hint=hint.in_language(language) if hint else None)
