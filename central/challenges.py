"""The centre's end of a technician's challenge: the code that answers what a kiosk without a network shows."""

from __future__ import annotations

from central.centre import Centre
from central.models import Kiosk
from central.vigilance import CHALLENGE_ANSWERED, alert
from offline_cache.contract import challenge


def answer(centre: Centre, kiosk: str, shown: str) -> tuple[str, ...]:
    """The eight digits for what that kiosk shows, one code for each key of answers that it may rely on, the newest
    first: a kiosk that was away since the key changed still has the one before. Told to whoever answers for the kiosks,
    as an alert of its own kind.

    ValueError in one line for a kiosk that is not there or revoked, and for a number that was misheard.
    """
    nonce = challenge.as_nonce(shown)
    if nonce is None:
        raise ValueError(f"{shown} is no number that a kiosk shows: nine digits; ask again, one of them was misheard")
    with centre.database.transaction() as session:
        row = session.get(Kiosk, kiosk)
        if row is None:
            raise ValueError(f"there is no kiosk {kiosk}: `totem central kiosks` lists them")
        if row.state != "active":
            raise ValueError(f"{kiosk} is {row.state}: nobody is let in there")
        alert(session, kiosk, CHALLENGE_ANSWERED, centre.now())
        return tuple(challenge.code(key, row.public_key, kiosk, nonce) for key in centre.keys.answers)
