"""Look-ups of the screen's process, which has no network: asked of the sync process over a local socket.

One JSON line each way. The caller counts the time: whatever happens at the other end, it has an answer or `no-link`.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import time
from collections.abc import Callable
from typing import Any

from offline_cache.folder import StateFolder

NO_LINK = {"error": "no-link", "detail": "the centre cannot be reached"}
LONGEST_LINE = 1024 * 1024
# A request of our own kiosk is written at once; whoever connects and says nothing must not hold the others up.
REQUEST_LIMIT_S = 1.0
Answerer = Callable[[dict[str, Any]], dict[str, Any]]


def ask(folder: StateFolder, request: dict[str, Any], limit_s: float) -> dict[str, Any]:
    """The answer, or `{"error": "no-link"}` when none came within `limit_s` seconds."""
    until = time.monotonic() + limit_s
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(limit_s)
            sock.connect(str(folder.socket("lookup")))
            sock.settimeout(max(0.001, until - time.monotonic()))
            sock.sendall(json.dumps(request).encode() + b"\n")
            line = _line(sock, until)
        answer = json.loads(line)
    except (OSError, ValueError):
        return dict(NO_LINK)
    return answer if isinstance(answer, dict) else dict(NO_LINK)


def _line(sock: socket.socket, until: float) -> bytes:
    data = b""
    while not data.endswith(b"\n"):
        left_s = until - time.monotonic()
        if left_s <= 0 or len(data) > LONGEST_LINE:
            raise TimeoutError
        sock.settimeout(left_s)
        part = sock.recv(65_536)
        if not part:
            raise ConnectionError
        data += part
    return data


class Counter:
    """The answering end, in the sync process's own loop: `fileno` says when somebody is waiting."""

    def __init__(self, folder: StateFolder) -> None:
        folder.make_run()
        self._path = folder.socket("lookup")
        self._path.unlink(missing_ok=True)
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._sock.bind(str(self._path))
        self._sock.listen(8)
        self._sock.setblocking(False)

    def fileno(self) -> int:
        return self._sock.fileno()

    def serve(self, answer: Answerer) -> None:
        """Answers everybody who is waiting now, in order; whoever has given up meanwhile is not asked for."""
        while select.select([self._sock], [], [], 0)[0]:
            try:
                connection, _ = self._sock.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError, ValueError):
                request = json.loads(_line(connection, time.monotonic() + REQUEST_LIMIT_S))
                if not isinstance(request, dict) or _is_gone(connection):
                    continue
                connection.settimeout(REQUEST_LIMIT_S)
                connection.sendall(json.dumps(answer(request)).encode() + b"\n")

    def close(self) -> None:
        self._sock.close()
        self._path.unlink(missing_ok=True)


def _is_gone(connection: socket.socket) -> bool:
    """True if the other end has closed: it never writes a second time."""
    return bool(select.select([connection], [], [], 0)[0])
