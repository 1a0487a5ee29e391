"""An A4 job as a pure reducer: (job, event) -> (job, effects). From the queue to one of four ends.

CONFIRMED is the printer's own word, which CUPS passes on ("completed" of an IPP printer). What CUPS cannot say stays
UNKNOWN: a printer that vanished may have printed the page or not. Nothing is sent twice: a sheet half out and another
whole one would both lie in the tray.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from kiosk.journey.state import JobState
from printer.a4.ipp import JobStateCode


@dataclass(frozen=True)
class Waiting:
    """Not handed over yet."""


@dataclass(frozen=True)
class AtCups:
    """CUPS has it. `begun`: the printer was at work on it once."""

    number: int
    begun: bool = False


@dataclass(frozen=True)
class Ended:
    outcome: JobState
    reason: str


Job = Waiting | AtCups | Ended


@dataclass(frozen=True)
class Ready:
    """The queue takes documents: the job may be handed over."""


@dataclass(frozen=True)
class Taken:
    number: int


@dataclass(frozen=True)
class NotTaken:
    """Nobody can know whether CUPS has it: the question was not answered, or refused."""

    refused: bool


@dataclass(frozen=True)
class Told:
    """What CUPS says of the job; None when it knows it no more."""

    state: JobStateCode | None


@dataclass(frozen=True)
class GivenUp:
    """The deadline has passed, or the citizen has gone."""

    reason: str


@dataclass(frozen=True)
class Unreadable:
    """The content cannot be read: its key is gone."""


@dataclass(frozen=True)
class Restarted:
    """Found by a process that did not begin it."""


Event = Ready | Taken | NotTaken | Told | GivenUp | Unreadable | Restarted


@dataclass(frozen=True)
class Send:
    pass


@dataclass(frozen=True)
class Cancel:
    number: int


@dataclass(frozen=True)
class Destroy:
    outcome: JobState
    reason: str


Effect = Send | Cancel | Destroy


def state_of(job: Job) -> JobState:
    """As the store and the screen call it: SENDING while CUPS keeps it, SENT while the printer works on it."""
    match job:
        case Waiting():
            return JobState.QUEUED
        case AtCups(begun=begun):
            return JobState.SENT if begun else JobState.SENDING
        case Ended(outcome=outcome):
            return outcome
        case _ as never:
            assert_never(never)


def reduce(job: Job, event: Event) -> tuple[Job, tuple[Effect, ...]]:
    """The next state of a job, and what is to be done."""
    match job:
        case Waiting():
            return _waiting(job, event)
        case AtCups():
            return _at_cups(job, event)
        case Ended():
            return job, ()
        case _ as never:
            assert_never(never)


def _waiting(job: Waiting, event: Event) -> tuple[Job, tuple[Effect, ...]]:
    match event:
        case Ready():
            return job, (Send(),)
        case Taken(number=number):
            return AtCups(number), ()
        case NotTaken(refused=refused):
            return _end(JobState.FAILED, "refused") if refused else _end(JobState.UNKNOWN, "unanswered")
        case GivenUp(reason=reason):
            return _end(JobState.ABANDONED, reason)
        case Unreadable():
            return _end(JobState.FAILED, "unreadable")
        case Told() | Restarted():
            return job, ()
        case _ as never:
            assert_never(never)


def _at_cups(job: AtCups, event: Event) -> tuple[Job, tuple[Effect, ...]]:
    match event:
        case Told(state=JobStateCode.COMPLETED):
            return _end(JobState.CONFIRMED, "completed")
        case Told(state=JobStateCode.ABORTED):
            return _end(JobState.UNKNOWN if job.begun else JobState.FAILED, "aborted")
        case Told(state=JobStateCode.CANCELED):
            return _end(JobState.UNKNOWN if job.begun else JobState.ABANDONED, "canceled")
        case Told(state=None):
            return _end(JobState.UNKNOWN, "forgotten")
        case Told(state=JobStateCode.PROCESSING):
            return AtCups(job.number, begun=True), ()
        case GivenUp(reason=reason):
            outcome = JobState.UNKNOWN if job.begun else JobState.ABANDONED
            return _end(outcome, reason, Cancel(job.number))
        case Restarted():
            return _end(JobState.UNKNOWN, "restart", Cancel(job.number))
        case Told() | Ready() | Taken() | NotTaken() | Unreadable():
            return job, ()
        case _ as never:
            assert_never(never)


def _end(outcome: JobState, reason: str, *before: Effect) -> tuple[Job, tuple[Effect, ...]]:
    return Ended(outcome, reason), (*before, Destroy(outcome, reason))
