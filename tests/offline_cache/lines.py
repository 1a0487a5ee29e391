"""Bad lines and bad servers, on real sockets: a relay that loses what the centre says, and a server with a script."""

import base64
import contextlib
import json
import os
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from central import wire
from central.keys import Keys
from offline_cache.contract.messages import ANSWER_HEADER, NONCE_HEADER


def reset(sock: socket.socket) -> None:
    """RST instead of FIN, at once, whoever still reads from it."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(sock.detach())


def hang_up(sock: socket.socket) -> None:
    """Ends both directions, which wakes every thread that waits on the socket."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


class _Listener:
    """A listening socket, and a thread for each connection; all ended by `close`."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._open: list[socket.socket] = []
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._guarded, args=(connection,), daemon=True).start()

    def _guarded(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            self.serve(connection)

    def serve(self, connection: socket.socket) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self._server.close()
        for connection in self._open:
            hang_up(connection)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Relay(_Listener):
    """Between kiosk and centre. `answers`: "pass", "lose" (the request arrives, the line breaks instead of the answer)
    or "hold" (the answer never comes). `up` False: connections are reset as they come. `busy_s`: when something went
    through it last.
    """

    def __init__(self, upstream: int) -> None:
        self.upstream, self.answers, self.up, self.lost, self.busy_s = upstream, "pass", True, 0, time.monotonic()
        super().__init__()

    def cut(self) -> None:
        self.up = False
        for connection in self._open:
            hang_up(connection)

    def serve(self, connection: socket.socket) -> None:
        if not self.up:
            reset(connection)
            return
        try:
            far = socket.create_connection(("127.0.0.1", self.upstream))
        except OSError:
            reset(connection)
            return
        self._open.append(far)
        threading.Thread(target=self._back, args=(far, connection), daemon=True).start()
        while data := connection.recv(65_536):
            self.busy_s = time.monotonic()
            far.sendall(data)
        hang_up(far)

    def _back(self, far: socket.socket, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := far.recv(65_536):
                self.busy_s = time.monotonic()
                if self.answers == "pass":
                    connection.sendall(data)
                    continue
                self.lost += 1
                if self.answers == "lose":
                    break
        hang_up(connection)


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)


@dataclass
class Scripted(_Listener):
    """Speaks TLS with the certificate of `tls`, and does to each request what `script(socket, request)` does."""

    tls: Path
    script: object
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.tls / "server.pem", self.tls / "server.key")
        super().__init__()

    def serve(self, connection: socket.socket) -> None:
        with self._context.wrap_socket(connection, server_side=True) as secure:
            self._open.append(secure)
            reader = secure.makefile("rb")
            while line := reader.readline():
                method, path, _ = line.decode().split()
                headers = {}
                while (line := reader.readline().decode().strip()):
                    name, _, value = line.partition(":")
                    headers[name.lower()] = value.strip()
                request = Request(method, path, headers, reader.read(int(headers.get("content-length", 0))))
                self.requests.append(request)
                self.script(secure, request)


def answer(status: int, body: bytes, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def signed(keys: Keys, request: Request, status: int, message: object, **headers: str) -> bytes:
    """An answer that the centre might have given."""
    body = json.dumps(message).encode()
    nonce = base64.b64decode(request.headers[NONCE_HEADER.lower()])
    proof = {ANSWER_HEADER: wire.sign_answer(keys.answers, nonce, status, body)}
    return answer(status, body, **headers, **proof)
