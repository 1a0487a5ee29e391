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
from offline_cache.store import Store

GENESIS = "0" * 64


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
    PAPER_RETRACTED = "paper-retracted"


def record(store: Store, event: AuditEvent, reading: Reading, ids: Mapping[str, str | int] | None = None) -> None:
    """Appends one record, in the transaction of what it speaks of."""
    with store.transaction():
        last = store.row("select seq, hash from audit order by seq desc limit 1")
        seq, previous = (1, GENESIS) if last is None else (int(last["seq"]) + 1, str(last["hash"]))
        text = json.dumps(dict(ids or {}), sort_keys=True, separators=(",", ":"))
        entry = (seq, reading.boot_id, reading.boottime_s, reading.iso, str(event), text, previous)
        store.execute(
            "insert into audit (seq, boot_id, monotonic_s, wall, event, ids, previous, hash)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (*entry, _digest(entry)),
        )


def told(store: Store, event: AuditEvent) -> tuple[int, dict[str, str | int]]:
    """How often an event was recorded, and the ids of the last time."""
    rows = store.rows("select ids from audit where event = ? order by seq", (str(event),))
    last: dict[str, str | int] = json.loads(rows[-1]["ids"]) if rows else {}
    return len(rows), last


def head(store: Store) -> str:
    """The hash of the last record, 64 hex digits; zeros while there is none."""
    last = store.row("select hash from audit order by seq desc limit 1")
    return GENESIS if last is None else str(last["hash"])


def first_break(store: Store) -> int | None:
    """The seq of the first record that does not fit the chain; None if the chain is whole."""
    previous = GENESIS
    for position, row in enumerate(store.rows("select * from audit order by seq"), start=1):
        stored = row.pop("hash")
        if row["seq"] != position or row["previous"] != previous or stored != _digest(tuple(row.values())):
            return position
        previous = stored
    return None


def _digest(entry: tuple[object, ...]) -> str:
    return hashlib.sha256(json.dumps(entry, separators=(",", ":")).encode()).hexdigest()
