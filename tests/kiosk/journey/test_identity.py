"""A service asks a level: a card that reaches less is told so in time, with what it may still be used for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.catalog.model import Catalogue, Identification
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey.availability import still_usable
from offline_cache.contract.checks import Check, CheckName, CheckOutcome, Lack, passed
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.national_ids import Scheme
from tests.kiosk.journey.card_checks import PROVED, READ, without
from tests.kiosk.journey.test_reducer import MARIA, START, evidence, play, ready  # noqa: F401

INSERTED = (START, ev.ServiceChosen("iptu"), ev.Continued(), ev.CardInserted())
LOTTE = replace(MARIA, scheme=Scheme.BELGIAN_REGISTER)


def reading(ready: st.State, *events: ev.Event) -> st.State:  # noqa: F811
    return play(ready, *INSERTED, *events)[0]


def test_a_card_that_can_reach_the_level_is_asked_for_its_pin(ready: st.State) -> None:  # noqa: F811
    state = reading(ready, ev.CardRead(MARIA, 3, READ))
    assert isinstance(state.stage, st.EnterPin)
    assert state.session is not None
    assert state.session.holder is not None
    assert state.session.holder.level == 1


@pytest.mark.parametrize(
    ("name", "missing"), [(CheckName.REVOCATION, Lack.REVOCATION), (CheckName.VALIDITY, Lack.CLOCK)]
)
def test_what_no_pin_can_mend_is_told_before_the_pin_is_asked(
    ready: st.State, name: CheckName, missing: Lack  # noqa: F811
) -> None:
    state = reading(ready, ev.CardRead(MARIA, 3, without(name)))
    assert state.stage == st.TooLow(missing, 2)


def test_a_key_that_is_too_short_is_named(ready: st.State) -> None:  # noqa: F811
    short = tuple(Check(CheckName.KEY, CheckOutcome.LOW) if check.name is CheckName.KEY else check for check in READ)
    assert reading(ready, ev.CardRead(MARIA, 3, short)).stage == st.TooLow(Lack.WEAK_KEY, 2)


def test_a_card_without_a_pin_is_told_that_the_service_needs_one(ready: st.State) -> None:  # noqa: F811
    checks = (*READ, passed(CheckName.CHIP))
    assert reading(ready, ev.CardRead(MARIA, None, checks, has_key=False)).stage == st.TooLow(Lack.PIN, 2)


def test_data_that_nobody_signed_is_a_claim(ready: st.State) -> None:  # noqa: F811
    assert reading(ready, ev.CardRead(MARIA, 3, (passed(CheckName.FORMAT),))).stage == st.TooLow(Lack.SIGNATURE, 0)


def test_who_is_known_by_another_number_is_not_told_that_nothing_is_owed(ready: st.State) -> None:  # noqa: F811
    assert isinstance(reading(ready, ev.CardRead(LOTTE, 3, READ)).stage, st.TooLow)


def test_a_proof_that_came_to_less_than_was_asked_leads_nowhere(ready: st.State) -> None:  # noqa: F811
    low = without(CheckName.REVOCATION, PROVED)
    typed = (ev.CardRead(MARIA, 3, READ), ev.PinTyped(6), ev.Continued())
    state, asked = play(ready, *INSERTED, *typed, ev.Proved(evidence(Purpose.LOOKUP), low))
    assert state.stage == st.TooLow(Lack.REVOCATION, 2)
    assert state.session is not None
    assert state.session.evidence is None
    assert state.session.holder is not None
    assert not state.session.holder.proven
    assert not any(type(effect).__name__ == "LookUp" for effect in asked)


def test_heavier_checks_come_while_the_pin_is_typed_and_may_end_it(ready: st.State) -> None:  # noqa: F811
    first = ev.CardRead(MARIA, 3, (passed(CheckName.FORMAT), passed(CheckName.CHAIN)), final=False)
    typing = reading(ready, first)
    assert isinstance(typing.stage, st.EnterPin)
    good, _ = play(typing, ev.CardChecked(READ, has_key=True))
    assert isinstance(good.stage, st.EnterPin)
    low, _ = play(typing, ev.CardChecked(without(CheckName.REVOCATION), has_key=True))
    assert low.stage == st.TooLow(Lack.REVOCATION, 2)


def test_where_the_chip_alone_must_prove_itself_the_kiosk_waits_for_it(
    ready: st.State, catalogue: Catalogue  # noqa: F811
) -> None:
    asks = {"identification": Identification.CARD, "assurance": 2, "lookup": None, "kind": "ticket", "guide": None}
    services = tuple(
        service.model_copy(update=asks) if service.id == "iptu" else service for service in catalogue.services
    )
    state = replace(ready, catalogue=catalogue.model_copy(update={"services": services}))
    waiting = reading(state, ev.CardRead(MARIA, 3, READ, final=False))
    assert isinstance(waiting.stage, st.ReadingCard)
    through, _ = play(waiting, ev.CardChecked((*READ, passed(CheckName.CHIP)), has_key=True))
    assert isinstance(through.stage, st.Question | st.Review)
    copy, _ = play(waiting, ev.CardChecked(READ, has_key=True))
    assert copy.stage == st.TooLow(Lack.CHIP, 3)


def test_what_may_still_be_used_can_be_begun_at_once_and_another_card_tried(ready: st.State) -> None:  # noqa: F811
    state = reading(ready, ev.CardRead(MARIA, 3, without(CheckName.REVOCATION)))
    assert isinstance(state.stage, st.TooLow)
    usable = [service.id for service in still_usable(state, state.stage)]
    assert usable
    assert "iptu" not in usable
    assert "certidao-negativa" not in usable
    onward, _ = play(state, ev.ServiceChosen(usable[0]))
    assert isinstance(onward.stage, st.Details)
    again, _ = play(state, ev.CardRemoved())
    assert isinstance(again.stage, st.InsertCard)
    assert again.session is not None
    assert again.session.holder is None
