"""The audit log: what this kiosk did, in a chain of hashes whose head the centre witnesses in every heartbeat.

Records carry ids only, never personal data. Whoever holds the disk and the key can write a new chain, but not one that
ends in a head that the centre has seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum

from offline_cache.clock import Reading
from offline_cache.contract.audit_chain import GENESIS, chained
from offline_cache.store import Store

_ENTRY = "seq, boot_id, monotonic_s, wall, event, ids"
_PAGE = 1000


class AuditEvent(StrEnum):
    """Every event that is ever recorded."""

    STORE_CREATED = "store-created"
    STORE_QUARANTINED = "store-quarantined"
    ENROLLED = "enrolled"
    TICKET_ISSUED = "ticket-issued"
    EVENT_QUEUED = "event-queued"
    BLOCK_LEASED = "block-leased"
    CUSTODY_PASSED = "custody-passed"
    PAYLOADS_PURGED = "payloads-purged"
    QUEUE_RETRIED = "queue-retried"
    CATALOGUE_KEPT = "catalogue-kept"
    CATALOGUE_BAD = "catalogue-bad"
    SCREEN_FAILED = "screen-failed"
    TECHNICIAN = "technician"
    STORE_SALVAGED = "store-salvaged"
    ALLOCATIONS_RENEWED = "allocations-renewed"
    OFFERED_AGAIN = "offered-again"
    DEVICE_KEY_CHANGED = "device-key-changed"
    ANSWER_KEY_CHANGED = "answer-key-changed"
    PAPER_RETRACTED = "paper-retracted"


def record(store: Store, event: AuditEvent, reading: Reading, ids: Mapping[str, str | int] | None = None) -> None:
    """Appends one record, in the transaction of what it speaks of."""
    with store.joined():
        before, previous = last(store)
        seq = before + 1
        text = json.dumps(dict(ids or {}), sort_keys=True, separators=(",", ":"))
        entry = (seq, reading.boot_id, reading.boottime_s, reading.iso, str(event), text)
        store.execute(
            "insert into audit (seq, boot_id, monotonic_s, wall, event, ids, previous, hash)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (*entry, previous, chained(previous, _link(entry))),
        )


def told(store: Store, event: AuditEvent) -> tuple[int, dict[str, str | int]]:
    """How often an event was recorded, and the ids of the last time."""
    # Spelled out, so that an index of one kind of events is found.
    rows = store.rows(f"select ids from audit where event = '{event.value}' order by seq")  # noqa: S608  our own word
    newest: dict[str, str | int] = json.loads(rows[-1]["ids"]) if rows else {}
    return len(rows), newest


def head(store: Store) -> str:
    """The hash of the last record, 64 hex digits; zeros while there is none."""
    return last(store)[1]


def last(store: Store) -> tuple[int, str]:
    """Number and hash of the newest record."""
    row = store.row("select seq, hash from audit order by seq desc limit 1")
    return (0, GENESIS) if row is None else (int(row["seq"]), str(row["hash"]))


def links(store: Store, since: int, limit: int) -> tuple[str, ...]:
    """The digests of the records after `since`, oldest first: with them the centre counts from the head that it has
    seen to the next one, and learns nothing else of them.
    """
    rows = store.rows(f"select {_ENTRY} from audit where seq > ? order by seq limit ?", (since, limit))  # noqa: S608  constant
    return tuple(_link(tuple(row.values())) for row in rows)


def hash_of(store: Store, seq: int) -> str:
    """The hash of one record; zeros for the one before the first, KeyError if there is none of that number."""
    if seq == 0:
        return GENESIS
    row = store.row("select hash from audit where seq = ?", (seq,))
    if row is None:
        raise KeyError(seq)
    return str(row["hash"])


def first_break(store: Store) -> int | None:
    """The seq of the first record that does not fit the chain; None if the chain is whole. Read a page at a time."""
    previous, position = GENESIS, 0
    while rows := store.rows(
        f"select {_ENTRY}, previous, hash from audit where seq > ? order by seq limit ?",  # noqa: S608  constant
        (position, _PAGE),
    ):
        for row in rows:
            position += 1
            *entry, before, stored = row.values()
            if entry[0] != position or before != previous or stored != chained(previous, _link(tuple(entry))):
                return position
            previous = stored
    return None


def _link(entry: tuple[object, ...]) -> str:
    return hashlib.sha256(json.dumps(entry, separators=(",", ":")).encode()).hexdigest()
