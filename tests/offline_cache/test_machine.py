"""Heat, throttling and memory are read where kernels tell them; what nobody tells is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from offline_cache import machine
from offline_cache.contract.machine import MachineTrouble, Throttle, troubles
from offline_cache.machine import Sources


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    return Sources(tmp_path / "thermal", tmp_path / "get_throttled", tmp_path / "hwmon", tmp_path / "meminfo")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="ascii")


def test_a_machine_that_tells_nothing_is_not_known_and_no_trouble(sources: Sources) -> None:
    read = machine.read(sources)
    assert (read.temperature_c, read.throttled, read.memory_free_mb) == (None, None, None)
    assert read.up_s > 0
    assert troubles(read, 10_000) == ()


def test_the_hottest_zone_counts_and_what_is_no_temperature_does_not(sources: Sources) -> None:
    for number, told in enumerate(("51234", "-274000", "0", "84600", "nonsense", "999000")):
        write(sources.thermal / f"thermal_zone{number}" / "temp", f"{told}\n")
    read = machine.read(sources)
    assert read.temperature_c == 85
    assert troubles(read, 10_000) == (MachineTrouble.HOT,)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("0", ()),
        ("50000", ()),  # since boot, not now
        ("50005", (Throttle.UNDER_VOLTAGE, Throttle.THROTTLED)),
        ("e", (Throttle.CAPPED, Throttle.THROTTLED, Throttle.SOFT_LIMIT)),
    ],
)
def test_a_raspberry_pi_s_firmware_is_read_bit_by_bit(
    sources: Sources, word: str, expected: tuple[Throttle, ...]
) -> None:
    write(sources.firmware, f"{word}\n")
    assert machine.read(sources).throttled == expected


@pytest.mark.parametrize(("alarm", "expected"), [("1", (Throttle.UNDER_VOLTAGE,)), ("0", ())])
def test_a_mainline_kernel_tells_of_the_voltage_alone(
    sources: Sources, alarm: str, expected: tuple[Throttle, ...]
) -> None:
    write(sources.hwmon / "hwmon0" / "name", "cpu_thermal\n")
    write(sources.hwmon / "hwmon1" / "name", "rpi_volt\n")
    write(sources.hwmon / "hwmon1" / "in0_lcrit_alarm", f"{alarm}\n")
    assert machine.read(sources).throttled == expected


def test_memory_is_what_could_be_had(sources: Sources) -> None:
    write(sources.memory, "MemTotal:  4000000 kB\nMemFree:  10000 kB\nMemAvailable:  131072 kB\n")
    assert machine.read(sources).memory_free_mb == 128


def test_this_machine_is_read_without_an_exception() -> None:
    assert machine.read(clock_trusted=False).clock_trusted is False
    assert troubles(machine.read(clock_trusted=False), 10_000)[-1] is MachineTrouble.CLOCK_DOUBTFUL
