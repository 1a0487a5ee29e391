"""Every screen in every combination of panel, language, text size, contrast and reach, checked by machine.

Each share of a panel has a process of its own (a window has one size); pytest-xdist runs several at a time.
Pictures of what fails are kept under the folder that the failure names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from devices.virtual.lifeline import tied
from kiosk.widgets.tokens import PANELS
from tests.kiosk.matrix.variants import owed, pairs

ROOT = Path(__file__).parents[3]
SHARES = 3  # of one panel: short enough that the last ones to run keep both processors busy
LIMIT_S = 1800
TOLD = 25  # failures in words; all of them are in the file beside the pictures

# Each picture's 8 MB come from memory that is kept, and nothing of numpy's is worth a second thread.
LEAN = {"MALLOC_MMAP_THRESHOLD_": "1073741824", "MALLOC_TRIM_THRESHOLD_": "1073741824", "OPENBLAS_NUM_THREADS": "1"}

# In every run each screen in every combination; in the long one also what is told in `examine.examine`.
EVERY = [
    pytest.param(
        panel, f"{part}/{SHARES}", more, id=" ".join([f"{panel} {part + 1} of {SHARES}", *more]),
        marks=[pytest.mark.long] if more else [],
    )
    for more in ((), ("--everything",))
    for panel in PANELS
    for part in range(SHARES)
]


@pytest.mark.timeout(LIMIT_S)
@pytest.mark.parametrize(("panel", "share", "more"), EVERY)
def test_every_screen_is_whole_readable_and_touchable_in_every_variant(
    panel: str, share: str, more: tuple[str, ...], tmp_path: Path,
) -> None:
    done = subprocess.run(
        tied([
            sys.executable, "-m", "tests.kiosk.matrix.examine", "--panel", panel, "--share", share,
            "--pictures", str(tmp_path), *more,
        ]),
        cwd=ROOT, env=os.environ | LEAN, capture_output=True, text=True, check=False, timeout=LIMIT_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    (tmp_path / "failures.jsonl").write_text(done.stdout, encoding="utf-8")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    shown = [line["shown"] for line in lines if "shown" in line]
    assert len(shown) == len(list(pairs(panel))) / SHARES
    assert all(shown)
    failed = [line for line in lines if "wrong" in line and not owed(line["variant"], line["scene"])]
    told = "\n".join(
        f"{each['scene']} [{each['variant']}] page {each['page']}: {each['wrong']} {each['picture']}"
        for each in failed[:TOLD]
    )
    assert not failed, f"{len(failed)} of {sum(shown)} shown are wrong:\n{told}"
