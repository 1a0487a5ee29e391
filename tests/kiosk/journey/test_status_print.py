"""A status on paper: asked for once, told as it is, and never for who comes next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey import tracking
from kiosk.journey.paper import CANNOT_CONFIRM
from kiosk.journey.session import paper_waits
from kiosk.journey.tracking_stages import StatusPaper, Tracked
from offline_cache.contract.messages import StatusStep
from tests.kiosk.journey.test_reducer import play, ready
from tests.kiosk.journey.test_tracking import STATUS, TO_ASKING

__all__ = ["ready"]
TO_TRACKED = (*TO_ASKING, ev.StatusFound("s1", STATUS))
TO_PRINTING = (*TO_TRACKED, ev.StatusPrintAsked(), ev.StatusPrinting("s1", "j1"))


def test_the_status_is_printed_once_and_told_when_it_is_out(ready):
    state, asked = play(ready, *TO_TRACKED, ev.StatusPrintAsked(), ev.StatusPrintAsked())
    assert asked[1:] == [ef.PrintStatus("s1", STATUS)]
    assert state.stage == Tracked(STATUS, StatusPaper.WAITING)
    state, _ = play(state, ev.StatusPrinting("s1", "j1"), ev.JobChanged("j1", st.JobState.SENDING, 0.5))
    assert state.stage == Tracked(STATUS, StatusPaper.WAITING, "j1")
    state, _ = play(state, ev.JobChanged("j1", st.JobState.CONFIRMED, 1.0))
    assert state.stage.paper is StatusPaper.PRINTED
    assert paper_waits(state)
    state, _ = play(state, ev.Ended())
    assert state.paper_left


@pytest.mark.parametrize("end", [st.JobState.FAILED, st.JobState.ABANDONED, st.JobState.UNKNOWN])
def test_a_paper_that_nobody_is_sure_of_is_told_so_and_may_be_asked_for_again(ready, end):
    state, _ = play(ready, *TO_PRINTING, ev.JobChanged("j1", end, 1.0))
    assert state.stage.paper is StatusPaper.FAILED
    state, asked = play(state, ev.StatusPrintAsked())
    assert asked == [ef.PrintStatus("s1", STATUS)]


def test_a_printer_that_cannot_tell_makes_the_screen_ask_and_nothing_is_called_printed(ready):
    state, _ = play(ready, *TO_PRINTING, ev.JobChanged("j1", st.JobState.UNKNOWN, 1.0, CANNOT_CONFIRM))
    assert state.stage.paper is StatusPaper.ASKED
    assert play(state, ev.Ended())[0].paper_left
    _, asked = play(state, ev.StatusPrintAsked())
    assert asked == [ef.PrintStatus("s1", STATUS)]


def test_a_paper_that_cannot_be_made_is_told_as_one_that_did_not_come(ready):
    state, _ = play(ready, *TO_TRACKED, ev.StatusPrintAsked(), ev.StatusPrinting("s1", None))
    assert state.stage.paper is StatusPaper.FAILED


def test_without_a_printer_nothing_is_asked_of_it(ready):
    tracked, _ = play(ready, *TO_TRACKED)
    away = replace(tracked, devices=replace(tracked.devices, printer=st.PrinterCondition.PAPER_OUT))
    state, asked = play(away, ev.StatusPrintAsked())
    assert (state.stage, asked) == (Tracked(STATUS), [])


def test_who_leaves_before_the_paper_takes_it_along(ready):
    _, asked = play(ready, *TO_PRINTING, ev.Ended())
    assert ef.DropPrintJob("j1") in asked
    _, asked = play(ready, *TO_TRACKED, ev.StatusPrintAsked(), ev.Ended(), ev.StatusPrinting("s1", "j1"))
    assert asked[-1] == ef.DropPrintJob("j1")


def test_the_steps_shown_are_all_that_happened_and_what_is_waited_for():
    moved = STATUS.model_copy(update={
        "state": "in-progress", "history": (StatusStep(state="in-progress", at="2026-11-30T10:30:00-03:00"),),
    })  # fmt: skip
    kinds = [(step.kind.value, step.state, step.done) for step in tracking.steps_of(moved)]
    assert kinds == [
        ("registered", "", True), ("received", "", True), ("changed", "in-progress", True), ("answer", "", False),
    ]  # fmt: skip
    answered = moved.model_copy(update={"state": "answered"})
    assert [step.kind.value for step in tracking.steps_of(answered)][-1] == "changed"
