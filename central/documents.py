"""Documents: their number, code and seal; the copies given of them; what becomes of them, each act recorded.

Prepared when they are composed, valid when the ticket that names them arrives. Who asks again soon gets the same
document, marked as a further copy.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central import composition, document_keys, marks, sealing
from central.centre import Centre
from central.document_keys import DocumentKey
from central.models import Document, DocumentCopy, DocumentRecord, Kiosk, Series
from central.refusals import RefusedError
from kiosk.catalog.model import Language, Service
from kiosk.issuing import digits, masks, tracking
from kiosk.issuing.document_seal import SealedClaims
from offline_cache.contract.messages import DocumentAnswer
from offline_cache.contract.national_ids import NationalId, Scheme

DocumentState = Literal["prepared", "valid", "expired", "revoked"]
ADMINISTRATOR = "administrator"
log = structlog.get_logger("central.documents")


class Act(StrEnum):
    """What is recorded of a document."""

    ISSUED = "issued"
    COMPOSED = "composed"
    HANDED_OVER = "handed-over"
    OFFERED = "offered-to-phone"
    DOWNLOADED = "downloaded"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Holder:
    """Whose document it is, as their card proved."""

    name: str
    cpf: str


def answer(centre: Centre, kiosk: str, service: Service, language: Language, holder: Holder) -> DocumentAnswer:
    """The document of its holder for a kiosk: a new one, or the one they have, as a further copy."""
    key = document_keys.current(centre.state.keys)
    facts = _facts(centre, key, kiosk, service, holder)
    # outside a transaction: drawing and signing take longer than anybody else should wait
    composed = composition.compose(centre, service, language, facts, key)
    with centre.database.transaction() as session:
        document = session.get_one(Document, facts.code)
        if facts.copy == 1:
            document.title = " ".join(composition.title(service, language))
            document.receipt = composed.receipt.model_dump(mode="json")
        copy = session.get_one(DocumentCopy, (facts.code, facts.copy))
        copy.composed, copy.pages = centre.now(), composed.pages
        record(centre, session, facts.code, Act.COMPOSED, facts.copy, kiosk)
    log.info("composed", kiosk=kiosk, service=service.id, number=facts.number, copy=facts.copy)
    return DocumentAnswer(
        outcome="issued",
        number=facts.number,
        code=facts.code,
        valid_until=facts.valid_until.isoformat(),
        receipt=composed.receipt,
        copy_number=facts.copy,
        pages=base64.b64encode(composed.pages).decode() if composed.pages is not None else None,
    )


def _facts(centre: Centre, key: DocumentKey, kiosk: str, service: Service, holder: Holder) -> composition.Facts:
    """The document there is, or a new one, and which copy of it this will be."""
    with centre.database.transaction() as session:
        machine = session.get_one(Kiosk, kiosk)
        document = _recent(centre, session, service, holder) or issue(centre, session, key, machine, service, holder)
        if document.key_id != key.seal.key_id and document_keys.is_revoked(centre.state.keys, document.key_id):
            _seal(centre, document, key)
        number = _next_copy(session, document, kiosk)
        if session.get(DocumentCopy, (document.code, number)) is None:
            session.add(DocumentCopy(code=document.code, copy=number, kiosk=kiosk, composed=centre.now()))
        return composition.Facts(
            number=document.number,
            code=document.code,
            issued=document.issued.astimezone(centre.local_now().tzinfo),
            valid_until=date.fromisoformat(document.valid_until),
            holder=holder.name,
            holder_masked=document.holder_masked,
            address=document.seal,
            copy=number,
            kiosk=kiosk,
            without_value=document.without_value,
        )


def issue(
    centre: Centre, session: Session, key: DocumentKey, machine: Kiosk, service: Service, holder: Holder
) -> Document:
    """A new document: its number and its code are never given twice. No paper of it exists yet."""
    settings = centre.state.settings
    issued = centre.local_now().replace(microsecond=0)
    valid_until = issued.date() + timedelta(days=settings.document_valid_days)
    code = tracking.document_code(secrets.token_bytes(10))
    document = Document(
        code=code,
        number=_next_number(session, issued),
        kiosk=machine.id,
        service=service.id,
        title="",
        holder=centre.keys.blind("holder", holder.cpf),
        holder_masked=masks.mask(_number(holder.cpf)),
        issued=issued,
        valid_until=valid_until.isoformat(),
        state="prepared",
        ticket=None,
        seal="",
        receipt={},
        without_value=machine.simulation,
    )
    _seal(centre, document, key)
    session.add(document)
    session.flush()
    record(centre, session, code, Act.ISSUED, 0, machine.id)
    return document


def _number(text: str) -> NationalId:
    """A person's or a company's: nobody else is looked up."""
    return NationalId(Scheme.CPF if len(text) == masks.CPF_DIGITS else Scheme.CNPJ, text)


def state_of(document: Document, today: date) -> DocumentState:
    """What anybody may know of it on a day."""
    match document.state:
        case "revoked":
            return "revoked"
        case "prepared":
            return "prepared"
        case _:
            return "expired" if document.valid_until < today.isoformat() else "valid"


def revoke(centre: Centre, code: str, because: str) -> None:
    """The paper is worth nothing from now on; ValueError if there is no such document, or it is revoked already."""
    with centre.database.transaction() as session:
        document = session.get(Document, tracking.normalise(code))
        if document is None:
            raise ValueError(f"no document has the code {code}")
        if document.state == "revoked":
            raise ValueError(f"{document.code} is revoked already: {document.revoked_because}")
        document.state, document.revoked_because = "revoked", because[:200]
        record(centre, session, document.code, Act.REVOKED, 0, ADMINISTRATOR)
    log.info("revoked", code=document.code)


def record(centre: Centre, session: Session, code: str, act: Act, copy: int, by: str) -> None:
    """One row more of what was done with a document."""
    session.add(DocumentRecord(code=code, at=centre.now(), act=act.value, copy=copy, by=by))


def _recent(centre: Centre, session: Session, service: Service, holder: Holder) -> Document | None:
    """The holder's own valid document, if it was issued so lately that it is the one they ask for."""
    now = centre.local_now()
    return session.scalar(
        select(Document)
        .where(
            Document.service == service.id,
            Document.holder == centre.keys.blind("holder", holder.cpf),
            Document.state == "valid",
            Document.valid_until >= now.date().isoformat(),
            Document.issued > now - timedelta(days=centre.state.settings.second_copy_days),
        )
        .order_by(Document.issued.desc())
        .limit(1),
    )


