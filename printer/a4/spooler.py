"""The A4 half of the printer process, in a thread with a store of its own: jobs of outlet `pages`, one after the other.

Each state is written to the store before it is acted on, as the receipt's spooler does; CUPS keeps the document in
clear while it prints, so its spool lies in memory (docs/technician).
"""

from __future__ import annotations

import os
import threading
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol, assert_never

import structlog

from kiosk.journey.state import PRINTS, JobState, PrinterCondition
from offline_cache import clock, print_jobs
from offline_cache.folder import StateFolder
from offline_cache.occupied import Occupied
from offline_cache.print_jobs import ContentDestroyedError, PrintJob
from offline_cache.settings import PagePrinterSettings
from offline_cache.store import Store, StoreError, open_store
from offline_cache.wake import post
from printer.a4 import job as jobs
from printer.a4.cups import CupsError, Queue
from printer.a4.ipp import JobStateCode
from printer.live import LISTENERS

log = structlog.get_logger("printer.a4")
POLL_S = 1.0
BUSY_POLL_S = 0.3
# A job that CUPS may have, whose number nobody wrote down; 0 would mean "the present one" to CUPS.
NO_NUMBER = -1
# CUPS says at the beginning of each job that it is connecting: only what lasts is a printer that is not there.
SETTLING_S = 5.0
# CUPS tells no more than that it works on it.
PROGRESS = {JobState.QUEUED: 0.0, JobState.SENDING: 0.2, JobState.SENT: 0.6}


class Pages(Protocol):
    """The printer; `Queue` is the real one."""

    def condition(self) -> PrinterCondition: ...
    def send(self, pdf: bytes) -> int: ...
    def job_state(self, number: int) -> JobStateCode | None: ...
    def cancel(self, number: int) -> None: ...


@dataclass
class Active:
    row: PrintJob
    job: jobs.Job


