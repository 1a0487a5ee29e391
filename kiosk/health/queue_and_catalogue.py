"""What a technician looks into and may change: what waits for the centre, the catalogue that runs, the new roll."""

from __future__ import annotations

from kiosk.health import asking
from kiosk.health.findings import Finding, Part, What, found
from kiosk.health.judging import OLD_S, PRINTER
from kiosk.journey.state import PrinterCondition
from offline_cache import catalogue_cache, numbers, outbox, wake
from offline_cache.folder import StateFolder
from offline_cache.store import Store


def queue(store: Store) -> tuple[Finding, ...]:
    """What waits and since when, what the centre could not read, and the numbers that are left."""
    status = outbox.status(store)
    waiting = found(Part.QUEUE, What.QUEUE_WAITS, n=status.waiting)
    if not status.waiting:
        waiting = found(Part.QUEUE, What.QUEUE_EMPTY)
    elif status.oldest_unsynced_s is not None and status.oldest_unsynced_s >= OLD_S:
        waiting = found(Part.QUEUE, What.QUEUE_OLD, n=status.waiting, days=status.oldest_unsynced_s // OLD_S)
    told = [waiting]
    if status.quarantined:
        told.append(found(Part.QUEUE, What.QUEUE_QUARANTINED, n=status.quarantined))
    series = ", ".join(f"{name} {left}" for name, left in numbers.summary(store).items())
    if series:
        told.append(found(Part.NUMBERS, What.NUMBERS_LEFT, series=series))
    return tuple(told)


def send_now(folder: StateFolder, store: Store) -> tuple[Finding, ...]:
    """What waits is tried at once, instead of when the next try is due."""
    waiting = outbox.retry(store)
    wake.post(folder, "sync", {"retry": True})
    return (found(Part.QUEUE, What.QUEUE_SENT, n=waiting) if waiting else found(Part.QUEUE, What.QUEUE_EMPTY),)


def catalogue(store: Store) -> tuple[Finding, ...]:
    """The version that runs, and the one before it that is kept."""
    version = catalogue_cache.current_version(store)
    if version is None:
        return (found(Part.CATALOGUE, What.CATALOGUE_NONE),)
    before = catalogue_cache.previous_version(store)
    kept = found(Part.CATALOGUE, What.CATALOGUE_NO_BEFORE)
    if before is not None:
        kept = found(Part.CATALOGUE, What.CATALOGUE_BEFORE, n=before)
    return found(Part.CATALOGUE, What.CATALOGUE_RUNS, n=version), kept


def roll_back(folder: StateFolder, store: Store) -> tuple[Finding, ...]:
    """The version before runs again, and the centre hears that this one was taken back here."""
    version = catalogue_cache.current_version(store)
    before = catalogue_cache.previous_version(store)
    if version is None or before is None:
        return catalogue(store)
    catalogue_cache.mark_bad(store, version)
    for name in ("kiosk", "sync"):
        wake.post(folder, name)
    return (found(Part.CATALOGUE, What.CATALOGUE_ROLLED_BACK, n=before, bad=version),)


def paper_changed(folder: StateFolder) -> tuple[Finding, ...]:
    """The new roll is in the audit log; how the printer is now, in its own words."""
    told = asking.printer_told(folder)
    condition = PrinterCondition(told["printer"]) if told is not None else PrinterCondition.ABSENT
    return found(Part.PAPER, What.PAPER_NOTED), found(Part.PRINTER, PRINTER[condition])
