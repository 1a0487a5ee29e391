"""The kiosk's client of the centre: signed requests, and answers that prove whose they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ValidationError

from offline_cache.backoff import http_date, retry_after_s
from offline_cache.connection import Connection, reason
from offline_cache.contract.messages import NONCE_HEADER, Enrolment, EnrolmentRequest, Refusal, TimeAnswer
from offline_cache.settings import CentreSettings
from offline_cache.signing import SigningAuth, UntrustedAnswerError, draw_nonce, verify_answer

# A citizen waits for a look-up five seconds, the way over the local socket included.
LOOKUP_LIMIT_S = 4.5
# Nobody waits for anything else; a slow line must be able to empty the outbox.
LIMIT_S = 10.0
# What the centre says of a kiosk as a whole: the request itself may have been good. 403 also refuses a citizen's proof.
_OF_THE_KIOSK = frozenset({401, 429, 503})
_CODES_OF_THE_KIOSK = frozenset({"counter", "revoked"})
_JSON = {"Content-Type": "application/json"}
A = TypeVar("A", bound=BaseModel)


class Unreachable(Exception):
    """No answer of the centre came: no route, no TLS, a captive portal, or something that is not the centre."""


class Refused(Exception):
    """The centre itself said no; `code` is for machines, the text for people.

    `of_the_kiosk`: no request of this kiosk is answered now, so it is nothing that this one held. `retry_after_s`: how
    long the centre asks to be left alone, if it does.
    """

    def __init__(self, status: int, refusal: Refusal, retry_after_s: float | None) -> None:
        super().__init__(refusal.detail)
        self.status = status
        self.code = refusal.error
        self.counter = refusal.counter
        self.of_the_kiosk = status in _OF_THE_KIOSK or refusal.error in _CODES_OF_THE_KIOSK
        self.retry_after_s = retry_after_s


class CentreClient:
    """Requests one after another, since the counter of a key must not overtake itself."""

    def __init__(
        self,
        connection: Connection,
        enrolment: Enrolment,
        key: Ed25519PrivateKey,
        next_counter: Callable[[], int],
    ) -> None:
        self.connection = connection
        self.enrolment = enrolment
        self._auth = SigningAuth(enrolment.kiosk, key, next_counter)

    def time(self) -> datetime:
        """The centre's time, over its own signature: asked when the clock is not to be believed. Raises Unreachable."""
        connection, nonce = self.connection, draw_nonce()
        try:
            response = connection.exchange(
                "GET", f"{connection.base}/time", limit_s=LOOKUP_LIMIT_S, headers={NONCE_HEADER: nonce}
            )
            verify_answer(response, nonce, self.enrolment.answer_key)
        except UntrustedAnswerError as error:
            connection.close()
            raise Unreachable(f"status {response.status_code} of somebody who is not the centre") from error
        except OSError as error:
            raise Unreachable(reason(error)) from error
        return moment(_read(response, TimeAnswer).time)

    def post(self, path: str, message: BaseModel, answer: type[A], limit_s: float = LIMIT_S) -> A:
        """POST a message, get a message within `limit_s` seconds. Raises Unreachable or Refused."""
        connection = self.connection
        try:
            response = connection.exchange(
                "POST",
                f"{connection.base}/{path}",
                limit_s=limit_s,
                headers=_JSON,
                body=message.model_dump_json().encode(),
                auth=self._auth,
            )
            verify_answer(response, response.request.headers[NONCE_HEADER], self.enrolment.answer_key)
        except UntrustedAnswerError as error:
            connection.close()
            raise Unreachable(f"status {response.status_code} of somebody who is not the centre") from error
        except OSError as error:
            raise Unreachable(reason(error)) from error
        return _read(response, answer)


def _read(response: requests.Response, answer: type[A]) -> A:
    try:
        if response.status_code == requests.codes.ok:
            return answer.model_validate_json(response.content)
        refusal = Refusal.model_validate_json(response.content)
    except ValidationError as error:
        raise Unreachable("the answer is not what the contract says") from error
    # Its own date beside it: the kiosk's clock may lie.
    answered = http_date(response.headers.get("Date")) or datetime.now(UTC)
    raise Refused(response.status_code, refusal, retry_after_s(response.headers.get("Retry-After"), answered))


def enrol(settings: CentreSettings, request: EnrolmentRequest) -> Enrolment:
    """POST /enrolments, by TLS with the pinned authority; the answer is checked with the key that it brings."""
    nonce = draw_nonce()
    connection = Connection(settings, check_dates=False)
    try:
        response = connection.exchange(
            "POST",
            f"{connection.base}/enrolments",
            limit_s=LIMIT_S,
            headers={**_JSON, NONCE_HEADER: nonce},
            body=request.model_dump_json().encode(),
        )
        enrolment = _read(response, Enrolment)
        verify_answer(response, nonce, enrolment.answer_key)
    except UntrustedAnswerError as error:
        raise Unreachable("the answer is not signed with the key that it brought") from error
    except OSError as error:
        raise Unreachable(reason(error)) from error
    finally:
        connection.close()
    return enrolment


def read_key(path: Path) -> Ed25519PrivateKey:
    """The device key: 32 raw bytes in hex. FileNotFoundError before the enrolment, ValueError if it is no key."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))


def moment(text: str) -> datetime:
    """A time of the contract, with its zone; Unreachable if it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreachable("the answer is not what the contract says") from error
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def as_object(message: BaseModel) -> dict[str, object]:
    """A message as it goes over the local socket."""
    made: dict[str, object] = json.loads(message.model_dump_json(by_alias=True))
    return made
