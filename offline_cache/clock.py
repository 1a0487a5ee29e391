"""What time it is, and whether to believe it.

A machine without a battery-backed clock boots with a stale time. So every record carries the boot's id, the seconds
since boot and the wall clock; order is (kiosk, seq), never time. The wall clock is trusted only in a boot in which the
centre's time agreed with it, while it has not been stepped since, and never below the floor: the latest moment that is
known to have passed.
"""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from offline_cache import floors
from offline_cache.store import Store

FLOOR = "time"
TOLERANCE_S = 60.0
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Reading:
    """One look at the clocks: the boot, seconds since it (suspend included), and what the wall clock claims."""

    boot_id: str
    boottime_s: float
    wall: datetime

    @property
    def iso(self) -> str:
        """ISO 8601 in UTC, to the second."""
        return self.wall.astimezone(UTC).isoformat(timespec="seconds")

    def start_s(self) -> float:
        """What the wall clock says of the moment of boot, in Unix seconds: it changes when the clock is stepped."""
        return self.wall.timestamp() - self.boottime_s


def to_the_hour(reading: Reading) -> Reading:
    """The same look at the clocks, without what would tell one citizen's minute from another's."""
    return replace(reading, wall=reading.wall.replace(minute=0, second=0, microsecond=0))


@functools.cache
def boot_id() -> str:
    """The kernel's id of this boot, which a process never sees change."""
    return _BOOT_ID.read_text(encoding="ascii").strip()


def boottime_s() -> float:
    """Seconds since boot, suspend included; nobody can set it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def read() -> Reading:
    """All clocks of this machine, now."""
    return Reading(boot_id(), boottime_s(), datetime.now(UTC))


def confirm(store: Store, reading: Reading, true_time: datetime) -> bool:
    """Takes note of the centre's time, read together with `reading`; True if the wall clock agrees with it.

    Raises the floor. A wall clock that disagrees is not trusted until a later confirmation agrees.
    """
    agrees = abs((true_time - reading.wall).total_seconds()) <= TOLERANCE_S
    with store.transaction():
        floors.lift(store, FLOOR, int(true_time.timestamp()))
        values = {
            "clock.boot_id": reading.boot_id if agrees else "",
            "clock.start_s": str(reading.start_s()),
        }
        for key, value in values.items():
            store.execute("insert or replace into meta (key, value) values (?, ?)", (key, value))
    return agrees


def trusted(store: Store, reading: Reading) -> bool:
    """True if a date may be computed from `reading.wall`."""
    # One question instead of three: it is asked with every ticket.
    (known,) = store.rows(
        "select (select value from floors where name = ?) as floor,"
        " (select value from meta where key = 'clock.boot_id') as boot_id,"
        " (select value from meta where key = 'clock.start_s') as start_s",
        (FLOOR,),
    )
    if reading.wall.timestamp() < (known["floor"] or 0) or known["boot_id"] != reading.boot_id:
        return False
    return abs(reading.start_s() - float(known["start_s"])) <= TOLERANCE_S


def best(store: Store, reading: Reading) -> datetime:
    """What expiry of signed metadata is held against: the wall clock if it is trusted, else the latest moment that is
    known to have passed. A clock that was set back proves nothing fresh, one that runs ahead proves nothing expired.
    """
    floor = datetime.fromtimestamp(floors.value(store, FLOOR), UTC)
    return reading.wall if trusted(store, reading) else floor
