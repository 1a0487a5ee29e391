"""How the kiosk's processes wake each other: datagrams in the run folder.

An empty datagram says "look at the store"; otherwise it carries one JSON object of live status. A datagram may be lost
(nobody listens, or the receiver's queue is full): a 1 s poll of the store is the fallback, and live status is repeated
every second.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
from pathlib import Path
from typing import Any, Self

from offline_cache.folder import StateFolder

LONGEST_MESSAGE_BYTES = 65_536


class Mailbox:
    """The receiving end: run/<name>.sock, of the one process that has that name. A stale socket is replaced."""

    def __init__(self, folder: StateFolder, name: str) -> None:
        folder.make_run()
        self._path = folder.socket(name)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._path.unlink(missing_ok=True)
        self._socket.bind(str(self._path))
        self._inode = self._path.stat().st_ino

    def fileno(self) -> int:
        return self._socket.fileno()

    def receive(self, timeout_s: float) -> list[dict[str, Any] | None]:
        """Everything that has come, waiting at most `timeout_s` for the first; None is a plain wake-up.

        What is not a JSON object is dropped: only our own processes can write here, but a receiver must not fall over.
        """
        ready, _, _ = select.select([self._socket], [], [], max(0.0, timeout_s))
        messages: list[dict[str, Any] | None] = []
        while ready:
            try:
                data = self._socket.recv(LONGEST_MESSAGE_BYTES)
            except BlockingIOError:
                break
            if not data:
                messages.append(None)
                continue
            with contextlib.suppress(ValueError):
                message = json.loads(data)
                if isinstance(message, dict):
                    messages.append(message)
        return messages

    def close(self) -> None:
        """Closes, and removes the socket unless another process has taken the name meanwhile."""
        self._socket.close()
        with contextlib.suppress(FileNotFoundError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def post(folder: StateFolder, name: str, message: dict[str, Any] | None = None) -> None:
    """Wakes the process of that name, with live status or without. Never blocks, never fails when nobody listens."""
    _send(folder.socket(name), b"" if message is None else json.dumps(message).encode())


def _send(path: Path, data: bytes) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, contextlib.suppress(OSError):
        sender.setblocking(False)
        sender.sendto(data, str(path))
