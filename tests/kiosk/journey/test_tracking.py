"""Following a request at the kiosk: a slip is told at once, the digits are never here, an old answer is nobody's."""

from __future__ import annotations

import pytest

from kiosk.catalog.model import Texts
from kiosk.issuing import tracking as codes
from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey import tracking
from kiosk.journey.tracking_stages import TrackCode, Tracked, TrackFailed, Tracking, TrackPin, TrackTrouble
from offline_cache.contract.messages import TicketStatus
from tests.kiosk.journey.test_reducer import START, play, ready

__all__ = ["ready"]

CODE = codes.code("7K2M", 4, 7)
TITLE = Texts.model_validate({"pt-BR": "Ouvidoria", "es": "Quejas", "it": "Segnalazioni", "en": "Complaints"})
STATUS = TicketStatus(
    code=CODE, title=TITLE, department=TITLE, state="received", registered="2026-11-24T14:05:00-03:00",
    arrived="2026-11-24T16:40:00-03:00", answer_by="2026-12-24",
)  # fmt: skip
TO_PIN = (START, ev.TrackAsked(), ev.CodeTyped(CODE), ev.Continued())
TO_ASKING = (*TO_PIN, ev.PinTyped(6), ev.Continued())


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
