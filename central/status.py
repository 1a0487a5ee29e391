"""What a citizen may know of a ticket by its tracking code and PIN, or by the code and the card of whom it is of:
service, state and dates, never who nor what.

Every failure gets the same answer, and a code that nobody has is counted like one that exists. Tries are taken before
the PIN is compared and given back when it was right, so that tries at the same moment do not outrun the limit.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from central import progress, proofs
from central.centre import Centre
from central.models import Allocation, StatusTries, Ticket
from kiosk.catalog.id_numbers import scheme_of
from kiosk.catalog.model import Service
from kiosk.issuing.errors import CodeError
from kiosk.issuing.id_names import SCHEME_OF
from kiosk.issuing.tracking import ALLOCATION_CHARACTERS, TRACKING_CHARACTERS, normalise
from offline_cache.contract.messages import StatusAnswer, StatusRequest, StatusStep, TicketStatus
from offline_cache.contract.national_ids import NationalId, Scheme
from offline_cache.contract.status_by_card import STATUS_BY_CARD, STATUS_BY_CARD_LEVEL, CardStatusRequest

TRIES_OF_A_CODE = 5
# Whole offices and mobile networks share an address: this only slows who tries code after code.
TRIES_OF_A_SOURCE = 30
SOURCE_WINDOW = timedelta(hours=1)
PIN_DIGITS = 6
# Compared with when there is no ticket; no HMAC-SHA256 in hexadecimal looks like it.
NO_PIN = "-" * 64
log = structlog.get_logger("central.status")


class NotShown(StrEnum):
    """Why no ticket is shown. The first two are typing mistakes; `REFUSED` says nothing about what was wrong."""

    CODE_MISTYPED = "code-mistyped"
    PIN_MISTYPED = "pin-mistyped"
    ON_ITS_WAY = "on-its-way"
    REFUSED = "refused"
    USED_UP = "used-up"
    TOO_MANY = "too-many"


@dataclass(frozen=True)
class Status:
    """`code` as it is printed; times in the operator's zone.

    `registered` and `answer_by` are None where the kiosk's clock was not trusted.
    """

    code: str
    service: Service
    state: str
    arrived: datetime
    registered: datetime | None
    answer_by: date | None
    history: tuple[StatusStep, ...] = ()


def ask(centre: Centre, code: str, pin: str, source: str) -> Status | NotShown:
    """The status of a ticket, from what somebody typed. `source`: where they ask from, kept only as a hash."""
    normal = _tracking_code(code)
    if normal is None:
        return NotShown.CODE_MISTYPED
    digits = pin.replace(" ", "")
    if not (len(digits) == PIN_DIGITS and digits.isascii() and digits.isdigit()):
        return NotShown.PIN_MISTYPED
    whence = centre.keys.blind("source", source)
    with centre.database.transaction() as session:
        ticket = _sought(session, normal, whence, centre.now())
        if isinstance(ticket, NotShown):
            return ticket
        if not _take(session, normal, TRIES_OF_A_CODE, None):
            return NotShown.USED_UP
        given = centre.keys.blind("pin", normal, digits)
        if not hmac.compare_digest(given, ticket.pin if ticket else NO_PIN) or ticket is None:
            return NotShown.REFUSED
        session.execute(delete(StatusTries).where(StatusTries.subject == normal))
        _give_back(session, whence)
        return _status(centre, session, ticket)


def ask_as(centre: Centre, code: str, number: NationalId, source: str) -> Status | NotShown:
    """The same for somebody whose number a card has proven, if the ticket is theirs or was asked for them.

    Wrong PINs have no say here: this is the way that stays when a code is used up. They are not given back either.
    """
    normal = _tracking_code(code)
    if normal is None:
        return NotShown.CODE_MISTYPED
    whence = centre.keys.blind("source", source)
    with centre.database.transaction() as session:
        ticket = _sought(session, normal, whence, centre.now())
        if isinstance(ticket, NotShown):
            return ticket
        if ticket is None or not _is_of(centre, ticket, number):
            return NotShown.REFUSED
        _give_back(session, whence)
        return _status(centre, session, ticket)


def of_kiosk(centre: Centre, kiosk: str, request: StatusRequest) -> StatusAnswer:
    """The same for who stands before a kiosk, which counts as one place to ask from. Mistyped is as good as wrong."""
    return _answer(ask(centre, request.code, request.pin, f"kiosk:{kiosk}"))


def by_card(centre: Centre, kiosk: str, request: CardStatusRequest) -> StatusAnswer:
    """The same for who has shown their card to a kiosk. RefusedError while the card's proof does not hold."""
    asked = proofs.Asked(request.session, STATUS_BY_CARD, STATUS_BY_CARD_LEVEL)
    holder = proofs.proven_holder(centre, kiosk, asked, request.evidence)
    return _answer(ask_as(centre, request.code, holder.national_id, f"kiosk:{kiosk}"))


