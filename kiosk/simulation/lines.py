"""JSON lines over a Unix stream socket: one request, one answer. The dock and the kiosk's control speak it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

Handler = Callable[[dict[str, Any]], dict[str, Any]]
LONGEST_LINE = 4 * 1024 * 1024


class NobodyThere(Exception):
    """Nothing listens on that socket."""


def ask(path: Path, request: dict[str, Any], timeout_s: float = 10.0) -> dict[str, Any]:
    """Sends one request and gives the answer. NobodyThere if nothing listens, or it went away, or it was too slow."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(timeout_s)
            sock.connect(str(path))
            sock.sendall(json.dumps(request).encode() + b"\n")
            with sock.makefile("rb") as stream:
                line = stream.readline(LONGEST_LINE)
    except OSError as error:
        raise NobodyThere(f"{path.stem}: {error}") from error
    if not line.endswith(b"\n"):
        raise NobodyThere(f"{path.stem}: went away in the middle of an answer")
    answer: dict[str, Any] = json.loads(line)
    return answer


class LineServer:
    """Answers requests, each connection in a thread of its own; `handler` must be thread-safe."""

    def __init__(self, path: Path, handler: Handler) -> None:
        self.path = path
        self._handler = handler
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._sock.bind(str(path))
        os.chmod(path, 0o600)  # noqa: PTH101  the socket's own path
        self._sock.listen(8)
        threading.Thread(target=self._accept, name=f"{path.stem}-server", daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._sock.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream:
            for line in stream:
                try:
                    answer = self._handler(json.loads(line))
                except (KeyError, ValueError, TypeError) as error:
                    answer = {"error": f"{type(error).__name__}: {error}"}
                with contextlib.suppress(OSError):
                    stream.write(json.dumps(answer).encode() + b"\n")
                    stream.flush()

    def close(self) -> None:
        self._sock.close()
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
