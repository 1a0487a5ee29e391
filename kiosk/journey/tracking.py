"""Following a request: code, PIN, answer. A mistyped code is told at once; the centre alone can judge the PIN.

A code that is used up may be opened by a card, whose holder the request is of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.issuing.errors import CodeError
from kiosk.issuing.tracking import TRACKING_CHARACTERS, normalise
from kiosk.journey import events as ev
from kiosk.journey.effects import DropPrintJob, PrintStatus, Track
from kiosk.journey.paper import CANNOT_CONFIRM, JOB_ENDS
from kiosk.journey.session import Next, go, stay, to_card, with_session
from kiosk.journey.state import PRINTS, JobState, ReaderCondition, Searching, Services, Session, State
from kiosk.journey.tracking_stages import StatusPaper, TrackCode, Tracked, TrackFailed, Tracking, TrackPin, TrackTrouble
from offline_cache.contract.evidence import Evidence
from offline_cache.contract.messages import TicketStatus

PIN_DIGITS = 6
# A code with its dashes, and some room for spaces: more is no code.
MOST_TYPED = 20
# From here a card may open it.
CARD_OPENS = frozenset({TrackTrouble.USED_UP})
# Where another try may help, the code stays typed.
AGAIN = frozenset({TrackTrouble.REFUSED, TrackTrouble.NO_LINK, TrackTrouble.NOT_BY_CARD})


class StepKind(StrEnum):
    """What happens to a request, in this order; `CHANGED` as often as its state did."""

    REGISTERED = "registered"
    RECEIVED = "received"
    CHANGED = "changed"
    ANSWER = "answer"


@dataclass(frozen=True)
class Step:
    """`at`: ISO 8601, a time or a date; None where nobody knows it for sure. `done`: it has happened. `state`: to what
    it changed.
    """

    kind: StepKind
    at: str | None
    done: bool
    state: str = ""


# After these nothing is waited for.
LAST = frozenset({"answered", "closed", "ready", "refused"})


def steps_of(status: TicketStatus) -> tuple[Step, ...]:
    """What has happened to the request and what comes next."""
    changes = [Step(StepKind.CHANGED, step.at, done=True, state=step.state) for step in status.history]
    awaited = [] if status.state in LAST else [Step(StepKind.ANSWER, status.answer_by, done=False)]
    return (
        Step(StepKind.REGISTERED, status.registered, done=True),
        Step(StepKind.RECEIVED, status.arrived, done=True),
        *changes,
        *awaited,
    )


def asked(state: State) -> Next:
    """From the services to the code."""
    session = state.session
    if session is None or not isinstance(state.stage, Services | Searching):
        return stay(state)
    return to_code(state, session, "", came_from=state.stage)


def to_code(state: State, session: Session, typed: str, *, came_from: Services | Searching | None = None) -> Next:
    """The first screen of tracking; a service that was begun is left, and whose card it was for is forgotten."""
    came_from = session.came_from if came_from is None else came_from
    session = replace(_without_card(session), service=None, tracked_code=None, came_from=came_from)
    return go(with_session(state, session), TrackCode(typed=typed))


def code_typed(state: State, code: str) -> Next:
    if state.session is None or not isinstance(state.stage, TrackCode):
        return stay(state)
    return go(state, TrackCode(typed=code[:MOST_TYPED]))


def code_judged(state: State, session: Session, stage: TrackCode) -> Next:
    """Without a link only this kiosk's own outbox can be asked: nobody types a PIN for that."""
    code = tracking_code(stage.typed)
    if code is None:
        return go(state, replace(stage, error=True))
    state = with_session(state, replace(session, tracked_code=code))
    if state.devices.link:
        return go(state, TrackPin())
    return go(state, Tracking(), Track(session.id, code, ask_centre=False))


def pin_given(state: State, session: Session, stage: TrackPin) -> Next:
    code = session.tracked_code
    if code is None or stage.typed != PIN_DIGITS:
        return go(state, replace(stage, error=True))
    return go(state, Tracking(), Track(session.id, code, ask_centre=True))


def card_opens(state: State) -> bool:
    """Whether the screen offers that a card opens the request. Without a link it does, and says then why not."""
    offered = isinstance(state.stage, TrackFailed) and state.stage.trouble in CARD_OPENS
    return offered and state.devices.reader is ReaderCondition.READY


