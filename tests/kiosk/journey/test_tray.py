"""Paper that nobody took: the next citizen is asked before anything else, and never twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey.session import paper_waits
from tests.kiosk.journey.test_reducer import START, TO_TAKE_CARD, play, ready

__all__ = ["ready"]

TO_PRINTING = (*TO_TAKE_CARD, ev.CardRemoved(), ev.JobChanged("j", st.JobState.SENDING, 0.5))
NEXT = replace(START, session="s2")


def printed(ready: st.State, outcome: st.JobState = st.JobState.CONFIRMED) -> st.State:
    return play(ready, *TO_PRINTING, ev.JobChanged("j", outcome, 1.0))[0]


@pytest.mark.parametrize("outcome", [st.JobState.CONFIRMED, st.JobState.UNKNOWN])
@pytest.mark.parametrize("leaving", [(ev.Ended(),), (ev.Tick(10_000.0),)], ids=["end", "time"])
def test_paper_that_nobody_said_to_have_taken_is_cleared_first(
    ready: st.State, outcome: st.JobState, leaving: tuple[ev.Event, ...]
) -> None:
    state = printed(ready, outcome)
    assert paper_waits(state)
    state, _ = play(state, *leaving, NEXT)
    assert state.stage == st.ClearTray()
    state, _ = play(state, ev.Continued())
    assert state.stage == st.Services()
    state, _ = play(state, ev.Ended(), NEXT)
    assert state.stage == st.Services()


def test_paper_that_was_taken_is_not_asked_for(ready: st.State) -> None:
    """The last button says so."""
    state, _ = play(printed(ready), ev.Continued(), NEXT)
    assert state.stage == st.Services()


def test_what_never_came_out_is_not_asked_for(ready: st.State) -> None:
    state, _ = play(printed(ready, st.JobState.ABANDONED), ev.Ended(), NEXT)
    assert state.stage == st.Services()


def test_a_crash_while_the_paper_comes_leaves_it_in_the_tray(ready: st.State) -> None:
    state, _ = play(ready, *TO_PRINTING, ev.Crashed("1"), ev.Recovered(), NEXT)
    assert state.stage == st.ClearTray()


def test_whoever_leaves_at_the_question_leaves_it_to_the_next(ready: st.State) -> None:
    state, _ = play(printed(ready), ev.Ended(), NEXT, ev.Ended(), NEXT)
    assert state.stage == st.ClearTray()
    state, _ = play(state, ev.Tick(10_000.0))
    assert isinstance(state.stage, st.Attract)
    assert play(state, NEXT)[0].stage == st.ClearTray()


def test_a_sensor_answers_for_the_citizen(ready: st.State) -> None:
    waiting, _ = play(printed(ready), ev.TrayChanged(empty=False))
    taken, _ = play(waiting, ev.TrayChanged(empty=True))
    assert taken.stage == st.Done(st.JobState.CONFIRMED, taken=True)
    asked, _ = play(waiting, ev.Ended(), NEXT)
    assert asked.stage == st.ClearTray()
    state, _ = play(asked, ev.TrayChanged(empty=True))
    assert (state.stage, state.paper_left) == (st.Services(), False)
    state, _ = play(waiting, ev.Ended(), ev.TrayChanged(empty=True), NEXT)
    assert state.stage == st.Services()


def test_an_empty_tray_before_the_paper_falls_says_nothing_of_it(ready: st.State) -> None:
    state, _ = play(ready, ev.TrayChanged(empty=True))
    state = printed(state)
    assert paper_waits(play(state, ev.TrayChanged(empty=True))[0])
