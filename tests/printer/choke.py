"""A wire to a printer that can be throttled and cut: after so many bytes it takes no more."""

from __future__ import annotations

import select
import socket
import threading
from typing import Self


class Choke:
    """Relays one connection at a time to `port`. The first one takes `limit` bytes; the later ones take everything."""

    def __init__(self, port: int, limit: int) -> None:
        self._to = port
        self._room = limit
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.port: int = self._listener.getsockname()[1]
        self._cut = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def cut(self) -> None:
        """Ends the first connection; what it had not taken is lost."""
        self._cut.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        first = True
        while not self._stopping.is_set():
            if not select.select([self._listener], [], [], 0.02)[0]:
                continue
            host, _ = self._listener.accept()
            with host, socket.create_connection(("127.0.0.1", self._to)) as printer:
                self._relay(host, printer, first=first)
            first = False

    def _relay(self, host: socket.socket, printer: socket.socket, *, first: bool) -> None:
        while not self._stopping.is_set():
            if first and self._cut.is_set():
                return
            choked = first and self._room <= 0
            for source in select.select([printer] if choked else [host, printer], [], [], 0.02)[0]:
                data = source.recv(512)
                if not data:
                    return
                if source is host:
                    self._room -= len(data)
                (printer if source is host else host).sendall(data)
