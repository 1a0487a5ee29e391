"""Answers that come late, from a card, a centre or a store that was asked for somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.catalog.model import Catalogue, Identification, Language
from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import state as st
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.messages import DocumentAnswer
from tests.kiosk.journey.card_checks import PROVED
from tests.kiosk.journey.test_reducer import DEBT, MARIA, TO_PIN, TO_REVIEW, evidence, play, ready

__all__ = ["ready"]
JOAO = replace(MARIA, name="João da Silva", masked_id="***.111.222-**")
TO_CONSULTING = (*TO_PIN, ev.PinTyped(6), ev.Continued(), ev.Proved(evidence(Purpose.LOOKUP), PROVED))
COMMITTING = (*TO_REVIEW, ev.Continued())


@pytest.mark.parametrize(
    "late",
    [
        ev.DebtsFound("s0", JOAO.masked_id, (DEBT,)),
        ev.DebtsFound("s0", MARIA.masked_id, (DEBT,)),
        ev.DocumentComposed("s0", DocumentAnswer(outcome="issued")),
        ev.LookupRefused("s0", st.LookupTrouble.NO_DEBTS),
    ],
)
def test_an_answer_to_the_last_citizen_is_not_shown_to_the_next(ready: st.State, late: ev.Event) -> None:
    state, _ = play(ready, *TO_CONSULTING)
    assert play(state, late) == (state, [])


def test_debts_of_somebody_else_than_the_card_names_are_not_shown(ready: st.State) -> None:
    state, _ = play(ready, *TO_CONSULTING, ev.DebtsFound("s1", JOAO.masked_id, (DEBT,)))
    assert state.stage == st.LookupFailed(st.LookupTrouble.REFUSED)
    assert state.session is not None
    assert state.session.debts == ()


def test_a_proof_for_another_service_is_not_taken(ready: st.State) -> None:
    other = evidence(Purpose.LOOKUP, service="certidao-negativa")
    state, asked = play(ready, *TO_PIN, ev.PinTyped(6), ev.Continued(), ev.Proved(other, PROVED))
    assert isinstance(state.stage, st.CheckingPin)
    assert not any(isinstance(effect, ef.LookUp) for effect in asked)


def test_a_typed_name_is_not_taken_for_a_card_by_the_next_service(ready: st.State, catalogue: Catalogue) -> None:
    by_card = catalogue.service("poda-arvore").model_copy(
        update={"id": "by-card", "identification": Identification.CARD}
    )
    state = replace(ready, catalogue=catalogue.model_copy(update={"services": (*catalogue.services, by_card)}))
    claimed = (ev.Answered("claim:name", "Maria Oliveira"), ev.Answered("claim:national-id", MARIA.national_id))
    state, _ = play(state, ev.Started(Language.PT_BR, "s1"), ev.ServiceChosen("poda-arvore"), ev.Continued(), *claimed)
    state, _ = play(state, ev.Continued(), ev.WentBack(), ev.WentBack(), ev.ServiceChosen("by-card"), ev.Continued())
    assert isinstance(state.stage, st.InsertCard)


def test_a_look_up_that_is_asked_again_is_signed_again(ready: st.State) -> None:
    """The centre takes a nonce once."""
    state, _ = play(ready, *TO_CONSULTING, ev.LookupRefused("s1", st.LookupTrouble.NO_LINK))
    state, asked = play(state, ev.WentBack(), ev.Continued())
    assert isinstance(state.stage, st.CheckingPin)
    assert [type(effect) for effect in asked] == [ef.ProveHolder]


def test_a_card_that_does_not_sign_the_registration_is_read_again_instead_of_failing_for_ever(ready: st.State) -> None:
    state, _ = play(ready, *COMMITTING, ev.CardRefused(st.CardTrouble.UNREADABLE))
    assert isinstance(state.stage, st.CommitFailed)
    state, asked = play(state, ev.Continued())
    assert isinstance(state.stage, st.ReadingCard)
    assert asked == [ef.ReadCard()]
    assert state.session is not None
    assert state.session.answers["debt"] == "d1"


def test_a_store_that_refuses_is_asked_again_with_a_fresh_signature(ready: st.State) -> None:
    written = (*COMMITTING, ev.Proved(evidence(Purpose.COMMIT), PROVED), ev.CommitRefused("s1"))
    state, _ = play(ready, *written)
    assert isinstance(state.stage, st.CommitFailed)
    state, asked = play(state, ev.Continued())
    assert isinstance(state.stage, st.Committing)
    assert [type(effect) for effect in asked] == [ef.ProveHolder]


def test_a_card_error_after_the_proof_does_not_say_that_nothing_was_registered(ready: st.State) -> None:
    state, _ = play(ready, *COMMITTING, ev.Proved(evidence(Purpose.COMMIT), PROVED))
    assert play(state, ev.CardRefused(st.CardTrouble.UNREADABLE)) == (state, [])


def test_a_catalogue_that_came_during_a_failure_is_served_after_it(catalogue: Catalogue) -> None:
    state, _ = play(st.State(), ev.Crashed("1"), ev.CatalogueVerified(catalogue), ev.Recovered())
    assert isinstance(state.stage, st.Attract)
    assert state.catalogue == catalogue


def test_the_first_screen_forgets_who_only_looked(ready: st.State, catalogue: Catalogue) -> None:
    state, _ = play(ready, ev.LanguageChosen(Language.IT), ev.HelpToggled(), ev.Tick(catalogue.limits.idle_s - 1.0))
    assert (state.language, state.overlay) == (Language.IT, st.Help())
    state, _ = play(state, ev.Tick(float(catalogue.limits.idle_s)))
    assert (state.language, state.overlay) == (Language.PT_BR, None)


def test_a_mute_card_is_read_once_for_each_time_it_is_put_in(ready: st.State) -> None:
    mute = (ev.CardRefused(st.CardTrouble.UNREADABLE), ev.CardInserted())
    state, asked = play(ready, *TO_PIN[:4], *mute, *mute, *mute)
    assert asked == [ef.ReadCard()]
    assert state.stage == st.CardFailed(st.CardTrouble.UNREADABLE)
    state, asked = play(state, ev.CardRemoved(), ev.CardInserted())
    assert asked == [ef.ReadCard()]
    assert isinstance(state.stage, st.ReadingCard)
