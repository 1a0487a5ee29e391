"""What becomes of a ticket after its arrival: its state, and when it came to it. Counters and departments tell it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.centre import Centre
from central.models import StatusTries, Ticket, TicketStep
from kiosk.issuing.errors import CodeError
from kiosk.issuing.tracking import normalise

STATES = ("received", "forwarded", "in-progress", "answered", "closed")


class ProgressError(ValueError):
    """There is no such ticket, or no such state."""


def advance(centre: Centre, session: Session, ticket: Ticket, state: str) -> None:
    """The ticket's state from now on. A state that it has already is no step."""
    if ticket.state == state:
        return
    ticket.state = state
    session.add(TicketStep(ticket=ticket.id, state=state, at=centre.now()))


def steps(session: Session, ticket: Ticket) -> list[TicketStep]:
    """All that happened to it since its arrival, the first first."""
    return list(session.scalars(select(TicketStep).where(TicketStep.ticket == ticket.id).order_by(TicketStep.number)))


def set_state(centre: Centre, code: str, state: str) -> None:
    """What somebody at a counter or in a department says of a ticket; ProgressError if it is none."""
    if state not in STATES:
        raise ProgressError(f"a ticket is {', '.join(STATES)}, not {state}")
    with centre.database.transaction() as session:
        advance(centre, session, _ticket(session, code), state)


def unlock(centre: Centre, code: str) -> None:
    """The citizen was known at the counter: code and PIN are heard again."""
    with centre.database.transaction() as session:
        tries = session.get(StatusTries, _ticket(session, code).code)
        if tries is not None:
            session.delete(tries)


def _ticket(session: Session, code: str) -> Ticket:
    try:
        found = session.scalar(select(Ticket).where(Ticket.code == normalise(code)))
    except CodeError as error:
        raise ProgressError(f"not a tracking code: {error}") from error
    if found is None:
        raise ProgressError("there is no ticket with this code")
    return found
