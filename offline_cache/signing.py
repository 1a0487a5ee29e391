"""The kiosk's half of the wire: signing requests (RFC 9421) and telling the centre's answers from anybody else's.

Imports requests; only the sync process uses it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import MappingKeyResolver
from requests_http_signature import HTTPSignatureAuth, algorithms

from offline_cache.contract.messages import (
    ANSWER_HEADER,
    ANSWER_TAG,
    COUNTER_HEADER,
    COVERED_COMPONENTS,
    NONCE_HEADER,
    SIGNATURE_LABEL,
)

NONCE_BYTES = 16
MOST_SIGNATURES = 8


class UntrustedAnswerError(Exception):
    """The answer does not carry the centre's signature over our nonce: a captive portal, a proxy, a replay."""


def draw_nonce() -> str:
    """A fresh value for NONCE_HEADER, for requests that are not signed (an enrolment, a catalogue file)."""
    return base64.b64encode(secrets.token_bytes(NONCE_BYTES)).decode()


class SigningAuth(HTTPSignatureAuth):
    """Signs each request of a session with the device key, adding counter and nonce.

    `next_counter` gives a number higher than any it gave before, across restarts (it must be on disk before it is
    used). The centre refuses a counter below one it has seen, so requests of one key must not overtake each other.
    Redirects must be off: a signature holds for one address. The nonce that was sent stands in
    `response.request.headers[NONCE_HEADER]`.
    """

    def __init__(
        self,
        kiosk: str,
        key: Ed25519PrivateKey,
        next_counter: Callable[[], int],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(
            signature_algorithm=algorithms.ED25519,
            key_resolver=MappingKeyResolver(public_keys={}, private_keys={kiosk: key}),
            key_id=kiosk,
            covered_component_ids=COVERED_COMPONENTS,
            label=SIGNATURE_LABEL,
        )
        self._next_counter = next_counter
        self._clock = clock

    def get_created(self, request: requests.PreparedRequest) -> datetime:
        """The kiosk's idea of the time, for the centre's records; no Date header is added."""
        del request
        return self._clock()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[COUNTER_HEADER] = str(self._next_counter())
        request.headers[NONCE_HEADER] = draw_nonce()
        return super().__call__(request)


def verify_answer(response: requests.Response, nonce: str, answer_key: str) -> None:
    """Returns if the centre that holds `answer_key` (base64, from the enrolment) gave this answer to this nonce.

    Raises UntrustedAnswerError otherwise, whatever the status says.
    """
    signed = (
        ANSWER_TAG
        + base64.b64decode(nonce, validate=True)
        + f"{response.status_code:03d}".encode()
        + hashlib.sha256(response.content).digest()
    )
    # One for each key that some kiosk relies on, while the centre changes its key.
    signatures = response.headers.get(ANSWER_HEADER, "").split(",")[:MOST_SIGNATURES]
    if not any(_signed(signature, signed, answer_key) for signature in signatures):
        raise UntrustedAnswerError("the answer is not signed by the centre")


def _signed(signature: str, content: bytes, public_key: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True

