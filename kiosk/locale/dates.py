"""Dates as a citizen reads them on the screen, without Babel: its import alone would delay the window."""

from __future__ import annotations

from datetime import date

from kiosk.catalog.model import Language

# English readers disagree on whether day or month comes first; a month with a name cannot be misread.
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date_words(iso: str, language: Language) -> str:
    """An ISO date as `10/12/2026`, in English as `10 Dec 2026`. ValueError if it is no ISO date."""
    day = date.fromisoformat(iso)
    if language is Language.EN:
        return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
