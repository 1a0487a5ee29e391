"""What the citizen's own acts do."""

from __future__ import annotations

from dataclasses import replace

from kiosk.catalog import id_numbers
from kiosk.catalog.model import Language, Output, Service
from kiosk.issuing.id_names import SCHEME_OF
from kiosk.journey import availability, form, tracking, tray
from kiosk.journey.effects import SendRating
from kiosk.journey.search import MOST_LETTERS
from kiosk.journey.session import (
    Next,
    commit,
    end,
    go,
    identify,
    look_up,
    needs_proof,
    prove,
    prove_for,
    stay,
    to_details,
    to_form,
    with_session,
)
from kiosk.journey.state import (
    BEFORE_COMMIT,
    Availability,
    CardFailed,
    Claim,
    ClearTray,
    CommitFailed,
    Committing,
    Details,
    Done,
    EnterPin,
    Help,
    Holder,
    InsertCard,
    LanguageChoice,
    LookupFailed,
    LookupTrouble,
    Question,
    Review,
    Searching,
    Services,
    Session,
    State,
    TooLow,
)
from kiosk.journey.tracking_stages import TrackCode, Tracked, TrackFailed, TrackPin
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.national_ids import NationalId
from offline_cache.contract.status_by_card import STATUS_BY_CARD

# The two answers of the claim page live beside the form's, under names no field can have.
CLAIM_NAME, CLAIM_ID = "claim:name", "claim:national-id"
PIN_DIGITS = range(4, 9)


def service_chosen(state: State, service_id: str) -> Next:
    session, catalogue = state.session, state.catalogue
    if session is None or catalogue is None or not isinstance(state.stage, Services | Searching | TooLow):
        return stay(state)
    try:
        service = catalogue.service(service_id)
    except KeyError:
        return stay(state)
    # Answers, what was looked up and who is here belong to one service: a name that was typed for the one before must
    # not stand where this one asks a card.
    fresh = replace(
        session, service=service, answers={}, debts=(), document=None, charge=None, holder=None, evidence=None,
        paper=True, output=service.outputs[0], queued=False, by_card=False,
        came_from=session.came_from if isinstance(state.stage, TooLow) else state.stage,
    )
    if service.kind == "tracking":
        return tracking.to_code(state, fresh, "")
    return to_details(state, fresh)


def category_chosen(state: State, category: str | None) -> Next:
    return go(state, Services(category)) if isinstance(state.stage, Services) else stay(state)


def search_asked(state: State) -> Next:
    return go(state, Searching()) if isinstance(state.stage, Services) else stay(state)


def query_typed(state: State, query: str) -> Next:
    return go(state, Searching(query[:MOST_LETTERS])) if isinstance(state.stage, Searching) else stay(state)


def continued(state: State) -> Next:
    session = state.session
    if session is None:
        return stay(state)
    service = session.service
    match state.stage:
        case Done():
            # The last button says that the paper is in the citizen's hand, where there is one.
            return end(replace(state, stage=replace(state.stage, taken=True)))
        case ClearTray():
            return tray.cleared(state)
        case TrackCode() | TrackPin() | Tracked() | TrackFailed():
            return tracking.continued(state, session)
        case EnterPin(typed=typed, pad=pad) if session.by_card and (pad or typed in PIN_DIGITS):
            return prove(state, session, STATUS_BY_CARD, Purpose.LOOKUP, centre=True)
        case _ if service is None:
            return stay(state)
        case Details():
            return _from_details(state, session, service)
        case Claim():
            return _claimed(state, session, service)
        case EnterPin(typed=typed, pad=pad) if pad or typed in PIN_DIGITS:
            return prove_for(state, session, service, Purpose.LOOKUP)
        case LookupFailed(trouble=LookupTrouble.NO_LINK):
            return _asked_again(state, session, service)
        case LookupFailed():
            return _to_services(state, session)
        case Question(index=index):
            return _answered_page(state, session, index)
        case Review() | CommitFailed():
            return commit(state, session, service)
        case _:
            return stay(state)


def _from_details(state: State, session: Session, service: Service) -> Next:
    if service.kind == "info":
        return _to_services(state, session)
    standing = availability.of(service, state)
    if standing not in availability.BEGINNABLE:
        return stay(state)
    session = replace(session, queued=standing is Availability.QUEUED)
    if service.anonymous and session.read_a_card:
        # Whoever showed a card here is not anonymous any more: the visit starts again.
        return end(state)
    return identify(state, session, service)


def _to_services(state: State, session: Session) -> Next:
    """To where the service was chosen."""
    return go(with_session(state, replace(session, service=None)), session.came_from)


