"""What of a session nobody but the citizen may hear: the second line, behind what the screens mark as personal.

A screen that forgets to mark a name must not cost the citizen their privacy: whatever shows what the session knows of
them counts as personal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kiosk.issuing.masks import PARTICLES, short_name
from kiosk.issuing.money import euro, reais
from kiosk.journey.state import Session, State
from kiosk.widgets.semantics import Node

# Shorter answers are yes, no, and numbers that stand everywhere.
LEAST = 4


def guarded(nodes: Sequence[Node], state: State) -> list[Node]:
    """The nodes, personal where they are marked so or tell what the session knows of the citizen."""
    known = secrets(state)
    return [
        node if node.personal or not any(secret in node.name for secret in known) else replace(node, personal=True)
        for node in nodes
    ]


def secrets(state: State) -> frozenset[str]:
    """Words that name the citizen or what concerns them, as screens write them."""
    session = state.session
    if session is None:
        return frozenset()
    return frozenset(word.strip() for word in _all(session) if len(word.strip()) >= LEAST)


def _all(session: Session) -> Iterator[str]:
    if session.holder is not None:
        yield from _names(session.holder.name)
        yield from (session.holder.national_id, session.holder.masked_id)
    for value in session.answers.values():
        yield from (value, value[:40])
        yield from _names(value) if value.istitle() else ()
    for debt in session.debts:
        yield from (debt.detail or "", debt.property_id or "", debt.guide_number, *_amounts(debt.amount_cents))
    if session.ticket is not None:
        yield from (session.ticket.code, session.ticket.pin)
        if session.ticket.amount_cents is not None:
            yield from _amounts(session.ticket.amount_cents)
    if session.tracked_code is not None:
        yield session.tracked_code


def _amounts(amount_cents: int) -> tuple[str, str]:
    return reais(amount_cents), euro(amount_cents)


def _names(name: str) -> Iterable[str]:
    words = [word for word in name.split() if word.lower() not in PARTICLES]
    return [name, short_name(name), *words, *(word.capitalize() for word in words)]
