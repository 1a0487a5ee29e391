"""The one transaction in which a citizen's request becomes real: code, number, sealed ticket, print job, audit.

Before it nothing was promised; after it nothing can be lost. Whatever fails inside leaves no trace, and what it had
taken is given to the next one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.issuing import tracking
from kiosk.issuing.compose import Allocated
from offline_cache import clock, numbers, outbox, print_jobs
from offline_cache.audit import AuditEvent, record
from offline_cache.clock import Reading
from offline_cache.contract.messages import EventKind
from offline_cache.store import Store


class NoCodesError(Exception):
    """The kiosk cannot make a tracking code: it is not enrolled, or its allocations are used up."""


@dataclass(frozen=True)
class PreparedJob:
    """An encrypted receipt, or PDF for outlet `pages`; `deadline_s` in seconds since boot, `process_id` what the
    printer will answer.

    A `held` job waits until the citizen has taken their card.
    """

    id: str
    content: bytes
    deadline_s: float
    process_id: bytes
    held: bool = False
    outlet: print_jobs.Outlet = "receipt"


@dataclass(frozen=True)
class Prepared:
    """The sealed ticket, and the paper if there is one."""

    sealed: bytes
    key_id: str
    catalogue_version: int
    job: PreparedJob | None = None


@dataclass(frozen=True)
class Issued:
    """It is on disk for good."""

    ticket_id: str
    code: str
    number: int | None
    seq: int
    job: str | None


def issue(
    store: Store,
    *,
    series: str | None,
    prepare: Callable[[Allocated], Prepared],
    reading: Reading | None = None,
    entropy: Callable[[int], bytes] = os.urandom,
    anonymous: bool = False,
) -> Issued:
    """Takes a code, and a number of `series`, lets `prepare` seal the ticket and encrypt the paper, writes it all.

    Of an anonymous ticket nothing tells when it was made but the hour: not its id, and no audit record names it.
    NoCodesError, NoNumbersError, StoreError or whatever `prepare` raises: then nothing was written.
    """
    now = reading or clock.read()
    with store.transaction():
        code = _take_code(store, entropy)
        number = None if series is None else numbers.take(store, series)
        stamp = clock.to_the_hour(now) if anonymous else now
        allocated = Allocated(outbox.new_id(stamp, entropy), code, number)
        prepared = prepare(allocated)
        seq = outbox.insert(
            store,
            item=allocated.ticket_id,
            kind=EventKind.TICKET,
            code=code,
            catalogue_version=prepared.catalogue_version,
            key_id=prepared.key_id,
            sealed=prepared.sealed,
            reading=now,
            made=stamp.iso,
        )
        job = prepared.job
        if job is not None:
            print_jobs.insert(
                store,
                job_id=job.id,
                ticket_id=allocated.ticket_id,
                content=job.content,
                deadline_s=job.deadline_s,
                process_id=job.process_id,
                held=job.held,
                outlet=job.outlet,
            )
        record(store, AuditEvent.TICKET_ISSUED, now, {} if anonymous else {"id": allocated.ticket_id, "seq": seq})
    return Issued(allocated.ticket_id, code, number, seq, None if job is None else job.id)


def _take_code(store: Store, entropy: Callable[[int], bytes]) -> str:
    """The next code of the allocation in use: its counter makes it unique, two random characters unguessable."""
    row = store.row("select in_use from standing")
    if row is None:
        raise NoCodesError("this kiosk is not enrolled")
    allocation = row["in_use"]
    if allocation is None:
        raise NoCodesError("this kiosk has used up its allocations: enrol it again")
    taken = store.row(
        "update counters set next = next + 1 where allocation = ? returning next - 1 as counter", (allocation,)
    )
    if taken is None:
        store.execute("insert into counters (allocation, next) values (?, 1)", (allocation,))
    counter = 0 if taken is None else int(taken["counter"])
    if counter >= tracking.COUNTER_END:
        raise NoCodesError("this kiosk has used up its allocation: enrol it again")
    return tracking.code(allocation, counter, int.from_bytes(entropy(2)) % tracking.RANDOM_END)
