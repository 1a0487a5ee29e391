"""Dates as people read them in each language. English names the month: 10/12 means two things there."""

from __future__ import annotations

from datetime import date, datetime

from kiosk.catalog.model import Language

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date, language: Language) -> str:
    """10/12/2026; 10 Dec 2026 in English."""
    if language is Language.EN:
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.day:02d}/{value.month:02d}/{value.year}"


def moment(value: datetime, language: Language) -> str:
    """24/11/2026 14:05, in the time zone that the value carries."""
    return f"{day(value.date(), language)} {value.hour:02d}:{value.minute:02d}"
