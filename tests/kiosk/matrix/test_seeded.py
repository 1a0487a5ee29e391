"""What the matrix finds: screens that were spoilt on purpose are told, with what is wrong and a picture."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from devices.virtual.lifeline import tied
from tests.kiosk.matrix.seeded import FAULTS

ROOT = Path(__file__).parents[3]
FOUND = {
    "overlap": "overlapping", "cut_text": "overflowing", "bad_contrast": "faint text", "faint_border": "faint border",
    "missing_glyph": "not in the font", "small_target": "too small", "nameless": "unnamed",
    "out_of_order": "out of order",
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_is_put_on_a_screen_is_found_and_told(fault: str, tmp_path: Path) -> None:
    done = subprocess.run(
        tied([
            sys.executable, "-m", "tests.kiosk.matrix.seeded", fault, "--panel", "p1280", "--scene", "question 0",
            "--variant", "p1280-it-normal*", "--pictures", str(tmp_path),
        ]),
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    told = [line for line in lines if FOUND[fault] in line.get("wrong", {})]
    # What stands in high contrast where it stood in the usual colours is measured once; the colours are in both.
    expected = {"p1280-it-normal", "p1280-it-normal-reach"}
    if FOUND[fault].startswith("faint"):
        expected |= {"p1280-it-normal-contrast", "p1280-it-normal-contrast-reach"}
    assert {line["variant"] for line in told} >= expected
    assert all(Path(line["picture"]).is_file() for line in told)
