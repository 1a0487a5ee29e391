"""The wire with the devices: who signed a request (RFC 9421), that it is new, and the signature of every answer.

Every path asks for a device's signature unless it stands in `OPEN`. Freshness is the covered counter, which only rises
per key: kiosk clocks lie, so `created` decides nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re
import traceback
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from fastapi.responses import Response
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from sqlalchemy import BindParameter, bindparam, case, or_, select, update
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central import plain_signature
from central.centre import Centre
from central.models import Kiosk
from central.refusals import RefusedError, answer_of
from offline_cache.contract.messages import (
    ANSWER_HEADER,
    ANSWER_TAG,
    COUNTER_HEADER,
    COVERED_COMPONENTS,
    NONCE_HEADER,
    SIGNATURE_LABEL,
)

OPEN = re.compile(
    r"^(/v1/(enrolments|trust|time|health|document-keys|openapi\.json|catalogue/.*|revocation-lists/.*)|/[pv]|/[pvd]/[^/]*)$"
)
MAX_BODY_BYTES = 4 * 1024 * 1024
NONCE_BYTES = 16
# status, headers, body
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
log = structlog.get_logger("central.wire")


def sign_answer(keys: Sequence[Ed25519PrivateKey], nonce: bytes, status: int, body: bytes) -> str:
    """The value of ANSWER_HEADER: Ed25519 over tag, nonce, three digits of status and SHA-256 of the body; by each key
    that a kiosk may rely on.
    """
    signed = ANSWER_TAG + nonce + f"{status:03d}".encode() + hashlib.sha256(body).digest()
    return ",".join(base64.b64encode(key.sign(signed)).decode() for key in keys)


@dataclass(frozen=True)
class _Request:
    """What the verifier reads of a request."""

    method: str
    url: str
    headers: Headers


class _GoneError(Exception):
    """The caller hung up before the request was whole."""


class _OneKey(HTTPSignatureKeyResolver):
    """The key that a request is held against."""

    def __init__(self, key: str) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        del key_id
        return self._key


class _Verifier(HTTPMessageVerifier):
    require_created = False

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Nothing: a kiosk's clock decides nothing, the counter does."""


# What a request claims before anything of it is checked (RFC 9421, 2.3).
_CLAIMED = re.compile(rf'(?:^|,\s*){SIGNATURE_LABEL}=\([^)]*\)[^,]*;keyid="([^"]{{1,64}})"')


_KEY: BindParameter[str] = bindparam("key")
_RAISE = (
    update(Kiosk)
    .where(
        Kiosk.id == bindparam("kiosk"),
        Kiosk.counter < bindparam("seen"),
        Kiosk.state == "active",
        or_(Kiosk.public_key == _KEY, Kiosk.next_key == _KEY),
    )
    .values(
        counter=bindparam("seen"),
        public_key=_KEY,
        next_key=case((Kiosk.next_key == _KEY, None), else_=Kiosk.next_key),
    )
)


class Doorkeeper:
    """Who signed a request, and that it is newer than all before.

    Keys are remembered, so that a request costs one write and no read; whoever is revoked or has another key is found
    by that write, which counts only for the key that was held against the signature.
    """

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._keys: dict[str, tuple[str, ...]] = {}

    def admit(self, request: _Request, body: bytes) -> str:
        """The kiosk, whose counter is used up now; RefusedError says what was wrong."""
        claimed = _CLAIMED.search(request.headers.get("signature-input", ""))
        if claimed is None:
            raise RefusedError(401, "signature", "the request is not signed as it must be")
        kiosk = claimed.group(1)
        known = self._keys.get(kiosk)
        for remembered in (known, None):
            keys = remembered or self._read(kiosk)
            if remembered is None:
                self._keys[kiosk] = keys
                if not keys:
                    del self._keys[kiosk]
                    raise RefusedError(401, "unknown-kiosk", "no kiosk of that id is enrolled here")
            verified = self._verified(request, body, kiosk, keys)
            if verified is None:
                # perhaps the key was changed since it was read
                if remembered is not None:
                    continue
                raise RefusedError(401, "signature", "the request is not signed as it must be")
            key, counter = verified
            if self._count(kiosk, key, counter):
                return kiosk
        raise RefusedError(401, "signature", "the request is not signed as it must be")

    def _read(self, kiosk: str) -> tuple[str, ...]:
        with self._centre.database.transaction() as session:
            row = session.execute(select(Kiosk.public_key, Kiosk.next_key).where(Kiosk.id == kiosk)).one_or_none()
        return () if row is None else tuple(key for key in row if key is not None)

    @staticmethod
    def _verified(request: _Request, body: bytes, kiosk: str, keys: tuple[str, ...]) -> tuple[str, int] | None:
        for key in keys:
            if (counter := plain_signature.counter(request, body, kiosk, key)) is not None:
                return key, counter
            verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_OneKey(key))
            try:
                results = verifier.verify(request, max_age=None, require_components=COVERED_COMPONENTS, body=body)
            except HTTPMessageSignaturesException:
                continue
            if len(results) != 1 or results[0].label != SIGNATURE_LABEL or results[0].parameters["keyid"] != kiosk:
                return None
            said = results[0].covered_components[f'"{COUNTER_HEADER.lower()}"']
            if not re.fullmatch(plain_signature.RISING, said):
                raise RefusedError(400, "counter", f"{COUNTER_HEADER} is not a number that rises")
            return key, int(said)
        return None

    def _count(self, kiosk: str, key: str, counter: int) -> bool:
        """Uses the counter up; False if the kiosk has another key by now."""
        # Not waited for: whatever this request does for good is on disk after it, and the counter with it. What did
        # nothing for good may come again.
        if self._centre.database.at_once(_RAISE, {"kiosk": kiosk, "key": key, "seen": counter}) == 1:
            return True
        with self._centre.database.transaction() as session:
            row = session.get(Kiosk, kiosk)
            if row is None or key not in (row.public_key, row.next_key):
                return False
            if row.state != "active":
                raise RefusedError(403, "revoked", "this kiosk was revoked: it must be enrolled again")
            raise RefusedError(409, "counter", "this counter, or a higher one, was seen before", counter=row.counter)


