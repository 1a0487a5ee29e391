"""A print job as a pure reducer: (job, event) -> (job, effects). One job, from the queue to one of four ends.

What is known of a paper, and why:

- The printer answers a job's trailing request (`GS ( H`, or `GS r 1`) when everything before it has been printed. That
  answer, and nothing else, makes a job CONFIRMED.
- The bytes of cut and request are the tail of a job. While not one byte of the tail has been handed to the network,
  the paper cannot have been completed, whatever became of the bytes before it: it is known to be incomplete.
- Once the tail has been handed over, a lost connection leaves the question open for ever: the printer may have printed
  all of it before its answer was lost. UNKNOWN, and never printed again.
- With the connection up, a printer that reports that it stopped (paper, cover, jam) before it answered had not
  completed the paper at that moment: its replies keep their order. It could still complete it from its buffer, in two
  pieces, so the buffer is cleared, and a fence (an in-band query behind the clearing) must be answered before the
  paper is printed again from the top, marked as a reprint. If the job's own answer comes first, the paper was
  completed after the interruption; nobody knows in how many pieces: UNKNOWN.
- A printer process that was killed knows only what it had written before it acted: `sending` is on disk before the
  first byte. After a restart such a job is UNKNOWN. After a reboot a job that had not begun is ABANDONED.
- A printer that cannot confirm leaves every paper UNKNOWN, once the time that printing takes has passed: the citizen is
  asked. Once it has stopped in mid-print, nothing proves that its buffer is empty: nothing is printed again.
- The deadline says until when a paper may be begun, or begun again. One that is coming out is not cut short: its end
  is near in any case, by an answer or by NoProgress.

Progress is not state: the spooler measures it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from kiosk.journey.state import PRINTS, JobState, PrinterCondition

# A printer that stops again and again eats the roll and mends nothing.
MOST_COPIES = 3

# ---- where a job is ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Queued:
    """Not one byte has left."""


@dataclass(frozen=True)
class Sending:
    """Bytes are being handed over; `tail`: of the cut and the request too."""

    tail: bool = False


@dataclass(frozen=True)
class Sent:
    """Every byte was handed over; the printer's answer is awaited."""


@dataclass(frozen=True)
class Stopped:
    """Known to be incomplete in the printer, which waits for a hand. `tail` as in Sending.

    `fenced`: the printer works again, its buffer is being cleared; printed again when the fence is answered.
    """

    tail: bool
    fenced: bool = False


@dataclass(frozen=True)
class Ended:
    outcome: JobState
    reason: str


Phase = Queued | Sending | Sent | Stopped | Ended


@dataclass(frozen=True)
class Job:
    """`copies`: how many times printing has begun."""

    phase: Phase = Queued()
    copies: int = 0


# ---- what happens to it -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class StatusSeen:
    """The printer itself said so (never ABSENT or UNKNOWN while a job is on the wire: that is ConnectionLost)."""

    condition: PrinterCondition


@dataclass(frozen=True)
class BytesAccepted:
    """Handed to the network; `tail`: the first byte of the tail too, `whole`: the last byte."""

    tail: bool
    whole: bool


@dataclass(frozen=True)
class Answered:
    """The trailing request of copy number `copy` was answered: by its process id, or in band."""

    copy: int


@dataclass(frozen=True)
class Cleared:
    """The fence behind the clearing was answered: the printer holds nothing of this job."""


@dataclass(frozen=True)
class ConnectionLost:
    pass


@dataclass(frozen=True)
class NoProgress:
    """For longer than any printer needs, no byte was accepted; or all were, and no answer came.

    `returned`: it was silent in between, and spoke again, as one does that was switched off and on.
    """

    returned: bool = False


@dataclass(frozen=True)
class CannotConfirm:
    """Everything was handed over, the time that printing takes has passed, and this printer never tells."""


@dataclass(frozen=True)
class CannotClear:
    """No fence can prove that the printer holds nothing of this job any more."""


@dataclass(frozen=True)
class Dropped:
    """The citizen has gone: nothing is begun for them any more. Said again for as long as the job is open."""


