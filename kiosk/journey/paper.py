"""From the commit to the paper: what was registered is told, whatever becomes of card, printer and clock."""

from __future__ import annotations

from dataclasses import replace

from kiosk.catalog.model import Output
from kiosk.journey import availability
from kiosk.journey import events as ev
from kiosk.journey.effects import DenyPaper, DropPrintJob, Effect, ReleasePrintJob
from kiosk.journey.session import Next, go, stay, with_session
from kiosk.journey.state import (
    PRINTS,
    Committing,
    Done,
    JobState,
    PrinterCondition,
    Printing,
    Session,
    State,
    TakeCard,
    Ticket,
)

JOB_ENDS = frozenset({JobState.CONFIRMED, JobState.UNKNOWN, JobState.FAILED, JobState.ABANDONED})
# A paper that was begun at its deadline has this long to be finished; then nobody is left who could tell its end.
PAPER_GRACE_S = 60.0
# Why a job of a printer that never tells ends (printer/job.py).
CANNOT_CONFIRM = "cannot-confirm"


def committed(state: State, event: ev.Committed) -> Next:
    """A ticket of a session that is over meanwhile stays registered, but its paper must not come for the next one."""
    session = state.session
    if session is None or session.id != event.session or not isinstance(state.stage, Committing):
        return stay(state, *_drop(event.ticket))
    # The proof has done its work and travels sealed; what the screen still needs is the ticket and a name.
    session = replace(session, ticket=event.ticket, evidence=None, answers={}, debts=(), charge=None)
    state = with_session(state, _from_now(state, session))
    if state.devices.card_present and session.read_a_card:
        return go(state, TakeCard())
    return begin(state)


def begin(state: State) -> Next:
    """The card is out, or there was none: the paper may come."""
    session = state.session
    job = session.ticket.job if session and session.ticket else None
    if session is None or session.service is None or job is None:
        return _done(state, JobState.ABANDONED)
    state = with_session(state, _from_now(state, session))
    return go(state, Printing(trouble=_trouble(state)), ReleasePrintJob(job, session.service.print_deadline_s))


def _from_now(state: State, session: Session) -> Session:
    limit_s = session.service.print_deadline_s if session.service else 0
    return replace(session, paper_until_s=state.now_s + limit_s)


def _done(state: State, outcome: JobState, *effects: Effect, asks: bool = False) -> Next:
    """The last screen, with all the time it has."""
    return replace(state, stage=Done(outcome, asks=asks), touched_s=state.now_s), effects


def waited(state: State, session: Session) -> Next:
    """A second has passed before the reader or the printer.

    The printer process ends the job at its deadline. When it is away, the screen does: a paper that was not begun is
    given up, one that was begun is in doubt.
    """
    late_s = state.now_s - session.paper_until_s
    if late_s < 0:
        return stay(state)
    drop = _drop(session.ticket)
    if isinstance(state.stage, TakeCard):
        return _done(state, JobState.ABANDONED, *drop)
    if late_s >= PAPER_GRACE_S:
        return _done(state, JobState.UNKNOWN, *drop)
    return stay(state, *drop)


def _drop(ticket: Ticket | None) -> tuple[Effect, ...]:
    return (DropPrintJob(ticket.job),) if ticket is not None and ticket.job is not None else ()


def job_changed(state: State, event: ev.JobChanged) -> Next:
    session = state.session
    if session is None or session.ticket is None or session.ticket.job != event.job:
        return stay(state)
    if not isinstance(state.stage, Printing | TakeCard):
        return stay(state)
    if event.state in JOB_ENDS:
        return _done(state, event.state, asks=event.reason == CANNOT_CONFIRM)
    if isinstance(state.stage, TakeCard):
        return stay(state)
    return go(state, Printing(job=event.state, progress=event.progress, trouble=_trouble(state)))


def denied(state: State) -> Next:
    """No paper came, says who stands there: code and PIN stay on the screen, and nothing lies in the outlet."""
    if not isinstance(state.stage, Done) or not state.stage.asks:
        return stay(state)
    ticket = state.session.ticket if state.session else None
    told = (DenyPaper(ticket.job),) if ticket is not None and ticket.job is not None else ()
    return go(state, replace(state.stage, job=JobState.FAILED, asks=False), *told)


def printer_changed(state: State, event: ev.PrinterChanged) -> Next:
    state = replace(state, devices=replace(state.devices, printer=event.condition))
    if isinstance(state.stage, Printing):
        return go(state, replace(state.stage, trouble=_trouble(state)))
    return stay(state)


def page_printer_changed(state: State, condition: PrinterCondition) -> Next:
    state = replace(state, devices=replace(state.devices, page_printer=condition))
    if isinstance(state.stage, Printing):
        return go(state, replace(state.stage, trouble=_trouble(state)))
    return stay(state)


def _trouble(state: State) -> PrinterCondition | None:
    """Of the printer that this paper comes from."""
    output = state.session.output if state.session and state.session.document else Output.THERMAL
    condition = availability.printer_of(output, state.devices)
    return None if condition in PRINTS else condition
