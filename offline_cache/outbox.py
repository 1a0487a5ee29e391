"""The outbox: what the centre must get, sealed before it is written, sent until the centre has custody, once.

An item waits (0), is acknowledged (1: the centre has custody and never gives it back), and is purged (2) when the
centre says that it lies safe in its backup. Acknowledged is not safe: a centre restored from its backup has forgotten
what came after it. The sealed bytes are what is fingerprinted and sent again; nothing is ever sealed twice.
"""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from kiosk.issuing import ids, seal
from offline_cache import catalogue_cache, clock, standing
from offline_cache.audit import AuditEvent, record
from offline_cache.clock import Reading
from offline_cache.contract.messages import Event, EventKind, EventResult, associated_data
from offline_cache.store import Store

BATCH_ITEMS = 100
_PAGE_ITEMS = 1000
_STATES = ("waiting", "acknowledged", "purged")
# Each has an index of its own.
_COUNTED = {"waiting": "state = 0", "acknowledged": "state = 1", "quarantined": "outcome = 'quarantined'"}
_GIVEN = (
    "id, kind, code, catalogue_version, key_id, sealed, fingerprint,"
    " created_boot_id, created_monotonic, created_wall, clock_trusted"
)
# Set from the purge until the log was emptied: a reader may keep the log busy, and a kill may come in between.
_LOG_HOLDS_PURGED = "outbox.log-holds-purged"


class NothingToSealWithError(Exception):
    """No enrolment or no catalogue yet: there is nobody to seal to."""


@dataclass(frozen=True)
class OutboxStatus:
    """Counts, and the age of the oldest item that waits, in seconds. `quarantined`: what the centre could not read."""

    waiting: int
    acknowledged: int
    purged: int
    quarantined: int
    oldest_unsynced_s: int | None


@dataclass(frozen=True)
class QueuedItem:
    """One item as a technician sees it; `code` only for tickets."""

    seq: int
    kind: str
    code: str | None
    state: str
    outcome: str | None
    attempts: int
    created: str


def new_id(reading: Reading, entropy: Callable[[int], bytes]) -> str:
    """A UUIDv7: identity, never order, because the clock may lie."""
    return ids.uuid7(max(0, int(reading.wall.timestamp() * 1000)), entropy(ids.RANDOM_BYTES))


def insert(
    store: Store,
    *,
    item: str,
    kind: EventKind,
    code: str | None,
    catalogue_version: int,
    key_id: str,
    sealed: bytes,
    reading: Reading,
    made: str | None = None,
) -> int:
    """Adds a sealed item, inside the caller's transaction; its seq. `made` stands in the row for the reading's time."""
    added = store.rows(
        f"insert into outbox (seq, {_GIVEN}) values"  # noqa: S608  constants
        f" (max(coalesce((select max(seq) from outbox), 0), {standing.SEQ_BASE}) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " returning seq",
        (
            item, kind.value, code, catalogue_version, key_id, sealed, seal.fingerprint(sealed),
            reading.boot_id, reading.boottime_s, made or reading.iso, int(clock.trusted(store, reading)),
        ),
    )
    return int(added[0]["seq"])


def enqueue(
    store: Store,
    kind: EventKind,
    payload: bytes,
    *,
    reading: Reading | None = None,
    entropy: Callable[[int], bytes] = os.urandom,
) -> str:
    """Seals an event that is no ticket to the current catalogue's first key and adds it; its id.

    NothingToSealWithError before the kiosk is enrolled and has a catalogue.
    """
    now = reading or clock.read()
    enrolment, kept = standing.load(store), catalogue_cache.current(store)
    if enrolment is None or kept is None:
        raise NothingToSealWithError("this kiosk is not enrolled, or has no catalogue yet")
    key = kept.catalogue.sealing_keys[0]
    # to the hour: the paper or the rating of an anonymous request must not tell its minute
    item = new_id(clock.to_the_hour(now), entropy)
    bound = associated_data(
        item=item, kind=kind, code=None, kiosk=enrolment.kiosk, catalogue_version=kept.version, key_id=key.key_id
    )
    sealed = seal.seal(payload, key, bound)
    with store.joined():
        insert(
            store, item=item, kind=kind, code=None, catalogue_version=kept.version, key_id=key.key_id, sealed=sealed,
            reading=now,
        )
        record(store, AuditEvent.EVENT_QUEUED, now, {"id": item, "kind": kind.value})
    return item


def batch(store: Store, limit: int = BATCH_ITEMS, without: Iterable[str] = ()) -> list[Event]:
    """What waits, oldest first, but for the ids that are held back."""
    rows = store.rows(
        "select id, seq, kind, code, catalogue_version, key_id, sealed, fingerprint from outbox"
        " where state = 0 and id not in (select value from json_each(?)) order by seq limit ?",
        (json.dumps(list(without)), limit),
    )
    return [Event.model_validate({**row, "sealed": base64.b64encode(row["sealed"]).decode()}) for row in rows]