def card_asked(state: State) -> Next:
    """From the code that is used up to the card."""
    session = state.session
    if session is None or session.tracked_code is None or not card_opens(state):
        return stay(state)
    if not state.devices.link:
        return go(state, TrackFailed(TrackTrouble.NO_LINK))
    return to_card(state, replace(_without_card(session), service=None, by_card=True))


def card_proved(state: State, session: Session, evidence: Evidence) -> Next:
    """The centre judges the card again, and whether the request is its holder's."""
    code = session.tracked_code
    if code is None:
        return stay(state)
    ask = Track(session.id, code, ask_centre=True, evidence=evidence)
    return go(with_session(state, session), Tracking(), ask)


def _without_card(session: Session) -> Session:
    """Who the card names is asked of it anew each time; that one was shown here is not forgotten."""
    return replace(session, by_card=False, holder=None, evidence=None, awaiting=None)


def answered(state: State, event: ev.StatusFound | ev.StatusRefused) -> Next:
    """An answer to who was here before says nothing to who is here now."""
    session = state.session
    if session is None or session.id != event.session or not isinstance(state.stage, Tracking):
        return stay(state)
    if isinstance(event, ev.StatusRefused):
        refused = session.by_card and event.trouble is TrackTrouble.REFUSED
        return go(state, TrackFailed(TrackTrouble.NOT_BY_CARD if refused else event.trouble))
    if event.status.code != session.tracked_code:
        return go(state, TrackFailed(TrackTrouble.REFUSED))
    return go(state, Tracked(event.status))


def print_asked(state: State) -> Next:
    """Once, while the printer prints; and again where nothing came."""
    stage, session = state.stage, state.session
    if session is None or not isinstance(stage, Tracked) or state.devices.printer not in PRINTS:
        return stay(state)
    if stage.paper not in {StatusPaper.NONE, StatusPaper.FAILED, StatusPaper.ASKED}:
        return stay(state)
    waiting = replace(stage, paper=StatusPaper.WAITING, job=None)
    return go(state, waiting, PrintStatus(session.id, stage.status))


def printing(state: State, event: ev.StatusPrinting) -> Next:
    """A paper for who was here before must not come for who is here now."""
    stage, session = state.stage, state.session
    if session is None or session.id != event.session or not prints(state) or not isinstance(stage, Tracked):
        return stay(state, *([DropPrintJob(event.job)] if event.job else []))
    if event.job is None:
        return go(state, replace(stage, paper=StatusPaper.FAILED))
    return go(state, replace(stage, job=event.job))


def prints(state: State) -> bool:
    """Whether a status is on its way to paper."""
    return isinstance(state.stage, Tracked) and state.stage.paper is StatusPaper.WAITING


def job_changed(state: State, event: ev.JobChanged) -> Next:
    stage = state.stage
    if not isinstance(stage, Tracked) or stage.job != event.job or event.state not in JOB_ENDS:
        return stay(state)
    if event.state is JobState.CONFIRMED:
        return go(state, replace(stage, paper=StatusPaper.PRINTED))
    asked = event.reason == CANNOT_CONFIRM
    return go(state, replace(stage, paper=StatusPaper.ASKED if asked else StatusPaper.FAILED))


def continued(state: State, session: Session) -> Next:
    match state.stage:
        case TrackCode() as stage:
            return code_judged(state, session, stage)
        case TrackPin() as stage:
            return pin_given(state, session, stage)
        case TrackFailed(trouble=trouble) if trouble in AGAIN:
            return to_code(state, session, session.tracked_code or "")
        case Tracked() | TrackFailed():
            return leave(state, session)
        case _:
            return stay(state)


def went_back(state: State, session: Session) -> Next:
    match state.stage:
        case TrackPin():
            return to_code(state, session, session.tracked_code or "")
        case TrackCode() | Tracked() | TrackFailed():
            return leave(state, session)
        case _:
            return stay(state)


def leave(state: State, session: Session) -> Next:
    """To where the citizen came from; the code that was asked about is forgotten. Paper that has not begun is not."""
    return go(with_session(state, replace(_without_card(session), tracked_code=None)), session.came_from)


def tracking_code(typed: str) -> str | None:
    """The tracking code as it is printed; None for what is none."""
    try:
        code = normalise(typed)
    except CodeError:
        return None
    return code if len(code.replace("-", "")) == TRACKING_CHARACTERS else None
