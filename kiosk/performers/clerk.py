"""The clerk: the one thread of the screen's process that writes into the store, in the order it is asked.

It commits a citizen's request in one transaction, looks what the store says of this kiosk, and brings in a catalogue
that was verified. Its connection is its own.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.performers import failures, journal
from kiosk.performers.rehearsal import Rehearsal
from offline_cache import clock
from offline_cache.folder import StateFolder

if TYPE_CHECKING:
    from kiosk.journey import events as ev
    from kiosk.journey.effects import NoteTechnician, PrintStatus, SendRating
    from kiosk.journey.state import State
    from offline_cache.store import Store
    from printer.receipt import Receipt

LOOK_EVERY_S = 1.0
# No disk that works makes the store take this long.
STUCK_S = 60.0

Picture = tuple[tuple[int, int], bytes]
Post = Callable[["ev.Event"], None]


class Clerk:
    """One thread; `start` says whom it tells. `leave` ends the process, with an exit status."""

    def __init__(self, folder: StateFolder, leave: Callable[[int], object] = os._exit) -> None:
        self._folder = folder
        self._leave = leave
        self._work: queue.SimpleQueue[Callable[[Store], None] | None] = queue.SimpleQueue()
        self._post: Post | None = None
        self._catalogue = 0
        self._rehearsal = Rehearsal(folder)
        self._zone: ZoneInfo | None = None
        self._standing: ev.StandingChanged | None = None
        # The job whose end the screen waits for.
        self._job: str | None = None
        # Counts sessions: what was asked or drawn for one that is over is nobody's.
        self._guard = threading.Lock()
        self._visit = 0
        self._picture: Picture | None = None
        self._sentences: tuple[str, ...] = ()
        self._began_s: float | None = None
        self.kiosk_id = ""
        self._thread = threading.Thread(target=self._run, name="clerk", daemon=True)

    def start(self, post: Post) -> None:
        """Events go to `post`, from the clerk's thread."""
        self._post = post
        self._thread.start()

    def close(self) -> None:
        self._work.put(None)
        self._thread.join(5)
        self._rehearsal.forget()

    def look(self) -> None:
        """Another process wrote into the store."""
        self._work.put(self._look)

    def commit(self, state: State) -> None:
        """Writes what the session holds; answers Committed or CommitRefused, whatever happens.

        Nothing is written for a session that is over before its turn comes.
        """
        visit = self._visit
        self._work.put(lambda store: self._commit(store, state, visit))

    def print_status(self, effect: PrintStatus, state: State) -> None:
        """Puts a status in the printer's queue; answers StatusPrinting, whatever happens."""
        self._work.put(lambda store: self._print_status(store, effect, state))

    def release(self, job: str, limit_s: int) -> None:
        """The card is out: the printer may begin, and has `limit_s` seconds from now."""
        self._work.put(lambda store: self._release(store, job, limit_s))

    def drop(self, job: str) -> None:
        """Nobody is there for this paper any more."""
        self._work.put(lambda store: self._drop(store, job))

    def deny(self, job: str) -> None:
        """Who stood there saw no paper."""
        self._work.put(lambda store: self._deny(store, job))

    def rate(self, effect: SendRating) -> None:
        self._work.put(lambda store: self._rate(store, effect))

    def find(self, code: str, tell: Callable[[bool], None]) -> None:
        """Tells, from the clerk's thread, whether the ticket of that code waits in this kiosk's outbox."""
        from offline_cache import outbox

        self._work.put(lambda store: tell(outbox.waits(store, code)))

    def report(self, number: str, error: BaseException) -> None:
        """An exception reached the screen: the centre is to know, by its kind and its place alone."""
        ids: dict[str, str | int] = {"number": number, "kind": type(error).__name__, "where": failures.where(error)}
        self._work.put(lambda store: self._report(store, ids))

    def note_technician(self, effect: NoteTechnician) -> None:
        """Every use of a technician's card goes into the audit log."""
        ids: dict[str, str | int] = {"act": effect.act, "certificate": effect.certificate, "role": effect.role}
        self._work.put(lambda store: self._note(store, ids))

    def afterwards(self, act: Callable[[], object]) -> None:
        """Called from the clerk's thread, once everything that was asked before is written."""
        self._work.put(lambda _store: (act(), None)[1])

    def picture(self) -> Picture | None:
        """The receipt being printed: (width, height) in dots and one byte a dot, the PIN masked; None until drawn."""
        return self._picture

    def sentences(self) -> tuple[str, ...]:
        """What the paper says, for a voice; nothing before it is known."""
        return self._sentences

    def forget(self) -> None:
        """The session is over: what was drawn for it goes, what was not begun for it is not begun."""
        with self._guard:
            self._visit += 1
            self._picture = None
            self._sentences = ()

    def stuck(self) -> bool:
        """True when one piece of work takes so long that it will not end: the disk does not answer."""
        began_s = self._began_s
        return began_s is not None and time.monotonic() - began_s > STUCK_S

    # ---- the thread -------------------------------------------------------------------------------------

    def _run(self) -> None:
        from offline_cache import damage
        from offline_cache.store import StoreCorruptError, StoreError, open_store

        try:
            with open_store(self._folder) as store:
                self._work_on(store)
        except StoreError as error:
            # Nothing can be promised without the store: its custodian is called, and we are started after it.
            if isinstance(error, StoreCorruptError):
                damage.report(self._folder)
            journal.error("store-lost", why=type(error).__name__)
            sys.stderr.write(f"totem: {error}\n")
            self._leave(1)
        except Exception as error:  # noqa: BLE001  a kiosk without its clerk looks alive and serves nobody
            failures.tell("clerk-lost", error)
            self._leave(1)

    def _work_on(self, store: Store) -> None:
        self._do(store, self._after_death)
        self._do(store, self._look)
        self._do(store, self._release_orphans)
        while True:
            try:
                work = self._work.get(timeout=LOOK_EVERY_S)
            except queue.Empty:
                work = self._look
            if work is None:
                return
            self._do(store, work)
            del work  # what it was asked about is nobody's any more

    def _do(self, store: Store, work: Callable[[Store], None]) -> None:
        self._began_s = time.monotonic()
        work(store)
        self._began_s = None

    def _tell(self, event: ev.Event) -> None:
        if self._post is not None:
            self._post(event)

    def _wake(self, name: str) -> None:
        from offline_cache.wake import post

        post(self._folder, name)

    def _note(self, store: Store, ids: dict[str, str | int]) -> None:
        from offline_cache import audit

        audit.record(store, audit.AuditEvent.TECHNICIAN, clock.read(), ids)

    def _look(self, store: Store) -> None:
        """The standing first: the first screen waits for the catalogue, and says what can be done here."""
        from kiosk.journey import events
        from offline_cache import catalogue_cache, disk, numbers, standing

        enrolled = standing.current(store)
        self.kiosk_id = enrolled.enrolment.kiosk if enrolled else ""
        now = events.StandingChanged(
            enrolled=enrolled is not None and enrolled.in_use is not None,
            numbers=tuple(numbers.summary(store).items()),
            space=disk.has_room(self._folder),
            clock_trusted=(trusted := clock.trusted(store, clock.read())),
            local=self._local() if trusted else None,
        )
        if now != self._standing:
            self._standing = now
            self._tell(now)
        self._try_candidate(store)
        kept = catalogue_cache.current_version(store)
        if kept is not None and kept != self._catalogue:
            self._take_catalogue(store)
        self._follow(store)

    def _after_death(self, store: Store) -> None:
        """A program that died in the first session under a new catalogue died of it."""
        from offline_cache import catalogue_cache

        catalogue_cache.died_in_trial(store, clock.read().boot_id)

    def began(self) -> None:
        """A session began: if its catalogue is new, this is its trial."""
        from offline_cache import catalogue_cache

        self._work.put(lambda store: catalogue_cache.session_began(store, clock.read().boot_id))

    def ended(self, *, well: bool) -> None:
        """The session is over, by its end or by a crash."""
        from offline_cache import catalogue_cache

        self._work.put(lambda store: catalogue_cache.session_ended(store, well=well))
        self._work.put(self._look)

    def _local(self) -> datetime | None:
        """The operator's wall clock, to the minute; None before there is an operator."""
        return datetime.now(self._zone).replace(second=0, microsecond=0) if self._zone is not None else None

    def _follow(self, store: Store) -> None:
        """A printer process that died after a job's end does not tell it any more; the store does."""
        from kiosk.journey import events
        from offline_cache import print_jobs

        job = print_jobs.find(store, self._job) if self._job is not None else None
        if job is not None and job.state in print_jobs.ENDS:
            self._job = None
            self._tell(events.JobChanged(job.id, job.state, 1.0, job.detail))

    def _try_candidate(self, store: Store) -> None:
        """A new catalogue is shown once it has been rehearsed; what fails there is never shown."""
        from offline_cache import catalogue_cache

        waiting = catalogue_cache.candidate(store)
        if waiting is None:
            self._rehearsal.forget()
            return
        verdict = self._rehearsal.verdict(waiting.version, waiting.content)
        if verdict is None:
            return
        if verdict:
            catalogue_cache.accept(store, waiting.version)
        else:
            journal.error("catalogue-failed-rehearsal", version=waiting.version)
            catalogue_cache.mark_bad(store, waiting.version)
        self._wake("sync")

    def _take_catalogue(self, store: Store) -> None:
        from kiosk.catalog.read import CatalogueError, from_json
        from kiosk.journey import events
        from offline_cache import catalogue_cache

        kept = catalogue_cache.current(store)
        if kept is None:
            return
        self._catalogue = kept.version
        try:
            catalogue = from_json(kept.content)
            self._zone = ZoneInfo(catalogue.operator.time_zone)
            self._tell(events.CatalogueVerified(catalogue))
        except CatalogueError:
            journal.error("catalogue-unreadable", version=kept.version)
            catalogue_cache.mark_bad(store, kept.version)

    def _commit(self, store: Store, state: State, visit: int) -> None:
        from kiosk.journey import events
        from kiosk.performers import registration

        session = state.session
        if session is None or visit != self._visit:
            return
        try:
            done = registration.register(store, self._folder, state)
        except Exception as error:  # noqa: BLE001  whatever it was, nothing is written, and the citizen is told so
            failures.tell("commit-refused", error)
            self._tell(events.CommitRefused(session.id))
            return
        self._job = done.ticket.job
        self._tell(events.Committed(session.id, done.ticket))
        self._wake("sync")
        if done.ticket.job is not None and done.masked is not None:
            self._put_in_words(done.receipt, visit)
            self._draw(done.masked, visit)

    def _print_status(self, store: Store, effect: PrintStatus, state: State) -> None:
        from kiosk.journey import events
        from kiosk.performers import registration

        job = None
        try:
            job = registration.print_status(store, self._folder, state, effect.status)
        except Exception as error:  # noqa: BLE001  a paper that cannot be made is told as one that did not come
            failures.tell("status-not-printed", error)
        self._job = job
        self._tell(events.StatusPrinting(effect.session, job))
        self._wake("printer")

    def _put_in_words(self, receipt: Receipt, visit: int) -> None:
        from printer import spoken

        said = tuple(spoken.sentences(receipt))
        with self._guard:
            if visit == self._visit:
                self._sentences = said

    def _draw(self, receipt: Receipt, visit: int) -> None:
        """Draws the paper for the screen, after everything that must not wait. Without it, no picture is shown."""
        from printer import picture, profiles

        try:
            drawn = picture.draw(receipt, profiles.load(self._folder.settings().printer.profile)).convert("L")
        except Exception as error:  # noqa: BLE001  a decoration
            failures.tell("picture-not-drawn", error)
            return
        with self._guard:
            if visit == self._visit:
                self._picture = (drawn.width, drawn.height), drawn.tobytes()

    def _release(self, store: Store, job: str, limit_s: int) -> None:
        from offline_cache import print_jobs

        print_jobs.release(store, job, clock.boottime_s() + limit_s)
        self._wake("printer")

    def _drop(self, store: Store, job: str) -> None:
        from offline_cache import print_jobs

        print_jobs.drop(self._folder, store, job)
        self._wake("printer")
        self._follow(store)

    def _deny(self, store: Store, job: str) -> None:
        from offline_cache import print_jobs

        if print_jobs.deny(store, job):
            self._wake("sync")

    def _release_orphans(self, store: Store) -> None:
        """A kiosk that died between commit and card-out left its paper waiting. The citizen still stands there, and
        the code is on that paper alone: it may come, within the deadline it has.
        """
        from offline_cache import print_jobs

        for job in print_jobs.waiting(store):
            if job.held:
                print_jobs.release(store, job.id)
        self._wake("printer")

    def _report(self, store: Store, ids: dict[str, str | int]) -> None:
        from offline_cache import audit
        from offline_cache.wake import post

        audit.record(store, audit.AuditEvent.SCREEN_FAILED, clock.read(), ids)
        post(self._folder, "sync", {"fault": True})

    def _rate(self, store: Store, effect: SendRating) -> None:
        from offline_cache import outbox
        from offline_cache.contract.messages import EventKind
        from offline_cache.contract.payloads import RatingPayload

        payload = RatingPayload(service=effect.service, stars=effect.stars)
        with contextlib.suppress(outbox.NothingToSealWithError):
            outbox.enqueue(store, EventKind.RATING, payload.model_dump_json().encode())
            self._wake("sync")
