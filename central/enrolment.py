"""Making kiosks known: single-use secrets, device keys, and tracking-code prefixes that are given once for ever."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from datetime import timedelta

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.centre import Centre
from central.models import Allocation, EnrolmentSecret, Kiosk
from central.refusals import RefusedError
from kiosk.issuing.tracking import ALLOCATION_CHARACTERS, ALPHABET
from offline_cache.contract.messages import Enrolment, EnrolmentRequest

SECRET_GROUPS = 4
SECRET_GROUP = 5
log = structlog.get_logger("central.enrolment")


def make_secret(centre: Centre, valid_for: timedelta) -> str:
    """A secret of 100 bits to be typed at one kiosk; the centre keeps only its hash."""
    secret = "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(SECRET_GROUP)) for _ in range(SECRET_GROUPS)
    )
    with centre.database.transaction() as session:
        session.add(EnrolmentSecret(digest=_digest(secret), expires=centre.now() + valid_for))
    return secret


def enrol(centre: Centre, request: EnrolmentRequest) -> Enrolment:
    """The kiosk that this request makes, or made: the answer may have been lost, and is repeated to the same key.

    RefusedError if the secret is unknown, expired or used by another key, or a simulation meets a real centre.
    """
    if request.simulation and not centre.state.settings.demonstration:
        raise RefusedError(403, "simulation", "a simulated kiosk cannot be enrolled at a real centre")
    _check_key(request.public_key)
    with centre.database.transaction() as session:
        secret = session.get(EnrolmentSecret, _digest(request.secret))
        if secret is None or secret.expires < centre.now():
            raise RefusedError(403, "secret", "this enrolment secret is unknown or has expired: ask for another")
        if secret.kiosk is not None:
            kiosk = session.get_one(Kiosk, secret.kiosk)
            # once the kiosk has spoken it has its answer; a second enrolment of the same image is not a lost answer
            if kiosk.public_key != request.public_key or kiosk.counter > 0 or kiosk.state != "active":
                raise RefusedError(409, "secret-used", "this enrolment secret was used: ask for another")
            return _answer(centre, session, kiosk)
        if session.scalar(select(Kiosk.id).where(Kiosk.public_key == request.public_key)) is not None:
            raise RefusedError(409, "key-used", "this device key is enrolled already: the kiosk needs a new one")
        kiosk = Kiosk(
            id=_next_id(centre, session),
            label=request.label[:120],
            public_key=request.public_key,
            simulation=request.simulation,
            enrolled=centre.now(),
            state="active",
            counter=0,
            safe_seq=0,
        )
        session.add(kiosk)
        session.flush()
        secret.kiosk = kiosk.id
        for spare in (False, True):
            _allocate(session, kiosk.id, spare)
        session.flush()
        log.info("enrolled", kiosk=kiosk.id, simulation=kiosk.simulation)
        return _answer(centre, session, kiosk)


def _answer(centre: Centre, session: Session, kiosk: Kiosk) -> Enrolment:
    rows = session.scalars(select(Allocation).where(Allocation.kiosk == kiosk.id))
    prefixes = {row.spare: row.prefix for row in rows}
    return Enrolment(
        kiosk=kiosk.id,
        label=kiosk.label,
        allocation=prefixes[False],
        spare_allocation=prefixes[True],
        answer_key=centre.keys.answer_key,
    )


def _digest(secret: str) -> str:
    typed = re.sub(r"[\s-]", "", secret).upper().translate(str.maketrans("ILO", "110"))
    return hashlib.sha256(typed.encode()).hexdigest()


def _check_key(public_key: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
    except (binascii.Error, ValueError) as error:
        raise RefusedError(422, "public-key", "the public key is not base64 of an Ed25519 key") from error


def _next_id(centre: Centre, session: Session) -> str:
    settings = centre.state.settings
    taken = [int(kiosk.rpartition("-")[2]) for kiosk in session.scalars(select(Kiosk.id))]
    return f"{settings.kiosk_prefix}-{max([settings.first_kiosk - 1, *taken]) + 1:03d}"


def _allocate(session: Session, kiosk: str, spare: bool) -> None:
    """A random prefix that nobody ever had; about a million exist."""
    while True:
        prefix = "".join(secrets.choice(ALPHABET) for _ in range(ALLOCATION_CHARACTERS))
        if session.get(Allocation, prefix) is None:
            session.add(Allocation(prefix=prefix, kiosk=kiosk, spare=spare))
            session.flush()
            return
