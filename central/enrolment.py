"""Making kiosks known: single-use secrets, device keys, and tracking-code prefixes that are given once for ever."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from datetime import timedelta

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from central import approvals, marks, witness
from central.centre import Centre
from central.models import Allocation, EnrolmentSecret, Kiosk
from central.refusals import RefusedError
from kiosk.issuing.tracking import ALLOCATION_CHARACTERS, ALPHABET
from offline_cache.contract.messages import (
    ALLOCATIONS_DIRECTIVE,
    KEY_DIRECTIVE,
    AllocationRequest,
    DeviceKeyAnswer,
    DeviceKeyRequest,
    Enrolment,
    EnrolmentRequest,
    device_key_proof,
)
from offline_cache.contract.trust import AWAITING_APPROVAL

SECRET_GROUPS = 4
SECRET_GROUP = 5
log = structlog.get_logger("central.enrolment")


def make_secret(
    centre: Centre, valid_for: timedelta, readmits: str | None = None, *, approval: bool = False
) -> str:
    """A secret of 100 bits to be typed at one kiosk; the centre keeps only its hash.

    `readmits` lets a kiosk that was revoked, whose disk was replaced, or whom a restored centre has forgotten, come
    back under its own name: what waits on its disk is sealed for that name. ValueError if it is none. `approval`: the
    kiosk that uses it waits until an administrator has compared its six words (central/approvals.py).
    """
    if readmits is not None and not re.fullmatch(rf"{centre.state.settings.kiosk_prefix}-\d{{3,8}}", readmits):
        raise ValueError(f"{readmits} is not the name of a kiosk of this centre")
    secret = "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(SECRET_GROUP)) for _ in range(SECRET_GROUPS)
    )
    with centre.database.transaction() as session:
        wanted = approvals.WANTED if approval else None
        session.add(
            EnrolmentSecret(
                digest=_digest(secret), expires=centre.now() + valid_for, readmits=readmits, approval=wanted
            )
        )
    return secret


def enrol(centre: Centre, request: EnrolmentRequest) -> Enrolment:
    """The kiosk that this request makes, or made: the answer may have been lost, and is repeated to the same key.

    RefusedError if the secret is unknown, expired or used by another key, if nobody has approved the kiosk yet, or if a
    simulation meets a real centre.
    """
    if request.simulation and not centre.state.settings.demonstration:
        raise RefusedError(403, "simulation", "a simulated kiosk cannot be enrolled at a real centre")
    _check_key(request.public_key)
    enrolled = centre.database.serialised(lambda session: _enrol(centre, session, request))
    if enrolled is None:
        raise RefusedError(409, AWAITING_APPROVAL, "an administrator has to approve this kiosk: compare the six words")
    return enrolled


def _enrol(centre: Centre, session: Session, request: EnrolmentRequest) -> Enrolment | None:
    secret = session.get(EnrolmentSecret, _digest(request.secret), with_for_update=True)
    if secret is None or secret.expires < centre.now():
        raise RefusedError(403, "secret", "this enrolment secret is unknown or has expired: ask for another")
    if secret.kiosk is not None:
        known = session.get_one(Kiosk, secret.kiosk)
        # once the kiosk has spoken it has its answer; a second enrolment of the same image is not a lost answer
        if known.public_key != request.public_key or known.counter > 0 or known.state != "active":
            raise RefusedError(409, "secret-used", "this enrolment secret was used: ask for another")
        return _answer(centre, session, known)
    if session.scalar(select(Kiosk.id).where(Kiosk.public_key == request.public_key)) is not None:
        raise RefusedError(409, "key-used", "this device key is enrolled already: the kiosk needs a new one")
    if not approvals.given(secret, request, centre.now()):
        return None
    kiosk = _readmitted(session, secret.readmits) if secret.readmits else None
    if kiosk is None:
        kiosk = Kiosk(
            id=secret.readmits or _next_id(centre, session),
            label=request.label[:120],
            public_key=request.public_key,
            simulation=request.simulation,
            enrolled=centre.now(),
            state="active",
            counter=0,
            safe_seq=0,
            # of a kiosk that this centre has forgotten nobody knows how far it had counted
            generation=1 if secret.readmits else 0,
            wishes="",
        )
        session.add(kiosk)
    kiosk.public_key = request.public_key
    session.flush()
    secret.kiosk = kiosk.id
    allocate_pair(session, kiosk.id)
    log.info("enrolled", kiosk=kiosk.id, simulation=kiosk.simulation, readmitted=secret.readmits is not None)
    return _answer(centre, session, kiosk)



def _readmitted(session: Session, kiosk: str) -> Kiosk | None:
    """The row of a kiosk that comes back on what may be another disk: nothing it counted before is counted again."""
    row = session.get(Kiosk, kiosk, with_for_update=True)
    if row is not None:
        row.generation += 1
        row.counter, row.state, row.alarm, row.wishes = 0, "active", None, ""
        row.next_key = row.audit_seq = row.audit_head = row.left_generation = row.left_seq = None
    return row


def renew_allocations(centre: Centre, kiosk: str, request: AllocationRequest) -> Enrolment:
    """Two fresh allocations in the place of those it names; the same ones again if the answer was lost.

    RefusedError if they were never this kiosk's.
    """
    with centre.database.transaction() as session:
        row = session.get_one(Kiosk, kiosk, with_for_update=True)
        named = session.get(Allocation, request.replaces)
        if named is None or named.kiosk != kiosk:
            raise RefusedError(409, "allocation", "this allocation was never given to this kiosk")
        if not named.retired:
            restored = witness.fulfilled(row, ALLOCATIONS_DIRECTIVE)
            row.generation = max(row.generation, request.generation) + (1 if restored else 0)
            if restored:
                # the log of the disk that came back is witnessed from its next heartbeat on
                row.audit_seq = row.audit_head = None
            allocate_pair(session, kiosk)
            log.info("allocations-renewed", kiosk=kiosk, restored=restored)
        return _answer(centre, session, row)


def change_key(centre: Centre, kiosk: str, request: DeviceKeyRequest) -> DeviceKeyAnswer:
    """Makes a kiosk's next key known; it replaces the one in use with the first request that it signs.

    RefusedError if it is no key, is somebody's already, or did not sign for itself.
    """
    _check_key(request.public_key)
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(request.public_key))
        key.verify(base64.b64decode(request.proof, validate=True), device_key_proof(kiosk, request.public_key))
    except (InvalidSignature, ValueError) as error:
        raise RefusedError(422, "proof", "the new key did not sign for itself") from error
    with centre.database.transaction() as session:
        others = select(Kiosk.id).where(
            or_(Kiosk.public_key == request.public_key, Kiosk.next_key == request.public_key), Kiosk.id != kiosk
        )
        row = session.get_one(Kiosk, kiosk, with_for_update=True)
        if session.scalar(others) is not None or row.public_key == request.public_key:
            raise RefusedError(409, "key-used", "this device key is enrolled already: the kiosk needs a new one")
        row.next_key = request.public_key
        witness.fulfilled(row, KEY_DIRECTIVE)
    return DeviceKeyAnswer(public_key=request.public_key)


def revoke(centre: Centre, kiosk: str) -> None:
    """Nothing that this kiosk signs is accepted any more; ValueError if there is none of that name."""
    with centre.database.transaction() as session:
        row = session.get(Kiosk, kiosk, with_for_update=True)
        if row is None:
            raise ValueError(f"there is no kiosk {kiosk}")
        row.state = "revoked"
        log.warning("revoked", kiosk=kiosk)


def wish_key(centre: Centre, kiosk: str) -> None:
    """Asks a kiosk to make itself a new device key; ValueError if there is none of that name."""
    with centre.database.transaction() as session:
        row = session.get(Kiosk, kiosk, with_for_update=True)
        if row is None:
            raise ValueError(f"there is no kiosk {kiosk}")
        witness.wish(row, KEY_DIRECTIVE)


def _answer(centre: Centre, session: Session, kiosk: Kiosk) -> Enrolment:
    rows = session.scalars(select(Allocation).where(Allocation.kiosk == kiosk.id, Allocation.retired.is_(False)))
    prefixes = {row.spare: row.prefix for row in rows}
    return Enrolment(
        kiosk=kiosk.id,
        label=kiosk.label,
        allocation=prefixes[False],
        spare_allocation=prefixes[True],
        answer_key=centre.keys.answer_key,
        generation=kiosk.generation,
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
    first = settings.first_kiosk + marks.passed_over(session)
    return f"{settings.kiosk_prefix}-{max([first - 1, *taken]) + 1:03d}"


def allocate_pair(session: Session, kiosk: str) -> None:
    """One allocation to use and one to spare; those it had are retired, and stay its own for ever."""
    session.execute(update(Allocation).where(Allocation.kiosk == kiosk).values(retired=True))
    for spare in (False, True):
        _allocate(session, kiosk, spare)
    session.flush()


def _allocate(session: Session, kiosk: str, spare: bool) -> None:
    """A random prefix that nobody ever had; about a million exist."""
    while True:
        prefix = "".join(secrets.choice(ALPHABET) for _ in range(ALLOCATION_CHARACTERS))
        if session.get(Allocation, prefix) is None:
            session.add(Allocation(prefix=prefix, kiosk=kiosk, spare=spare, retired=False))
            session.flush()
            return
