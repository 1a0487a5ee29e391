"""Writing files that must be whole or absent, and that only their owner may read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path


def write(path: Path, content: bytes, *, private: bool = True) -> None:
    """Beside the target, synced, then renamed over it: a power cut leaves the old file or the new one, and a full disk
    keeps nothing of what did not fit.
    """
    aside = path.with_name(f".{path.name}.new")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    _sync_folder(path)


def copy(source: Path, path: Path, verify: Callable[[Path], None]) -> None:
    """A large file, the same way and never in memory as a whole; `verify` raises if what was copied is not it."""
    aside = path.with_name(f".{path.name}.new")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, source.open("rb") as read:
            shutil.copyfileobj(read, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        verify(aside)
        aside.replace(path)
    except (OSError, ValueError):
        aside.unlink(missing_ok=True)
        raise
    _sync_folder(path)


def _sync_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
