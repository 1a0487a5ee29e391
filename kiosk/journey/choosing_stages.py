"""Choosing a service: one stage per screen."""

from __future__ import annotations

from dataclasses import dataclass

# The category of every service, from A to Z.
ALL = "*"


@dataclass(frozen=True)
class Services:
    """The subjects, or the services of one: `category` or `ALL`."""

    category: str | None = None


@dataclass(frozen=True)
class Searching:
    """What was typed so far; the results follow from it (kiosk/journey/search.py)."""

    query: str = ""


@dataclass(frozen=True)
class Details:
    pass
