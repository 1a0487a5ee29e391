"""What is known of an A4 sheet, as tables."""

import pytest

from kiosk.journey.state import JobState
from printer.a4 import job as jobs
from printer.a4.ipp import JobStateCode

FRESH, BEGUN = jobs.AtCups(7), jobs.AtCups(7, begun=True)


@pytest.mark.parametrize(
    ("job", "event", "outcome", "first"),
    [
        (BEGUN, jobs.Told(JobStateCode.COMPLETED), JobState.CONFIRMED, None),
        (FRESH, jobs.Told(JobStateCode.COMPLETED), JobState.CONFIRMED, None),
        (FRESH, jobs.Told(JobStateCode.ABORTED), JobState.FAILED, None),
        (BEGUN, jobs.Told(JobStateCode.ABORTED), JobState.UNKNOWN, None),
        (FRESH, jobs.Told(JobStateCode.CANCELED), JobState.ABANDONED, None),
        (BEGUN, jobs.Told(JobStateCode.CANCELED), JobState.UNKNOWN, None),
        (BEGUN, jobs.Told(None), JobState.UNKNOWN, None),
        (FRESH, jobs.GivenUp("deadline"), JobState.ABANDONED, jobs.Cancel(7)),
        (BEGUN, jobs.GivenUp("deadline"), JobState.UNKNOWN, jobs.Cancel(7)),
        (FRESH, jobs.Restarted(), JobState.UNKNOWN, jobs.Cancel(7)),
        (jobs.Waiting(), jobs.GivenUp("dropped"), JobState.ABANDONED, None),
        (jobs.Waiting(), jobs.Unreadable(), JobState.FAILED, None),
        (jobs.Waiting(), jobs.NotTaken(refused=True), JobState.FAILED, None),
        (jobs.Waiting(), jobs.NotTaken(refused=False), JobState.UNKNOWN, None),
    ],
)
def test_each_end_says_what_is_known_and_nothing_more(job, event, outcome, first) -> None:
    ended, effects = jobs.reduce(job, event)
    assert jobs.state_of(ended) is outcome
    assert [type(effect) for effect in effects][-1] is jobs.Destroy
    assert (effects[0] if len(effects) > 1 else None) == first


def test_only_the_printers_own_word_confirms_a_sheet() -> None:
    for state in JobStateCode:
        job, _ = jobs.reduce(BEGUN, jobs.Told(state))
        assert (jobs.state_of(job) is JobState.CONFIRMED) is (state is JobStateCode.COMPLETED)


def test_a_sheet_is_handed_over_once() -> None:
    job, effects = jobs.reduce(jobs.Waiting(), jobs.Ready())
    assert effects == (jobs.Send(),)
    job, _ = jobs.reduce(job, jobs.Taken(7))
    assert jobs.reduce(job, jobs.Ready()) == (job, ())


def test_an_ended_job_stays_as_it_ended() -> None:
    ended = jobs.Ended(JobState.CONFIRMED, "completed")
    for event in (jobs.Ready(), jobs.Told(None), jobs.GivenUp("x"), jobs.Restarted()):
        assert jobs.reduce(ended, event) == (ended, ())
