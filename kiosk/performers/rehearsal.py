"""Rehearsing a catalogue: every screen of it is built once in a process of its own, off the screen, before it is shown.

What breaks there breaks nothing here: a crash, a hang or a slip of memory ends that process, and the catalogue is bad.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from typing import IO

from kiosk.performers import journal
from offline_cache.folder import StateFolder

# A catalogue of five hundred services takes a minute on a small machine.
LONGEST_S = 300.0


class Rehearsal:
    """One at a time. Asked once a second for its verdict, it never waits."""

    def __init__(self, folder: StateFolder) -> None:
        self._folder = folder
        self._version: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._content: IO[bytes] | None = None
        self._until_s = 0.0

    def verdict(self, version: int, content: bytes) -> bool | None:
        """Whether that catalogue can be shown; None while it is being tried."""
        if self._version != version:
            self.forget()
            self._begin(version, content)
        assert self._process is not None
        status = self._process.poll()
        if status is None and time.monotonic() > self._until_s:
            status = 1
        if status is None:
            return None
        self.forget()
        journal.info("catalogue-rehearsed", version=version, status=status)
        return status == 0

    def forget(self) -> None:
        """Ends what is being tried."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._content is not None:
            self._content.close()
        self._process, self._content, self._version = None, None, None

    def _begin(self, version: int, content: bytes) -> None:
        self._content = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process that reads it
        self._content.write(content)
        self._content.seek(0)
        # It has no store, no keys and no network: the catalogue is all it is given.
        command = [sys.executable, "-m", "kiosk.rehearsal", "--panel", self._folder.settings().panel.model_dump_json()]
        self._process = subprocess.Popen(
            command, stdin=self._content, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._version, self._until_s = version, time.monotonic() + LONGEST_S
