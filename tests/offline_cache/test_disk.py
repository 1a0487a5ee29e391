import os
from types import SimpleNamespace

import pytest

from offline_cache import disk
from offline_cache.folder import StateFolder


@pytest.mark.parametrize(
    ("free_blocks", "entries", "free_entries", "room"),
    [(16384, 0, 0, True), (16383, 0, 0, False), (16384, 1000, 63, False), (16384, 1000, 64, True)],
)
def test_room_is_bytes_and_file_entries(
    folder: StateFolder, monkeypatch: pytest.MonkeyPatch, free_blocks: int, entries: int, free_entries: int, room: bool
):
    found = SimpleNamespace(f_bavail=free_blocks, f_frsize=4096, f_files=entries, f_favail=free_entries)
    monkeypatch.setattr(os, "statvfs", lambda _: found)
    assert disk.has_room(folder) is room
    assert disk.free_mb(folder) == free_blocks * 4096 // 2**20
