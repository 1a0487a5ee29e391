"""What every test leaves behind: nothing."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from offline_cache.folder import StateFolder

# A shell starts what runs in its background with SIGINT ignored, and that is inherited: what the tests start must hear
# it, wherever they are started from.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure() -> None:
    """One seed for all processes of a run: each chooses the same tests. TOTEM_SEED repeats a run's choice."""
    os.environ.setdefault("TOTEM_SEED", str(random.SystemRandom().randrange(10**6)))


def pytest_report_header() -> str:
    return f"TOTEM_SEED={os.environ['TOTEM_SEED']}"


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Several processes share the tests (pytest-xdist): a file stays with one of them, and so do the tests that look at
    one running demonstration, which is then played once.
    """
    for item in items:
        if item.get_closest_marker("xdist_group") is not None:
            continue
        shared = "town" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("town" if shared else item.nodeid.partition("::")[0]))


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
