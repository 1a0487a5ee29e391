"""Taking custody of events: idempotent by id for ever, each item by itself, nothing ever written over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import structlog
from sqlalchemy import insert, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from central import documents, hand_offs, vigilance
from central.centre import Centre
from central.examination import Opened, Proof, QuarantinedError, Spoiled, examine, sealed_bytes
from central.models import (
    Allocation,
    Conflict,
    Document,
    DocumentCopy,
    Kiosk,
    Paper,
    Rating,
    StoredEvent,
    Ticket,
)
from central.proofs import use_nonce
from kiosk.issuing.tracking import ALLOCATION_CHARACTERS
from offline_cache.contract.messages import Event, EventAnswer, EventBatch, EventResult
from offline_cache.contract.payloads import PaperPayload, RatingPayload, TicketPayload

Outcome = Literal["created", "duplicate", "quarantined"]
log = structlog.get_logger("central.intake")


def receive(centre: Centre, kiosk: str, batch: EventBatch) -> EventAnswer:
    """One result per item. Whatever an item holds, the others are not touched by it."""
    with centre.database.transaction() as session:
        ids = [item.id for item in batch.items]
        known = set(session.scalars(select(StoredEvent.id).where(StoredEvent.id.in_(ids))))
    # before the write transaction: checking a proof takes milliseconds and needs no lock
    examined = [None if item.id in known else examine(centre, kiosk, item) for item in batch.items]

    def take(session: Session) -> EventAnswer:
        # one batch of a kiosk after the other, whichever process of the centre has it
        safe_seq = session.get_one(Kiosk, kiosk, with_for_update=True).safe_seq
        custody = _Custody(centre, session, kiosk, centre.now())
        pairs = tuple(zip(batch.items, examined, strict=True))
        if custody.take_all(pairs):
            results = tuple(EventResult(id=item.id, outcome="created") for item in batch.items)
        else:
            results = tuple(EventResult(id=item.id, outcome=custody.take(item, found)) for item, found in pairs)
        return EventAnswer(results=results, safe_seq=safe_seq)

    return centre.database.serialised(take)


def again(centre: Centre, kiosk: str, item: Event) -> str | None:
    """Judges an item once more that lies in quarantine: None if it is in its place now, else why it stays."""
    found = examine(centre, kiosk, item)

    def take(session: Session) -> str | None:
        session.get_one(Kiosk, kiosk, with_for_update=True)
        row = session.get_one(StoredEvent, item.id)
        if row.state != "quarantined":
            return None
        row.reason = _Custody(centre, session, kiosk, centre.now()).process(item.id, found)
        if row.reason is None:
            row.state = "created"
            log.info("replayed", kiosk=kiosk, id=item.id)
        return row.reason

    return centre.database.serialised(take)


@dataclass(frozen=True)
class _Custody:
    """One batch of one kiosk, inside one transaction."""

    centre: Centre
    session: Session
    kiosk: str
    now: datetime

    def take_all(self, pairs: Sequence[tuple[Event, Opened | Spoiled | None]]) -> bool:
        """Stores a batch at once if all of it is new and plain: a few statements instead of several an item. False,
        with nothing written, if any item must be looked at by itself.
        """
        rows: dict[Any, list[dict[str, Any]]] = {StoredEvent: [], Rating: [], Paper: [], Ticket: []}
        codes: set[str] = set()
        for item, found in pairs:
            if not isinstance(found, Opened):
                return False
            match found.payload:
                case RatingPayload() as rating:
                    rows[Rating].append(self._rating(item.id, rating))
                case PaperPayload() as paper:
                    rows[Paper].append(self._paper(item.id, paper))
                case TicketPayload() as ticket if ticket.evidence is None and ticket.document_code is None:
                    codes.add(ticket.code[:ALLOCATION_CHARACTERS])
                    rows[Ticket].append(self._ticket(ticket, found.identity, found.proof, None))
                case _:
                    return False
            rows[StoredEvent].append(self._event(item, found))
        mine = select(Allocation.prefix).where(Allocation.kiosk == self.kiosk, Allocation.prefix.in_(codes))
        if set(self.session.scalars(mine)) != codes:
            return False
        try:
            with self.session.begin_nested():
                # Events first, on which the others rest. As plain rows: nobody looks at them as objects.
                for table, some in rows.items():
                    if some:
                        self.session.execute(insert(table.__table__), some)
        except (IntegrityError, DataError):
            return False
        for told in rows[Paper]:
            self._heed(told)
        return True

    def take(self, item: Event, found: Opened | Spoiled | None) -> Outcome:
        """Stores the item, or finds that it was stored; `found` is None only for an id that was known before."""
        known = self.session.get(StoredEvent, item.id)
        if known is not None:
            if (known.kiosk, known.fingerprint) == (self.kiosk, item.fingerprint):
                # a disk that began anew numbers what it kept anew
                known.seq = max(known.seq, item.seq)
                return "duplicate"
            self._keep_beside(item)
            return "quarantined"
        assert found is not None, "rows of events are never deleted"
        row = StoredEvent(**self._event(item, found))
        self.session.add(row)
        self.session.flush()
        row.reason = self.process(item.id, found)
        if row.reason is None:
            return "created"
        row.state = "quarantined"
        log.warning("quarantined", kiosk=self.kiosk, id=item.id, reason=row.reason)
        return "quarantined"

    def process(self, event: str, found: Opened | Spoiled) -> str | None:
        """None, or why the item stays as it came; what it began to write is undone."""
        if isinstance(found, Spoiled):
            return found.reason
        try:
            with self.session.begin_nested():
                match found.payload:
                    case RatingPayload() as rating:
                        self.session.add(Rating(**self._rating(event, rating)))
                    case PaperPayload() as paper:
                        row = self._paper(event, paper)
                        self.session.add(Paper(**row))
                        self._heed(row)
                    case TicketPayload() as ticket:
                        self._register(ticket, found.identity, found.proof)
        except QuarantinedError as error:
            return error.reason
        except (IntegrityError, DataError):
            return "integrity"
        return None

    def _keep_beside(self, item: Event) -> None:
        """An id that came again with other bytes or from another kiosk (a copied disk): nothing is replaced."""
        kept = select(Conflict.number).where(
            Conflict.event_id == item.id, Conflict.kiosk == self.kiosk, Conflict.fingerprint == item.fingerprint
        )
        if self.session.scalar(kept) is not None:
            return
        log.warning("conflict", kiosk=self.kiosk, id=item.id)
        self.session.add(
            Conflict(
                event_id=item.id,
                kiosk=self.kiosk,
                seq=item.seq,
                fingerprint=item.fingerprint,
                item=item.model_dump(mode="json"),
                received=self.now,
            ),
        )
        self.session.flush()

    def _register(self, ticket: TicketPayload, identity: str, proven: Proof | None) -> None:
        prefix = self.session.get(Allocation, ticket.code[:ALLOCATION_CHARACTERS])
        if prefix is None or prefix.kiosk != self.kiosk:
            raise QuarantinedError("foreign-code")
        if self.session.scalar(select(Ticket.id).where(Ticket.code == ticket.code)) is not None:
            raise QuarantinedError("code-taken")
        self.session.add(Ticket(**self._ticket(ticket, identity, proven, self._new_proof(ticket))))
        if ticket.document_code is not None:
            self._hand_over(ticket, ticket.document_code)

    def _event(self, item: Event, found: Opened | Spoiled) -> dict[str, Any]:
        # of a paper or a rating nobody knows here whether its request is anonymous
        coarse = isinstance(found, Opened) and (
            found.identity == "anonymous" or not isinstance(found.payload, TicketPayload)
        )
        return {
            "id": item.id,
            "kiosk": self.kiosk,
            "seq": item.seq,
            "kind": item.kind.value,
            "code": item.code[:16] if item.code else None,
            "catalogue_version": item.catalogue_version,
            "key_id": item.key_id[:48],
            "fingerprint": item.fingerprint,
            "sealed": sealed_bytes(item),
            "received": _to_the_hour(self.now) if coarse else self.now,
            "state": "created",
            "reason": None,
        }

    @staticmethod
    def _rating(event: str, rating: RatingPayload) -> dict[str, Any]:
        return {"event": event, "service": rating.service[:48], "stars": rating.stars}

    @staticmethod
    def _paper(event: str, paper: PaperPayload) -> dict[str, Any]:
        return {"event": event, "ticket_id": paper.ticket_id[:36], "outcome": paper.outcome}

    def _heed(self, paper: dict[str, Any]) -> None:
        """A printer that cannot tell, and a citizen who saw nothing: somebody has to look at it."""
        if paper["outcome"] == "denied":
            vigilance.paper_denied(self.session, self.kiosk, _to_the_hour(self.now))

    def _ticket(
        self, ticket: TicketPayload, identity: str, proven: Proof | None, proof: str | None
    ) -> dict[str, Any]:
        return {
            "id": ticket.id,
            "code": ticket.code,
            "pin": self.centre.keys.blind("pin", ticket.code, ticket.pin),
            "kiosk": self.kiosk,
            "service": ticket.service,
            "language": ticket.language[:8],
            "catalogue_version": ticket.catalogue_version,
            "created": ticket.created[:40],
            "clock_trusted": ticket.clock_trusted,
            "received": _to_the_hour(self.now) if identity == "anonymous" else self.now,
            "anonymous": identity == "anonymous",
            "identity": identity,
            "name": ticket.name,
            "national_id": ticket.national_id,
            "scheme": ticket.scheme,
            "assurance": proven.assurance if proven else None,
            "revocation": proven.revocation if proven else None,
            "certificate": proven.certificate if proven else None,
            "proof": proof,
            "subject": ticket.subject.model_dump() if ticket.subject else None,
            "answers": ticket.answers,
            "guide": ticket.guide,
            "document_code": ticket.document_code,
            "state": "received",
        }

    def _new_proof(self, ticket: TicketPayload) -> str | None:
        """What the card signed, which no other ticket may bring again."""
        if ticket.evidence is None:
            return None
        proof = ticket.evidence.statement.digest().hex()
        if self.session.scalar(select(Ticket.id).where(Ticket.proof == proof)) is not None:
            raise QuarantinedError("evidence-used")
        if ticket.evidence.statement.nonce_of_centre and not use_nonce(self.session, ticket.evidence, fresh_at=None):
            raise QuarantinedError("nonce")
        return proof

    def _hand_over(self, ticket: TicketPayload, code: str) -> None:
        """A document becomes valid when the ticket that names it arrives, for its holder and from the kiosk that has
        asked for a copy.
        """
        document = self.session.get(Document, code)
        holder = self.centre.keys.blind("holder", ticket.national_id or "")
        if document is None or (document.service, document.holder) != (ticket.service, holder):
            raise QuarantinedError("document")
        asked = select(DocumentCopy).where(
            DocumentCopy.code == code, DocumentCopy.kiosk == self.kiosk, DocumentCopy.ticket.is_(None)
        )
        copy = self.session.scalar(asked.order_by(DocumentCopy.copy).limit(1))
        if copy is None:
            raise QuarantinedError("document")
        copy.ticket = ticket.id
        if document.state == "prepared":
            document.state, document.ticket = "valid", ticket.id
        documents.record(self.centre, self.session, code, documents.Act.HANDED_OVER, copy.copy, self.kiosk)
        if ticket.hand_off is not None:
            hand_offs.offer(self.centre, self.session, ticket, copy)


def _to_the_hour(moment: datetime) -> datetime:
    """Nothing here tells when an anonymous ticket came but the hour."""
    return moment.replace(minute=0, second=0, microsecond=0)
