"""The form of a service as this session is asked it: which pages, which answers will do."""

from __future__ import annotations

from kiosk.catalog.answers import NO, YES, Wrong, asked, wrong
from kiosk.catalog.form_fields import FormField
from kiosk.journey.state import Session, State

__all__ = ["NO", "YES", "page_at", "pages", "prefilled", "why_wrong"]


def pages(session: Session) -> tuple[FormField, ...]:
    """The questions that the answers so far lead to, one a page."""
    return asked(session.service.questions, session.answers) if session.service else ()


def page_at(session: Session, index: int) -> FormField:
    return pages(session)[index]


def why_wrong(page: FormField, session: Session, state: State) -> Wrong | None:
    """Why what is answered on that page will not do; None if it will. Without a trusted clock no day is too late."""
    local = state.devices.local
    debts = {debt.id for debt in session.debts}
    return wrong(page, session.answers.get(page.id, ""), local.date() if local else None, debts)


def prefilled(session: Session) -> dict[str, str]:
    """What is known of who is here, where the form wants it and nothing else was answered."""
    holder, service = session.holder, session.service
    if holder is None or service is None:
        return session.answers
    known = {"name": holder.name, "national-id": holder.national_id}
    filled = {field.id: known[field.default] for field in service.form if field.default}
    return {**filled, **session.answers}
