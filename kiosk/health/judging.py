"""From what was read of a kiosk to what that means. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kiosk.health.findings import Finding, Part, What, found
from kiosk.journey.state import PrinterCondition
from offline_cache.contract.machine import LEAST_DISK_MB, Machine, MachineTrouble, troubles
from offline_cache.release import Told

# A link that is away for a night is nothing; what waits longer than a day is looked after.
OLD_S = 24 * 3600
FEW_NUMBERS = 20
# Below it nobody is served (offline_cache/disk.py).
NEEDED_DISK_MB = 64
# What an update says of itself (kiosk/technician/updating) and a technician can mend.
NO_ROOM = "disk-full"
PACKAGE = "package:"
PRINTER: dict[PrinterCondition, What] = {
    condition: What(f"printer-{condition}") for condition in PrinterCondition
}
PROCESSES = {"kiosk": What.SCREEN_STOPPED, "printer": What.PRINTING_STOPPED, "sync": What.SENDING_STOPPED}


@dataclass(frozen=True)
class StoreReadings:
    """What the encrypted store says. `audit_break`: the first record that does not fit the chain of the audit log."""

    kiosk: str | None = None
    codes: bool = True
    catalogue: int | None = None
    bad: tuple[int, ...] = ()
    demonstration_roots: bool = False
    waiting: int = 0
    oldest_s: int | None = None
    quarantined: int = 0
    numbers: tuple[tuple[str, int], ...] = ()
    needed_series: tuple[str, ...] = ()
    audit_break: int | None = None


@dataclass(frozen=True)
class Readings:
    """Everything that was read. `settings_wrong` and `store_wrong` are the line that says why there is nothing.

    `readers` None: there is no PC/SC service. `link` None: nobody could say. `sound_missing`: the program that is not
    installed; None where speech is played nowhere. `technicians`: of when the operator's list is, "" without a list,
    None without the operator's authority.
    """

    settings_wrong: str = ""
    store_wrong: str = ""
    store: StoreReadings | None = None
    stopped: tuple[str, ...] = ()
    release: int = 0
    version: str = ""
    program: Told = field(default_factory=Told)
    printer: PrinterCondition = PrinterCondition.UNKNOWN
    page_printer: PrinterCondition | None = None
    readers: int | None = 0
    technicians: str | None = None
    link: bool | None = None
    network: tuple[Finding, ...] = ()
    machine: Machine = field(default_factory=Machine)
    disk_free_mb: int = 0
    sound: str | None = ""
    simulation: bool = False


def judge(readings: Readings) -> tuple[Finding, ...]:
    """Every finding, in the order of the parts."""
    return tuple(_all(readings))


def _all(readings: Readings) -> Iterator[Finding]:
    if readings.settings_wrong:
        yield found(Part.SETTINGS, What.SETTINGS_WRONG, why=readings.settings_wrong)
    else:
        yield found(Part.SETTINGS, What.SETTINGS_READ)
    yield from _store(readings)
    for name in readings.stopped:
        yield found(Part.PROCESSES, PROCESSES[name])
    if not readings.stopped:
        yield found(Part.PROCESSES, What.ALL_RUN)
    yield _program(readings)
    store = readings.store
    if store is not None:
        yield from _standing(store, simulation=readings.simulation)
    yield found(Part.PRINTER, PRINTER[readings.printer])
    if readings.page_printer is not None:
        yield found(Part.PAGE_PRINTER, PRINTER[readings.page_printer])
    yield _reader(readings.readers)
    yield _technicians(readings.technicians)
    if readings.link is not None:
        yield found(Part.LINK, What.LINK_UP if readings.link else What.LINK_DOWN)
    yield from readings.network
    if store is not None:
        yield _queue(store)
        yield from _numbers(store)
    yield from _machine(readings)
    yield _sound(readings.sound)


def _store(readings: Readings) -> Iterator[Finding]:
    store = readings.store
    if store is None:
        yield found(Part.STORE, What.STORE_LOST, why=readings.store_wrong)
    elif store.audit_break is not None:
        yield found(Part.STORE, What.STORE_ALTERED, n=store.audit_break)
    else:
        yield found(Part.STORE, What.STORE_WHOLE)


def _program(readings: Readings) -> Finding:
    """What runs, and what became of the release that was tried last."""
    number, told = readings.release, readings.program
    if told.state == "trying":
        return found(Part.PROGRAM, What.PROGRAM_TRIED, n=number)
    if told.why == NO_ROOM:
        return found(Part.PROGRAM, What.PROGRAM_NO_ROOM, n=number)
    if told.why.startswith(PACKAGE):
        package = told.why.removeprefix(PACKAGE)
        return found(Part.PROGRAM, What.PROGRAM_PACKAGE, n=number, program=package)
    if told.why and max(told.bad, default=0) > number:
        return found(Part.PROGRAM, What.PROGRAM_TAKEN_BACK, n=number, bad=max(told.bad), why=told.why)
    if told.why:
        return found(Part.PROGRAM, What.PROGRAM_REFUSED, n=number, why=told.why)
    return found(Part.PROGRAM, What.PROGRAM_RUNS, n=number, version=readings.version)


def _standing(store: StoreReadings, *, simulation: bool) -> Iterator[Finding]:
    if store.kiosk is None:
        yield found(Part.ENROLMENT, What.NOT_ENROLLED)
    elif not store.codes:
        yield found(Part.ENROLMENT, What.CODES_USED_UP)
    else:
        yield found(Part.ENROLMENT, What.ENROLLED, kiosk=store.kiosk)
    if store.catalogue is None:
        yield found(Part.CATALOGUE, What.CATALOGUE_NONE)
    elif store.demonstration_roots and not simulation:
        yield found(Part.CATALOGUE, What.CATALOGUE_DEMONSTRATION, n=store.catalogue)
    elif store.bad and max(store.bad) > store.catalogue:
        yield found(Part.CATALOGUE, What.CATALOGUE_TAKEN_BACK, n=store.catalogue, bad=max(store.bad))
    else:
        yield found(Part.CATALOGUE, What.CATALOGUE_RUNS, n=store.catalogue)


def _reader(readers: int | None) -> Finding:
    if readers is None:
        return found(Part.READER, What.READER_SERVICE_GONE)
    return found(Part.READER, What.READER_READY if readers else What.READER_ABSENT)


def _technicians(list_made: str | None) -> Finding:
    if list_made is None:
        return found(Part.TECHNICIANS, What.TECHNICIANS_NONE)
    if not list_made:
        return found(Part.TECHNICIANS, What.TECHNICIANS_NO_LIST)
    return found(Part.TECHNICIANS, What.TECHNICIANS_KNOWN, date=list_made)


def _queue(store: StoreReadings) -> Finding:
    if store.quarantined:
        return found(Part.QUEUE, What.QUEUE_QUARANTINED, n=store.quarantined)
    if store.oldest_s is not None and store.oldest_s >= OLD_S:
        return found(Part.QUEUE, What.QUEUE_OLD, n=store.waiting, days=store.oldest_s // OLD_S)
    if store.waiting:
        return found(Part.QUEUE, What.QUEUE_WAITS, n=store.waiting)
    return found(Part.QUEUE, What.QUEUE_EMPTY)


def _numbers(store: StoreReadings) -> Iterator[Finding]:
    """Only where the catalogue has services that need numbers."""
    left = dict(store.numbers)
    none = [series for series in store.needed_series if not left.get(series)]
    few = [f"{series} {left[series]}" for series in store.needed_series if 0 < left.get(series, 0) < FEW_NUMBERS]
    if none:
        yield found(Part.NUMBERS, What.NUMBERS_NONE, series=", ".join(none))
    elif few:
        yield found(Part.NUMBERS, What.NUMBERS_FEW, series=", ".join(few))
    elif store.needed_series:
        told = ", ".join(f"{series} {left[series]}" for series in store.needed_series)
        yield found(Part.NUMBERS, What.NUMBERS_LEFT, series=told)


def _machine(readings: Readings) -> Iterator[Finding]:
    machine = readings.machine
    wrong = troubles(machine, readings.disk_free_mb)
    doubtful = MachineTrouble.CLOCK_DOUBTFUL in wrong
    yield found(Part.CLOCK, What.CLOCK_DOUBTFUL if doubtful else What.CLOCK_TRUSTED)
    disk = What.DISK_FREE
    if readings.disk_free_mb < LEAST_DISK_MB:
        disk = What.DISK_LOW if readings.disk_free_mb >= NEEDED_DISK_MB else What.DISK_FULL
    yield found(Part.DISK, disk, n=readings.disk_free_mb)
    if MachineTrouble.HOT in wrong:
        yield found(Part.HEAT, What.HEAT_HIGH, n=machine.temperature_c or "?")
    elif machine.temperature_c is not None:
        yield found(Part.HEAT, What.HEAT_NORMAL, n=machine.temperature_c)
    if MachineTrouble.UNDER_VOLTAGE in wrong:
        yield found(Part.POWER, What.POWER_LOW)
    elif MachineTrouble.THROTTLED in wrong:
        yield found(Part.POWER, What.POWER_THROTTLED)
    elif machine.throttled is not None:
        yield found(Part.POWER, What.POWER_STEADY)
    if machine.memory_free_mb is not None:
        low = MachineTrouble.MEMORY_LOW in wrong
        yield found(Part.MEMORY, What.MEMORY_LOW if low else What.MEMORY_FREE, n=machine.memory_free_mb)


def _sound(missing: str | None) -> Finding:
    if missing is None:
        return found(Part.SOUND, What.SOUND_OFF)
    return found(Part.SOUND, What.SOUND_MISSING, program=missing) if missing else found(Part.SOUND, What.SOUND_READY)
