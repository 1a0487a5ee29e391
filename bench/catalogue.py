"""How long a catalogue of 500 services takes to check (at most 2 s) and to load on a kiosk (at most 200 ms).

`python -m bench.catalogue` prints one line of JSON. Made of the sample's services, each five hundred times under other
names.
"""

from __future__ import annotations

import copy
import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from kiosk.authoring.validation import validate
from kiosk.catalog.read import from_json, to_json

SAMPLE = Path(__file__).parents[1] / "catalogs" / "vila-aurora" / "catalogue.yaml"
SERVICES = 500
RUNS = 5


def made() -> bytes:
    """The sample with five hundred services, as YAML."""
    value: dict[str, Any] = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    first = value["services"]
    value["services"] = [
        copy.deepcopy(first[number % len(first)]) | {"id": f"service-{number}"} for number in range(SERVICES)
    ]
    return yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=120).encode()


def median_ms(act: Callable[[], object]) -> float:
    took = []
    for _ in range(RUNS):
        began_s = time.perf_counter()
        act()
        took.append((time.perf_counter() - began_s) * 1000)
    return round(statistics.median(took), 1)


def main() -> None:
    data = made()

    def check() -> Any:
        return validate(data, date(2026, 11, 24), lambda name: (SAMPLE.parent / name).read_bytes())

    verdict = check()
    assert verdict.catalogue is not None, verdict.problems[:3]
    signed = to_json(verdict.catalogue)
    print(json.dumps({
        "services": SERVICES, "yaml_kib": len(data) // 1024, "json_kib": len(signed) // 1024,
        "validate_ms": median_ms(check), "load_ms": median_ms(lambda: from_json(signed)),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