def _tracking_code(typed: str) -> str | None:
    try:
        normal = normalise(typed)
    except CodeError:
        return None
    return normal if len(normal.replace("-", "")) == TRACKING_CHARACTERS else None


def _sought(session: Session, code: str, whence: str, now: datetime) -> Ticket | NotShown | None:
    """The ticket of that code, None if there is none, for one try of the source; or why it is not even looked at."""
    session.execute(delete(StatusTries).where(StatusTries.until < now))
    if not _take(session, whence, TRIES_OF_A_SOURCE, now + SOURCE_WINDOW):
        log.warning("too-many-tries")
        return NotShown.TOO_MANY
    ticket = session.scalar(select(Ticket).where(Ticket.code == code))
    if ticket is None and session.get(Allocation, code[:ALLOCATION_CHARACTERS]) is not None:
        return NotShown.ON_ITS_WAY
    return ticket


def _is_of(centre: Centre, ticket: Ticket, number: NationalId) -> bool:
    """Whether it was asked by or for the person of that number. An anonymous one is nobody's."""
    if ticket.anonymous:
        return False
    if ticket.national_id == number.value and (ticket.scheme or Scheme.CPF) == number.scheme:
        return True
    subject = ticket.subject
    if subject is None or subject.get("national_id") != number.value:
        return False
    service = centre.catalogue(ticket.catalogue_version).service(ticket.service)
    schemes = {basis.id: basis.number for basis in service.acts_for}.get(subject["basis"], ())
    scheme = scheme_of(schemes, number.value)
    return scheme is not None and SCHEME_OF[scheme] == number.scheme


def _answer(found: Status | NotShown) -> StatusAnswer:
    if isinstance(found, Status):
        return StatusAnswer(outcome="found", status=_told(found))
    match found:
        case NotShown.CODE_MISTYPED | NotShown.PIN_MISTYPED | NotShown.REFUSED:
            return StatusAnswer(outcome="refused")
        case NotShown.ON_ITS_WAY:
            return StatusAnswer(outcome="on-its-way")
        case NotShown.USED_UP:
            return StatusAnswer(outcome="used-up")
        case NotShown.TOO_MANY:
            return StatusAnswer(outcome="too-many")
        case _ as never:
            assert_never(never)


def _told(status: Status) -> TicketStatus:
    return TicketStatus(
        code=status.code,
        title=status.service.title,
        department=status.service.department,
        state=status.state,
        registered=status.registered.isoformat(timespec="seconds") if status.registered else None,
        arrived=status.arrived.isoformat(timespec="seconds"),
        answer_by=status.answer_by.isoformat() if status.answer_by else None,
        answer_days=status.service.response_days,
        history=status.history,
    )


def _give_back(session: Session, whence: str) -> None:
    session.execute(update(StatusTries).where(StatusTries.subject == whence).values(tries=StatusTries.tries - 1))


def _take(session: Session, subject: str, limit: int, until: datetime | None) -> bool:
    """Uses up one try; False if none is left. The database counts: two processes never take the same one."""
    if _raise(session, subject, limit):
        return True
    if session.get(StatusTries, subject) is None:
        try:
            with session.begin_nested():
                session.add(StatusTries(subject=subject, tries=1, until=until))
        except IntegrityError:
            return _raise(session, subject, limit)
        return True
    return False


def _raise(session: Session, subject: str, limit: int) -> bool:
    raised = session.execute(
        update(StatusTries)
        .where(StatusTries.subject == subject, StatusTries.tries < limit)
        .values(tries=StatusTries.tries + 1)
        .execution_options(synchronize_session=False),
    )
    return bool(raised.rowcount == 1)  # type: ignore[attr-defined]


def _status(centre: Centre, session: Session, ticket: Ticket) -> Status:
    zone = centre.local_now().tzinfo
    service = centre.catalogue(ticket.catalogue_version).service(ticket.service)
    try:
        registered = datetime.fromisoformat(ticket.created).astimezone(zone) if ticket.clock_trusted else None
    except ValueError:
        # the kiosk's word, kept as it came
        registered = None
    answer_by = None
    if registered is not None and service.response_days is not None:
        # as the paper counts it
        answer_by = registered.date() + timedelta(days=service.response_days)
    history = tuple(
        StatusStep(state=step.state, at=step.at.astimezone(zone).isoformat(timespec="seconds"))
        for step in progress.steps(session, ticket)
    )
    arrived = ticket.received.astimezone(zone)
    return Status(ticket.code, service, ticket.state, arrived, registered, answer_by, history)
