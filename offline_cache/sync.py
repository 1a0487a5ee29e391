"""The sync process: it alone has the network and the device key.

One loop, one connection, one thing at a time: look-ups first (a citizen is waiting), then the outbox, the heartbeat,
numbers, the catalogue. Whatever fails is tried again later with full jitter; nothing is dropped.
"""

from __future__ import annotations

import random
import select
import signal
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog

from kiosk.catalog.read import CatalogueError
from offline_cache import audit, catalogue_cache, catalogue_client, clock, disk, lookups, numbers, outbox, standing
from offline_cache.backoff import Backoff, retry_after_s
from offline_cache.catalogue_client import NotVouchedFor
from offline_cache.client import CentreClient, Refused, Unreachable, as_object, read_key
from offline_cache.contract.messages import (
    DocumentAnswer,
    EventAnswer,
    EventBatch,
    GuidesAnswer,
    Heartbeat,
    HeartbeatAnswer,
    Lookup,
    Nonce,
    NonceRequest,
    NumberBlock,
    NumberBlockRequest,
)
from offline_cache.enrolment import DEVICE_KEY
from offline_cache.folder import StateFolder
from offline_cache.notify import notify
from offline_cache.store import Store, open_store
from offline_cache.wake import Mailbox, post

log = structlog.get_logger()

BATCH = 100
BLOCK_SIZE = 50
LOW_NUMBERS = 20
CATALOGUE_EVERY_S = 300.0
TELL_EVERY_S = 1.0
CATALOGUE_DIRECTIVE = "catalogue"


