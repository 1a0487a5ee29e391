"""Following a request at the kiosk: a slip is told at once, the digits are never here, an old answer is nobody's;
a card opens it where the PIN does not.
"""

from __future__ import annotations

import pytest

from kiosk.catalog.model import Texts
from kiosk.issuing import tracking as codes
from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey import tracking
from kiosk.journey.tracking_stages import TrackCode, Tracked, TrackFailed, Tracking, TrackPin, TrackTrouble
from offline_cache.contract.checks import CheckName, Lack
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.messages import TicketStatus
from offline_cache.contract.status_by_card import STATUS_BY_CARD
from tests.kiosk.journey.card_checks import PROVED, READ, without
from tests.kiosk.journey.test_reducer import MARIA, START, evidence, play, ready

__all__ = ["ready"]

CODE = codes.code("7K2M", 4, 7)
TITLE = Texts.model_validate({"pt-BR": "Ouvidoria", "es": "Quejas", "it": "Segnalazioni", "en": "Complaints"})
STATUS = TicketStatus(
    code=CODE, title=TITLE, department=TITLE, state="received", registered="2026-11-24T14:05:00-03:00",
    arrived="2026-11-24T16:40:00-03:00", answer_by="2026-12-24",
)  # fmt: skip
TO_PIN = (START, ev.TrackAsked(), ev.CodeTyped(CODE), ev.Continued())
TO_ASKING = (*TO_PIN, ev.PinTyped(6), ev.Continued())
USED_UP = (*TO_ASKING, ev.StatusRefused("s1", TrackTrouble.USED_UP))
SIGNED = evidence(Purpose.LOOKUP, service=STATUS_BY_CARD)
TO_CARD = (*USED_UP, ev.TrackByCardAsked(), ev.CardInserted(), ev.CardRead(MARIA, tries_left=3, checks=READ))
TO_PROOF = (*TO_CARD, ev.PinTyped(6), ev.Continued(), ev.Proved(SIGNED, PROVED))


def test_code_and_pin_lead_to_what_became_of_the_request(ready: st.State) -> None:
    state, asked = play(ready, *TO_ASKING)
    assert (state.stage, asked) == (Tracking(), [ef.Track("s1", CODE, ask_centre=True)])
    state, _ = play(state, ev.StatusFound("s1", STATUS))
    assert state.stage == Tracked(STATUS)
    state, _ = play(state, ev.Continued())
    assert state.stage == st.Services()
    assert CODE not in repr(state)


@pytest.mark.parametrize("typed", ["", CODE[:-1], CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), "7K2M-0004-QXA?"])
def test_a_mistyped_code_is_said_before_anything_is_asked(ready: st.State, typed: str) -> None:
    state, asked = play(ready, START, ev.TrackAsked(), ev.CodeTyped(typed), ev.Continued())
    assert (state.stage, asked) == (TrackCode(typed=typed, error=True), [])
    state, _ = play(state, ev.CodeTyped(CODE))
    assert state.stage == TrackCode(typed=CODE)


def test_the_code_of_a_document_is_no_tracking_code() -> None:
    assert tracking.tracking_code(codes.document_code(bytes(10))) is None


def test_a_code_may_be_typed_as_people_do() -> None:
    assert tracking.tracking_code(CODE.lower().replace("-", " ")) == CODE


@pytest.mark.parametrize("count", [0, 5, 7])
def test_fewer_or_more_than_six_digits_are_not_sent(ready: st.State, count: int) -> None:
    state, asked = play(ready, *TO_PIN, ev.PinTyped(count), ev.Continued())
    assert (state.stage, asked) == (TrackPin(typed=count, error=True), [])


def test_without_a_link_only_this_kiosk_is_asked_and_no_digits_are_typed(ready: st.State) -> None:
    state, _ = play(ready, ev.LinkChanged(up=False))
    state, asked = play(state, *TO_PIN)
    assert (state.stage, asked) == (Tracking(), [ef.Track("s1", CODE, ask_centre=False)])


@pytest.mark.parametrize("trouble", TrackTrouble)
def test_every_trouble_has_a_way_on_and_a_way_back(ready: st.State, trouble: TrackTrouble) -> None:
    failed, _ = play(ready, *TO_ASKING, ev.StatusRefused("s1", trouble))
    assert failed.stage == TrackFailed(trouble)
    again = trouble in tracking.AGAIN
    assert play(failed, ev.Continued())[0].stage == (TrackCode(typed=CODE) if again else st.Services())
    assert play(failed, ev.WentBack())[0].stage == st.Services()


def test_an_answer_of_another_session_or_another_code_shows_nothing(ready: st.State) -> None:
    state, _ = play(ready, *TO_ASKING)
    assert play(state, ev.StatusFound("s0", STATUS))[0].stage == Tracking()
    other = STATUS.model_copy(update={"code": codes.code("7K2M", 5, 7)})
    assert play(state, ev.StatusFound("s1", other))[0].stage == TrackFailed(TrackTrouble.REFUSED)


def test_back_leads_from_the_digits_to_the_code_and_then_to_where_one_came_from(ready: st.State) -> None:
    state, _ = play(ready, START, ev.SearchAsked(), ev.QueryTyped("x"), ev.TrackAsked(), ev.CodeTyped(CODE))
    state, _ = play(state, ev.Continued(), ev.PinTyped(3), ev.WentBack())
    assert state.stage == TrackCode(typed=CODE)
    state, _ = play(state, ev.WentBack())
    assert state.stage == st.Searching("x")


