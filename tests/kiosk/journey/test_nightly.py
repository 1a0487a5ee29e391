"""Once a day the programs begin anew, when nobody is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey.nightly import LEAST_UP_S, LONGEST_UP_S, QUIET_S, due
from tests.kiosk.journey.test_reducer import START, play, ready  # noqa: F401
from tests.kiosk.journey.test_technician import IN

LONG_S = LEAST_UP_S + 1.0


@pytest.fixture
def night(ready: st.State) -> st.State:  # noqa: F811
    """At ten past three, up since yesterday afternoon, and nobody has touched anything."""
    devices = replace(ready.devices, local=datetime(2026, 11, 24, 3, 10, tzinfo=UTC))
    return replace(ready, devices=devices, restart="03:00", started_s=0.0, touched_s=0.0, now_s=LONG_S)


def restarts(state: st.State) -> bool:
    return ef.Restart() in play(state, ev.Tick(state.now_s + 1))[1]


def test_at_its_hour_a_kiosk_at_rest_begins_anew_once(night: st.State) -> None:
    state, asked = play(night, ev.Tick(LONG_S + 1), ev.Tick(LONG_S + 2), ev.Tick(LONG_S + 3))
    assert asked.count(ef.Restart()) == 1
    assert isinstance(state.stage, st.Attract)


@pytest.mark.parametrize(("hour", "minute", "expected"), [(2, 59, False), (3, 0, True), (4, 59, True), (5, 0, False)])
def test_the_hour_lasts_for_two(night: st.State, hour: int, minute: int, expected: bool) -> None:
    devices = replace(night.devices, local=datetime(2026, 11, 24, hour, minute, tzinfo=UTC))
    assert due(replace(night, devices=devices)) is expected
    late = replace(night, restart="23:30", devices=replace(devices, local=datetime(2026, 11, 24, 0, 40, tzinfo=UTC)))
    assert due(late), "past midnight too"


def test_nobody_is_interrupted(night: st.State) -> None:
    assert not restarts(play(night, START)[0])
    assert not restarts(play(night, *IN)[0])
    assert not restarts(replace(night, touched_s=night.now_s - QUIET_S + 10))


def test_a_kiosk_that_was_just_started_or_is_never_to_does_not(night: st.State) -> None:
    assert not restarts(replace(night, started_s=night.now_s - 60))
    assert not restarts(replace(night, restart=""))


def test_without_a_clock_that_can_be_trusted_it_happens_after_a_day_and_a_half(night: st.State) -> None:
    unsure = replace(night, devices=replace(night.devices, local=None))
    assert not restarts(unsure)
    assert restarts(replace(unsure, now_s=LONGEST_UP_S + 1.0))