def _next_copy(session: Session, document: Document, kiosk: str) -> int:
    """A copy that this kiosk asked for and never handed over is composed again, under the same number."""
    mine = select(DocumentCopy.copy).where(
        DocumentCopy.code == document.code, DocumentCopy.kiosk == kiosk, DocumentCopy.ticket.is_(None)
    )
    waiting = session.scalar(mine.order_by(DocumentCopy.copy).limit(1))
    if waiting is not None:
        return waiting
    last = session.scalar(select(func.max(DocumentCopy.copy)).where(DocumentCopy.code == document.code))
    return (last or 0) + 1


def _seal(centre: Centre, document: Document, key: DocumentKey) -> None:
    zone = centre.local_now().tzinfo
    claims = SealedClaims(
        number=document.number,
        code=document.code,
        service=document.service,
        holder_masked=document.holder_masked,
        issued=document.issued,
        # the last second of the last day, where the paper was given
        expires=datetime.combine(date.fromisoformat(document.valid_until), time(23, 59, 59), zone),
        without_value=document.without_value,
    )
    document.key_id = key.seal.key_id
    url = centre.state.settings.documents_url
    document.seal = sealing.address(url, document.code, sealing.seal(key.seal, claims))


def _next_number(session: Session, issued: datetime) -> str:
    """2026/018.442-7: year, running number, check digit (mod 10); never given twice."""
    name = f"documents-{issued.year}"
    series = session.get(Series, name, with_for_update=True)
    if series is None:
        first = marks.first_number(session)
        series = Series(name=name, next=first, ceiling=first)
        session.add(series)
    if series.next >= series.ceiling + marks.RESERVE:
        raise RefusedError(503, "backup", "too many documents were issued since the last backup: make one")
    running = series.next
    series.next += 1
    digit = digits.mod10(f"{issued.year}{running:06d}")
    return f"{issued.year}/{running // 1000:03d}.{running % 1000:03d}-{digit}"