def test_the_steps_say_what_has_happened_and_what_comes() -> None:
    registered, received, answer = tracking.steps_of(STATUS)
    assert (registered.at, registered.done) == (STATUS.registered, True)
    assert (received.at, received.done) == (STATUS.arrived, True)
    assert (answer.at, answer.done) == ("2026-12-24", False)


def test_a_code_that_is_used_up_is_opened_by_card_and_pin(ready: st.State) -> None:
    state, _ = play(ready, *USED_UP, ev.TrackByCardAsked())
    assert state.stage == st.InsertCard()
    state, asked = play(ready, *TO_CARD)
    assert state.stage == st.EnterPin(tries_left=3)
    state, asked = play(state, ev.PinTyped(6), ev.Continued())
    assert state.stage == st.CheckingPin()
    assert asked == [ef.ProveHolder(Purpose.LOOKUP, "s1", STATUS_BY_CARD, needs_centre=True)]
    state, asked = play(state, ev.Proved(SIGNED, PROVED))
    assert (state.stage, asked) == (Tracking(), [ef.Track("s1", CODE, ask_centre=True, evidence=SIGNED)])
    state, _ = play(state, ev.StatusFound("s1", STATUS))
    assert state.stage == Tracked(STATUS)
    state, _ = play(state, ev.WentBack())
    assert state.stage == st.Services()
    assert CODE not in repr(state)
    assert MARIA.name not in repr(state.session)


@pytest.mark.parametrize("trouble", set(TrackTrouble) - tracking.CARD_OPENS)
def test_where_no_card_helps_none_is_asked_for(ready: st.State, trouble: TrackTrouble) -> None:
    failed, _ = play(ready, *TO_ASKING, ev.StatusRefused("s1", trouble))
    assert play(failed, ev.TrackByCardAsked())[0] == failed


def test_without_a_reader_no_card_is_asked_for_and_without_a_link_it_is_said(ready: st.State) -> None:
    failed, _ = play(ready, *USED_UP)
    blind, _ = play(failed, ev.ReaderChanged(st.ReaderCondition.ABSENT))
    assert not tracking.card_opens(blind)
    assert play(blind, ev.TrackByCardAsked())[0].stage == failed.stage
    cut, _ = play(failed, ev.LinkChanged(up=False), ev.TrackByCardAsked())
    assert cut.stage == TrackFailed(TrackTrouble.NO_LINK)


def test_a_link_that_dies_before_the_proof_is_said_and_asks_nothing(ready: st.State) -> None:
    state, _ = play(ready, *TO_CARD, ev.PinTyped(6), ev.Continued())
    state, asked = play(state, ev.LookupRefused("s1", st.LookupTrouble.NO_LINK))
    assert (state.stage, asked) == (TrackFailed(TrackTrouble.NO_LINK), [])


def test_a_proof_of_something_else_opens_nothing(ready: st.State) -> None:
    state, _ = play(ready, *TO_CARD, ev.PinTyped(6), ev.Continued())
    others = (
        evidence(Purpose.LOOKUP), evidence(Purpose.COMMIT, service=STATUS_BY_CARD),
        evidence(Purpose.LOOKUP, "s0", STATUS_BY_CARD),
    )  # fmt: skip
    for other in others:
        assert play(state, ev.Proved(other, PROVED)) == (state, [])


def test_a_card_that_proves_too_little_is_not_asked_for_its_pin(ready: st.State) -> None:
    low = ev.CardRead(MARIA, tries_left=3, checks=without(CheckName.REVOCATION))
    state, _ = play(ready, *TO_CARD[:-1], low)
    assert state.stage == st.TooLow(Lack.REVOCATION, 2)
    assert play(state, ev.WentBack())[0].stage == TrackCode(typed=CODE)


def test_what_the_centre_refuses_to_a_card_is_said_of_the_card(ready: st.State) -> None:
    state, _ = play(ready, *TO_PROOF, ev.StatusRefused("s1", TrackTrouble.REFUSED))
    assert state.stage == TrackFailed(TrackTrouble.NOT_BY_CARD)
    state, _ = play(state, ev.Continued())
    assert state.stage == TrackCode(typed=CODE)
    assert state.session is not None
    assert (state.session.holder, state.session.by_card) == (None, False)


@pytest.mark.parametrize("upto", range(len(TO_CARD), len(TO_PROOF) + 1))
def test_taking_the_card_out_ends_the_visit(ready: st.State, upto: int) -> None:
    state, _ = play(ready, *TO_PROOF[:upto])
    state, asked = play(state, ev.CardRemoved())
    assert state.stage == st.Attract()
    assert ef.Wipe() in asked


def test_taking_the_card_out_ends_the_visit_before_what_it_opened_too(ready: st.State) -> None:
    state, _ = play(ready, *TO_PROOF, ev.StatusFound("s1", STATUS), ev.CardRemoved())
    assert (state.stage, state.session) == (st.Attract(), None)


def test_who_has_shown_a_card_here_begins_no_anonymous_request_in_the_same_visit(ready: st.State) -> None:
    state, _ = play(ready, *TO_PROOF, ev.StatusFound("s1", STATUS), ev.WentBack())
    state, _ = play(state, ev.ServiceChosen("ouvidoria"), ev.Continued())
    assert state.session is None


def test_a_service_that_is_chosen_instead_asks_for_itself(ready: st.State) -> None:
    low = ev.CardRead(MARIA, tries_left=3, checks=without(CheckName.REVOCATION))
    state, _ = play(ready, *TO_CARD[:-1], low, ev.ServiceChosen("poda-arvore"))
    assert state.session is not None
    assert (state.stage, state.session.by_card) == (st.Details(), False)
