"""What is cut here is the program, not the disk: nothing need reach one. A few files stand for all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.technician.provisioning import system


@pytest.fixture(autouse=True)
def _no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sync", lambda: None)
    monkeypatch.setattr(os, "fsync", lambda _fd: None)
    monkeypatch.setattr(system, "FILES", (*system.FILES[:2], *system.FILES[-2:]))


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder of the machine's memory, where there is one: hundreds of machines are made and cut off here."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)
