"""A statement to be signed, with a fresh nonce."""

from __future__ import annotations

import base64
import os

from offline_cache.contract.evidence import Purpose, Statement


def statement(purpose: Purpose = Purpose.LOOKUP) -> Statement:
    nonce = base64.b64encode(os.urandom(32)).decode("ascii")
    return Statement(purpose=purpose, kiosk="k1", session="s1", service="iptu", nonce=nonce, nonce_of_centre=False)