class A4Spooler:
    """One queue, one store. Nothing happens by itself: `start` once, then `step` again and again."""

    def __init__(self, folder: StateFolder, store: Store, queue: Pages) -> None:
        self._folder, self._store, self._queue = folder, store, queue
        self.condition = PrinterCondition.UNKNOWN
        self.active: Active | None = None
        self._there_s = float("-inf")

    def start(self) -> None:
        """What an earlier process had handed to CUPS can come out at any moment: nobody knows, and it is told so."""
        for row in print_jobs.waiting(self._store, "pages"):
            if row.state is not JobState.QUEUED:
                number = int(row.detail) if row.detail.isdigit() else NO_NUMBER
                self._apply(Active(row, jobs.AtCups(number)), jobs.Restarted())
            elif row.boot_id != clock.boot_id():
                self._apply(Active(row, jobs.Waiting()), jobs.GivenUp("reboot"))

    def step(self, now_s: float) -> None:
        """Looks at the queue and the store, and does what can be done. `now_s`: scale of `clock.boottime_s()`."""
        self.condition = self._settled(self._queue.condition(), now_s)
        rows = {row.id: row for row in print_jobs.waiting(self._store, "pages")}
        if self.active is not None:
            self._follow(self.active, rows.pop(self.active.row.id, None), now_s)
        for row in rows.values():
            if now_s >= row.deadline_s:
                self._apply(Active(row, jobs.Waiting()), jobs.GivenUp("deadline"))
            elif self.active is None and not row.held:
                self.active = Active(row, jobs.Waiting())
        if self.active is not None and isinstance(self.active.job, jobs.Waiting) and self.condition in PRINTS:
            self._apply(self.active, jobs.Ready())
        self._tell()

    def _settled(self, condition: PrinterCondition, now_s: float) -> PrinterCondition:
        if condition is not PrinterCondition.ABSENT or self.active is None:
            self._there_s = now_s
            return condition
        return self.condition if now_s - self._there_s < SETTLING_S else condition

    def _follow(self, active: Active, row: PrintJob | None, now_s: float) -> None:
        if row is None:
            self.active = None
            return
        active.row = row
        if isinstance(active.job, jobs.AtCups):
            try:
                self._apply(active, jobs.Told(self._queue.job_state(active.job.number)))
            except CupsError:
                log.warning("cups-silent", job=row.id)
        if row.dropped and isinstance(active.job, jobs.Waiting | jobs.AtCups) and not _printing(active, self.condition):
            self._apply(active, jobs.GivenUp("dropped"))
        if now_s >= row.deadline_s and not _printing(active, self.condition):
            self._apply(active, jobs.GivenUp("deadline"))

    def _apply(self, active: Active, event: jobs.Event) -> None:
        before = active.job
        active.job, effects = jobs.reduce(before, event)
        state = jobs.state_of(active.job)
        if active.job != before and state not in print_jobs.ENDS:
            number = str(active.job.number) if isinstance(active.job, jobs.AtCups) else ""
            log.info("job.state", job=active.row.id, state=state.value)
            if not print_jobs.advance(self._store, active.row.id, state, number, copies=1):
                self._forget(active)
                return
        for effect in effects:
            self._perform(active, effect)

    def _perform(self, active: Active, effect: jobs.Effect) -> None:
        match effect:
            case jobs.Send():
                self._send(active)
            case jobs.Cancel(number=number) if number == NO_NUMBER:
                return
            case jobs.Cancel(number=number):
                try:
                    self._queue.cancel(number)
                except CupsError as error:
                    log.warning("not-cancelled", job=active.row.id, why=str(error))
            case jobs.Destroy(outcome=outcome, reason=reason):
                log.info("job.ended", job=active.row.id, outcome=outcome.value, reason=reason)
                if print_jobs.finish(self._folder, self._store, active.row.id, outcome, reason):
                    for name in LISTENERS:
                        post(self._folder, name)
                    _say(self._folder, active.row.id, outcome, 1.0)
                self._forget(active)
            case _ as never:
                assert_never(never)

    def _send(self, active: Active) -> None:
        """Written down before it is tried: a process that dies in between may have handed it over."""
        try:
            pdf = print_jobs.decrypt_pages(self._folder, active.row)
        except ContentDestroyedError:
            self._apply(active, jobs.Unreadable())
            return
        if not print_jobs.advance(self._store, active.row.id, JobState.SENDING, copies=1):
            self._forget(active)
            return
        try:
            number = self._queue.send(pdf)
        except CupsError as error:
            log.warning("not-taken", job=active.row.id, why=str(error))
            self._apply(active, jobs.NotTaken(refused=error.refused))
            return
        self._apply(active, jobs.Taken(number))

    def _forget(self, active: Active) -> None:
        if self.active is active:
            self.active = None

    def _tell(self) -> None:
        for name in LISTENERS:
            post(self._folder, name, {"page_printer": self.condition.value})
        if self.active is not None:
            state = jobs.state_of(self.active.job)
            _say(self._folder, self.active.row.id, state, PROGRESS.get(state, 1.0))


def _printing(active: Active, condition: PrinterCondition) -> bool:
    """A sheet that is coming out is left alone; one that waits for a hand is not."""
    return isinstance(active.job, jobs.AtCups) and active.job.begun and condition in PRINTS


def _say(folder: StateFolder, job: str, state: JobState, progress: float) -> None:
    for name in LISTENERS:
        post(folder, name, {"job": job, "state": state.value, "progress": progress})


class A4Thread:
    """Runs the spooler until `stop`. A failure of it ends the process: the unit starts it again."""

    def __init__(self, folder: StateFolder, settings: PagePrinterSettings) -> None:
        self._folder = folder
        self._queue = Queue(settings.queue, settings.server)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="a4", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(10)

    def _run(self) -> None:
        try:
            with open_store(self._folder) as store, closing(Occupied(self._folder)) as occupied:
                spooler = A4Spooler(self._folder, store, self._queue)
                spooler.start()
                while not self._stopping.is_set():
                    spooler.step(clock.boottime_s())
                    occupied.tell(occupied=spooler.active is not None)
                    self._stopping.wait(BUSY_POLL_S if spooler.active is not None else POLL_S)
        except (StoreError, OSError) as error:
            log.error("lost", error=type(error).__name__)
            os._exit(1)
        except Exception as error:  # noqa: BLE001  a printer process without its half looks alive and prints nothing
            log.error("lost", error=type(error).__name__, line=_line(error))
            os._exit(1)


def _line(error: BaseException) -> int | None:
    return error.__traceback__.tb_lineno if error.__traceback__ else None