def _claimed(state: State, session: Session, service: Service) -> Next:
    from kiosk.issuing import masks

    schemes = state.catalogue.claimed_ids if state.catalogue else ()
    name = session.answers.get(CLAIM_NAME, "").strip()
    number = id_numbers.compact(session.answers.get(CLAIM_ID, ""))
    kind = id_numbers.scheme_of(schemes, number)
    if not name or kind is None:
        return go(state, Claim(error=True))
    scheme = SCHEME_OF[kind]
    masked = masks.mask(NationalId(scheme, number))
    holder = Holder(name=name, national_id=number, masked_id=masked, scheme=scheme)
    return to_form(state, replace(session, holder=holder), service)


def _asked_again(state: State, session: Session, service: Service) -> Next:
    """A PIN that the card never saw is gone: without it nobody is proven, so it is typed again. What may be asked for
    without a link is asked for so now.
    """
    session = replace(session, queued=availability.of(service, state) is Availability.QUEUED)
    if service.lookup == "charge" and not needs_proof(service):
        return look_up(state, session, service, None)
    if session.holder is None or not session.holder.proven:
        return go(with_session(state, replace(session, awaiting=None)), EnterPin(session.tries_left, pad=session.pad))
    return prove_for(state, session, service, Purpose.LOOKUP)


def _answered_page(state: State, session: Session, index: int) -> Next:
    if form.why_wrong(form.page_at(session, index), session, state) is not None:
        return go(state, Question(index, error=True))
    following = index + 1
    return go(state, Question(following) if following < len(form.pages(session)) else Review())


def went_back(state: State) -> Next:
    session = state.session
    if session is None:
        return stay(state)
    match state.stage:
        case Services(category=None):
            return end(state)
        case Services():
            return go(state, Services())
        case Searching():
            return go(state, Services())
        case TrackCode() | TrackPin() | Tracked() | TrackFailed():
            return tracking.went_back(state, session)
        case InsertCard() | CardFailed() | TooLow() | EnterPin() if session.by_card:
            return tracking.to_code(state, session, session.tracked_code or "")
        case Details():
            return _to_services(state, session)
        case Question(index=index) if index > 0:
            return go(state, Question(index - 1))
        case Review() if session.service is not None and session.service.questions:
            return go(state, Question(len(form.pages(session)) - 1))
        case CommitFailed():
            return go(state, Review())
        case Claim() | InsertCard() | CardFailed() | TooLow() | EnterPin() | LookupFailed() | Question() | Review():
            return to_details(state, session)
        case _:
            return stay(state)


def ended(state: State) -> Next:
    """`Encerrar`, offered until the commit begins and again when all is done."""
    if state.session is None or isinstance(state.stage, Committing):
        return stay(state)
    if isinstance(state.stage, (*BEFORE_COMMIT, Done)):
        return end(state)
    return stay(state)


def answered(state: State, field_id: str, value: str) -> Next:
    session = state.session
    if session is None or not isinstance(state.stage, (Question, Claim)):
        return stay(state)
    updated = with_session(state, replace(session, answers={**session.answers, field_id: value}))
    return replace(updated, stage=replace(state.stage, error=False)), ()


def change_asked(state: State, field_id: str) -> Next:
    session = state.session
    if session is None or session.service is None or not isinstance(state.stage, Review):
        return stay(state)
    for index, page in enumerate(form.pages(session)):
        if page.id == field_id:
            return go(state, Question(index))
    return stay(state)


def paper_chosen(state: State, *, wanted: bool) -> Next:
    session = state.session
    if session is None or session.service is None or not isinstance(state.stage, Review):
        return stay(state)
    if session.service.paper != "optional":
        return stay(state)
    return stay(with_session(state, replace(session, paper=wanted)))


def output_chosen(state: State, output: Output) -> Next:
    session = state.session
    if session is None or not isinstance(state.stage, Review):
        return stay(state)
    if output not in availability.ways(session, state.devices):
        return stay(state)
    return stay(with_session(state, replace(session, output=output)))


def rated(state: State, stars: int) -> Next:
    session = state.session
    if session is None or session.service is None or not isinstance(state.stage, Done) or state.stage.stars:
        return stay(state)
    return go(state, replace(state.stage, stars=stars), SendRating(service=session.service.id, stars=stars))


def help_toggled(state: State) -> Next:
    return replace(state, overlay=None if isinstance(state.overlay, Help) else Help()), ()


def language_toggled(state: State) -> Next:
    return replace(state, overlay=None if isinstance(state.overlay, LanguageChoice) else LanguageChoice()), ()


def language_chosen(state: State, language: Language) -> Next:
    session = replace(state.session, language=language) if state.session else None
    return replace(state, language=language, session=session, overlay=None), ()


def pin_typed(state: State, count: int) -> Next:
    match state.stage:
        case EnterPin() as stage:
            return go(state, replace(stage, typed=count))
        case TrackPin():
            return go(state, TrackPin(typed=count))
        case _:
            return stay(state)
