"""What is read of a kiosk that is well."""

from __future__ import annotations

from kiosk.health.judging import Readings, StoreReadings
from kiosk.journey.state import PrinterCondition
from offline_cache.contract.machine import Machine

STORE = StoreReadings(
    kiosk="kiosk-17", catalogue=42, numbers=(("taxas", 96),), needed_series=("taxas",),
)  # fmt: skip
HEALTHY = Readings(
    store=STORE, printer=PrinterCondition.READY, readers=1, technicians="2026-11-01", link=True,
    machine=Machine(temperature_c=51, throttled=(), memory_free_mb=2100), disk_free_mb=18_000,
)
