"""The printer process: takes print jobs from the store in their order, and owns the printer.

Each state is written to the store before it is acted on. It is woken by a datagram when something was committed; a
poll of the store once a second is the fallback. What it knows it tells the kiosk and the sync process at every change
and once a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_never

import structlog

from kiosk.journey.state import PrinterCondition
from offline_cache import audit, catalogue_cache, clock, print_jobs
from offline_cache.folder import StateFolder
from offline_cache.print_jobs import ContentDestroyedError, PrintJob
from offline_cache.store import Store
from printer import job as jobs
from printer import outlet as outlets
from printer import profiles
from printer.clearing import Clearing, Progress
from printer.connection import SILENCE_S, Connection, Happening, Lost, Opened, Returned, Told
from printer.delivery import Delivery
from printer.job import Job
from printer.live import Live
from printer.status import Block, Count, InBand, Outlet, ProcessId
from printer.transport import TransportLostError

log = structlog.get_logger()

POLL_S = 1.0
# Beyond the time that printing itself takes.
NO_PROGRESS_S = 15.0
# Where no catalogue says how long a paper may lie in the outlet.
RETRACT_S = 60.0


@dataclass
class Active:
    """The job at the head of the queue, and how far it has come."""

    row: PrintJob
    job: Job
    delivery: Delivery | None = None
    progressed_s: float = 0.0
    returned: bool = False


class Spooler:
    """One printer, one store. Nothing happens by itself: call `start` once, then `step` again and again."""

    def __init__(self, folder: StateFolder, store: Store, connection: Connection, profile: profiles.Profile) -> None:
        self.folder = folder
        self.connection = connection
        self.active: Active | None = None
        self.clearing = Clearing(connection, profile)
        self.outlet = outlets.Outlet(profile, self._retract_s)
        self._store = store
        self._profile = profile
        self._live = Live(folder)
        self._looked_s = float("-inf")

    def start(self, now_s: float) -> None:
        """Ends what an earlier process had begun, and removes keys that belong to nothing."""
        print_jobs.remove_orphan_keys(self.folder, self._store)
        print_jobs.forget_ended(self._store)
        boot = clock.boot_id()
        for row in print_jobs.waiting(self._store, "receipt"):
            active = Active(row, jobs.known(row.state, row.copies))
            self._apply(active, jobs.Restarted(same_boot=row.boot_id == boot), now_s)

    def look(self) -> None:
        """Something was committed: read the store at the next step."""
        self._looked_s = float("-inf")

    def step(self, now_s: float) -> None:
        """Everything that can be done now without waiting. `now_s` is on the scale of `clock.boottime_s()`."""
        if now_s - self._looked_s >= POLL_S:
            self._look(now_s)
        for happening in self._listen(now_s):
            self._hear(happening, now_s)
        if self.active is not None:
            self._deliver(self.active, now_s)
        if self.active is not None:
            self._hurry(self.active, now_s)
        self._clear(now_s)
        self.connection.command(self.outlet.due(now_s))
        self._live.tell(self.status(now_s), now_s)

    def wants_to_write(self) -> bool:
        """True while bytes of a job wait for room in the printer."""
        active = self.active
        return active is not None and isinstance(active.job.phase, jobs.Sending) and active.delivery is not None

    # ---- the store ------------------------------------------------------------------------------------------

    def _look(self, now_s: float) -> None:
        self._looked_s = now_s
        rows = {row.id: row for row in print_jobs.waiting(self._store, "receipt")}
        if self.active is not None and self.active.row.id not in rows:
            self.active = None
        if self.active is not None:
            self.active.row = rows[self.active.row.id]
        for row in rows.values():
            if self.active is not None and row.id == self.active.row.id:
                self._remind(self.active, now_s)
            elif now_s >= row.deadline_s:
                self._apply(Active(row, jobs.known(row.state, row.copies)), jobs.DeadlinePassed(), now_s)
        if self.active is None:
            released = [row for row in print_jobs.waiting(self._store, "receipt") if not row.held]
            if released:
                self.active = Active(released[0], jobs.known(released[0].state, released[0].copies))
                self.connection.ask_now(now_s)

    def _remind(self, active: Active, now_s: float) -> None:
        if active.row.dropped:
            self._apply(active, jobs.Dropped(), now_s)
        if now_s >= active.row.deadline_s:
            self._apply(active, jobs.DeadlinePassed(), now_s)

    # ---- the printer ----------------------------------------------------------------------------------------

    def _listen(self, now_s: float) -> list[Happening]:
        on_the_wire = self.active is not None and self.active.job.phase != jobs.Queued()
        patience_s = float("inf") if on_the_wire else SILENCE_S
        return self.connection.tick(now_s, ask=not self.wants_to_write(), patience_s=patience_s)

    def _hear(self, happening: Happening, now_s: float) -> None:
        active = self.active
        match happening:
            case Opened():
                log.info("printer.connected")
            case Lost():
                log.info("printer.lost")
                self.clearing.lost()
                self.outlet.unknown()
                if active is not None:
                    active.delivery = None
                    self._apply(active, jobs.ConnectionLost(), now_s)
            case Told(condition):
                self._hear_condition(condition, now_s)
            case Returned():
                if active is not None:
                    active.returned = True
            case ProcessId() | InBand() | Count():
                self._hear_answer(happening, now_s)
            case Outlet(occupied):
                self._hear_outlet(now_s, occupied=occupied)
            case Block():
                pass
            case _ as never:
                assert_never(never)

    def _hear_condition(self, condition: PrinterCondition, now_s: float) -> None:
        self.clearing.told(condition)
        active = self.active
        waits = self.clearing.dirty or self.outlet.blocked
        if active is None or (waits and active.job.phase == jobs.Queued()):
            return
        self._apply(active, jobs.StatusSeen(condition), now_s)

    def _hear_outlet(self, now_s: float, *, occupied: bool) -> None:
        """A paper that was not there and lies there after the job is the job's: nothing else comes out of there."""
        was_free = self.outlet.occupied is False
        if self.outlet.seen(now_s, occupied=occupied):
            log.info("paper.forgotten")
            audit.record(self._store, audit.AuditEvent.PAPER_RETRACTED, clock.read())
        active = self.active
        by_sensor = self._profile.confirmation is profiles.Confirmation.PRESENTER
        if by_sensor and was_free and occupied and active is not None and active.delivery is not None:
            self._apply(active, jobs.Answered(active.delivery.copy), now_s)

    def _retract_s(self) -> float:
        """The catalogue's time for a paper in the outlet."""
        kept = catalogue_cache.current(self._store)
        try:
            return RETRACT_S if kept is None else kept.catalogue.limits.retract_s
        except ValueError:  # the kiosk finds it bad as well, and says so
            return RETRACT_S

    def _hear_answer(self, reply: ProcessId | InBand | Count, now_s: float) -> None:
        if self.clearing.answered(reply, now_s):
            self._cleared(now_s)
            return
        active = self.active
        if active is None or active.delivery is None or (isinstance(reply, InBand) and self.clearing.counting):
            return
        if _answers(reply, active.delivery, self._profile.confirmation):
            self._apply(active, jobs.Answered(active.delivery.copy), now_s)

    def _clear(self, now_s: float) -> None:
        progress = self.clearing.tick(now_s)
        if progress is Progress.IMPOSSIBLE:
            log.warning("printer.no-fence")
            if self.active is not None and self.active.job.phase != jobs.Queued():
                self._apply(self.active, jobs.CannotClear(), now_s)
            progress = Progress.CLEARED
        if progress is Progress.UNANSWERED:
            log.warning("printer.fence-unanswered")
            if self.active is not None and self.active.job.phase != jobs.Queued():
                # Nothing is printed again without that answer.
                self._lose(now_s)
                return
            # Nobody's paper depends on it, and the next citizen's must not be refused for it.
            progress = Progress.CLEARED
        if progress is Progress.COMPLETED:
            if self.active is not None and self.active.delivery is not None:
                self._apply(self.active, jobs.Answered(self.active.delivery.copy), now_s)
            progress = Progress.CLEARED
        if progress is Progress.CLEARED:
            self._cleared(now_s)

    def _cleared(self, now_s: float) -> None:
        self.clearing.done()
        log.info("printer.cleared")
        if self.active is not None:
            self._apply(self.active, jobs.Cleared(), now_s)
        self.connection.ask_now(now_s)

    def _lose(self, now_s: float) -> None:
        for happening in self.connection.give_up(now_s):
            self._hear(happening, now_s)

    # ---- the job --------------------------------------------------------------------------------------------

    def _deliver(self, active: Active, now_s: float) -> None:
        delivery = active.delivery
        if delivery is None or not isinstance(active.job.phase, jobs.Sending):
            return
        while not delivery.whole:
            at_tail = delivery.at_tail
            try:
                taken = self.connection.write(delivery.next_chunk())
            except TransportLostError as error:
                if at_tail and error.partial:
                    self._apply(active, jobs.BytesAccepted(tail=True, whole=False), now_s)
                self._lose(now_s)
                return
            if not taken:
                return
            if at_tail:
                # A process that dies before this line leaves a job that was being sent: in doubt as well.
                self._apply(active, jobs.BytesAccepted(tail=True, whole=False), now_s)
            delivery.handed += taken
            active.progressed_s = now_s
        self._apply(active, jobs.BytesAccepted(tail=True, whole=True), now_s)

    def _hurry(self, active: Active, now_s: float) -> None:
        if active.delivery is None or not isinstance(active.job.phase, jobs.Sending | jobs.Sent):
            return
        waited_s = now_s - active.progressed_s
        if not self._profile.confirms and active.job.phase == jobs.Sent() and waited_s > active.delivery.expected_s:
            self._apply(active, jobs.CannotConfirm(), now_s)
        elif waited_s > active.delivery.expected_s + NO_PROGRESS_S:
            self._apply(active, jobs.NoProgress(active.returned), now_s)

    def _apply(self, active: Active, event: jobs.Event, now_s: float) -> None:
        """Reduces, writes the new state, and only then acts."""
        before = active.job
        active.job, effects = jobs.reduce(before, event)
        if active.job == before and not effects:
            return
        state = jobs.state_of(active.job)
        changed = state is not jobs.state_of(before) or active.job.copies != before.copies
        if changed and state not in print_jobs.ENDS:
            log.info("job.state", job=active.row.id, state=state.value, copy=active.job.copies)
            if not print_jobs.advance(self._store, active.row.id, state, copies=active.job.copies):
                self._forget(active)
                return
        for effect in effects:
            self._perform(active, effect, now_s)

    def _perform(self, active: Active, effect: jobs.Effect, now_s: float) -> None:
        match effect:
            case jobs.Send(copy):
                try:
                    receipt = print_jobs.decrypt(self.folder, active.row)
                    active.delivery = Delivery.of(
                        receipt, self._profile, active.row.process_id, copy, self.connection.count
                    )
                except (ContentDestroyedError, ValueError):
                    self._apply(active, jobs.Unreadable(), now_s)
                    return
                active.progressed_s, active.returned = now_s, False
            case jobs.StopPrinter():
                self.clearing.stop()
            case jobs.ClearPrinter():
                self.clearing.need()
            case jobs.Destroy(outcome, reason):
                log.info("job.ended", job=active.row.id, outcome=outcome.value, reason=reason)
                if print_jobs.finish(self.folder, self._store, active.row.id, outcome, reason):
                    self._live.ended(active.row.id, outcome, reason, now_s)
                self._forget(active)
            case _ as never:
                assert_never(never)

    def _forget(self, active: Active) -> None:
        if active is self.active:
            self.active = None
            self.look()

    # ---- live status ----------------------------------------------------------------------------------------

    def status(self, now_s: float) -> list[dict[str, Any]]:
        """What is told: the printer's condition, the job that is printed, and jobs that have just ended."""
        active = self.active
        job = None if active is None else (active.row.id, jobs.state_of(active.job), self._progress(active, now_s))
        return self._live.messages(self.connection.condition, self.outlet.occupied, job, now_s)

    def _progress(self, active: Active, now_s: float) -> float:
        if active.delivery is None or not isinstance(active.job.phase, jobs.Sending | jobs.Sent):
            return 0.0
        return active.delivery.progress(self.connection.in_flight(), now_s - active.progressed_s)


def _answers(reply: ProcessId | InBand | Count, delivery: Delivery, confirmation: profiles.Confirmation) -> bool:
    """Whether this is the answer behind that delivery."""
    match reply:
        case ProcessId(id=answered):
            return answered == delivery.process_id
        case InBand():
            return confirmation is profiles.Confirmation.IN_BAND
        case Count(number):
            return number == delivery.expected_count
        case _ as never:
            assert_never(never)
