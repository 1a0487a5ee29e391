"""What every test leaves behind: nothing."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from offline_cache.folder import StateFolder

# A shell starts what runs in its background with SIGINT ignored, and that is inherited: what the tests start must hear
# it, wherever they are started from.
signal.signal(signal.SIGINT, signal.default_int_handler)


MATRIX = "tests/kiosk/matrix/test_matrix.py"
TOWN = {
    f"tests/journeys/test_{name}.py" for name in ("escapes", "further", "idle", "journeys", "no_traces", "ways")
}


def pytest_configure() -> None:
    """One seed for all processes of a run: each chooses the same tests. TOTEM_SEED repeats a run's choice."""
    os.environ.setdefault("TOTEM_SEED", str(random.SystemRandom().randrange(10**6)))


def pytest_report_header() -> str:
    return f"TOTEM_SEED={os.environ['TOTEM_SEED']}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Several processes share the tests (pytest-xdist)."""
    return ByFile(config, log)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """A file stays with one process, and so do the files that look at one running demonstration, which is then played
    once. The shares of the matrix have nothing in common.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file == MATRIX:
            return nodeid
        return "town" if file in TOWN else file


@pytest.fixture(autouse=True)
def _run_folders_go_with_their_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """A state folder in `tmp_path` has its run folder elsewhere, in memory, where pytest does not clean up."""
    if "tmp_path" not in request.fixturenames:
        yield
        return
    tmp_path: Path = request.getfixturevalue("tmp_path")
    yield
    for path in (tmp_path, *(entry for entry in tmp_path.iterdir() if entry.is_dir())):
        shutil.rmtree(StateFolder(path).run, ignore_errors=True)
