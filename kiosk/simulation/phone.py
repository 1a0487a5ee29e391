"""The citizen's phone of the demonstration: opens the address in the kiosk's QR and takes the document with the PIN."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

LIMIT_S = 10.0
EVERY_S = 0.3


class NothingTaken(Exception):
    """The page gave no document; the message says what it answered."""


def take(page: str, pin: str, centre_port: int, ca: Path) -> bytes:
    """The PDF behind the QR. The demonstration's centre answers on this machine, whatever its public name."""
    import requests

    address = f"https://localhost:{centre_port}{urlsplit(page).path}"
    until = time.monotonic() + LIMIT_S
    with requests.Session() as phone:
        phone.trust_env = False
        while True:
            answer = phone.post(address, data={"pin": pin}, verify=str(ca), timeout=LIMIT_S)
            if answer.headers.get("content-type") == "application/pdf":
                return answer.content
            # the kiosk's request may still be on its way
            if answer.status_code != 404 or time.monotonic() > until:
                raise NothingTaken(f"the page answers {answer.status_code}")
            time.sleep(EVERY_S)
