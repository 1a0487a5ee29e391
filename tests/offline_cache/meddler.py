"""Somebody hostile on the way, with the centre's own certificate in hand: reads each request and does as it likes."""

import base64
import contextlib
import json
import random
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.offline_cache.lines import _Listener, answer, reset

PORTAL = b"<html><body>Welcome to the free WLAN of the station! Please accept the terms.</body></html>"
STATUSES = (
    *(201, 204, 206, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 413, 418, 421, 422),
    *(425, 426, 429, 451, 500, 501, 502, 503, 504, 507, 511, 599),
)
RETRY_AFTER = (
    "-1", "1e9", "99999999999999999999", "soon", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "",
    "0x10", "\u0663",
)  # fmt: skip


@dataclass
class Meddler(_Listener):
    """`play` draws what is done to each exchange; None lets it pass. `done` counts each trick."""

    upstream: int
    tls: Path
    play: object
    draw: random.Random
    done: dict[str, int] = field(default_factory=dict)
    answers_to_forged: set[int] = field(default_factory=set)
    # The next statuses or wishes to play, before they are drawn.
    next_one: Iterator = field(default_factory=lambda: iter(()))

    def __post_init__(self) -> None:
        self._here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._here.load_cert_chain(self.tls / "server.pem", self.tls / "server.key")
        self._there = ssl.create_default_context(cafile=self.tls / "ca.pem")
        self._earlier: list[tuple[bytes, bytes]] = []
        super().__init__()

    def serve(self, connection: socket.socket) -> None:
        with self._here.wrap_socket(connection, server_side=True) as secure:
            self._open.append(secure)
            while request := _message(secure):
                trick = self.play()
                self.done[trick or "pass"] = self.done.get(trick or "pass", 0) + 1
                getattr(self, f"_{trick or 'pass'}")(secure, request)

    def ask(self, request: bytes) -> bytes:
        """The centre's answer to these bytes."""
        with (
            socket.create_connection(("localhost", self.upstream)) as plain,
            self._there.wrap_socket(plain, server_hostname="localhost") as secure,
        ):
            secure.sendall(request)
            return _message(secure)

    # ---- tricks -------------------------------------------------------------------------------------------

    def _pass(self, secure, request):
        said = self.ask(request)
        self._earlier.append((request, said))
        secure.sendall(said)

    def _lose(self, secure, request):
        self.ask(request)
        secure.close()

    def _drop(self, secure, _request):
        secure.close()

    def _truncate(self, secure, request):
        said = self.ask(request)
        secure.sendall(said[: self.draw.randrange(len(said))])
        secure.close()

    def _hang(self, secure, request):
        self.ask(request)
        with contextlib.suppress(OSError):
            while secure.recv(65_536):
                pass

    def _reset(self, secure, request):
        self.ask(request)
        reset(secure)
        raise ConnectionError

    def _duplicate(self, secure, request):
        """Sent twice: the second is a replay, and its answer is the one that arrives."""
        self.ask(request)
        second = self.ask(request)
        self.answers_to_forged.add(_status(second))
        secure.sendall(second)

    def _reorder(self, secure, request):
        """An earlier request once more after this one, and the answer to an earlier one in the place of this one's."""
        self.ask(request)
        if self._earlier:
            old, said = self.draw.choice(self._earlier)
            if b" /v1/catalogue/" not in old and b" /v1/time" not in old:
                self.answers_to_forged.add(_status(self.ask(old)))
            secure.sendall(said)
        else:
            secure.close()

    def _alter_request(self, secure, request):
        """One byte of the body, or the counter, is another."""
        head, _, body = request.partition(b"\r\n\r\n")
        if not body:
            self._pass(secure, request)
            return
        at = self.draw.randrange(len(body))
        body = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        said = self.ask(head + b"\r\n\r\n" + body)
        self.answers_to_forged.add(_status(said))
        secure.sendall(said)

    def _alter_answer(self, secure, request):
        said = bytearray(self.ask(request))
        said[-1 - self.draw.randrange(min(len(said), 40))] ^= 1
        secure.sendall(bytes(said))
        secure.close()

    def _portal(self, secure, _request):
        secure.sendall(answer(200, PORTAL, Content_Type="text/html"))

    def _status(self, secure, _request):
        number = next(self.next_one, None) or self.draw.choice(STATUSES)
        where = {"Location": "https://localhost:1/"} if number // 100 == 3 else {}
        body = b"" if number == 204 else json.dumps({"error": "x", "detail": "y"}).encode()
        secure.sendall(answer(number, body, **where))

    def _forged_success(self, secure, request):
        """Says that everything was taken, with a signature of somebody else."""
        with contextlib.suppress(ValueError):
            items = json.loads(request.partition(b"\r\n\r\n")[2]).get("items", ())
            results = [{"id": item["id"], "outcome": "created"} for item in items]
            body = json.dumps({"results": results, "safe_seq": 1 << 40}).encode()
            secure.sendall(answer(200, body, Totem_Answer=base64.b64encode(bytes(64)).decode()))
            return
        secure.close()

    def _retry_after(self, secure, request):
        """A refusal that the centre signed (of a replay), with somebody else's Retry-After."""
        self.ask(request)
        head, _, body = self.ask(request).partition(b"\r\n\r\n")
        wish = next(self.next_one, self.draw.choice(RETRY_AFTER)).encode()
        secure.sendall(head + b"\r\nRetry-After: " + wish + b"\r\n\r\n" + body)

    def _trickle(self, secure, request):
        with contextlib.suppress(OSError):
            for byte in self.ask(request):
                secure.sendall(bytes([byte]))
                threading.Event().wait(0.02)

    def _not_tls(self, secure, _request):
        plain = secure.detach()
        with socket.socket(fileno=plain) as raw:
            raw.sendall(answer(200, PORTAL))


TRICKS = tuple(name[1:] for name, _ in vars(Meddler).items() if name.startswith("_") and name[1:] in {
    "lose", "drop", "truncate", "hang", "reset", "duplicate", "reorder", "alter_request", "alter_answer", "portal",
    "status", "forged_success", "retry_after", "trickle", "not_tls",
})  # fmt: skip


def _message(sock: socket.socket) -> bytes:
    """One whole request or answer; empty when the other end has closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = sock.recv(65_536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    length = int({name.lower(): value for name, value in fields.items()}.get(b"content-length", b"0"))
    while len(body) < length:
        part = sock.recv(65_536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body


def _status(said: bytes) -> int:
    return int(said.split(b" ", 2)[1])
