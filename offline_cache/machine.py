"""Reads how the machine is: heat, throttling, memory. What cannot be read is not known, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from offline_cache import clock
from offline_cache.contract.machine import Machine, Throttle

# Bits 0 to 3 of the firmware's word: at this moment; 16 to 19: since boot.
_BITS = (Throttle.UNDER_VOLTAGE, Throttle.CAPPED, Throttle.THROTTLED, Throttle.SOFT_LIMIT)


@dataclass(frozen=True)
class Sources:
    """Where the kernel tells it: thermal zones (Documentation/ABI/testing/sysfs-class-thermal, thousandths of a
    degree), the word of a Raspberry Pi's firmware (its own kernel has it), hwmon (`rpi_volt` in mainline kernels).
    """

    thermal: Path = Path("/sys/class/thermal")
    firmware: Path = Path("/sys/devices/platform/soc/soc:firmware/get_throttled")
    hwmon: Path = Path("/sys/class/hwmon")
    memory: Path = Path("/proc/meminfo")


def read(sources: Sources | None = None, *, clock_trusted: bool = True) -> Machine:
    """The machine now; never raises."""
    places = sources or Sources()
    return Machine(
        temperature_c=_temperature_c(places.thermal),
        throttled=_throttled(places),
        memory_free_mb=_memory_free_mb(places.memory),
        clock_trusted=clock_trusted,
        up_s=int(clock.boottime_s()),
    )


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None


def _number(path: Path, base: int = 10) -> int | None:
    try:
        return int(_text(path) or "", base)
    except ValueError:
        return None


def _temperature_c(folder: Path) -> int | None:
    """The hottest zone, but not what cannot be a temperature: sensors that are not there tell zero or less."""
    told = [_number(zone / "temp") for zone in sorted(folder.glob("thermal_zone*"))]
    known = [value for value in told if value is not None and 0 < value < 150_000]
    return round(max(known) / 1000) if known else None


def _throttled(sources: Sources) -> tuple[Throttle, ...] | None:
    word = _number(sources.firmware, 16)
    if word is not None:
        return tuple(each for bit, each in enumerate(_BITS) if word >> bit & 1)
    for monitor in sorted(sources.hwmon.glob("hwmon*")):
        if _text(monitor / "name") == "rpi_volt":
            return (Throttle.UNDER_VOLTAGE,) if _number(monitor / "in0_lcrit_alarm") else ()
    return None


def _memory_free_mb(file: Path) -> int | None:
    for line in (_text(file) or "").splitlines():
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) >> 10
    return None
