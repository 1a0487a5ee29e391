"""The kiosk's client of the centre: pinned TLS, signed requests, answers that prove whose they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ValidationError

from offline_cache.contract.messages import NONCE_HEADER, Enrolment, EnrolmentRequest, Refusal
from offline_cache.settings import CentreSettings
from offline_cache.signing import SigningAuth, UntrustedAnswerError, draw_nonce, verify_answer

# Seconds to connect and to wait for the next byte; a look-up must end within five.
TIMEOUT_S = (2.0, 4.0)
LONGEST_ANSWER = 8 * 1024 * 1024
A = TypeVar("A", bound=BaseModel)


class Unreachable(Exception):
    """No answer of the centre came: no route, no TLS, a captive portal, or something that is not the centre."""


class Refused(Exception):
    """The centre itself said no; `code` is for machines, the text for people. `retry_after` is its header, if any."""

    def __init__(self, status: int, refusal: Refusal, retry_after: str | None) -> None:
        super().__init__(refusal.detail)
        self.status = status
        self.code = refusal.error
        self.retry_after = retry_after


class CentreClient:
    """One HTTPS connection, kept; requests one after another, since the counter of a key must not overtake itself."""

    def __init__(
        self, settings: CentreSettings, enrolment: Enrolment, key: Ed25519PrivateKey, next_counter: Callable[[], int]
    ) -> None:
        self._base = f"{settings.url.rstrip('/')}/v1"
        self._answer_key = enrolment.answer_key
        self._auth = SigningAuth(enrolment.kiosk, key, next_counter)
        self._session = session(settings)

    def post(self, path: str, message: BaseModel, answer: type[A]) -> A:
        """POST a message, get a message. Raises Unreachable or Refused."""
        return self._send("POST", path, message.model_dump_json().encode(), answer)

    def get(self, path: str, answer: type[A]) -> A:
        return self._send("GET", path, None, answer)

    def _send(self, method: str, path: str, body: bytes | None, answer: type[A]) -> A:
        try:
            response = self._session.request(
                method,
                f"{self._base}/{path}",
                data=body,
                auth=self._auth,
                headers={"Content-Type": "application/json"} if body else {},
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
            verify_answer(response, response.request.headers[NONCE_HEADER], self._answer_key)
        except (requests.RequestException, UntrustedAnswerError, KeyError) as error:
            raise Unreachable(type(error).__name__) from error
        return _read(response, answer)

    def close(self) -> None:
        self._session.close()


def session(settings: CentreSettings) -> requests.Session:
    """A session that trusts the pinned authority alone, and no proxy of the environment."""
    made = requests.Session()
    made.verify = settings.ca
    made.trust_env = False
    return made


def _read(response: requests.Response, answer: type[A]) -> A:
    if len(response.content) > LONGEST_ANSWER:
        raise Unreachable("the answer is too long")
    try:
        if response.ok:
            return answer.model_validate_json(response.content)
        refusal = Refusal.model_validate_json(response.content)
    except ValidationError as error:
        raise Unreachable("the answer is not what the contract says") from error
    raise Refused(response.status_code, refusal, response.headers.get("Retry-After"))


def enrol(settings: CentreSettings, request: EnrolmentRequest) -> Enrolment:
    """POST /enrolments, by TLS with the pinned authority; the answer is checked with the key that it brings."""
    nonce = draw_nonce()
    try:
        with session(settings) as made:
            response = made.post(
                f"{settings.url.rstrip('/')}/v1/enrolments",
                data=request.model_dump_json().encode(),
                headers={"Content-Type": "application/json", NONCE_HEADER: nonce},
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        enrolment = _read(response, Enrolment)
        verify_answer(response, nonce, enrolment.answer_key)
    except (requests.RequestException, UntrustedAnswerError) as error:
        raise Unreachable(type(error).__name__) from error
    return enrolment


def read_key(path: Path) -> Ed25519PrivateKey:
    """The device key: 32 raw bytes in hex. FileNotFoundError before the enrolment."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))


def as_object(message: BaseModel) -> dict[str, object]:
    """A message as it goes over the local socket."""
    made: dict[str, object] = json.loads(message.model_dump_json())
    return made
