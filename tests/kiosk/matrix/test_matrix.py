"""Every screen in every combination of panel, language, text size, contrast and reach, checked by machine.

Each panel has processes of its own (a window has one size), two at a time, one a processor. Pictures of what fails are
kept under the folder that the failure names.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.kiosk.matrix.variants import PROVEN_PANELS, owed

ROOT = Path(__file__).parents[3]
AT_ONCE = 2
SHARES = 2  # of one panel: the last ones to run keep both processors busy
LIMIT_S = 900
TOLD = 25  # failures in words; all of them are in the file beside the pictures

ITEMS = [(panel, f"{part}/{SHARES}") for panel in PROVEN_PANELS for part in range(SHARES)]


def _examine(panel: str, share: str, folder: Path) -> list[dict[str, Any]]:
    """What one process says, line by line; the last line counts."""
    done = subprocess.run(
        [
            "nice", sys.executable, "-m", "tests.kiosk.matrix.examine", "--panel", panel, "--share", share,
            "--pictures", str(folder),
        ],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=LIMIT_S,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{panel} {share} ended with {done.returncode}:\n{done.stderr[-4000:]}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{panel}-{share.replace('/', 'of')}.jsonl").write_text(done.stdout, encoding="utf-8")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def examined(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[tuple[str, str], Future[list[dict[str, Any]]]]]:
    """All that was asked for begins at once, two at a time; each test waits for its own."""
    wanted = {
        item.callspec.params["item"]
        for item in request.session.items
        if item.path == request.path and "item" in getattr(getattr(item, "callspec", None), "params", {})
    }
    folder = tmp_path_factory.mktemp("matrix")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {item: pool.submit(_examine, *item, folder) for item in ITEMS if item in wanted}
        pool.shutdown(cancel_futures=True)


@pytest.mark.timeout(LIMIT_S)
@pytest.mark.parametrize("item", ITEMS, ids=[f"{panel} {share}" for panel, share in ITEMS])
def test_every_screen_is_whole_readable_and_touchable_in_every_variant(
    item: tuple[str, str], examined: dict[tuple[str, str], Future[list[dict[str, Any]]]],
) -> None:
    *failed, counted = examined[item].result()
    failed = [each for each in failed if not owed(each["variant"], each["scene"])]
    assert counted["shown"] > 0
    told = "\n".join(
        f"{each['scene']} [{each['variant']}] page {each['page']}: {each['wrong']} {each['picture']}"
        for each in failed[:TOLD]
    )
    assert not failed, f"{len(failed)} of {counted['shown']} shown are wrong:\n{told}"
