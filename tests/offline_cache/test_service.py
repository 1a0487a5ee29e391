"""What the sync process does for a technician: it judges codes with the device's key, and refuses all else."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from offline_cache import clock, service, standing
from offline_cache.client import Refused, Unreachable
from offline_cache.contract import challenge
from offline_cache.contract.messages import Enrolment, Refusal
from offline_cache.enrolment import DEVICE_KEY
from offline_cache.store import Store

CENTRE = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")
KIOSK = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x02")
SHOWN = challenge.nonce(48217730)


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def ask(store: Store, request: dict[str, Any], connect: Any = lambda: None) -> dict[str, Any]:
    return service.answer(store.folder, store, request, connect)


@pytest.fixture
def enrolled(store: Store) -> Store:
    store.folder.keys.mkdir(exist_ok=True)
    (store.folder.keys / DEVICE_KEY).write_text(KIOSK.private_bytes_raw().hex(), encoding="ascii")
    given = Enrolment(
        kiosk="VA-017", label="VA-017", allocation="7K2M", spare_allocation="7K2N", answer_key=public(CENTRE)
    )
    standing.save(store, given, clock.read())
    return store


def test_the_centre_s_code_is_right_and_any_other_is_not(enrolled: Store) -> None:
    right = challenge.code(CENTRE, public(KIOSK), "VA-017", SHOWN)
    assert ask(enrolled, {"do": "unlock", "nonce": SHOWN, "code": right}) == {"right": True}
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    assert ask(enrolled, {"do": "unlock", "nonce": SHOWN, "code": wrong}) == {"right": False}
    other = challenge.nonce(1)
    assert ask(enrolled, {"do": "unlock", "nonce": other, "code": right}) == {"right": False}
    assert ask(enrolled, {"do": "unlock", "nonce": "", "code": right}) == {"right": False}


def test_a_kiosk_without_key_is_opened_by_no_code(enrolled: Store) -> None:
    (enrolled.folder.keys / DEVICE_KEY).unlink()
    right = challenge.code(CENTRE, public(KIOSK), "VA-017", SHOWN)
    assert ask(enrolled, {"do": "unlock", "nonce": SHOWN, "code": right}) == {"right": False}


def refuses(error: Exception) -> Any:
    def connect() -> Any:
        raise error

    return connect


def test_whether_the_centre_accepts_this_kiosk_is_told_with_its_own_word(enrolled: Store) -> None:
    step = {"do": "network-step", "step": "centre"}
    refused = Refused(403, Refusal(error="revoked", detail="x"), None)
    assert ask(enrolled, step, refuses(refused)) == {"outcome": "centre-refuses", "values": {"why": "revoked"}}
    told = ask(enrolled, step, refuses(Unreachable("no route")))
    assert told == {"outcome": "centre-not-asked", "values": {"why": "no route"}}
    assert ask(enrolled, step)["outcome"] == "centre-not-asked"


def test_what_is_no_request_of_a_technician_is_refused(enrolled: Store) -> None:
    for request in ({"do": "network-step", "step": "moon"}, {"do": "unlock", "nonce": SHOWN}, {"do": "guides"}):
        assert ask(enrolled, request)["error"] == "refused"
    assert not service.is_for({"do": "guides"})
