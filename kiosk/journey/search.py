"""Which services a citizen may mean by the words typed. Accents and capitals make no difference."""

from __future__ import annotations

import unicodedata

from kiosk.catalog.model import Catalogue, Language, Service
from kiosk.journey.state import ALL

MOST_LETTERS = 60


def results(catalogue: Catalogue, query: str, language: Language) -> tuple[Service, ...]:
    """The services in which every word of the query begins a word; all of them where nothing was typed.

    Those that carry it in their title come first; among equals the frequent ones do, then A to Z.
    """
    wanted = _words(query)
    categories = {category.id: category.title.in_language(language) for category in catalogue.categories}
    found = [
        service for service in catalogue.services if _begins(wanted, _told(service, language, categories))
    ]
    return tuple(sorted(found, key=lambda service: _rank(service, wanted, language)))


def services_of(catalogue: Catalogue, category: str, language: Language) -> tuple[Service, ...]:
    """The services of a category in the catalogue's order, frequent first; for `ALL` every service from A to Z."""
    if category == ALL:
        return tuple(sorted(catalogue.services, key=lambda service: folded(service.title.in_language(language))))
    held = [service for service in catalogue.services if service.category == category]
    return tuple(sorted(held, key=lambda service: not service.frequent))


def folded(text: str) -> str:
    """Small letters without accents, for comparing and sorting."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def _rank(service: Service, wanted: tuple[str, ...], language: Language) -> tuple[bool, bool, str]:
    title = service.title.in_language(language)
    return not _begins(wanted, title), not service.frequent, folded(title)


def _told(service: Service, language: Language, categories: dict[str, str]) -> str:
    """Everything of a service that is searched, in one language."""
    parts = [service.title, service.summary, service.description.needs, *service.keywords]
    if service.simple is not None:
        parts += [text for text in (service.simple.summary, service.simple.needs) if text is not None]
    return " ".join([*(text.in_language(language) for text in parts), categories.get(service.category, "")])


def _begins(wanted: tuple[str, ...], text: str) -> bool:
    words = _words(text)
    return all(any(word.startswith(part) for word in words) for part in wanted)


def _words(text: str) -> tuple[str, ...]:
    return tuple("".join(letter if letter.isalnum() else " " for letter in folded(text)).split())