def settle(
    store: Store,
    sent: Mapping[str, int],
    results: Iterable[EventResult],
    safe_seq: int,
    *,
    reading: Reading | None = None,
    wait: Callable[[float], object] = time.sleep,
) -> int:
    """Applies a verified answer of the centre to what was sent (id to seq), then purges what it says is safe; of how
    many items the custody passed.

    Custody never comes back: an outcome for an item that does not wait, or was not sent, changes nothing.
    """
    now = reading or clock.read()
    acknowledged = 0
    with store.transaction():
        for result in results:
            place = (sent.get(result.id), result.id)
            if result.outcome == "retry":
                store.execute(
                    "update outbox set attempts = attempts + 1, outcome = 'retry'"
                    " where seq = ? and id = ? and state = 0",
                    place,
                )
                continue
            changed = store.execute(
                "update outbox set state = 1, outcome = ? where seq = ? and id = ? and state = 0",
                (result.outcome, *place),
            )
            if changed:
                acknowledged += 1
                record(store, AuditEvent.CUSTODY_PASSED, now, {"id": result.id, "outcome": result.outcome})
    purge(store, safe_seq, reading=now, wait=wait)
    return acknowledged


def purge(
    store: Store,
    safe_seq: int,
    *,
    reading: Reading | None = None,
    wait: Callable[[float], object] = time.sleep,
) -> tuple[int, bool]:
    """Destroys the sealed bytes of acknowledged items up to `safe_seq`: how many, and whether no file holds them.

    What could not be wiped from the log, because somebody was reading, is tried again with the next call.
    """
    with store.transaction():
        purged = store.execute("update outbox set state = 2, sealed = null where state = 1 and seq <= ?", (safe_seq,))
        if purged:
            ids_of_purge = {"count": purged, "safe_seq": safe_seq}
            record(store, AuditEvent.PAYLOADS_PURGED, reading or clock.read(), ids_of_purge)
            store.execute("insert or replace into meta (key, value) values (?, '1')", (_LOG_HOLDS_PURGED,))
    if store.row("select 1 from meta where key = ?", (_LOG_HOLDS_PURGED,)) is None:
        return purged, True
    emptied = store.checkpoint(wait)
    if emptied:
        with store.transaction():
            store.execute("delete from meta where key = ?", (_LOG_HOLDS_PURGED,))
    return purged, emptied


def offer_again(store: Store, reading: Reading | None = None) -> int:
    """The centre was restored from its backup and may have forgotten what it took: everything that is still kept is
    offered once more. How many items that are.
    """
    with store.transaction():
        offered = store.execute("update outbox set state = 0, outcome = null where state = 1")
        if offered:
            record(store, AuditEvent.OFFERED_AGAIN, reading or clock.read(), {"count": offered})
    return offered


def status(store: Store, reading: Reading | None = None) -> OutboxStatus:
    """How much waits, and for how long."""
    counted = {
        name: int(store.rows(f"select count(*) as n from outbox where {condition}")[0]["n"])  # noqa: S608  constants
        for name, condition in _COUNTED.items()
    }
    oldest = store.row(
        "select created_boot_id, created_monotonic, created_wall from outbox where state = 0 order by seq limit 1"
    )
    age_s: int | None = None
    if oldest is not None:
        now = reading or clock.read()
        if oldest["created_boot_id"] == now.boot_id:
            age = now.boottime_s - float(oldest["created_monotonic"])
        else:
            age = (now.wall - datetime.fromisoformat(oldest["created_wall"])).total_seconds()
        age_s = max(0, int(age))
    return OutboxStatus(**counted, purged=_purged(store), oldest_unsynced_s=age_s)


def _purged(store: Store) -> int:
    """Counted a page at a time: there are years of them, and no read may keep the log from being emptied."""
    counted, last = 0, 0
    while page := store.row(
        "select count(*) filter (where state = 2) as n, max(seq) as seq"
        " from (select seq, state from outbox where seq > ? order by seq limit ?) having count(*) > 0",
        (last, _PAGE_ITEMS),
    ):
        counted, last = counted + int(page["n"]), int(page["seq"])
    return counted


def items(store: Store) -> Iterator[QueuedItem]:
    """Every item that was ever queued, oldest first, a page at a time: no read keeps the log from being emptied."""
    last = 0
    while rows := store.rows(
        "select seq, kind, code, state, outcome, attempts, created_wall from outbox where seq > ? order by seq limit ?",
        (last, _PAGE_ITEMS),
    ):
        last = int(rows[-1]["seq"])
        for row in rows:
            yield QueuedItem(
                row["seq"], row["kind"], row["code"], _STATES[row["state"]], row["outcome"], row["attempts"],
                row["created_wall"],
            )


def codes(store: Store) -> Iterator[QueuedItem]:
    """The tickets, which alone have a tracking code."""
    return (item for item in items(store) if item.code is not None)


def waits(store: Store, code: str) -> bool:
    """True while the ticket of that tracking code lies here and has not reached the centre."""
    return store.row("select 1 from outbox where code = ? and state = 0", (code,)) is not None


def retry(store: Store, reading: Reading | None = None) -> int:
    """A technician asks to send at once: what waits counts as never tried. How many items that are."""
    with store.transaction():
        waiting = store.execute("update outbox set attempts = 0 where state = 0")
        if waiting:
            record(store, AuditEvent.QUEUE_RETRIED, reading or clock.read(), {"count": waiting})
    return waiting