@dataclass(frozen=True)
class DeadlinePassed:
    pass


@dataclass(frozen=True)
class Restarted:
    """The printer process has started and finds this job in the store; `same_boot` as that row's boot id says."""

    same_boot: bool


@dataclass(frozen=True)
class Unreadable:
    """The content cannot be read or encoded."""


Event = (
    StatusSeen
    | BytesAccepted
    | Answered
    | Cleared
    | ConnectionLost
    | NoProgress
    | CannotConfirm
    | CannotClear
    | Dropped
    | DeadlinePassed
    | Restarted
    | Unreadable
)

# ---- what is to be done -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Send:
    """Hand over the whole receipt from the top; from the second copy on it is marked as a reprint."""

    copy: int


@dataclass(frozen=True)
class StopPrinter:
    """Send no more of this job, and clear at once what the printer holds of it, stopped as it is."""


@dataclass(frozen=True)
class ClearPrinter:
    """As soon as the printer works: flush what is left in it, cut, put the fence behind; nothing else before that."""


@dataclass(frozen=True)
class Destroy:
    """The job has ended: final state, news for the centre, key and content destroyed."""

    outcome: JobState
    reason: str


Effect = Send | StopPrinter | ClearPrinter | Destroy

_NOT_AN_EVENT_OF_THE_PRINTER = frozenset(
    {PrinterCondition.UNKNOWN, PrinterCondition.ABSENT, PrinterCondition.UNPLUGGED}
)


def state_of(job: Job) -> JobState:
    """The state as the store and the kiosk know it. A stopped job stays `sending`: it is not over."""
    match job.phase:
        case Queued():
            return JobState.QUEUED
        case Sending() | Stopped():
            return JobState.SENDING
        case Sent():
            return JobState.SENT
        case Ended(outcome):
            return outcome
        case _ as never:
            assert_never(never)


def known(state: JobState, copies: int, reason: str = "") -> Job:
    """The job as its row in the store tells it."""
    match state:
        case JobState.QUEUED:
            return Job(Queued(), copies)
        case JobState.SENDING:
            return Job(Sending(tail=True), copies)
        case JobState.SENT:
            return Job(Sent(), copies)
        case JobState.CONFIRMED | JobState.UNKNOWN | JobState.FAILED | JobState.ABANDONED:
            return Job(Ended(state, reason), copies)
        case _ as never:
            assert_never(never)


def reduce(job: Job, event: Event) -> tuple[Job, tuple[Effect, ...]]:
    """The next job, and what to do about it. The new state is written to the store before any effect is begun."""
    match job.phase:
        case Ended():
            return job, ()
        case Queued():
            return _queued(job, event)
        case Sending(tail):
            return _sending(job, tail, event)
        case Sent():
            return _sent(job, event)
        case Stopped(tail, fenced):
            return _stopped(job, tail, fenced, event)
        case _ as never:
            assert_never(never)


def _queued(job: Job, event: Event) -> tuple[Job, tuple[Effect, ...]]:
    match event:
        case StatusSeen(condition):
            # Status comes before the first byte.
            return _begin(job) if condition in PRINTS else (job, ())
        case Dropped():
            return _end(job, JobState.ABANDONED, "dropped")
        case DeadlinePassed():
            return _end(job, JobState.ABANDONED, "deadline")
        case Restarted(same_boot):
            return (job, ()) if same_boot else _end(job, JobState.ABANDONED, "reboot")
        case Unreadable():
            return _end(job, JobState.FAILED, "unreadable")
        case (
            BytesAccepted() | Answered() | Cleared() | ConnectionLost() | NoProgress() | CannotConfirm() | CannotClear()
        ):
            return job, ()
        case _ as never:
            assert_never(never)


