"""The sync process's loop as tests run it, and a catalogue that makes it lease numbers."""

import json
import threading
import time

from tests.central.world import CATALOGUE

SERIES = "fees"
FEE = {
    "id": "fee", "kind": "guide", "identification": "none", "offline": "issue",
    "guide": {"febraban_id": "0971", "series": SERIES, "amount_cents": 1000, "pix_key": "pix@vilaaurora.example"},
}  # fmt: skip


def publish(centre) -> int:
    """A catalogue with a service that needs numbers of its own."""
    service = {name: value for name, value in CATALOGUE["services"][2].items() if name != "anonymous"} | FEE
    return centre.publish(json.dumps({**CATALOGUE, "services": [*CATALOGUE["services"], service]}))


def settle(sync, limit_s=30.0):
    """Runs the loop until nothing is due."""
    until_s = time.monotonic() + limit_s
    while sync.step(time.monotonic()):
        assert time.monotonic() < until_s, "the loop does not come to rest"


def recover(sync, limit_s=30.0):
    """Runs the loop in real time until the link is there and nothing is due."""
    until_s = time.monotonic() + limit_s
    while sync.step(time.monotonic()) or not sync.link:
        assert time.monotonic() < until_s, "the link does not come back"
        threading.Event().wait(min(0.05, sync.idle_s(time.monotonic())))


def until(sync, reached, limit_s=30.0):
    """Runs the loop in real time until that is so: what fails on a busy machine is tried again, as a kiosk does."""
    until_s = time.monotonic() + limit_s
    while not reached():
        assert time.monotonic() < until_s, "it does not come to that"
        if not sync.step(time.monotonic()):
            threading.Event().wait(min(0.05, sync.idle_s(time.monotonic())))
