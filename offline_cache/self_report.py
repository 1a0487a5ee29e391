"""What a kiosk says of itself in each heartbeat."""

from __future__ import annotations

from collections.abc import Mapping

from offline_cache import audit, catalogue_cache, clock, disk, machine, numbers, outbox, release
from offline_cache.clock import Reading
from offline_cache.contract.messages import Heartbeat
from offline_cache.folder import StateFolder
from offline_cache.store import Store
from offline_cache.witness import Witness

# Until the printer process has spoken of one.
NO_PAGE_PRINTER = "none"


def heartbeat(
    folder: StateFolder, store: Store, status: Mapping[str, str], witness: Witness, reading: Reading
) -> Heartbeat:
    """`status`: what the other processes said last of printer, reader and page_printer."""
    waiting = outbox.status(store)
    faults, last = audit.told(store, audit.AuditEvent.SCREEN_FAILED)
    return Heartbeat(
        queue_depth=waiting.waiting,
        oldest_unsynced_s=waiting.oldest_unsynced_s,
        printer=status["printer"],
        reader=status["reader"],
        page_printer=a4 if (a4 := status["page_printer"]) != NO_PAGE_PRINTER else None,
        disk_free_mb=disk.free_mb(folder),
        clock=reading.iso,
        boot_id=reading.boot_id,
        catalogue_version=catalogue_cache.current_version(store) or 0,
        catalogue_proven=catalogue_cache.proven(store),
        catalogue_bad=catalogue_cache.bad_versions(store),
        blocks=numbers.held(store),
        machine=machine.read(clock_trusted=clock.trusted(store, reading)),
        faults=faults,
        application=release.application(folder),
        last_fault=f"{last['number']} {last['kind']} {last['where']}" if last else None,
        **witness.audit_fields(),
    )
