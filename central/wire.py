"""The wire with the devices: who signed a request (RFC 9421), that it is new, and the signature of every answer.

Every path asks for a device's signature unless it stands in `OPEN`. Freshness is the covered counter, which only rises
per key: kiosk clocks lie, so `created` decides nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re
import traceback
from collections.abc import MutableMapping
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
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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

OPEN = re.compile(r"^(/v1/(enrolments|time|health|document-keys|openapi\.json|catalogue/.*)|/[pv]|/[pvd]/[^/]*)$")
MAX_BODY_BYTES = 4 * 1024 * 1024
NONCE_BYTES = 16
# status, headers, body
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
log = structlog.get_logger("central.wire")


def sign_answer(key: Ed25519PrivateKey, nonce: bytes, status: int, body: bytes) -> str:
    """The value of ANSWER_HEADER: Ed25519 over tag, nonce, three digits of status and SHA-256 of the body."""
    signed = ANSWER_TAG + nonce + f"{status:03d}".encode() + hashlib.sha256(body).digest()
    return base64.b64encode(key.sign(signed)).decode()


@dataclass(frozen=True)
class _Request:
    """What the verifier reads of a request."""

    method: str
    url: str
    headers: Headers


class _GoneError(Exception):
    """The caller hung up before the request was whole."""


class _Keys(HTTPSignatureKeyResolver):
    """The keys of enrolled kiosks; `unknown` remembers that an id was asked for which nobody has."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self.unknown = False

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        with self._centre.database.transaction() as session:
            stored = session.scalar(select(Kiosk.public_key).where(Kiosk.id == key_id))
        self.unknown = stored is None
        return None if stored is None else Ed25519PublicKey.from_public_bytes(base64.b64decode(stored))


class _Verifier(HTTPMessageVerifier):
    require_created = False

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Nothing: a kiosk's clock decides nothing, the counter does."""


def _authenticate(centre: Centre, request: _Request, body: bytes) -> str:
    """The kiosk that signed this request, whose counter it has used up; RefusedError says what was wrong."""
    keys = _Keys(centre)
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=keys)
    try:
        results = verifier.verify(request, max_age=None, require_components=COVERED_COMPONENTS, body=body)
    except HTTPMessageSignaturesException as error:
        if keys.unknown:
            raise RefusedError(401, "unknown-kiosk", "no kiosk of that id is enrolled here") from error
        raise RefusedError(401, "signature", "the request is not signed as it must be") from error
    if len(results) != 1 or results[0].label != SIGNATURE_LABEL:
        raise RefusedError(401, "signature", "the request is not signed as it must be")
    kiosk = str(results[0].parameters["keyid"])
    counter = results[0].covered_components[f'"{COUNTER_HEADER.lower()}"']
    if not re.fullmatch(r"[1-9][0-9]{0,17}", counter):
        raise RefusedError(400, "counter", f"{COUNTER_HEADER} is not a number that rises")
    with centre.database.transaction() as session:
        state = session.scalar(select(Kiosk.state).where(Kiosk.id == kiosk))
        if state != "active":
            raise RefusedError(403, "revoked", "this kiosk was revoked: it must be enrolled again")
        raised = session.execute(
            update(Kiosk).where(Kiosk.id == kiosk, Kiosk.counter < int(counter)).values(counter=int(counter)),
        )
        if raised.rowcount != 1:  # type: ignore[attr-defined]
            raise RefusedError(409, "counter", "this counter, or a higher one, was seen before")
    return kiosk


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
            scope.setdefault("state", {})["kiosk"] = await run_in_threadpool(_authenticate, self._centre, request, body)
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
