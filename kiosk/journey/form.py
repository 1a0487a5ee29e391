"""The form of a service: which questions, which answers will do."""

from __future__ import annotations

from kiosk.catalog.model import FormField, Service
from kiosk.journey.state import Session

YES, NO = "yes", "no"


def field_at(service: Service, index: int) -> FormField:
    return service.form[index]


def is_valid(field: FormField, value: str, session: Session) -> bool:
    """True when the value may be sent for that field."""
    value = value.strip()
    if not value:
        return not field.required
    match field.type:
        case "text" | "long-text":
            return len(value) <= field.max_length
        case "choice":
            return value in {choice.id for choice in field.choices}
        case "yes-no":
            return value in {YES, NO}
        case "debt":
            return value in {debt.id for debt in session.debts}
        case "national-id":
            from kiosk.issuing.masks import is_national_id

            return is_national_id(value)
