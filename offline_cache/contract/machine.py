"""How the machine under a kiosk is, in numbers, and what of it needs somebody. Pure: kiosk and centre judge alike."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

# A Raspberry Pi slows down from 80 degrees on, and PCs without a fan soon after.
HOT_C = 80
# The screen's process takes a third of a gigabyte: with less than this left the kernel begins to kill.
LEAST_MEMORY_MB = 128
# A kiosk serves nobody below 64 MB (offline_cache/disk.py); there is time to come until then.
LEAST_DISK_MB = 512


class Throttle(StrEnum):
    """What a Raspberry Pi's firmware does at this moment (bits 0 to 3 of get_throttled)."""

    UNDER_VOLTAGE = "under-voltage"
    CAPPED = "capped"
    THROTTLED = "throttled"
    SOFT_LIMIT = "soft-limit"


class MachineTrouble(StrEnum):
    """What somebody has to see to, though citizens are still served."""

    HOT = "hot"
    UNDER_VOLTAGE = "under-voltage"
    THROTTLED = "throttled"
    MEMORY_LOW = "memory-low"
    DISK_LOW = "disk-low"
    CLOCK_DOUBTFUL = "clock-doubtful"


class Machine(BaseModel):
    """None: this machine does not tell. Megabytes are 2^20 bytes; `memory_free_mb` is what could be had without
    swapping; `up_s` seconds since boot.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature_c: int | None = None
    throttled: tuple[Throttle, ...] | None = None
    memory_free_mb: int | None = None
    clock_trusted: bool = True
    up_s: int = 0


def troubles(machine: Machine, disk_free_mb: int) -> tuple[MachineTrouble, ...]:
    """What of it needs somebody."""
    found: list[MachineTrouble] = []
    throttled = set(machine.throttled or ())
    if (machine.temperature_c or 0) >= HOT_C or Throttle.SOFT_LIMIT in throttled:
        found.append(MachineTrouble.HOT)
    if Throttle.UNDER_VOLTAGE in throttled:
        found.append(MachineTrouble.UNDER_VOLTAGE)
    elif throttled & {Throttle.CAPPED, Throttle.THROTTLED}:
        found.append(MachineTrouble.THROTTLED)
    if machine.memory_free_mb is not None and machine.memory_free_mb < LEAST_MEMORY_MB:
        found.append(MachineTrouble.MEMORY_LOW)
    if disk_free_mb < LEAST_DISK_MB:
        found.append(MachineTrouble.DISK_LOW)
    if not machine.clock_trusted:
        found.append(MachineTrouble.CLOCK_DOUBTFUL)
    return tuple(found)
