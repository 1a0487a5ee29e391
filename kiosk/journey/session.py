"""How a session begins and ends: the moves that both the citizen's and the parts' events lead to."""

from __future__ import annotations

from dataclasses import replace

from kiosk.catalog.model import Catalogue, Identification, Language, Service
from kiosk.journey import availability, form
from kiosk.journey.effects import Commit, DropPrintJob, Effect, LookUp, ProveHolder, ReadCard, Wipe
from kiosk.journey.settings import Settings
from kiosk.journey.state import (
    Attract,
    CardFailed,
    CardTrouble,
    CheckingPin,
    Claim,
    ClearTray,
    Committing,
    Consulting,
    Details,
    Done,
    InsertCard,
    JobState,
    Printing,
    Question,
    ReadingCard,
    Review,
    Services,
    Session,
    Stage,
    Starting,
    State,
)
from kiosk.journey.technician_stages import TechnicianStage
from kiosk.journey.tracking_stages import StatusPaper, Tracked
from offline_cache.contract.evidence import Evidence, Purpose

Next = tuple[State, tuple[Effect, ...]]
CARD = availability.CARD
# How a job may have ended that has put paper into the outlet; how far it has come when it puts some there.
CAME_OUT = frozenset({JobState.CONFIRMED, JobState.UNKNOWN})
COMES_OUT = frozenset({JobState.SENDING, JobState.SENT})


def stay(state: State, *effects: Effect) -> Next:
    return state, effects


def go(state: State, stage: Stage, *effects: Effect) -> Next:
    return replace(state, stage=stage), effects


def with_session(state: State, session: Session) -> State:
    return replace(state, session=session)


def begin(state: State, language: Language, session_id: str) -> Next:
    """A citizen touches the still screen."""
    if state.catalogue is None or state.session is not None:
        return stay(state)
    session = Session(id=session_id, language=language, started_s=state.now_s)
    asked_to_clear = state.paper_left and state.devices.tray_empty is not True
    return go(
        replace(state, session=session, language=language, touched_s=state.now_s, overlay=None),
        ClearTray() if asked_to_clear else Services(),
    )


def somebody_is_there(state: State) -> bool:
    """True in a session and through a technician's visit: then no other program is put in place."""
    return state.session is not None or isinstance(state.stage, TechnicianStage)


def paper_waits(state: State) -> bool:
    """True while this session's paper lies in the outlet, as far as anybody knows."""
    if isinstance(state.stage, Tracked):
        return state.stage.paper in {StatusPaper.PRINTED, StatusPaper.ASKED}
    ticket = state.session.ticket if state.session else None
    if ticket is None or ticket.job is None:
        return False
    match state.stage:
        case Done(job=job, taken=taken):
            return job in CAME_OUT and not taken
        case Printing(job=job):
            return job in COMES_OUT
        case _:
            return False


def end(state: State, *effects: Effect) -> Next:
    """The session is over: nothing of it stays in the state. A card still inserted belongs to who has left, and so
    does a paper that nobody said to have taken.
    """
    default = _default_language(state.next_catalogue or state.catalogue)
    if isinstance(state.stage, Tracked) and state.stage.job and state.stage.paper is StatusPaper.WAITING:
        effects = (*effects, DropPrintJob(state.stage.job))
    cleared = replace(
        state,
        session=None,
        overlay=None,
        language=default,
        stage=Attract(),
        catalogue=state.next_catalogue or state.catalogue,
        next_catalogue=None,
        card_left=state.devices.card_present is True,
        settings=Settings(),
        paper_left=state.paper_left or paper_waits(state),
    )
    if cleared.catalogue is None:
        cleared = replace(cleared, stage=Starting())
    return cleared, (*effects, Wipe())


def _default_language(catalogue: Catalogue | None) -> Language:
    return catalogue.languages[0] if catalogue else Language.PT_BR


def identify(state: State, session: Session, service: Service) -> Next:
    """From the details to the first thing the service asks."""
    match service.identification:
        case Identification.NONE:
            return after_identity(state, session, service)
        case Identification.CLAIMED:
            return go(with_session(state, session), Claim())
        case Identification.CARD | Identification.CARD_PIN:
            return _by_card(state, session, service)


def _by_card(state: State, session: Session, service: Service) -> Next:
    holder = session.holder
    if holder is not None and (holder.proven or service.identification is Identification.CARD):
        return after_identity(state, session, service)
    return to_card(state, session)


def to_card(state: State, session: Session) -> Next:
    """The citizen's card is read; it is asked for where it is not there."""
    if state.card_left:
        return go(with_session(state, session), CardFailed(CardTrouble.LEFT_BEHIND))
    if state.devices.card_present:
        return go(with_session(state, session), ReadingCard(), ReadCard())
    return go(with_session(state, session), InsertCard())


def after_identity(state: State, session: Session, service: Service) -> Next:
    """To the look-up if the service has one that was not answered yet, else to the form."""
    answered = {"debts": session.debts, "certificate": session.document or session.queued, "charge": session.charge}
    if service.lookup and not answered[service.lookup]:
        if not needs_proof(service):
            return look_up(state, session, service, None)
        # The centre takes a nonce once: the card, which knows its PIN was right, signs another.
        return prove_for(state, session, service, Purpose.LOOKUP)
    return to_form(state, session, service)


WHAT = {"debts": "guides", "certificate": "documents", "charge": "charges"}


def needs_proof(service: Service) -> bool:
    """Whether the card is asked for its signature before anything is looked up."""
    return service.identification is Identification.CARD_PIN


def look_up(state: State, session: Session, service: Service, evidence: Evidence | None) -> Next:
    """Asks the centre. A charge is asked for without a word about who is here."""
    assert service.lookup is not None
    ask = LookUp(
        what=WHAT[service.lookup],
        session=session.id,
        service=service.id,
        language=session.language,
        evidence=None if service.lookup == "charge" else evidence,
    )
    return go(with_session(state, session), Consulting(), ask)


def to_form(state: State, session: Session, service: Service) -> Next:
    stage: Stage = Question(0) if service.questions else Review()
    return go(with_session(state, replace(session, answers=form.prefilled(session))), stage)


def prove_for(state: State, session: Session, service: Service, purpose: Purpose) -> Next:
    """The card signs what the service is asked with."""
    return prove(state, session, service.id, purpose, centre=service.needs_centre and not session.queued)


def prove(state: State, session: Session, service: str, purpose: Purpose, *, centre: bool) -> Next:
    """The card signs: to look something up (with the PIN that was typed) or to register. `centre`: there is no way on
    without a nonce of the centre.
    """
    proven = session.holder is not None and session.holder.proven
    on_pad = purpose is Purpose.LOOKUP and session.pad and not proven
    stage: Stage = CheckingPin(pad=on_pad) if purpose is Purpose.LOOKUP else Committing()
    prove = ProveHolder(purpose, session.id, service, needs_centre=centre, on_pad=on_pad)
    return go(with_session(state, replace(session, awaiting=purpose)), stage, prove)


def commit(state: State, session: Session, service: Service) -> Next:
    """Challenge the card again where a card proved who is here; then write.

    A card that refused that challenge, or whose worker died, knows no PIN any more: it is read and proven anew.
    """
    if service.identification is Identification.CARD_PIN:
        if session.holder is None or not session.holder.proven:
            return identify(state, session, service)
        return prove_for(state, session, service, Purpose.COMMIT)
    return go(with_session(state, session), Committing(), Commit())


def to_details(state: State, session: Session) -> Next:
    return go(with_session(state, session), Details())
