"""Whether somebody is at the kiosk, told by a lock: who is there holds it, and a crash lets it go.

The screen holds it through a session and a technician's visit, the printer as long as a paper is not finished. Whoever
puts another program in place (kiosk/technician/updating) takes it alone first, and so comes between two citizens.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from offline_cache.folder import StateFolder


def lock_path(folder: StateFolder) -> Path:
    return folder.run / "occupied.lock"


class Occupied:
    """One holder's part of the lock. Cheap to tell again what was told before."""

    def __init__(self, folder: StateFolder) -> None:
        folder.make_run()
        self._fd = os.open(lock_path(folder), os.O_RDWR | os.O_CREAT, 0o600)
        self._held = False

    def tell(self, *, occupied: bool) -> None:
        """Takes the lock, beside others who hold it, or lets it go.

        Where another program is just being put in place it cannot be had, and is tried again with the next word: this
        process is about to be stopped.
        """
        if occupied is self._held:
            return
        try:
            fcntl.flock(self._fd, fcntl.LOCK_SH | fcntl.LOCK_NB if occupied else fcntl.LOCK_UN)
        except BlockingIOError:
            return
        self._held = occupied

    def close(self) -> None:
        os.close(self._fd)
