"""Evidence of a citizen's card as the centre judges it: whose statement it is, about what, and that it is new.

The centre does not trust the kiosk's word: chain, policy, revocation, identity and signature are checked again here.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from central import revocation, vigilance
from central.centre import Centre
from central.models import NonceRow
from central.refusals import RefusedError
from kiosk.catalog.model import Service
from offline_cache.contract.checks import EvidenceRefused, lack
from offline_cache.contract.evidence import Evidence, Purpose
from offline_cache.contract.messages import Lookup, NonceRequest
from offline_cache.contract.national_ids import OF_THE_TAX_SYSTEM
from offline_cache.contract.profiles import HolderIdentity

NONCE_BYTES = 32
NONCE_VALID = timedelta(minutes=10)


@dataclass(frozen=True)
class Asked:
    """What the card's statement must be about, and the level that its proof must reach."""

    session: str
    service: str
    level: int


def draw_nonce(centre: Centre, kiosk: str, request: NonceRequest) -> str:
    """A nonce good once, for this kiosk, session and service, for ten minutes."""
    nonce = base64.b64encode(secrets.token_bytes(NONCE_BYTES)).decode()
    with centre.database.transaction() as session:
        session.add(
            NonceRow(
                nonce=nonce,
                kiosk=kiosk,
                session=request.session[:64],
                service=request.service[:64],
                expires=centre.now() + NONCE_VALID,
                used=False,
            ),
        )
    return nonce


def use_nonce(session: Session, evidence: Evidence, fresh_at: datetime | None) -> bool:
    """Uses up the nonce of a statement; False if it was not given for this statement, was used, or is too old.

    `fresh_at` None leaves the age aside: a ticket may lie in a kiosk's queue for weeks.
    """
    statement = evidence.statement
    query = update(NonceRow).where(
        NonceRow.nonce == statement.nonce,
        NonceRow.kiosk == statement.kiosk,
        NonceRow.session == statement.session,
        NonceRow.service == statement.service,
        NonceRow.used.is_(False),
    )
    if fresh_at is not None:
        query = query.where(NonceRow.expires >= fresh_at)
    return bool(session.execute(query.values(used=True)).rowcount == 1)  # type: ignore[attr-defined]


def holder_for_lookup(centre: Centre, kiosk: str, lookup: Lookup, service: Service) -> HolderIdentity:
    """Who asks, as the tax system knows people; else as `proven_holder`."""
    holder = proven_holder(centre, kiosk, Asked(lookup.session, lookup.service, service.level), lookup.evidence)
    if holder.national_id.scheme not in OF_THE_TAX_SYSTEM[centre.catalogue().operator.country]:
        raise RefusedError(403, "level-number", "the tax system does not know people by this number")
    return holder


def proven_holder(centre: Centre, kiosk: str, asked: Asked, evidence: Evidence) -> HolderIdentity:
    """Who asks, proven by the card over a nonce of this centre; the nonce is used up whatever the outcome.

    RefusedError evidence: the statement is not about this request, or the card's proof does not hold or proves less
    than is asked.
    """
    statement = evidence.statement
    expected = (Purpose.LOOKUP, kiosk, asked.session, asked.service, True)
    said = (statement.purpose, statement.kiosk, statement.session, statement.service, statement.nonce_of_centre)
    if said != expected:
        raise RefusedError(403, "evidence", "the card's statement is not about this request")
    with centre.database.transaction() as session:
        fresh = use_nonce(session, evidence, centre.now())
    if not fresh:
        raise RefusedError(403, "nonce", "the nonce was not given for this request, was used, or is too old")
    vigilance.take_lookup(centre, kiosk)
    try:
        verified = revocation.judged(centre, evidence, centre.catalogue(), centre.now())
    except EvidenceRefused as error:
        vigilance.failed_proof(centre, kiosk)
        raise RefusedError(403, f"evidence-{error.reason}", "the proof of the card does not hold") from error
    missing = lack(verified.checks, asked.level)
    if missing is not None:
        raise RefusedError(403, f"level-{missing}", "the card proves less than this service asks")
    return verified.holder
