"""What the screen's process may ask of the centre: which message each question is, and which one answers it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from offline_cache.client import LOOKUP_LIMIT_S, CentreClient, as_object
from offline_cache.contract.charges import ChargeAnswer, ChargeRequest
from offline_cache.contract.messages import (
    DocumentAnswer,
    GuidesAnswer,
    Lookup,
    Nonce,
    NonceRequest,
    StatusAnswer,
    StatusRequest,
)
from offline_cache.contract.status_by_card import CardStatusRequest

# Path under /v1, which is the question's name too, to the message that is sent and the one that comes back.
_QUESTIONS: dict[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "guides": (Lookup, GuidesAnswer),
    "documents": (Lookup, DocumentAnswer),
    "charges": (ChargeRequest, ChargeAnswer),
    "ticket-status": (StatusRequest, StatusAnswer),
    "ticket-status-by-card": (CardStatusRequest, StatusAnswer),
}
_UNKNOWN = {"error": "refused", "detail": "unknown request"}
# Not with pydantic's message, which quotes what it read.
_NO_REQUEST = {"error": "refused", "detail": "the request is not what the contract says"}


def ask(client: CentreClient, request: dict[str, Any]) -> dict[str, Any]:
    """The centre's answer, as it goes over the local socket. Raises Unreachable or Refused."""
    match request:
        case {"do": "nonce", "session": str(session), "service": str(service)}:
            asked = NonceRequest(session=session, service=service)
            return as_object(client.post("nonces", asked, Nonce, LOOKUP_LIMIT_S))
        case {"do": str(name), **rest} if name in _QUESTIONS:
            question, answer = _QUESTIONS[name]
            try:
                message = question.model_validate(rest)
            except ValidationError:
                return dict(_NO_REQUEST)
            return as_object(client.post(name, message, answer, LOOKUP_LIMIT_S))
        case _:
            return dict(_UNKNOWN)
