"""What the reader, the card, the printer, the link, the store and the clock do to a session."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kiosk.catalog.model import Catalogue
from kiosk.journey import availability, paper, waiting
from kiosk.journey import events as ev
from kiosk.journey.effects import DropPrintJob, LookForTechnician, ReadCard
from kiosk.journey.session import (
    Next,
    end,
    go,
    stay,
    to_details,
    to_form,
    with_session,
)
from kiosk.journey.state import (
    BEFORE_COMMIT,
    Attract,
    CardFailed,
    CardTrouble,
    CheckingPin,
    CommitFailed,
    Committing,
    Consulting,
    EnterPin,
    Failure,
    InsertCard,
    LookupFailed,
    LookupTrouble,
    Printing,
    ReaderCondition,
    ReadingCard,
    Session,
    Starting,
    State,
    TakeCard,
    TooLow,
)
from kiosk.journey.tracking_stages import TrackFailed, TrackTrouble
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.messages import DocumentAnswer

LAST_TRY = 1


def card(state: State, event: ev.CardInserted | ev.CardRemoved) -> Next:
    state = waiting.acted(state)
    match event:
        case ev.CardInserted():
            return _inserted(state)
        case ev.CardRemoved():
            return _removed(replace(state, devices=replace(state.devices, card_present=False), card_left=False))
        case _:
            assert_never(event)


def _inserted(state: State) -> Next:
    """Only a card that was seen to come in is read. One that was found in the reader may be anybody's. One that is
    reported again, by a worker that was replaced, is whose it was: it is read again if it could be read before, and
    not if it was mute.
    """
    seen_coming = state.devices.card_present is False
    match state.devices.card_present:
        case None:
            left = True
        case True:
            left = state.card_left
        case False:
            left = False
    state = replace(state, devices=replace(state.devices, card_present=True), card_left=left)
    match state.stage:
        case InsertCard() if left:
            return go(state, CardFailed(CardTrouble.LEFT_BEHIND))
        case Attract() | Starting() if seen_coming and state.session is None:
            return stay(state, LookForTechnician())
        case InsertCard() | CardFailed() | TooLow() if seen_coming or (_was_read(state) and not left):
            return go(state, ReadingCard(), ReadCard())
        case _:
            return stay(state)


def _was_read(state: State) -> bool:
    return state.session is not None and state.session.holder is not None


def _removed(state: State) -> Next:
    """Before the commit the card's going ends the session; after it, nothing does."""
    session = state.session
    if session is None:
        return stay(state)
    match state.stage:
        case CardFailed() | TooLow():
            return go(with_session(state, replace(session, holder=None, evidence=None)), InsertCard())
        case ReadingCard():
            return go(state, CardFailed(CardTrouble.REMOVED))
        case TakeCard():
            return paper.begin(state)
        case Committing() if session.awaiting is None:
            # It is being written, or was: from here on the citizen gets what was registered.
            return stay(state)
        case _ if isinstance(state.stage, BEFORE_COMMIT) and session.read_a_card:
            return end(state)
        case _:
            return stay(state)


def card_refused(state: State, event: ev.CardRefused) -> Next:
    """While the card is being registered with, a refusal writes nothing and the answers stay."""
    session = state.session
    match state.stage:
        case ReadingCard() if session is not None:
            unread = replace(session, awaiting=None, holder=None)
            return go(with_session(state, unread), CardFailed(event.trouble))
        case CheckingPin() | EnterPin() | TooLow() if session is not None:
            return go(with_session(state, replace(session, awaiting=None)), CardFailed(event.trouble))
        case Committing() if session is not None and session.awaiting is Purpose.COMMIT:
            holder = replace(session.holder, proven=False) if session.holder else None
            return go(with_session(state, replace(session, awaiting=None, holder=holder)), CommitFailed())
        case _:
            return stay(state)


def pin_refused(state: State, event: ev.PinRefused) -> Next:
    before = state.session.tries_left if state.session is not None else None
    if state.session is not None:
        state = with_session(state, replace(state.session, tries_left=event.tries_left))
    match state.stage:
        case CheckingPin() if event.tries_left is not None and event.tries_left <= LAST_TRY:
            return go(state, CardFailed(CardTrouble.LAST_TRY if event.tries_left else CardTrouble.BLOCKED))
        case CheckingPin(pad=pad):
            # Cancelled on the reader's keys, or not typed there: then the card counted nothing.
            wrong = not pad or event.tries_left is None or event.tries_left != before
            return go(state, EnterPin(tries_left=event.tries_left, wrong=wrong, pad=pad))
        case Committing():
            return card_refused(state, ev.CardRefused(CardTrouble.UNREADABLE))
        case _:
            return stay(state)


