"""From the commit to the paper: nobody waits for ever, and no paper comes for the next one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey.paper import CANNOT_CONFIRM, PAPER_GRACE_S
from offline_cache.contract.evidence import Purpose
from tests.kiosk.journey.card_checks import PROVED
from tests.kiosk.journey.test_reducer import START, TICKET, TO_REVIEW, TO_TAKE_CARD, evidence, play, ready

__all__ = ["ready"]
DEADLINE_S = 120.0
TO_WRITING = (*TO_REVIEW, ev.Continued(), ev.Proved(evidence(Purpose.COMMIT), PROVED))


def test_a_card_taken_while_the_request_is_written_loses_neither_ticket_nor_paper(ready: st.State) -> None:
    state, _ = play(ready, *TO_WRITING, ev.CardRemoved())
    assert isinstance(state.stage, st.Committing)
    state, asked = play(state, ev.Committed("s1", TICKET))
    assert isinstance(state.stage, st.Printing)
    assert ef.ReleasePrintJob("j", 120) in asked


def test_a_card_taken_while_nothing_could_be_written_has_ended_the_session(ready: st.State) -> None:
    state, asked = play(ready, *TO_WRITING, ev.CardRemoved(), ev.CommitRefused("s1"))
    assert state.session is None
    assert ef.Wipe() in asked


@pytest.mark.parametrize("next_one", [(), (ev.Recovered(), replace(START, session="s2"))])
def test_a_ticket_written_after_a_crash_shows_nothing_to_the_next_one_and_prints_nothing(
    ready: st.State, next_one: tuple[ev.Event, ...]
) -> None:
    state, _ = play(ready, *TO_WRITING, ev.Crashed("017-3826"), *next_one)
    after, asked = play(state, ev.Committed("s1", TICKET))
    assert after == state
    assert asked == [ef.DropPrintJob("j")]


def test_a_ticket_of_somebody_else_is_not_shown_to_who_is_being_registered_now(ready: st.State) -> None:
    state, _ = play(ready, *TO_WRITING)
    after, asked = play(state, ev.Committed("s0", TICKET), ev.CommitRefused("s0"))
    assert after == state
    assert asked == [ef.DropPrintJob("j")]


def test_a_crash_before_the_paper_has_begun_lets_none_come_for_the_next_one(ready: st.State) -> None:
    _, asked = play(ready, *TO_TAKE_CARD, ev.CardRemoved(), ev.Crashed("017-3826"))
    assert ef.DropPrintJob("j") in asked


def test_a_card_that_is_never_taken_gives_its_paper_up_at_the_deadline(ready: st.State) -> None:
    state, asked = play(ready, *TO_TAKE_CARD, ev.Tick(DEADLINE_S - 1))
    assert isinstance(state.stage, st.TakeCard)
    state, asked = play(state, ev.Tick(DEADLINE_S))
    assert state.stage == st.Done(st.JobState.ABANDONED)
    assert asked == [ef.DropPrintJob("j")]


def test_a_card_that_is_never_taken_does_not_hold_the_kiosk_even_without_a_paper(ready: st.State) -> None:
    state, _ = play(ready, *TO_WRITING, ev.Committed("s1", replace(TICKET, job=None)), ev.Tick(DEADLINE_S))
    assert state.stage == st.Done(st.JobState.ABANDONED)


def test_the_deadline_of_the_paper_counts_from_the_card_taken(ready: st.State) -> None:
    state, asked = play(ready, *TO_TAKE_CARD, ev.Tick(100), ev.CardRemoved(), ev.Tick(100 + DEADLINE_S - 1))
    assert isinstance(state.stage, st.Printing)
    assert ef.DropPrintJob("j") not in asked
    _, asked = play(state, ev.Tick(100 + DEADLINE_S))
    assert asked == [ef.DropPrintJob("j")]


def test_a_printer_that_never_says_how_it_ended_leaves_code_and_pin_on_the_screen(ready: st.State) -> None:
    """Never called printed: nobody confirmed it."""
    state, _ = play(ready, *TO_TAKE_CARD, ev.CardRemoved(), ev.JobChanged("j", st.JobState.SENT, 1.0))
    state, _ = play(state, ev.Tick(DEADLINE_S + PAPER_GRACE_S - 1))
    assert isinstance(state.stage, st.Printing)
    state, _ = play(state, ev.Tick(DEADLINE_S + PAPER_GRACE_S))
    assert state.stage == st.Done(st.JobState.UNKNOWN)
    assert state.session is not None
    assert state.session.ticket == TICKET


def test_the_last_screen_stands_as_long_as_any_other(ready: st.State) -> None:
    state, _ = play(ready, *TO_TAKE_CARD, ev.Tick(DEADLINE_S), ev.Tick(DEADLINE_S + 1))
    assert isinstance(state.stage, st.Done)
    assert state.overlay is None


def test_the_end_of_a_job_that_is_told_every_second_keeps_nobody_here(ready: st.State) -> None:
    end = ev.JobChanged("j", st.JobState.CONFIRMED, 1.0)
    state, _ = play(ready, *TO_TAKE_CARD, ev.CardRemoved(), end)
    for second in range(1, 11):
        state, _ = play(state, ev.Tick(float(second)), end)
    assert state.touched_s == 0.0


def test_a_printer_that_cannot_tell_makes_the_screen_ask_and_nothing_is_called_printed(ready: st.State) -> None:
    unknown = ev.JobChanged("j", st.JobState.UNKNOWN, 1.0, CANNOT_CONFIRM)
    state, _ = play(ready, *TO_TAKE_CARD, ev.CardRemoved(), unknown)
    assert state.stage == st.Done(st.JobState.UNKNOWN, asks=True)
    denied, asked = play(state, ev.PaperDenied())
    assert denied.stage == st.Done(st.JobState.FAILED)
    assert asked == [ef.DenyPaper("j")]
    assert play(denied, ev.PaperDenied()) == (denied, [])
    assert not play(denied, ev.Ended())[0].paper_left
    assert not play(state, ev.Continued())[0].paper_left
    assert play(state, ev.Ended())[0].paper_left


def test_nobody_is_asked_where_the_printer_tells(ready: st.State) -> None:
    unknown = ev.JobChanged("j", st.JobState.UNKNOWN, 1.0, "connection-lost")
    state, _ = play(ready, *TO_TAKE_CARD, ev.CardRemoved(), unknown)
    assert state.stage == st.Done(st.JobState.UNKNOWN)
    assert play(state, ev.PaperDenied())[0] == state
