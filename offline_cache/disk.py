"""Room on the disk: checked before a form is shown, not after."""

from __future__ import annotations

import os

from offline_cache.folder import StateFolder

# A day of a busy kiosk's tickets is under 10 MB; the rest is for logs, the store's log and a catalogue on its way.
NEEDED_MB = 64
_NEEDED_FILES = 64


def free_mb(folder: StateFolder) -> int:
    """Megabytes (2^20 bytes) that this user may still write where the state lies."""
    found = os.statvfs(folder.path)
    return found.f_bavail * found.f_frsize >> 20


def has_room(folder: StateFolder) -> bool:
    """True if another citizen can be served: bytes and, where the file system counts them, file entries."""
    found = os.statvfs(folder.path)
    entries_enough = found.f_files == 0 or found.f_favail >= _NEEDED_FILES
    return found.f_bavail * found.f_frsize >> 20 >= NEEDED_MB and entries_enough
