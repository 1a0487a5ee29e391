from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.journey.state import PRINTS, JobState, PrinterCondition
from printer import job as jobs
from printer.job import (
    Answered,
    BytesAccepted,
    Cleared,
    ClearPrinter,
    ConnectionLost,
    DeadlinePassed,
    Destroy,
    Dropped,
    Effect,
    Ended,
    Event,
    Job,
    NoProgress,
    Queued,
    Restarted,
    Send,
    Sending,
    Sent,
    StatusSeen,
    Stopped,
    StopPrinter,
    Unreadable,
)

READY = StatusSeen(PrinterCondition.READY)
PAPER_LOW = StatusSeen(PrinterCondition.PAPER_LOW)
PAPER_OUT = StatusSeen(PrinterCondition.PAPER_OUT)
COVER_OPEN = StatusSeen(PrinterCondition.COVER_OPEN)
JAM = StatusSeen(PrinterCondition.JAM)
SOME = BytesAccepted(tail=False, whole=False)
TAIL = BytesAccepted(tail=True, whole=False)
WHOLE = BytesAccepted(tail=True, whole=True)


def play(*events: Event, job: Job | None = None) -> tuple[Job, list[Effect]]:
    now, done = job or Job(), []
    for event in events:
        now, effects = jobs.reduce(now, event)
        done += effects
    return now, done


def outcome(*events: Event) -> tuple[JobState, str]:
    job, done = play(*events)
    assert isinstance(job.phase, Ended)
    assert done[-1] == Destroy(job.phase.outcome, job.phase.reason)
    return job.phase.outcome, job.phase.reason


def test_a_paper_is_confirmed_by_the_answer_after_the_whole_was_sent() -> None:
    job, done = play(READY, SOME, TAIL, WHOLE, Answered(1))
    assert job.phase == Ended(JobState.CONFIRMED, "answered")
    assert done == [Send(1), Destroy(JobState.CONFIRMED, "answered")]


def test_a_printer_with_little_paper_prints() -> None:
    assert play(PAPER_LOW)[1] == [Send(1)]


@pytest.mark.parametrize("condition", sorted(set(PrinterCondition) - PRINTS))
def test_nothing_is_sent_before_the_printer_says_that_it_is_ready(condition: PrinterCondition) -> None:
    job, done = play(StatusSeen(condition), StatusSeen(condition), ConnectionLost())
    assert job.phase == Queued()
    assert done == []


def test_a_job_that_waited_too_long_is_abandoned() -> None:
    assert outcome(PAPER_OUT, DeadlinePassed()) == (JobState.ABANDONED, "deadline")


def test_a_queued_job_whose_citizen_has_gone_is_abandoned() -> None:
    assert outcome(Dropped()) == (JobState.ABANDONED, "dropped")


def test_an_answer_before_the_whole_was_sent_confirms_nothing() -> None:
    assert play(READY, SOME, Answered(1))[0].phase == Sending()


def test_an_answer_to_another_copy_confirms_nothing() -> None:
    assert play(READY, WHOLE, Answered(2))[0].phase == Sent()


@pytest.mark.parametrize("stop", [PAPER_OUT, COVER_OPEN, JAM])
@pytest.mark.parametrize("accepted", [SOME, TAIL, WHOLE])
def test_a_printer_that_stops_in_mid_print_is_cleared_and_prints_a_second_copy(stop: Event, accepted: Event) -> None:
    job, done = play(READY, accepted, stop, stop, READY, READY, Cleared(), WHOLE, Answered(2))
    assert done == [Send(1), StopPrinter(), ClearPrinter(), Send(2), Destroy(JobState.CONFIRMED, "answered")]
    assert job.copies == 2


def test_nothing_is_printed_again_before_the_fence_is_answered() -> None:
    assert Send(2) not in play(READY, WHOLE, PAPER_OUT, READY, READY, WHOLE, NoProgress())[1]


def test_a_paper_that_was_completed_after_the_stop_is_in_doubt_and_not_printed_again() -> None:
    assert outcome(READY, WHOLE, PAPER_OUT, READY, Answered(1)) == (JobState.UNKNOWN, "completed-after-stop")


def test_an_answer_to_a_fence_of_another_time_begins_nothing() -> None:
    assert play(READY, WHOLE, PAPER_OUT, Cleared())[0].phase == Stopped(tail=True)


def test_a_second_stop_before_the_fence_clears_again() -> None:
    job, done = play(READY, WHOLE, PAPER_OUT, READY, COVER_OPEN, READY)
    assert job.phase == Stopped(tail=True, fenced=True)
    assert done == [Send(1), StopPrinter(), ClearPrinter(), StopPrinter(), ClearPrinter()]


def test_a_printer_that_keeps_stopping_gets_three_copies_and_no_more() -> None:
    again: tuple[Event, ...] = (WHOLE, JAM, READY, Cleared())
    assert outcome(READY, *again, *again, *again) == (JobState.FAILED, "copies")


def test_a_connection_lost_before_the_tail_leaves_an_incomplete_paper_that_is_printed_again() -> None:
    assert play(READY, SOME, ConnectionLost(), READY, Cleared())[1] == [Send(1), ClearPrinter(), Send(2)]


@pytest.mark.parametrize("accepted", [TAIL, WHOLE])
def test_a_connection_lost_after_the_tail_is_a_doubt_for_ever(accepted: Event) -> None:
    assert outcome(READY, accepted, ConnectionLost()) == (JobState.UNKNOWN, "connection-lost")


