"""Taking custody of events: idempotent by id for ever, each item by itself, nothing ever written over."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from central.centre import Centre
from central.examination import Opened, QuarantinedError, Spoiled, examine, sealed_bytes
from central.models import Allocation, Conflict, Document, Kiosk, Paper, Rating, StoredEvent, Ticket
from central.proofs import use_nonce
from kiosk.issuing.tracking import ALLOCATION_CHARACTERS
from offline_cache.contract.messages import (
    Event,
    EventAnswer,
    EventBatch,
    EventResult,
    PaperPayload,
    RatingPayload,
    TicketPayload,
)

Outcome = Literal["created", "duplicate", "quarantined", "retry"]
log = structlog.get_logger("central.intake")


def receive(centre: Centre, kiosk: str, batch: EventBatch) -> EventAnswer:
    """One answer per item. Whatever an item holds, the others are not touched by it."""
    with centre.database.transaction() as session:
        known = set(session.scalars(select(StoredEvent.id).where(StoredEvent.id.in_([i.id for i in batch.items]))))
    # proofs are checked before the write transaction: they take milliseconds each and need no lock
    examined = {
        place: examine(centre, kiosk, item) for place, item in enumerate(batch.items) if item.id not in known
    }
    now = centre.now()
    results = []
    with centre.database.transaction() as session:
        for place, item in enumerate(batch.items):
            outcome = _take(centre, session, kiosk, item, examined.get(place), now)
            results.append(EventResult(id=item.id, outcome=outcome))
        safe_seq = session.get_one(Kiosk, kiosk).safe_seq
    return EventAnswer(results=tuple(results), safe_seq=safe_seq)


def _take(
    centre: Centre, session: Session, kiosk: str, item: Event, found: Opened | Spoiled | None, now: datetime
) -> Outcome:
    row = session.get(StoredEvent, item.id)
    if row is not None:
        if row.kiosk == kiosk and row.fingerprint == item.fingerprint:
            return "duplicate"
        _keep_beside(session, kiosk, item, now)
        return "quarantined"
    assert found is not None, "rows of events are never deleted"
    row = StoredEvent(
        id=item.id,
        kiosk=kiosk,
        seq=item.seq,
        kind=item.kind.value,
        code=(item.code or "")[:16] or None,
        catalogue_version=item.catalogue_version,
        key_id=item.key_id[:48],
        fingerprint=item.fingerprint,
        sealed=sealed_bytes(item),
        received=now,
        state="created",
        reason=None,
    )
    session.add(row)
    session.flush()
    try:
        if isinstance(found, Spoiled):
            raise QuarantinedError(found.reason)
        with session.begin_nested():
            _apply(centre, session, kiosk, item.id, found, now)
    except QuarantinedError as error:
        row.reason = error.reason
    except IntegrityError:
        row.reason = "integrity"
    if row.reason is None:
        return "created"
    row.state = "quarantined"
    log.warning("quarantined", kiosk=kiosk, id=item.id, reason=row.reason)
    return "quarantined"


def _keep_beside(session: Session, kiosk: str, item: Event, now: datetime) -> None:
    """An id that came again with other bytes, or from another kiosk: a copied disk, or worse. Nothing is replaced."""
    kept = select(Conflict.number).where(
        Conflict.event_id == item.id, Conflict.kiosk == kiosk, Conflict.fingerprint == item.fingerprint
    )
    if session.scalar(kept) is None:
        log.warning("conflict", kiosk=kiosk, id=item.id)
        session.add(
            Conflict(
                event_id=item.id,
                kiosk=kiosk,
                seq=item.seq,
                fingerprint=item.fingerprint,
                item=item.model_dump(mode="json"),
                received=now,
            ),
        )
        session.flush()


def _apply(centre: Centre, session: Session, kiosk: str, event: str, found: Opened, now: datetime) -> None:
    match found.payload:
        case RatingPayload() as rating:
            session.add(Rating(event=event, service=rating.service, stars=rating.stars))
        case PaperPayload() as paper:
            session.add(Paper(event=event, ticket_id=paper.ticket_id, outcome=paper.outcome))
        case TicketPayload() as ticket:
            _register(centre, session, kiosk, ticket, found.identity, now)
    session.flush()


def _register(centre: Centre, session: Session, kiosk: str, ticket: TicketPayload, identity: str, now: datetime) -> None:
    prefix = session.get(Allocation, ticket.code[:ALLOCATION_CHARACTERS])
    if prefix is None or prefix.kiosk != kiosk:
        raise QuarantinedError("foreign-code")
    if session.scalar(select(Ticket.id).where(Ticket.code == ticket.code)) is not None:
        raise QuarantinedError("code-taken")
    proof = None
    if ticket.evidence is not None:
        proof = ticket.evidence.statement.digest().hex()
        if session.scalar(select(Ticket.id).where(Ticket.proof == proof)) is not None:
            raise QuarantinedError("evidence-used")
        if ticket.evidence.statement.nonce_of_centre and not use_nonce(session, ticket.evidence, fresh_at=None):
            raise QuarantinedError("nonce")
    session.add(
        Ticket(
            id=ticket.id,
            code=ticket.code,
            pin=centre.keys.blind("pin", ticket.code, ticket.pin),
            kiosk=kiosk,
            service=ticket.service,
            language=ticket.language,
            catalogue_version=ticket.catalogue_version,
            created=ticket.created,
            clock_trusted=ticket.clock_trusted,
            received=now,
            anonymous=identity == "anonymous",
            identity=identity,
            name=ticket.name,
            national_id=ticket.national_id,
            proof=proof,
            answers=ticket.answers,
            guide=ticket.guide,
            document_code=ticket.document_code,
            state="received",
        ),
    )
    if ticket.document_code is not None:
        _hand_over(centre, session, kiosk, ticket)


def _hand_over(centre: Centre, session: Session, kiosk: str, ticket: TicketPayload) -> None:
    """A document becomes valid when the ticket that names it arrives, for its holder and from its kiosk."""
    document = session.get(Document, ticket.document_code)
    holder = centre.keys.blind("holder", ticket.national_id or "")
    expected = (kiosk, ticket.service, holder, None)
    if document is None or (document.kiosk, document.service, document.holder, document.ticket) != expected:
        raise QuarantinedError("document")
    document.state = "valid"
    document.ticket = ticket.id