@dataclass
class Sync:
    """The loop's state. `client` is None until the kiosk is enrolled. Times are monotonic seconds."""

    folder: StateFolder
    store: Store
    draw: random.Random
    client: CentreClient | None = None
    link: bool = False
    status: dict[str, str] = field(default_factory=lambda: {"printer": "unknown", "reader": "unknown"})

    def __post_init__(self) -> None:
        sync = self.folder.settings().sync
        self._heartbeat_every_s = sync.heartbeat_s
        self._backoff = Backoff(cap_s=sync.retry_cap_s, draw=self.draw)
        self._next_heartbeat_s = 0.0
        self._next_catalogue_s = 0.0
        self._not_before_s = 0.0

    # ---- one turn ---------------------------------------------------------------------------------------

    def turn(self, now_s: float) -> None:
        """Does what is due. Never raises for what a network or a centre does."""
        if self._connect() is None or now_s < self._not_before_s:
            return
        try:
            if now_s >= self._next_heartbeat_s:
                self._heartbeat(now_s)
            self._drain()
            self._lease()
            if now_s >= self._next_catalogue_s:
                self._catalogue(now_s)
            self._backoff.succeeded()
        except Unreachable as error:
            self._lost(now_s, self._backoff.after_failure(), str(error))
        except Refused as error:
            wish_s = retry_after_s(error.retry_after, datetime.now(UTC))
            self._lost(now_s, wish_s if wish_s is not None else self._backoff.after_failure(), error.code)

    def next_due_s(self, now_s: float) -> float:
        """Seconds until something is due of itself, at most one (the fallback poll)."""
        due = max(min(self._next_heartbeat_s, self._next_catalogue_s), self._not_before_s)
        return max(0.0, min(1.0, due - now_s))

    def _connect(self) -> CentreClient | None:
        enrolment = standing.load(self.store)
        if self.client is None and enrolment is not None:
            key = read_key(self.folder.keys / DEVICE_KEY)
            centre = self.folder.settings().centre
            self.client = CentreClient(centre, enrolment, key, lambda: standing.next_request_counter(self.store))
        return self.client

    def _lost(self, now_s: float, wait_s: float, why: str) -> None:
        if self.link:
            log.warning("link-lost", why=why)
        self._set_link(up=False)
        self._not_before_s = now_s + wait_s
        self._next_heartbeat_s = 0.0

    def _set_link(self, *, up: bool) -> None:
        changed, self.link = self.link is not up, up
        if changed:
            log.info("link", up=up)
            self.tell()

    def tell(self) -> None:
        """Tells the screen how the link is."""
        post(self.folder, "kiosk", {"link": self.link})

    # ---- what it does -----------------------------------------------------------------------------------

    def _heartbeat(self, now_s: float) -> None:
        assert self.client is not None
        reading = clock.read()
        waiting = outbox.status(self.store)
        current = catalogue_cache.current(self.store)
        answer = self.client.post(
            "heartbeats",
            Heartbeat(
                queue_depth=waiting.waiting,
                oldest_unsynced_s=waiting.oldest_unsynced_s,
                printer=self.status["printer"],
                reader=self.status["reader"],
                disk_free_mb=disk.free_mb(self.folder),
                clock=reading.iso,
                boot_id=reading.boot_id,
                catalogue_version=current.version if current else 0,
                audit_head=audit.head(self.store),
            ),
            HeartbeatAnswer,
        )
        was_trusted = clock.trusted(self.store, reading)
        if clock.confirm(self.store, reading, datetime.fromisoformat(answer.time)) is not was_trusted:
            post(self.folder, "kiosk")
        outbox.settle(self.store, (), answer.safe_seq)
        if CATALOGUE_DIRECTIVE in answer.directives:
            self._next_catalogue_s = 0.0
        self._next_heartbeat_s = now_s + self._heartbeat_every_s
        if not self.link:
            self._next_catalogue_s = 0.0
        self._set_link(up=True)

    def _drain(self) -> None:
        assert self.client is not None
        while items := outbox.batch(self.store, BATCH):
            answer = self.client.post("events", EventBatch(items=tuple(items)), EventAnswer)
            settled = outbox.settle(self.store, answer.results, answer.safe_seq)
            log.info("events-sent", count=len(items), settled=settled)
            if not settled:
                return

    def _lease(self) -> None:
        """More numbers early, so that an outage finds the kiosk with enough of them."""
        assert self.client is not None
        current = catalogue_cache.current(self.store)
        if current is None:
            return
        enrolment = standing.load(self.store)
        assert enrolment is not None
        for series in current.series:
            if numbers.left(self.store, series) >= LOW_NUMBERS:
                continue
            # The same request until its block has come: a lost answer costs no numbers.
            request_id = str(
                uuid.uuid5(uuid.NAMESPACE_OID, f"{enrolment.kiosk}/{series}/{numbers.blocks(self.store, series)}")
            )
            block = self.client.post(
                "number-blocks", NumberBlockRequest(request_id=request_id, series=series, size=BLOCK_SIZE), NumberBlock
            )
            try:
                numbers.add_block(self.store, block)
            except numbers.BlockRefusedError as error:
                log.error("numbers-refused", series=series, why=str(error))
                continue
            log.info("numbers-leased", series=series)
            post(self.folder, "kiosk")

    def _catalogue(self, now_s: float) -> None:
        try:
            fetched = catalogue_client.fetch(self.folder, self.store, clock.not_before_floor(self.store, clock.read()))
            if fetched is not None and self._keep(fetched.body):
                log.info("catalogue-kept")
                post(self.folder, "kiosk")
        except (NotVouchedFor, catalogue_cache.CatalogueRefusedError) as error:
            log.error("catalogue-refused", why=str(error))
        self._next_catalogue_s = now_s + CATALOGUE_EVERY_S

    def _keep(self, body: bytes) -> bool:
        try:
            return catalogue_cache.keep(self.store, body)
        except (CatalogueError, catalogue_cache.CatalogueRefusedError) as error:
            raise NotVouchedFor(str(error)) from error

    # ---- look-ups ---------------------------------------------------------------------------------------

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """A look-up of the screen's process, asked of the centre at once."""
        if self._connect() is None or self.client is None:
            return dict(lookups.NO_LINK)
        try:
            return self._ask(self.client, request)
        except Unreachable as error:
            self._lost(time.monotonic(), self._backoff.after_failure(), str(error))
            return dict(lookups.NO_LINK)
        except Refused as error:
            return {"error": "refused", "detail": error.code}

    def _ask(self, client: CentreClient, request: dict[str, Any]) -> dict[str, Any]:
        match request:
            case {"do": "nonce", "session": str(session), "service": str(service)}:
                return as_object(client.post("nonces", NonceRequest(session=session, service=service), Nonce))
            case {"do": "guides", **rest}:
                return as_object(client.post("guides", Lookup.model_validate(rest), GuidesAnswer))
            case {"do": "documents", **rest}:
                return as_object(client.post("documents", Lookup.model_validate(rest), DocumentAnswer))
            case _:
                return {"error": "refused", "detail": "unknown request"}

    def hear(self, message: dict[str, Any]) -> None:
        """Live status of the other processes, for the heartbeat; or the technician's wish to try again at once."""
        if message.get("retry") is True:
            self._not_before_s = 0.0
        for part in self.status:
            if part in message:
                self.status[part] = str(message[part])


def main(folder: StateFolder) -> None:
    """Runs until SIGTERM."""
    stopping = False

    def stop(*_args: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    with open_store(folder) as store, Mailbox(folder, "sync") as mailbox:
        counter = lookups.Counter(folder)
        sync = Sync(folder, store, random.Random())  # noqa: S311  jitter, not a secret
        notify("READY=1")
        told_s = 0.0
        while not stopping:
            sync.turn(time.monotonic())
            ready, _, _ = select.select([mailbox.fileno(), counter.fileno()], [], [], sync.next_due_s(time.monotonic()))
            if counter.fileno() in ready:
                counter.serve(sync.answer)
            for message in mailbox.receive(0):
                if message is not None:
                    sync.hear(message)
            if time.monotonic() - told_s >= TELL_EVERY_S:
                told_s = time.monotonic()
                sync.tell()
                notify("WATCHDOG=1")
        counter.close()


def once(folder: StateFolder) -> bool:
    """Sends what waits, now; True if the link was there. For `totem sync once`."""
    with open_store(folder) as store:
        sync = Sync(folder, store, random.Random())  # noqa: S311  jitter, not a secret
        sync.turn(time.monotonic())
        return sync.link