def _sending(job: Job, tail: bool, event: Event) -> tuple[Job, tuple[Effect, ...]]:
    match event:
        case BytesAccepted(tail_too, whole):
            return _at(job, Sent() if whole else Sending(tail or tail_too)), ()
        case StatusSeen(condition):
            return (job, ()) if _goes_on(condition) else (_at(job, Stopped(tail)), (StopPrinter(),))
        case NoProgress():
            # Its buffer is full and it does not say why: as good as stopped.
            return _at(job, Stopped(tail)), (StopPrinter(),)
        case ConnectionLost():
            return _lose(job, tail)
        case Restarted():
            return _end(job, JobState.UNKNOWN, "restart", ClearPrinter())
        case Unreadable():
            return _end(job, JobState.FAILED, "unreadable")
        case Answered() | Cleared() | DeadlinePassed() | Dropped() | CannotConfirm() | CannotClear():
            return job, ()
        case _ as never:
            assert_never(never)


def _sent(job: Job, event: Event) -> tuple[Job, tuple[Effect, ...]]:
    match event:
        case Answered(copy):
            return _end(job, JobState.CONFIRMED, "answered") if copy == job.copies else (job, ())
        case StatusSeen(condition):
            return (job, ()) if _goes_on(condition) else (_at(job, Stopped(tail=True)), (StopPrinter(),))
        case ConnectionLost():
            return _lose(job, tail=True)
        case NoProgress(returned):
            return _end(job, JobState.UNKNOWN, "power-cycle" if returned else "no-answer", ClearPrinter())
        case CannotConfirm():
            return _end(job, JobState.UNKNOWN, "cannot-confirm")
        case Restarted():
            return _end(job, JobState.UNKNOWN, "restart", ClearPrinter())
        case BytesAccepted() | Cleared() | CannotClear() | DeadlinePassed() | Dropped() | Unreadable():
            return job, ()
        case _ as never:
            assert_never(never)


def _stopped(job: Job, tail: bool, fenced: bool, event: Event) -> tuple[Job, tuple[Effect, ...]]:
    # With the tail in the printer and its buffer not yet known to be clear, it may just have completed the paper.
    given_up = JobState.UNKNOWN if tail and fenced else JobState.ABANDONED
    match event:
        case StatusSeen(condition):
            if condition in PRINTS:
                return (job, ()) if fenced else (_at(job, Stopped(tail, fenced=True)), (ClearPrinter(),))
            if not fenced or _goes_on(condition):
                return job, ()
            return _at(job, Stopped(tail)), (StopPrinter(),)
        case Cleared():
            return _begin(job) if fenced else (job, ())
        case Answered(copy):
            if copy != job.copies or not tail:
                return job, ()
            return _end(job, JobState.UNKNOWN, "completed-after-stop")
        case ConnectionLost():
            return _lose(job, tail)
        case CannotClear():
            return _end(job, JobState.UNKNOWN, "cannot-clear", ClearPrinter())
        case DeadlinePassed():
            return _end(job, given_up, "deadline", ClearPrinter())
        case Dropped():
            return _end(job, given_up, "dropped", ClearPrinter())
        case Restarted():
            return _end(job, JobState.UNKNOWN, "restart", ClearPrinter())
        case BytesAccepted() | NoProgress() | CannotConfirm() | Unreadable():
            return job, ()
        case _ as never:
            assert_never(never)


def _goes_on(condition: PrinterCondition) -> bool:
    return condition in PRINTS or condition in _NOT_AN_EVENT_OF_THE_PRINTER


def _begin(job: Job) -> tuple[Job, tuple[Effect, ...]]:
    if job.copies == MOST_COPIES:
        return _end(job, JobState.FAILED, "copies")
    begun = Job(Sending(), job.copies + 1)
    return begun, (Send(begun.copies),)


def _at(job: Job, phase: Phase) -> Job:
    return Job(phase, job.copies)


def _lose(job: Job, tail: bool) -> tuple[Job, tuple[Effect, ...]]:
    """The connection is gone: in doubt for ever if the tail had left, else incomplete for certain."""
    if tail:
        return _end(job, JobState.UNKNOWN, "connection-lost", ClearPrinter())
    return _at(job, Stopped(tail)), ()


def _end(job: Job, outcome: JobState, reason: str, *before: Effect) -> tuple[Job, tuple[Effect, ...]]:
    return _at(job, Ended(outcome, reason)), (*before, Destroy(outcome, reason))
