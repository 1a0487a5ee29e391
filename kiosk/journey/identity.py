"""What a card says of its holder, and whether that is enough for the service: decided before a PIN is asked for.

A card that can never reach the level that the service asks is told so at once; one that could is asked for its PIN, and
judged again by what came of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.catalog.model import Identification, Service
from kiosk.journey import availability, tracking
from kiosk.journey import events as ev
from kiosk.journey.effects import Commit
from kiosk.journey.session import Next, after_identity, go, look_up, stay, to_form, with_session
from kiosk.journey.state import (
    CardFailed,
    CardTrouble,
    CheckingPin,
    CommitFailed,
    Committing,
    EnterPin,
    ReadingCard,
    Session,
    State,
    TooLow,
)
from offline_cache.contract.checks import Check, CheckName, Lack, assurance, lack, passed, reach
from offline_cache.contract.status_by_card import STATUS_BY_CARD, STATUS_BY_CARD_LEVEL

LAST_TRY = 1


@dataclass(frozen=True)
class Asked:
    """What a card is read for, and what of it is asked. `service` is None where it opens a request (tracking)."""

    name: str
    identification: Identification
    level: int
    service: Service | None = None


def asked_of(session: Session) -> Asked | None:
    """What this session reads a card for; None while nothing asks for one."""
    if session.by_card:
        return Asked(STATUS_BY_CARD, Identification.CARD_PIN, STATUS_BY_CARD_LEVEL)
    service = session.service
    return Asked(service.id, service.identification, service.level, service) if service is not None else None


def card_read(state: State, event: ev.CardRead) -> Next:
    session = state.session
    asked = asked_of(session) if session is not None else None
    if session is None or asked is None or not isinstance(state.stage, ReadingCard):
        return stay(state)
    holder = replace(event.holder, level=assurance(event.checks))
    session = replace(session, holder=holder, read_a_card=True, tries_left=event.tries_left, pad=event.pad)
    state = with_session(state, session)
    if _foreign_number(state, session, asked):
        return go(state, TooLow(Lack.NUMBER, reach(event.checks, has_key=event.has_key)))
    if event.final:
        return _judged(state, session, asked, event.checks, has_key=event.has_key)
    if asked.identification is Identification.CARD and holder.level < asked.level:
        return stay(state)
    return _onward(state, session, asked)


def card_checked(state: State, event: ev.CardChecked) -> Next:
    """The rest of the checks. They come while the citizen reads the screen, or while the kiosk waits for them."""
    session = state.session
    asked = asked_of(session) if session is not None else None
    if session is None or asked is None or session.holder is None:
        return stay(state)
    session = replace(session, holder=replace(session.holder, level=assurance(event.checks)))
    state = with_session(state, session)
    match state.stage:
        case ReadingCard():
            return _judged(state, session, asked, event.checks, has_key=event.has_key)
        case EnterPin() | CheckingPin():
            low = _too_low(asked, event.checks, has_key=event.has_key)
            return go(state, low) if low is not None else stay(state)
        case _:
            return stay(state)


def proved(state: State, event: ev.Proved) -> Next:
    session = state.session
    asked = asked_of(session) if session is not None else None
    if session is None or asked is None or session.holder is None:
        return stay(state)
    said = event.evidence.statement
    if (said.purpose, said.session, said.service) != (session.awaiting, session.id, asked.name):
        return stay(state)
    missing, service = lack(event.checks, asked.level), asked.service
    holder = replace(session.holder, proven=missing is None, level=assurance(event.checks))
    proven = replace(session, evidence=event.evidence, awaiting=None, holder=holder)
    match state.stage:
        case CheckingPin() if missing is not None:
            return go(with_session(state, replace(proven, evidence=None)), TooLow(missing, holder.level))
        case CheckingPin() if service is not None and service.lookup and not session.queued:
            return look_up(state, proven, service, event.evidence)
        case CheckingPin() if service is not None:
            return to_form(state, proven, service)
        case CheckingPin():
            return tracking.card_proved(state, replace(proven, evidence=None), event.evidence)
        case Committing() if missing is not None:
            return go(with_session(state, replace(proven, evidence=None)), CommitFailed())
        case Committing():
            return go(with_session(state, proven), Committing(), Commit())
        case _:
            return stay(state)


def _judged(state: State, session: Session, asked: Asked, checks: Sequence[Check], *, has_key: bool) -> Next:
    low = _too_low(asked, checks, has_key=has_key)
    return go(state, low) if low is not None else _onward(state, session, asked)


def _too_low(asked: Asked, checks: Sequence[Check], *, has_key: bool) -> TooLow | None:
    with_pin = asked.identification is Identification.CARD_PIN
    highest = reach(checks, has_key=has_key)
    if with_pin and not has_key:
        return TooLow(Lack.PIN, highest)
    best = (*checks, passed(CheckName.HOLDER)) if with_pin else checks
    missing = lack(best, asked.level)
    return TooLow(missing, highest) if missing is not None else None


def _onward(state: State, session: Session, asked: Asked) -> Next:
    if asked.service is not None and asked.identification is Identification.CARD:
        return after_identity(state, session, asked.service)
    left = session.tries_left
    if left is not None and left <= LAST_TRY:
        return go(with_session(state, session), CardFailed(CardTrouble.LAST_TRY if left else CardTrouble.BLOCKED))
    return go(with_session(state, session), EnterPin(tries_left=left, pad=session.pad))


def _foreign_number(state: State, session: Session, asked: Asked) -> bool:
    """Of somebody whom the tax system does not know by this number, it cannot be said that nothing is owed."""
    return asked.service is not None and asked.service.lookup is not None and availability.foreign(state, session)
