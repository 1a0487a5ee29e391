"""The loop of the sync process, which alone has the network and the device key.

One loop, one connection, one request at a time, the most urgent first: look-ups, because a citizen is waiting; then the
heartbeat, the outbox, numbers, the catalogue, the program. Whatever fails is tried again later with full jitter;
nothing is dropped.

The heartbeat alone decides whether the link is up, and it says how the link is for a citizen: a line on which it takes
longer than a look-up may is told as down, while everything that can wait still goes over it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from offline_cache import catalogue_cache, catalogue_client, clock, lookups, outbox, service, standing, wishes
from offline_cache.application_fetch import ApplicationFetch
from offline_cache.asking import ask
from offline_cache.backoff import Backoff
from offline_cache.catalogue_news import News
from offline_cache.client import LOOKUP_LIMIT_S, CentreClient, Refused, Unreachable, moment, read_key
from offline_cache.connection import Connection
from offline_cache.contract.messages import (
    ALLOCATIONS_DIRECTIVE,
    AUDIT_DIRECTIVE,
    CATALOGUE_DIRECTIVE,
    RELEASE_DIRECTIVE,
    HeartbeatAnswer,
)
from offline_cache.drain import Drain
from offline_cache.enrolment import DEVICE_KEY
from offline_cache.folder import StateFolder
from offline_cache.leasing import Leasing
from offline_cache.revocation_fetch import RevocationFetch
from offline_cache.self_report import NO_PAGE_PRINTER, heartbeat
from offline_cache.signed_metadata import NotVouchedFor
from offline_cache.store import (
    Store,
    StoreInUseError,
    StoreUnwritableError,
)
from offline_cache.wake import post
from offline_cache.witness import Witness

log = structlog.get_logger()

CATALOGUE_EVERY_S = 300.0
POLL_S = 1.0


@dataclass
class Sync:
    """The loop's state. Times are monotonic seconds.

    `between` answers the look-ups that wait meanwhile. `link`: online services work; `reached`: the centre answered the
    last heartbeat, however slowly.
    """

    folder: StateFolder
    store: Store
    draw: random.Random
    between: Callable[[], object] = lambda: None
    link: bool = False
    # The catalogue that the centre names, once it was heard; why the last one was refused.
    wanted: str | None = None
    refusal: NotVouchedFor | catalogue_cache.CatalogueRefusedError | None = None
    _asked_time: bool = False
    reached: bool = False
    status: dict[str, str] = field(
        default_factory=lambda: {"printer": "unknown", "reader": "unknown", "page_printer": NO_PAGE_PRINTER}
    )

    def __post_init__(self) -> None:
        settings = self.folder.settings()
        self._centre = settings.centre
        self._heartbeat_every_s = settings.sync.heartbeat_s
        self._cap_s = settings.sync.retry_cap_s
        self._witness = Witness(self.store)
        self._backoff = Backoff(self._cap_s, self.draw)
        self._space_out()
        self._catalogue_backoff = Backoff(CATALOGUE_EVERY_S, self.draw)
        self._drain = Drain(self.store, settings.sync.retry_cap_s, self.draw)
        self._lists = RevocationFetch(self.folder.revocation_lists, self.draw)
        self._leasing = Leasing(self.store, settings.sync.retry_cap_s, self.draw)
        # Where the authorities publish their revocation lists, as the catalogue says.
        self._addresses: tuple[str, ...] = ()
        self._client: CentreClient | None = None
        self._wishes: list[str] = []
        self._trouble = ""
        self._next_heartbeat_s = 0.0
        self._next_catalogue_s = 0.0
        self._news = News(self.folder)
        self._program = ApplicationFetch(self.folder, self.store, self.draw)
        self._not_before_s = 0.0
        # True between the centre's wish to see the audit log and the heartbeat that shows it.
        self._showing = False

    # ---- one step ---------------------------------------------------------------------------------------

    def step(self, now_s: float) -> bool:
        """Makes the most urgent request that is due; False if none is. Never raises for what a network or a centre
        does, nor for a full disk: what cannot be counted cannot be sent, and waits.
        """
        if now_s < self._not_before_s:
            return False
        try:
            client = self._connect()
            return client is not None and self._most_urgent(client, now_s)
        except Unreachable as error:
            log.info("no-answer", why=str(error))
            self._next_heartbeat_s = now_s
        except Refused as error:
            if not self._overtake(error):
                self._lost(error.code, error.retry_after_s)
        except (StoreInUseError, StoreUnwritableError) as error:
            self._lost(str(error))
        return True

    def idle_s(self, now_s: float) -> float:
        """Seconds until something is due of itself after a step that found nothing; at most the poll of the store."""
        due_s = max(self._not_before_s, min(self._next_heartbeat_s, self._next_catalogue_s, self._news.due_s))
        return POLL_S if self._client is None else min(POLL_S, max(0.0, due_s - now_s))

    def _most_urgent(self, client: CentreClient, now_s: float) -> bool:
        if now_s >= self._next_heartbeat_s:
            self._beat(client, now_s)
            return True
        if self._wishes and self._fulfil(client):
            return True
        if self._drain.step(client, now_s):
            return True
        if self._leasing.step(client, now_s):
            post(self.folder, "kiosk")
            return True
        if now_s >= self._next_catalogue_s:
            self._catalogue(client, now_s)
            return True
        if now_s >= self._news.due_s:
            if self._news.changed(client.connection):
                self._next_heartbeat_s = now_s
            return True
        return self._lists.step(client.connection, self._addresses, now_s) or self._release(client, now_s)

    def _connect(self) -> CentreClient | None:
        """The client of the enrolment that the store holds; None, said once, before there is one."""
        enrolment = standing.load(self.store)
        trusted = clock.trusted(self.store, clock.read())
        if self._client is not None and self._client.enrolment == enrolment:
            self._client.connection.check_dates(trusted)
            return self._client
        self._client, trouble = None, ""
        if enrolment is None:
            trouble = "this kiosk is not enrolled yet"
        else:
            try:
                key = read_key(self.folder.keys / DEVICE_KEY)
                connection = Connection(self._centre, check_dates=trusted)
                counter = lambda: standing.next_request_counter(self.store)  # noqa: E731  bound to this store
                self._client = CentreClient(connection, enrolment, key, counter)
            except (OSError, ValueError) as error:
                trouble = f"the device key cannot be read: {type(error).__name__}"
        if trouble not in {"", self._trouble}:
            log.warning("not-connected", why=trouble)
        self._trouble = trouble
        return self._client

    def _overtake(self, error: Refused) -> bool:
        """The centre has seen a higher counter: this disk was restored from an image, or copied. Goes on above it; the
        heartbeat that follows shows which it was.
        """
        if error.counter is None or not standing.raise_request_counter(self.store, error.counter):
            return False
        log.warning("counter-overtaken", seen=error.counter)
        self._next_heartbeat_s = time.monotonic()
        return True

    def _space_out(self) -> None:
        """While the centre is away, tries come as rarely as it wished when it was last heard: uniform up to twice the
        spread is once in a spread on average.
        """
        self._backoff.cap_s = 2 * self._witness.spread_s or self._cap_s

    def _lost(self, why: str, wish_s: float | None = None) -> None:
        """The kiosk is on its own; the next try is a heartbeat."""
        wait_s = self._backoff.after_failure(wish_s)
        (log.warning if self.link else log.info)("no-centre", why=why, retry_s=round(wait_s, 1))
        self.reached = False
        self._set_link(up=False)
        self._next_heartbeat_s = self._not_before_s = time.monotonic() + wait_s

    def _set_link(self, *, up: bool) -> None:
        changed, self.link = self.link is not up, up
        if changed:
            log.info("link", up=up)
            self.tell()

    def tell(self) -> None:
        """Tells the screen how the link is."""
        post(self.folder, "kiosk", {"link": self.link})

    # ---- what it does -----------------------------------------------------------------------------------

    def _beat(self, client: CentreClient, now_s: float) -> None:
        try:
            self._ask_time(client)
            reading = clock.read()
            beat = heartbeat(self.folder, self.store, self.status, self._witness, reading)
            answer = client.post("heartbeats", beat, HeartbeatAnswer)
            true_time = moment(answer.time)
        except Unreachable as error:
            self._lost(str(error))
            return
        self._backoff.succeeded()
        self.reached = True
        was_trusted = clock.trusted(self.store, reading)
        if clock.confirm(self.store, reading, true_time) is not was_trusted:
            post(self.folder, "kiosk")
        if answer.answer_key is not None and standing.rely_on(self.store, answer.answer_key, reading):
            log.info("answer-key-changed")
        restored = self._witness.heard(answer)
        self._space_out()
        self._wishes = wishes.of(self.store, answer.directives)
        if not restored and ALLOCATIONS_DIRECTIVE not in self._wishes:
            outbox.purge(self.store, answer.safe_seq)
        # A catalogue that was refused is not fetched again with every heartbeat.
        news = answer.catalogue != self.wanted
        self.wanted = answer.catalogue
        if news or (CATALOGUE_DIRECTIVE in answer.directives and not self._catalogue_backoff.failures):
            self._next_catalogue_s = now_s
        self._program.wish(answer.release if RELEASE_DIRECTIVE in answer.directives else None, now_s)
        answered_s = time.monotonic()
        self._next_heartbeat_s = answered_s + self._heartbeat_every_s
        self._news.after_heartbeat(answered_s, self._heartbeat_every_s)
        if AUDIT_DIRECTIVE in answer.directives and not self._showing:
            self._next_heartbeat_s = answered_s
        self._showing = AUDIT_DIRECTIVE in answer.directives
        self._set_link(up=answered_s - now_s <= LOOKUP_LIMIT_S)

    def _ask_time(self, client: CentreClient) -> None:
        """Once in a boot: while the clock is not to be believed, the time is asked for before anything is signed with
        it.
        """
        if self._asked_time or clock.trusted(self.store, clock.read()):
            return
        reading = clock.read()
        if clock.confirm(self.store, reading, client.time()):
            post(self.folder, "kiosk")
        self._asked_time = True

    def _fulfil(self, client: CentreClient) -> bool:
        """One wish of the centre, before anything of the outbox goes."""
        wishes.fulfil(self._wishes.pop(), self.folder, self.store, client)
        # Signs with the key that is there now; and there may be another audit log, of which nothing was seen yet.
        self._client = self._witness.since = None
        post(self.folder, "kiosk")
        return True

    def _catalogue(self, client: CentreClient, now_s: float) -> None:
        """The catalogue that the centre names, if the kiosk has another; whatever is wrong, it keeps what it has."""
        if self.wanted is None:
            self._next_catalogue_s = now_s + CATALOGUE_EVERY_S
            return
        moment, bad = clock.best(self.store, clock.read()), catalogue_cache.bad_versions(self.store)
        try:
            found = catalogue_client.fetch(
                self.folder, self.store, client.connection, moment, self.wanted, self.between
            )
            if found is not None and catalogue_cache.offer(
                self.store, found.content, min_version=found.min_version, signed_as=found.version
            ):
                self._lists.due_s = now_s
                log.info("catalogue-fetched", target=self.wanted)
                post(self.folder, "kiosk")
        except Unreachable as error:
            log.warning("catalogue-not-fetched", why=str(error))
            self._next_catalogue_s = now_s + self._catalogue_backoff.after_failure()
            self._next_heartbeat_s = now_s
        except (NotVouchedFor, catalogue_cache.CatalogueRefusedError) as error:
            self.refusal = error
            log.error("catalogue-refused", why=str(error))
            self._next_catalogue_s = now_s + self._catalogue_backoff.after_failure()
            if catalogue_cache.bad_versions(self.store) != bad:
                # A rollout that waits for this kiosk is to be stopped, not kept waiting.
                self._next_heartbeat_s = now_s
        except (catalogue_client.NotWritten, StoreUnwritableError) as error:
            log.error("catalogue-not-written", why=str(error))
            self._next_catalogue_s = now_s + self._catalogue_backoff.after_failure()
        else:
            self._catalogue_backoff.succeeded()
            self._next_catalogue_s = now_s + CATALOGUE_EVERY_S
            kept = catalogue_cache.current(self.store)
            self._addresses = kept.catalogue.revocation_lists if kept is not None else ()

    def _release(self, client: CentreClient, now_s: float) -> bool:
        """One piece of the release that the centre names; whatever is wrong, the program that runs stays."""
        if not self._program.due(now_s):
            return False
        believed = clock.best(self.store, clock.read())
        try:
            return self._program.step(client.connection, believed, now_s, self.between)
        except Unreachable as error:
            log.warning("release-not-fetched", why=str(error))
            self._next_heartbeat_s = now_s
        except NotVouchedFor as error:
            log.error("release-refused", why=str(error))
        except (catalogue_client.NotWritten, StoreUnwritableError) as error:
            log.error("release-not-written", why=str(error))
        return True

    # ---- look-ups and messages --------------------------------------------------------------------------

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """A look-up of the screen's process, asked of the centre at once, whatever the link was a moment ago."""
        if service.is_for(request):
            return service.answer(self.folder, self.store, request, self._connect)
        try:
            client = self._connect()
            if client is None:
                return dict(lookups.NO_LINK)
            answer = ask(client, request)
        except (Unreachable, StoreInUseError, StoreUnwritableError) as error:
            log.info("look-up-unanswered", why=str(error))
        except Refused as error:
            self._overtake(error)
            log.info("look-up-refused", code=error.code)
            if not error.of_the_kiosk:
                return {"error": "refused", "detail": error.code}
        else:
            if not self.link:
                self._next_heartbeat_s = self._not_before_s = 0.0
            return answer
        # The heartbeat tells whether it was the link, or this request alone.
        if self.link:
            self._next_heartbeat_s = 0.0
        return dict(lookups.NO_LINK)

    def hear(self, message: dict[str, Any]) -> None:
        """Live status of the other processes, for the heartbeat; or a technician's wish: to try again at once, or to
        be started anew.
        """
        if message.get("restart") is True:
            raise SystemExit(0)
        if message.get("retry") is True:
            self._next_heartbeat_s = self._not_before_s = 0.0
            self._drain.try_all()
        if message.get("fault") is True:
            self._next_heartbeat_s = 0.0
        for part in self.status:
            if part in message and self.status[part] != str(message[part]):
                self.status[part] = str(message[part])
                # A fault is the centre's to know at once, not at the next beat.
                self._next_heartbeat_s = 0.0