def looked_up(
    state: State, event: ev.DebtsFound | ev.DocumentComposed | ev.ChargeMade | ev.LookupRefused
) -> Next:
    """An answer to who was here before says nothing to who is here now."""
    session = state.session
    if session is None or session.id != event.session:
        return stay(state)
    if session.by_card and isinstance(event, ev.LookupRefused) and isinstance(state.stage, CheckingPin):
        return go(with_session(state, replace(session, awaiting=None)), TrackFailed(TrackTrouble.NO_LINK))
    if session.service is None or not isinstance(state.stage, Consulting | CheckingPin):
        return stay(state)
    match event:
        case ev.DebtsFound(masked_id=whose) if session.holder is None or whose != session.holder.masked_id:
            return go(state, LookupFailed(LookupTrouble.REFUSED))
        case ev.DebtsFound(debts=()):
            return go(state, LookupFailed(LookupTrouble.NO_DEBTS))
        case ev.DebtsFound(debts=debts):
            return to_form(state, replace(session, debts=debts), session.service)
        case ev.DocumentComposed(document=document) if document.outcome == "issued":
            return to_form(state, _in_an_open_way(state, session, document), session.service)
        case ev.DocumentComposed():
            return go(state, LookupFailed(LookupTrouble.HAS_DEBTS))
        case ev.ChargeMade(charge=charge):
            return to_form(state, replace(session, charge=charge), session.service)
        case ev.LookupRefused(trouble=trouble):
            return go(state, LookupFailed(trouble))
        case _:
            assert_never(event)


def _in_an_open_way(state: State, session: Session, document: DocumentAnswer) -> Session:
    """The first way to have it that is open now is proposed."""
    session = replace(session, document=document)
    return replace(session, output=next(iter(availability.ways(session, state.devices)), session.output))


def commit_refused(state: State, event: ev.CommitRefused) -> Next:
    """Nothing was registered: a card that was taken meanwhile was taken before the commit."""
    session = state.session
    if session is None or session.id != event.session or not isinstance(state.stage, Committing):
        return stay(state)
    if session.read_a_card and not state.devices.card_present:
        return end(state)
    return go(state, CommitFailed())


def reader_changed(state: State, event: ev.ReaderChanged) -> Next:
    """A reader that goes takes its card along; whoever waits before it is told on the details page."""
    gone = event.condition is not ReaderCondition.READY
    devices = replace(state.devices, reader=event.condition)
    if not gone:
        return stay(replace(state, devices=devices))
    had_card = state.devices.card_present is True
    state = replace(state, devices=replace(devices, card_present=None), card_left=False)
    if isinstance(state.stage, InsertCard | ReadingCard | CardFailed | TooLow) and state.session is not None:
        return to_details(state, state.session)
    return _removed(state) if had_card else stay(state)


def link_changed(state: State, *, up: bool) -> Next:
    return stay(replace(state, devices=replace(state.devices, link=up)))


def standing_changed(state: State, event: ev.StandingChanged) -> Next:
    devices = replace(
        state.devices,
        enrolled=event.enrolled,
        numbers=event.numbers,
        space=event.space,
        clock_trusted=event.clock_trusted,
        local=event.local,
    )
    return stay(replace(state, devices=devices))


def catalogue_verified(state: State, catalogue: Catalogue) -> Next:
    """Taken between sessions; a session ends with the catalogue it began with."""
    if state.session is not None or isinstance(state.stage, Failure):
        return stay(replace(state, next_catalogue=catalogue))
    stage = Attract() if isinstance(state.stage, Starting) else state.stage
    return stay(replace(state, catalogue=catalogue, stage=stage, language=catalogue.languages[0]))


def headset_changed(state: State, *, plugged: bool) -> Next:
    """Plugging it in is an act of somebody; what it switches on is theirs to say."""
    return stay(waiting.acted(replace(state, devices=replace(state.devices, headset=plugged))))


def crashed(state: State, number: str) -> Next:
    """The failsafe screen; the session's data goes at once, and so does paper that has not begun."""
    job = state.session.ticket.job if state.session and state.session.ticket else None
    wiped, effects = end(state)
    drop = (DropPrintJob(job),) if job and isinstance(state.stage, TakeCard | Printing) else ()
    return replace(wiped, stage=Failure(number)), (*drop, *effects)


def recovered(state: State) -> Next:
    if not isinstance(state.stage, Failure):
        return stay(state)
    catalogue = state.next_catalogue or state.catalogue
    if catalogue is None:
        return go(state, Starting())
    return go(replace(state, catalogue=catalogue, next_catalogue=None, language=catalogue.languages[0]), Attract())
