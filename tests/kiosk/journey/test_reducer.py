"""The session's reducer: what a citizen meets, step by step, as tables one can read."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey.reducer import reduce
from offline_cache.contract.evidence import Evidence, Purpose, Statement
from offline_cache.contract.messages import Debt, DocumentAnswer
from tests.kiosk.journey.card_checks import PROVED, READ

MARIA = st.Holder(name="Maria das Dores Oliveira", national_id="52998224725", masked_id="***.982.247-**")
DEBT = Debt(
    id="d1", title="IPTU 2026", detail="Rua das Magnólias, 210", amount_cents=41280, due="2026-12-10",
    guide_number="2026.0004711-3", free_field="2026121000000000000004711", txid="VA1",
)  # fmt: skip
TICKET = st.Ticket(id="t", code="7K2M-0004-QXAW", pin="482711", job="j", title="IPTU 2026")


@pytest.fixture
def ready(catalogue: Catalogue) -> st.State:
    """A kiosk on its attract screen with everything in order."""
    devices = st.Devices(
        printer=st.PrinterCondition.READY, reader=st.ReaderCondition.READY, link=True, enrolled=True,
        numbers=(("taxas", 40),), card_present=False,
    )  # fmt: skip
    return st.State(catalogue=catalogue, devices=devices, stage=st.Attract())


def evidence(purpose: Purpose, session: str = "s1", service: str = "iptu") -> Evidence:
    statement = Statement(
        purpose=purpose, kiosk="VA-017", session=session, service=service,
        nonce=base64.b64encode(bytes(32)).decode(), nonce_of_centre=True,
    )  # fmt: skip
    return Evidence(statement=statement, certificates=("AA==",), signature="AA==")


def play(state: st.State, *events: ev.Event) -> tuple[st.State, list[ef.Effect]]:
    asked: list[ef.Effect] = []
    for event in events:
        state, effects = reduce(state, event)
        asked += effects
    return state, asked


START = ev.Started(Language.PT_BR, "s1")
TO_PIN = (
    START, ev.ServiceChosen("iptu"), ev.Continued(), ev.CardInserted(), ev.CardRead(MARIA, tries_left=3, checks=READ),
)  # fmt: skip
TO_REVIEW = (
    *TO_PIN, ev.PinTyped(6), ev.Continued(), ev.Proved(evidence(Purpose.LOOKUP), PROVED),
    ev.DebtsFound("s1", MARIA.masked_id, (DEBT,)), ev.Answered("debt", "d1"), ev.Continued(),
)  # fmt: skip
TO_TAKE_CARD = (*TO_REVIEW, ev.Continued(), ev.Proved(evidence(Purpose.COMMIT), PROVED), ev.Committed("s1", TICKET))


def test_a_guide_goes_from_card_to_pin_to_debts_to_review_to_commit_to_card_out_to_paper(ready: st.State) -> None:
    state, asked = play(ready, *TO_TAKE_CARD)
    assert isinstance(state.stage, st.TakeCard)
    assert [type(effect) for effect in asked] == [ef.ReadCard, ef.ProveHolder, ef.LookUp, ef.ProveHolder, ef.Commit]
    state, asked = play(state, ev.CardRemoved())
    assert isinstance(state.stage, st.Printing)
    assert asked == [ef.ReleasePrintJob("j", 120)]
    state, _ = play(state, ev.JobChanged("j", st.JobState.SENDING, 0.4), ev.JobChanged("j", st.JobState.CONFIRMED, 1))
    assert state.stage == st.Done(st.JobState.CONFIRMED)
    state, asked = play(state, ev.Rated(5), ev.Rated(1), ev.Continued())
    assert asked == [ef.SendRating("iptu", 5), ef.Wipe()]
    assert (state.session, type(state.stage)) == (None, st.Attract)


def test_no_paper_is_released_while_the_card_is_in_the_reader(ready: st.State) -> None:
    _, asked = play(ready, *TO_TAKE_CARD, ev.PrinterChanged(st.PrinterCondition.READY), ev.Tick(5))
    assert not any(isinstance(effect, ef.ReleasePrintJob) for effect in asked)


@pytest.mark.parametrize("upto", range(len(TO_PIN), len(TO_REVIEW) + 2))
def test_before_the_commit_removing_the_card_ends_the_session_and_wipes_it(ready: st.State, upto: int) -> None:
    state, _ = play(ready, *TO_TAKE_CARD[:upto])
    state, asked = play(state, ev.CardRemoved())
    assert state.session is None
    assert asked == [ef.Wipe()]


def test_after_the_commit_nothing_the_card_does_ends_the_session(ready: st.State) -> None:
    state, _ = play(ready, *TO_TAKE_CARD, ev.CardRemoved(), ev.CardInserted(), ev.CardRemoved(), ev.Ended())
    assert isinstance(state.stage, st.Printing)
    assert state.session is not None


def test_a_wrong_pin_shows_the_tries_left_and_the_last_one_is_never_used(ready: st.State) -> None:
    state, _ = play(ready, *TO_PIN, ev.PinTyped(6), ev.Continued(), ev.PinRefused(2))
    assert state.stage == st.EnterPin(tries_left=2, wrong=True)
    state, asked = play(state, ev.PinTyped(6), ev.Continued(), ev.PinRefused(1))
    assert state.stage == st.CardFailed(st.CardTrouble.LAST_TRY)
    assert len(asked) == 1


def test_a_card_at_its_last_try_is_not_asked_for_its_pin(ready: st.State) -> None:
    last = ev.CardRead(MARIA, tries_left=1, checks=READ)
    state, asked = play(ready, *TO_PIN[:-1], last, ev.PinTyped(6), ev.Continued())
    assert state.stage == st.CardFailed(st.CardTrouble.LAST_TRY)
    assert not any(isinstance(effect, ef.ProveHolder) for effect in asked)


def test_a_card_left_behind_is_not_read_for_who_comes_next(ready: st.State) -> None:
    state, _ = play(ready, *TO_PIN, ev.Ended())
    state, asked = play(state, ev.Started(Language.ES, "s2"), ev.ServiceChosen("iptu"), ev.Continued())
    assert state.stage == st.CardFailed(st.CardTrouble.LEFT_BEHIND)
    assert asked == []
    state, asked = play(state, ev.CardRemoved(), ev.CardInserted())
    assert asked == [ef.ReadCard()]


TO_CARD = (ev.Started(Language.ES, "s2"), ev.ServiceChosen("iptu"), ev.Continued())


def test_a_card_left_behind_is_not_read_when_a_fresh_worker_reports_it_again(ready: st.State) -> None:
    state, asked = play(ready, *TO_PIN, ev.Ended(), ev.CardInserted(), *TO_CARD, ev.CardInserted())
    assert state.stage == st.CardFailed(st.CardTrouble.LEFT_BEHIND)
    assert asked == [ef.ReadCard(), ef.Wipe()]


@pytest.mark.parametrize(
    "found",
    [
        (ev.ReaderChanged(st.ReaderCondition.ABSENT), ev.ReaderChanged(st.ReaderCondition.READY), ev.CardInserted()),
        (ev.CardRemoved(), ev.ReaderChanged(st.ReaderCondition.ABSENT), ev.CardInserted()),
    ],
)
def test_a_card_found_in_a_reader_that_came_back_is_not_read(ready: st.State, found: tuple[ev.Event, ...]) -> None:
    back = ev.ReaderChanged(st.ReaderCondition.READY)
    state, asked = play(ready, *TO_PIN, ev.Ended(), *found, back, *TO_CARD)
    assert state.stage == st.CardFailed(st.CardTrouble.LEFT_BEHIND)
    assert asked == [ef.ReadCard(), ef.Wipe()]


def test_a_card_that_is_there_when_the_kiosk_starts_is_not_read(ready: st.State) -> None:
    started = replace(ready, devices=replace(ready.devices, card_present=None))
    state, asked = play(started, ev.CardInserted(), *TO_CARD)
    assert state.stage == st.CardFailed(st.CardTrouble.LEFT_BEHIND)
    assert asked == []
    state, asked = play(started, *TO_CARD, ev.CardInserted())
    assert state.stage == st.CardFailed(st.CardTrouble.LEFT_BEHIND)
    assert asked == []


def test_the_citizens_own_card_is_read_again_when_the_worker_died(ready: st.State) -> None:
    state, asked = play(ready, *TO_PIN, ev.CardRefused(st.CardTrouble.UNREADABLE), ev.CardInserted())
    assert state.stage == st.ReadingCard()
    assert asked == [ef.ReadCard(), ef.ReadCard()]


def test_a_proof_of_another_session_or_purpose_is_not_taken(ready: st.State) -> None:
    asking = (*TO_PIN, ev.PinTyped(6), ev.Continued())
    for wrong in (evidence(Purpose.COMMIT), evidence(Purpose.LOOKUP, session="s0")):
        state, asked = play(ready, *asking, ev.Proved(wrong, PROVED))
        assert isinstance(state.stage, st.CheckingPin)
        assert not any(isinstance(effect, ef.LookUp) for effect in asked)


def test_a_claim_is_never_shown_as_proof(ready: st.State) -> None:
    state, _ = play(ready, *TO_PIN)
    assert state.session is not None
    assert state.session.holder is not None
    assert not state.session.holder.proven


def test_offline_a_looked_up_service_is_refused_before_its_form(ready: st.State) -> None:
    state, asked = play(ready, ev.LinkChanged(up=False), START, ev.ServiceChosen("iptu"), ev.Continued())
    assert isinstance(state.stage, st.Details)
    assert asked == []


def test_offline_a_fee_guide_is_issued_and_refused_when_no_number_is_left(ready: st.State) -> None:
    begin = (START, ev.ServiceChosen("taxa-alvara"), ev.Continued())
    state, _ = play(ready, ev.LinkChanged(up=False), *begin)
    assert isinstance(state.stage, st.Question)
    none_left = ev.StandingChanged(enrolled=True, numbers=(("taxas", 0),), space=True, clock_trusted=True)
    state, _ = play(ready, none_left, *begin)
    assert isinstance(state.stage, st.Details)


def test_when_the_link_dies_after_the_form_has_begun_the_answers_stay(ready: st.State) -> None:
    state, _ = play(ready, START, ev.ServiceChosen("ouvidoria"), ev.Continued(), ev.Answered("tipo", "reclamacao"))
    state, _ = play(state, ev.LinkChanged(up=False), ev.Continued())
    assert state.session is not None
    assert state.session.answers["tipo"] == "reclamacao"


def test_a_missing_answer_keeps_the_page_and_says_so(ready: st.State) -> None:
    state, _ = play(ready, START, ev.ServiceChosen("ouvidoria"), ev.Continued(), ev.Continued())
    assert state.stage == st.Question(0, error=True)


def test_paper_out_in_the_middle_is_said_and_passes_when_it_is_mended(ready: st.State) -> None:
    state, _ = play(ready, *TO_TAKE_CARD, ev.CardRemoved(), ev.PrinterChanged(st.PrinterCondition.PAPER_OUT))
    assert isinstance(state.stage, st.Printing)
    assert state.stage.trouble is st.PrinterCondition.PAPER_OUT
    state, _ = play(state, ev.PrinterChanged(st.PrinterCondition.READY))
    assert isinstance(state.stage, st.Printing)
    assert state.stage.trouble is None


@pytest.mark.parametrize("end", [st.JobState.UNKNOWN, st.JobState.FAILED, st.JobState.ABANDONED])
def test_what_was_not_confirmed_is_never_called_printed(ready: st.State, end: st.JobState) -> None:
    state, _ = play(ready, *TO_TAKE_CARD, ev.CardRemoved(), ev.JobChanged("j", end))
    assert state.stage == st.Done(end)


def test_idle_warns_for_at_least_twenty_seconds_then_wipes(ready: st.State, catalogue: Catalogue) -> None:
    limits = catalogue.limits
    state, _ = play(ready, *TO_REVIEW, ev.Tick(limits.idle_s))
    assert isinstance(state.overlay, st.IdleWarning)
    assert state.overlay.seconds_left >= 20
    again, _ = play(state, ev.StillHere(), ev.Tick(limits.idle_s + limits.warning_s + 1))
    assert again.session is not None
    state, asked = play(state, ev.Touched(), ev.Tick(limits.idle_s + limits.warning_s))
    assert state.session is None
    assert asked == [ef.Wipe()]


def test_a_crash_wipes_the_session_and_the_kiosk_comes_back(ready: st.State) -> None:
    state, asked = play(ready, *TO_REVIEW, ev.Crashed("017-3826"))
    assert (state.session, state.stage) == (None, st.Failure("017-3826"))
    assert ef.Wipe() in asked
    state, _ = play(state, ev.Recovered())
    assert isinstance(state.stage, st.Attract)


def test_a_crash_before_the_card_is_out_lets_no_paper_come_for_the_next_one(ready: st.State) -> None:
    _, asked = play(ready, *TO_TAKE_CARD, ev.Crashed("017-3826"))
    assert ef.DropPrintJob("j") in asked


def test_a_new_catalogue_waits_for_the_end_of_the_session(ready: st.State, catalogue: Catalogue) -> None:
    newer = catalogue.model_copy(update={"version": catalogue.version + 1})
    state, _ = play(ready, *TO_REVIEW, ev.CatalogueVerified(newer))
    assert state.catalogue == catalogue
    state, _ = play(state, ev.Ended())
    assert state.catalogue == newer


def test_a_certificate_with_open_debts_is_refused_in_words(ready: st.State) -> None:
    refused = DocumentAnswer(outcome="refused", reason="has-debts")
    asking = (
        START, ev.ServiceChosen("certidao-negativa"), ev.Continued(), ev.CardInserted(), ev.CardRead(MARIA, 3, READ),
        ev.PinTyped(6), ev.Continued(), ev.Proved(evidence(Purpose.LOOKUP, service="certidao-negativa"), PROVED),
    )  # fmt: skip
    state, _ = play(ready, *asking, ev.DocumentComposed("s1", refused))
    assert state.stage == st.LookupFailed(st.LookupTrouble.HAS_DEBTS)


def test_who_showed_a_card_cannot_become_anonymous_without_starting_again(ready: st.State) -> None:
    state, _ = play(ready, *TO_PIN, ev.WentBack(), ev.WentBack(), ev.ServiceChosen("ouvidoria"), ev.Continued())
    assert state.session is None


def test_a_reader_that_goes_takes_the_waiting_citizen_back_to_the_details(ready: st.State) -> None:
    state, _ = play(ready, START, ev.ServiceChosen("iptu"), ev.Continued())
    state, _ = play(state, ev.ReaderChanged(st.ReaderCondition.ABSENT))
    assert isinstance(state.stage, st.Details)


def test_a_typed_identity_needs_a_name_and_a_valid_cpf(ready: st.State) -> None:
    claim = (START, ev.ServiceChosen("poda-arvore"), ev.Continued())
    typed = (ev.Answered("claim:name", "Maria Oliveira"), ev.Answered("claim:national-id", "529.982.247-26"))
    state, _ = play(ready, *claim, *typed, ev.Continued())
    assert state.stage == st.Claim(error=True)
    state, _ = play(state, ev.Answered("claim:national-id", "529.982.247-25"), ev.Continued())
    assert state.session is not None
    assert state.session.holder == replace(MARIA, name="Maria Oliveira", proven=False)


@pytest.mark.parametrize(("refused", "tries"), [((), 3), ((ev.PinRefused(2), ev.PinTyped(6), ev.Continued()), 2)])
def test_after_a_pin_that_never_reached_the_card_trying_again_asks_for_the_pin_again(
    ready: st.State, refused: tuple[ev.Event, ...], tries: int,
) -> None:
    no_link = ev.LookupRefused("s1", st.LookupTrouble.NO_LINK)
    state, _ = play(ready, *TO_PIN, ev.PinTyped(6), ev.Continued(), *refused, no_link)
    assert state.stage == st.LookupFailed(st.LookupTrouble.NO_LINK)
    state, asked = play(state, ev.Continued())
    assert (state.stage, asked) == (st.EnterPin(tries_left=tries), [])


def test_after_a_proof_trying_the_centre_again_needs_no_pin(ready: st.State) -> None:
    no_link = ev.LookupRefused("s1", st.LookupTrouble.NO_LINK)
    proved = ev.Proved(evidence(Purpose.LOOKUP), PROVED)
    state, _ = play(ready, *TO_PIN, ev.PinTyped(6), ev.Continued(), proved, no_link)
    state, asked = play(state, ev.Continued())
    assert isinstance(state.stage, st.CheckingPin)
    assert [type(effect) for effect in asked] == [ef.ProveHolder]
