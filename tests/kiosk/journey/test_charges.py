"""A fixed amount that somebody must make payable first: asked for before anything is shown of it, paid as it came."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.issuing import pix
from kiosk.journey import availability
from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import state as st
from offline_cache.contract.charges import Charge
from tests.kiosk.journey.test_reducer import START, TICKET, play, ready

CHARGE = Charge(
    kind=GuideKind.PIX_DYNAMIC, number="1", reference="t", amount_cents=1200, payee="PREF", due="2026-11-24",
    code=pix.dynamic(url="pix.example.com/v2/1", name="PREF", city="VILA AURORA", amount_cents=1200),
)  # fmt: skip
TO_CONSULTING = (START, ev.ServiceChosen("zona-azul"), ev.Continued())
__all__ = ["ready"]


def test_the_charge_is_asked_for_without_a_word_about_who_asks(ready):
    state, asked = play(ready, *TO_CONSULTING)
    assert isinstance(state.stage, st.Consulting)
    (look_up,) = asked
    assert isinstance(look_up, ef.LookUp)
    assert (look_up.what, look_up.evidence) == ("charges", None)


def test_what_was_made_payable_goes_from_review_to_paper(ready):
    state, _ = play(ready, *TO_CONSULTING, ev.ChargeMade("s1", CHARGE))
    assert isinstance(state.stage, st.Review)
    assert state.session.charge == CHARGE
    state, asked = play(state, ev.Continued())
    assert asked == [ef.Commit()]
    state, _ = play(state, ev.Committed("s1", TICKET))
    assert isinstance(state.stage, st.Printing)
    assert state.session.charge is None


def test_a_charge_for_who_was_here_before_is_nobodys(ready):
    state, _ = play(ready, *TO_CONSULTING, ev.ChargeMade("s0", CHARGE))
    assert isinstance(state.stage, st.Consulting)
    assert state.session.charge is None


def test_a_centre_that_does_not_answer_is_asked_again_without_a_pin(ready):
    state, asked = play(ready, *TO_CONSULTING, ev.LookupRefused("s1", st.LookupTrouble.NO_LINK), ev.Continued())
    assert isinstance(state.stage, st.Consulting)
    assert [effect.what for effect in asked] == ["charges", "charges"]


def test_a_charge_that_came_is_not_asked_for_twice(ready):
    state, asked = play(ready, *TO_CONSULTING, ev.ChargeMade("s1", CHARGE), ev.WentBack(), ev.Continued())
    assert isinstance(state.stage, st.Review)
    assert len(asked) == 1


@pytest.mark.parametrize("link", [False, None])
def test_without_the_centre_it_is_refused_before_anything_is_asked(ready, link):
    away = replace(ready, devices=replace(ready.devices, link=link))
    service = ready.catalogue.service("zona-azul")
    assert availability.of(service, away) is st.Availability.NO_LINK
    state, asked = play(away, *TO_CONSULTING)
    assert isinstance(state.stage, st.Details)
    assert asked == []
