"""What the sync process does for a technician at the screen: the network's steps, and the code of a challenge.

Asked over the look-up socket; it alone has the network and the device key.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

from offline_cache import clock, standing
from offline_cache.asking import ask
from offline_cache.client import CentreClient, Refused, Unreachable, read_key
from offline_cache.contract import challenge
from offline_cache.enrolment import DEVICE_KEY
from offline_cache.folder import StateFolder
from offline_cache.network_steps import Outcome, Step, Way
from offline_cache.store import Store, StoreInUseError, StoreUnwritableError

Connect = Callable[[], CentreClient | None]
NETWORK, UNLOCK = "network-step", "unlock"
# A signed request that changes nothing: whether the centre accepts this kiosk.
TRIAL = {"do": "nonce", "session": "network-test", "service": "network-test"}


def is_for(request: dict[str, Any]) -> bool:
    """Whether a request is a technician's."""
    return request.get("do") in {NETWORK, UNLOCK}


def answer(folder: StateFolder, store: Store, request: dict[str, Any], connect: Connect) -> dict[str, Any]:
    """`{"outcome", "values"}` of a network step, `{"right": bool}` of a code; `{"error": "refused"}` for anything else.

    `connect` gives the client of the enrolment; None where there is none.
    """
    match request:
        case {"do": "network-step", "step": str(name)} if name in set(Step):
            return _told(_step(folder, store, Step(name), connect))
        case {"do": "unlock", "nonce": str(nonce), "code": str(code)}:
            return {"right": _right(folder, store, nonce, code)}
        case _:
            return {"error": "refused", "detail": "unknown request"}


def _step(folder: StateFolder, store: Store, step: Step, connect: Connect) -> Outcome:
    if step is Step.CENTRE:
        return _accepted(connect)
    return way(folder, store).take(step)


def _accepted(connect: Connect) -> Outcome:
    """Whether the centre takes a signed request of this kiosk."""
    try:
        client = connect()
        if client is None:
            return Outcome("centre-not-asked", {"why": "not enrolled"})
        ask(client, TRIAL)
    except (Unreachable, StoreInUseError, StoreUnwritableError) as error:
        return Outcome("centre-not-asked", {"why": str(error)})
    except Refused as error:
        return Outcome("centre-refuses", {"why": error.code})
    return Outcome("centre-accepts", {})


def way(folder: StateFolder, store: Store) -> Way:
    """The way to this kiosk's centre."""
    trusted = clock.trusted(store, clock.read())
    return Way(folder.settings().centre, standing.load(store), check_dates=trusted)


def _told(outcome: Outcome) -> dict[str, Any]:
    return {"outcome": outcome.outcome, "values": outcome.values}


def _right(folder: StateFolder, store: Store, nonce: str, code: str) -> bool:
    """Whether the centre answers that nonce so. Without an enrolment no code is right."""
    enrolment = standing.load(store)
    if enrolment is None or challenge.as_nonce(nonce) is None:
        return False
    try:
        key = read_key(folder.keys / DEVICE_KEY)
    except (OSError, ValueError):
        return False
    return hmac.compare_digest(challenge.code(key, enrolment.answer_key, enrolment.kiosk, nonce), code)