def _nonce_of(headers: Headers) -> bytes | None:
    """The nonce an answer is signed over; None if the request brought none."""
    value = headers.get(NONCE_HEADER)
    if value is None:
        return None
    try:
        nonce = base64.b64decode(value, validate=True)
    except ValueError:
        nonce = b""
    if len(nonce) != NONCE_BYTES:
        raise RefusedError(400, "nonce", f"{NONCE_HEADER} is not base64 of {NONCE_BYTES} bytes")
    return nonce


async def _read(receive: Receive) -> bytes:
    chunks = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        chunks += message.get("body", b"")
        if len(chunks) > MAX_BODY_BYTES:
            raise RefusedError(413, "too-large", f"a request has at most {MAX_BODY_BYTES} bytes")
        if not message.get("more_body", False):
            return bytes(chunks)


class Wire:
    """ASGI middleware around all routes; a route finds the kiosk in `request.state.kiosk`."""

    def __init__(self, app: ASGIApp, centre: Centre) -> None:
        self._app = app
        self._centre = centre
        self._door = Doorkeeper(centre)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        nonce: bytes | None = None
        try:
            nonce = _nonce_of(headers)
            status, fields, body = await self._answer(scope, headers, receive)
        except _GoneError:
            return
        except RefusedError as error:
            log.info("refused", path=scope["path"], code=error.code)
            status, fields, body = _plain(answer_of(error))
        except OperationalError as error:
            log.error("database-unavailable", path=scope["path"], at=_place(error))
            refusal = RefusedError(503, "busy", "the centre cannot reach its database now: try again")
            status, fields, body = _plain(answer_of(refusal))
        except Exception as error:  # noqa: BLE001  whatever it is, the kiosk gets a signed refusal and tries again
            # an error's text may hold what the request held: its kind and place must do
            log.error("failed", path=scope["path"], error=type(error).__name__, at=_place(error))
            status, fields, body = _plain(answer_of(RefusedError(500, "internal", "the centre failed on this request")))
        if not scope["path"].startswith("/v1/catalogue/"):
            fields = [*fields, (b"cache-control", b"no-store")]
        if nonce is not None:
            signature = sign_answer(self._centre.keys.answers, nonce, status, body)
            fields = [*fields, (ANSWER_HEADER.lower().encode(), signature.encode())]
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive) -> Answer:
        body = await _read(receive)
        if not OPEN.fullmatch(scope["path"]):
            query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
            path = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
            url = f"{scope['scheme']}://{headers.get('host', '')}{path}{query}"
            request = _Request(scope["method"], url, headers)
            scope.setdefault("state", {})["kiosk"] = await run_in_threadpool(self._door.admit, request, body)
            if NONCE_HEADER not in headers:
                raise RefusedError(400, "nonce", f"{NONCE_HEADER} is missing")
        start: MutableMapping[str, Any] = {}
        sent = bytearray()

        async def replay() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                sent.extend(message.get("body", b""))

        await self._app(scope, replay, collect)
        return start["status"], list(start["headers"]), bytes(sent)


def _place(error: BaseException) -> str:
    """File and line where it was raised."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"


def _plain(response: Response) -> Answer:
    return response.status_code, list(response.raw_headers), bytes(response.body)
