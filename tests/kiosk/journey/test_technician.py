"""A technician gets in by card and PIN alone, out with the card, and leaves a line in the audit log each time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey.technician import IDLE_S, lock_s
from kiosk.journey.technician_stages import TechnicianFailed, TechnicianMode, TechnicianPin
from offline_cache.contract.staff import Role, Technician, TechnicianTrouble
from tests.kiosk.journey.test_reducer import START, play, ready  # noqa: F401

RITA = Technician("Rita Lima", Role.TECHNICIAN, ("VA-*",), "7f3a", "2026-11-01")
SEEN = (ev.CardInserted(), ev.TechnicianSeen(RITA, 3))
TYPED = (ev.PinTyped(6), ev.Continued())
IN = (*SEEN, *TYPED, ev.TechnicianProved())


def acts(asked: list[ef.Effect]) -> list[str]:
    return [effect.act for effect in asked if isinstance(effect, ef.NoteTechnician)]


def test_card_and_pin_let_in_and_every_step_is_recorded(ready: st.State) -> None:  # noqa: F811
    state, asked = play(ready, *IN)
    assert state.stage == TechnicianMode(RITA)
    assert state.session is None
    assert ef.LookForTechnician() in asked
    assert acts(asked) == ["seen", "in"]
    assert next(effect for effect in asked if isinstance(effect, ef.NoteTechnician)).certificate == "7f3a"


@pytest.mark.parametrize(
    "going", [ev.CardRemoved(), ev.ReaderChanged(st.ReaderCondition.ABSENT), ev.WentBack(), ev.Tick(IDLE_S + 1.0)]
)
def test_the_card_s_going_logs_out(ready: st.State, going: ev.Event) -> None:  # noqa: F811
    state, _ = play(ready, *IN)
    state, asked = play(state, going)
    assert isinstance(state.stage, st.Attract)
    assert acts(asked) == ["out"]
    assert ef.Wipe() in asked


def test_a_technician_s_card_left_behind_is_not_read_for_who_comes_next(ready: st.State) -> None:  # noqa: F811
    state, _ = play(ready, *IN, ev.WentBack(), START, ev.ServiceChosen("iptu"), ev.Continued())
    assert state.stage == st.CardFailed(st.CardTrouble.LEFT_BEHIND)


def test_wrong_pins_lock_longer_each_time_and_a_right_one_forgives(ready: st.State) -> None:  # noqa: F811
    assert [lock_s(failures) for failures in (0, 1, 2, 3, 4, 8, 50)] == [0, 0, 60, 120, 240, 3600, 3600]
    state, asked = play(ready, *SEEN, *TYPED, ev.TechnicianPinRefused(2))
    assert state.stage == TechnicianPin(RITA, 2, wrong=True)
    assert ef.KeepLockout(1) in asked
    state, asked = play(state, *TYPED, ev.TechnicianRefused(TechnicianTrouble.LAST_TRY))
    assert ef.KeepLockout(2) in asked
    state, asked = play(state, ev.CardRemoved(), *SEEN)
    assert state.stage == TechnicianFailed(None, 60.0)
    assert acts(asked)[-1] == "locked"
    state, _ = play(state, ev.CardRemoved(), ev.Tick(61.0), *SEEN)
    assert isinstance(state.stage, TechnicianPin)
    state, asked = play(state, *TYPED, ev.TechnicianProved())
    assert ef.KeepLockout(0) in asked
    assert (state.wrong_pins, state.locked_until_s) == (0, 0.0)


def test_a_restart_does_not_shorten_the_lock(ready: st.State) -> None:  # noqa: F811
    state, _ = play(ready, ev.LockoutKnown(4), *SEEN)
    assert state.stage == TechnicianFailed(None, 240.0)


def test_a_pin_of_another_form_is_no_wrong_pin(ready: st.State) -> None:  # noqa: F811
    state, asked = play(ready, *SEEN, *TYPED, ev.TechnicianPinRefused(3))
    assert state.wrong_pins == 0
    assert not any(isinstance(effect, ef.KeepLockout) for effect in asked)


def test_in_a_citizen_s_session_no_card_opens_the_maintenance(ready: st.State) -> None:  # noqa: F811
    state, asked = play(ready, START, ev.CardInserted(), ev.TechnicianSeen(RITA, 3))
    assert isinstance(state.stage, st.Services)
    assert ef.LookForTechnician() not in asked
    late, _ = play(ready, ev.CardInserted(), START, ev.TechnicianSeen(RITA, 3), ev.TechnicianProved())
    assert isinstance(late.stage, st.Services)


def test_some_other_card_changes_nothing_and_the_citizen_s_is_read_later(ready: st.State) -> None:  # noqa: F811
    state, _ = play(ready, ev.CardInserted(), ev.NoTechnician())
    assert isinstance(state.stage, st.Attract)
    state, asked = play(state, START, ev.ServiceChosen("iptu"), ev.Continued())
    assert isinstance(state.stage, st.ReadingCard)
    assert ef.ReadCard() in asked


def test_a_kiosk_without_catalogue_lets_a_technician_in(ready: st.State) -> None:  # noqa: F811
    empty = replace(ready, catalogue=None, stage=st.Starting())
    state, _ = play(empty, *IN)
    assert isinstance(state.stage, TechnicianMode)
    assert isinstance(play(state, ev.CardRemoved())[0].stage, st.Starting)


def test_a_refused_card_says_why_and_is_recorded(ready: st.State) -> None:  # noqa: F811
    state, asked = play(ready, ev.CardInserted(), ev.TechnicianRefused(TechnicianTrouble.REVOKED))
    assert state.stage == TechnicianFailed(TechnicianTrouble.REVOKED)
    assert acts(asked) == ["refused-revoked"]