def test_a_stopped_printer_that_is_switched_off_with_the_tail_in_it_is_a_doubt() -> None:
    assert outcome(READY, WHOLE, PAPER_OUT, ConnectionLost()) == (JobState.UNKNOWN, "connection-lost")


def test_a_stopped_job_is_abandoned_at_its_deadline() -> None:
    assert outcome(READY, WHOLE, PAPER_OUT, DeadlinePassed()) == (JobState.ABANDONED, "deadline")


def test_a_stopped_job_is_abandoned_when_the_citizen_goes() -> None:
    assert outcome(READY, Dropped(), SOME, COVER_OPEN, Dropped()) == (JobState.ABANDONED, "dropped")


def test_a_deadline_between_recovery_and_fence_is_a_doubt_when_the_tail_was_sent() -> None:
    assert outcome(READY, WHOLE, PAPER_OUT, READY, DeadlinePassed()) == (JobState.UNKNOWN, "deadline")
    assert outcome(READY, SOME, PAPER_OUT, READY, DeadlinePassed()) == (JobState.ABANDONED, "deadline")


def test_a_paper_that_is_coming_out_is_not_cut_short_by_deadline_or_departure() -> None:
    assert outcome(READY, SOME, DeadlinePassed(), Dropped(), WHOLE, DeadlinePassed(), Dropped(), Answered(1)) == (
        JobState.CONFIRMED,
        "answered",
    )


def test_a_printer_that_never_answers_leaves_a_doubt() -> None:
    assert outcome(READY, WHOLE, NoProgress()) == (JobState.UNKNOWN, "no-answer")


def test_a_printer_that_takes_no_more_bytes_has_stopped() -> None:
    assert play(READY, SOME, NoProgress())[0].phase == Stopped(tail=False)


def test_a_job_that_cannot_be_read_has_failed() -> None:
    assert outcome(READY, Unreadable()) == (JobState.FAILED, "unreadable")


@pytest.mark.parametrize("state", [JobState.SENDING, JobState.SENT])
@pytest.mark.parametrize("same_boot", [True, False])
def test_a_restarted_process_never_prints_what_had_begun(state: JobState, same_boot: bool) -> None:
    job, done = play(Restarted(same_boot=same_boot), job=jobs.known(state, 1))
    assert job.phase == Ended(JobState.UNKNOWN, "restart")
    assert done == [ClearPrinter(), Destroy(JobState.UNKNOWN, "restart")]


def test_after_a_restart_a_queued_job_waits_on_and_after_a_reboot_it_is_abandoned() -> None:
    assert play(Restarted(same_boot=True))[0].phase == Queued()
    assert outcome(Restarted(same_boot=False)) == (JobState.ABANDONED, "reboot")


@pytest.mark.parametrize("state", sorted(JobState))
def test_what_the_store_knows_of_a_job_is_its_state(state: JobState) -> None:
    assert jobs.state_of(jobs.known(state, 1)) is state


# ---- whatever happens -------------------------------------------------------------------------------------

EVENTS = st.one_of(
    st.sampled_from(sorted(PrinterCondition)).map(StatusSeen),
    st.sampled_from([SOME, TAIL, WHOLE]),
    st.integers(1, 4).map(Answered),
    st.just(Cleared()),
    st.just(ConnectionLost()),
    st.just(NoProgress()),
    st.just(Dropped()),
    st.just(DeadlinePassed()),
    st.booleans().map(Restarted),
    st.just(Unreadable()),
)


@dataclass
class Witness:
    """What an onlooker knows who sees only events and effects."""

    copies: int = 0
    tail: bool = False
    whole: bool = False
    answered: bool = False
    stopped: bool = False
    fenced: bool = False
    cleared: bool = False


@given(st.lists(EVENTS, max_size=40))
def test_whatever_happens_no_paper_is_claimed_without_answer_nor_doubled_without_proof(events: list[Event]) -> None:
    job, seen, ends = Job(), Witness(), []
    for event in events:
        match event:
            case BytesAccepted(tail, whole):
                seen.tail, seen.whole = seen.tail or tail, seen.whole or whole
            case Answered(copy) if copy == seen.copies and seen.whole:
                seen.answered = True
            case Cleared():
                seen.cleared = seen.fenced
        before = job
        job, effects = jobs.reduce(job, event)
        for effect in effects:
            match effect:
                case Send(copy):
                    assert copy == seen.copies + 1, "copies are numbered, so that the second is marked"
                    assert copy == 1 or (seen.stopped and seen.cleared), "incomplete for certain, and cleared away"
                    assert copy <= jobs.MOST_COPIES
                    seen = Witness(copies=copy)
                case Destroy(result):
                    ends.append(result)
                    assert result is not JobState.CONFIRMED or seen.answered
                case ClearPrinter():
                    seen.fenced = True
                case StopPrinter():
                    seen.fenced = seen.cleared = False
        if isinstance(job.phase, Stopped) and not isinstance(before.phase, Stopped):
            seen.stopped = True
    assert len(ends) == (1 if isinstance(job.phase, Ended) else 0)


@given(st.lists(EVENTS, max_size=40))
def test_whatever_happens_there_is_an_end(events: list[Event]) -> None:
    job, _ = play(*events)
    job, _ = play(NoProgress(), DeadlinePassed(), job=job)
    assert isinstance(job.phase, Ended)


@given(st.lists(EVENTS, max_size=30), st.lists(EVENTS, max_size=30))
def test_whatever_happens_an_ended_job_stays_as_it_is(events: list[Event], later: list[Event]) -> None:
    job, _ = play(*events, NoProgress(), DeadlinePassed())
    assert play(*later, job=job) == (job, [])
