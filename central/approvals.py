"""What a kiosk is told of this centre before it knows it, and the approval of a kiosk by an administrator.

A secret that fell into wrong hands enrols nothing: the kiosk prints six words over both ends' keys, and only whoever
knows them from that paper can approve it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select

from central.centre import Centre
from central.models import EnrolmentSecret
from central.refusals import RefusedError
from offline_cache.contract import trust
from offline_cache.contract.messages import EnrolmentRequest

WANTED, GIVEN = "wanted", "given"
FIRST_ROOT = "1.root.json"
log = structlog.get_logger("central.approvals")


def trust_of(centre: Centre) -> trust.Trust:
    """What `/v1/trust` answers. FileNotFoundError before `totem central init`."""
    state, keys = centre.state, centre.keys
    return trust.Trust(
        ca=(state.tls / "ca.pem").read_text(encoding="ascii"),
        root=(state.tuf_metadata / FIRST_ROOT).read_text(encoding="utf-8"),
        answer_key=keys.answer_key,
        sealing_key=keys.sealing_public()[0].public_key,
    )


def token(centre: Centre, *, url: str, secret: str, valid_for: timedelta) -> trust.Token:
    """The token file for one kiosk. ValueError if `url` is not an address that a kiosk can use."""
    if not url.startswith("https://") or url.rstrip("/") == "https:":
        raise ValueError(f"{url} is not the centre's address: say it as https://HOST:PORT, as kiosks reach it")
    known = trust_of(centre)
    return trust.Token(
        centre=url.rstrip("/"),
        ca_sha256=trust.ca_sha256(known.ca),
        root_sha256=trust.root_sha256(known.root),
        sealing_sha256=trust.sealing_sha256(known.sealing_key),
        secret=secret,
        expires=(centre.now() + valid_for).isoformat(timespec="minutes"),
    )


def given(secret: EnrolmentSecret, request: EnrolmentRequest, now: datetime) -> bool:
    """True if that secret enrols this key now. Notes who asked; RefusedError if another key asked before."""
    if secret.approval is None:
        return True
    if secret.public_key is None:
        secret.public_key, secret.label, secret.asked = request.public_key, request.label[:120], now
    elif secret.public_key != request.public_key:
        raise RefusedError(409, "secret-used", "another kiosk asked with this enrolment secret: ask for another")
    return secret.approval == GIVEN


def waiting(centre: Centre) -> list[dict[str, Any]]:
    """The kiosks that wait, the oldest first; their words are not told: who approves has them from the paper."""
    with centre.database.transaction() as session:
        rows = session.scalars(_waiting(centre.now()).order_by(EnrolmentSecret.asked)).all()
        return [
            {"label": row.label, "asked": row.asked and row.asked.isoformat(timespec="seconds"),
             "until": row.expires.isoformat(timespec="minutes"), "readmits": row.readmits}
            for row in rows
        ]  # fmt: skip


def approve(centre: Centre, typed: str) -> str:
    """Approves the kiosk whose paper says these words; its label. ValueError if none that waits says them."""
    words = trust.as_typed(typed)
    if len(words) != trust.WORDS:
        raise ValueError(f"{len(words)} words were given: type the {trust.WORDS} words of the kiosk's status receipt")
    known = trust_of(centre)
    root = trust.root_sha256(known.root)
    with centre.database.transaction() as session:
        for row in session.scalars(_waiting(centre.now()).with_for_update()):
            key = row.public_key or ""
            if trust.words(public_key=key, answer_key=known.answer_key, root=root) == words:
                row.approval = GIVEN
                log.info("approved", label=row.label)
                return row.label or ""
    raise ValueError(
        "no kiosk that waits has these words: read them again from its paper; if they are right, the kiosk has not "
        "reached this centre, or somebody stands between them"
    )


def _waiting(now: datetime) -> Any:
    return select(EnrolmentSecret).where(
        EnrolmentSecret.approval == WANTED,
        EnrolmentSecret.public_key.is_not(None),
        EnrolmentSecret.kiosk.is_(None),
        EnrolmentSecret.expires >= now,
    )
