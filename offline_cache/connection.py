"""HTTPS to the pinned authority, each exchange bounded as a whole.

The timeouts of the usual libraries count from byte to byte, so that a line which trickles holds them for ever. Here the
socket itself knows until when the exchange may last and how much may still come. Nothing that arrives is unpacked.
"""

from __future__ import annotations

import socket
import ssl
import time
from typing import Any

import requests
import requests.adapters

from offline_cache.settings import CentreSettings

LONGEST_ANSWER_BYTES = 8 * 1024 * 1024
# Servers and routers on the way drop an idle connection without a word (uvicorn after 5 s): then a new one is opened.
LONGEST_IDLE_S = 4.0
# X509_V_FLAG_NO_CHECK_TIME (openssl/x509_vfy.h), which the ssl module does not name.
_NO_CHECK_TIME = 0x200000


class _Socket(ssl.SSLSocket):
    """A socket that is held to the bounds of its context."""

    def recv_into(self, *arguments: Any, **options: Any) -> int:
        bounds = self._hurry()
        received = super().recv_into(*arguments, **options)
        bounds.room -= received
        if bounds.room < 0:
            raise OSError("the answer is too long")
        return received

    def send(self, *arguments: Any, **options: Any) -> int:
        self._hurry()
        return super().send(*arguments, **options)

    def _hurry(self) -> _Bounds:
        bounds = self.context
        assert isinstance(bounds, _Bounds)
        left_s = bounds.until_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the exchange took too long")
        self.settimeout(left_s)
        return bounds


class _Bounds(ssl.SSLContext):
    """TLS that trusts one authority, and the bounds of the exchange under way (monotonic seconds, bytes)."""

    sslsocket_class = _Socket
    until_s = 0.0
    room = 0


class _Adapter(requests.adapters.HTTPAdapter):
    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        options |= {"ssl_context": self._context, "socket_options": [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]}
        super().init_poolmanager(*arguments, **options)


class Connection:
    """One connection to the centre, opened when needed and kept. `check_dates` False: certificates count at any time.

    A machine that boots with a stale clock would find every certificate not valid yet, and so never learn the time.
    Until the clock is trusted, the pinned authority and the signature of each answer have to do.
    """

    def __init__(self, settings: CentreSettings, *, check_dates: bool) -> None:
        self.base = f"{settings.url.rstrip('/')}/v1"
        self._context = _Bounds(ssl.PROTOCOL_TLS_CLIENT)
        self._plain_flags = self._context.verify_flags
        self._check_dates: bool | None = None
        self._used_s = 0.0
        self._session = requests.Session()
        # No proxy, authority or password of the environment.
        self._session.trust_env = False
        self._session.verify = settings.ca
        self._session.mount("https://", _Adapter(self._context))
        self.check_dates(check_dates)

    def check_dates(self, check: bool) -> None:
        """Whether certificates must be valid today, from now on: a connection that was opened otherwise is closed."""
        if check is not self._check_dates:
            self._check_dates = check
            flags = self._plain_flags if check else self._plain_flags | _NO_CHECK_TIME
            self._context.verify_flags = ssl.VerifyFlags(flags)
            self.close()

    def exchange(
        self,
        method: str,
        url: str,
        *,
        limit_s: float,
        headers: dict[str, str],
        body: bytes | None = None,
        auth: requests.auth.AuthBase | None = None,
    ) -> requests.Response:
        """One request and its whole answer, whatever its status; redirects are answers like others.

        Raises OSError (of which requests' own errors are a kind) if none came within `limit_s` seconds.
        """
        now_s = time.monotonic()
        if now_s - self._used_s > LONGEST_IDLE_S:
            self.close()
        self._context.until_s, self._context.room = now_s + limit_s, LONGEST_ANSWER_BYTES
        try:
            return self._session.request(
                method,
                url,
                data=body,
                auth=auth,
                headers={"Accept-Encoding": "identity", **headers},
                # For the TCP connection and the handshake, each; what follows is bounded by the socket.
                timeout=limit_s / 2,
                allow_redirects=False,
            )
        except BaseException:
            self.close()
            raise
        finally:
            self._used_s = time.monotonic()

    def close(self) -> None:
        """Drops the connection; the next exchange opens another."""
        self._session.close()


def reason(error: BaseException) -> str:
    """Why an exchange failed, in words for a log: of a bad certificate what is bad, else the kind of the error."""
    found: BaseException | None = error
    seen: set[int] = set()
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        if isinstance(found, ssl.SSLCertVerificationError):
            return found.verify_message
        inner = next((part for part in found.args if isinstance(part, BaseException)), None)
        found = inner or getattr(found, "reason", None) or found.__cause__ or found.__context__
        if not isinstance(found, BaseException):
            break
    return type(error).__name__
