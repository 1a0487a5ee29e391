"""What administrators list from a terminal. People are masked; the PIN and the sealed bytes never leave."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from central.centre import Centre
from central.models import Allocation, Conflict, Document, HeartbeatRow, Kiosk, Paper, StoredEvent, Ticket
from kiosk.issuing.masks import last_three, mask, paper_name
from offline_cache.contract.national_ids import NationalId, Scheme


def kiosks(centre: Centre) -> list[dict[str, Any]]:
    """Every kiosk with its prefixes and when it was last heard."""
    with centre.database.transaction() as session:
        prefixes: dict[str, list[str]] = {}
        for row in session.scalars(select(Allocation).order_by(Allocation.spare)):
            prefixes.setdefault(row.kiosk, []).append(row.prefix)
        beats = {row.kiosk: row for row in session.scalars(select(HeartbeatRow))}
        heard = {kiosk: row.received.isoformat(timespec="seconds") for kiosk, row in beats.items()}
        return [
            {
                "kiosk": row.id,
                "label": row.label,
                "state": row.state,
                "simulation": row.simulation,
                "allocations": prefixes.get(row.id, []),
                "counter": row.counter,
                "safe_seq": row.safe_seq,
                "heard": heard.get(row.id),
                "alarm": row.alarm,
                "faults": beats[row.id].body.get("faults", 0) if row.id in beats else 0,
                "machine": beats[row.id].body.get("machine") if row.id in beats else None,
                **_program(beats[row.id].body if row.id in beats else {}),
            }
            for row in session.scalars(select(Kiosk).order_by(Kiosk.id))
        ]


def _program(body: dict[str, Any]) -> dict[str, Any]:
    """What a kiosk told of its program: release and how it fares, and which releases it took back, and why."""
    about = body.get("application") or {}
    return {
        "release": about.get("release"), "program": about.get("version"), "platform": about.get("platform"),
        "release_state": about.get("state"), "release_bad": about.get("bad") or None,
        "release_why": about.get("why") or None,
    }  # fmt: skip


def tickets(centre: Centre) -> list[dict[str, Any]]:
    """Every ticket in the order of arrival, with how its paper ended and the document it made valid."""
    with centre.database.transaction() as session:
        papers: dict[str, list[str]] = {}
        # as they were told: what a citizen says of a paper comes after what its printer could not say
        told = select(Paper).join(StoredEvent, StoredEvent.id == Paper.event).order_by(StoredEvent.seq)
        for paper in session.scalars(told):
            papers.setdefault(paper.ticket_id, []).append(paper.outcome)
        documents = {row.code: row for row in session.scalars(select(Document))}
        rows = session.execute(
            select(Ticket, StoredEvent.seq).join(StoredEvent, StoredEvent.id == Ticket.id)
            .order_by(Ticket.received, Ticket.kiosk, StoredEvent.seq),
        )
        return [_ticket(row, seq, papers.get(row.id, []), documents.get(row.document_code or "")) for row, seq in rows]


def _ticket(row: Ticket, seq: int, papers: list[str], document: Document | None) -> dict[str, Any]:
    return {
        "code": row.code,
        "id": row.id,
        "kiosk": row.kiosk,
        "seq": seq,
        "service": row.service,
        "catalogue": row.catalogue_version,
        "language": row.language,
        "created": row.created,
        "received": row.received.isoformat(timespec="seconds"),
        "state": row.state,
        "identity": row.identity,
        "name": paper_name(row.name) if row.name else None,
        "subject": _subject(row.subject),
        "assurance": row.assurance,
        "revocation": row.revocation,
        "certificate": row.certificate,
        "national_id": _masked(row.national_id, row.scheme),
        "answers": sorted(row.answers),
        "guide": row.guide,
        "document": {"code": document.code, "number": document.number, "state": document.state} if document else None,
        "papers": papers,
    }


def quarantine(centre: Centre) -> list[dict[str, Any]]:
    """Events that could not be processed, and ids that came twice with different bytes."""
    with centre.database.transaction() as session:
        spoiled = session.scalars(
            select(StoredEvent).where(StoredEvent.state == "quarantined").order_by(StoredEvent.received),
        )
        listed = [
            {"id": row.id, "kiosk": row.kiosk, "seq": row.seq, "kind": row.kind, "code": row.code, "reason": row.reason}
            for row in spoiled
        ]
        for conflict in session.scalars(select(Conflict).order_by(Conflict.number)):
            item = conflict.item
            listed.append(
                {
                    "id": conflict.event_id,
                    "kiosk": conflict.kiosk,
                    "seq": conflict.seq,
                    "kind": item.get("kind"),
                    "code": item.get("code"),
                    "reason": "conflict",
                },
            )
        return listed


def _subject(subject: dict[str, Any] | None) -> dict[str, Any] | None:
    """For whom, masked as the applicant is, and the basis."""
    if subject is None:
        return None
    number = subject.get("national_id")
    masked = last_three(number) if number else None
    return {"name": paper_name(subject["name"]), "national_id": masked, "basis": subject["basis"]}


def _masked(national_id: str | None, scheme: str | None) -> str | None:
    if national_id is None:
        return None
    try:
        return mask(NationalId(Scheme(scheme or Scheme.CPF), national_id))
    except ValueError:
        # typed by the citizen and no CPF: nothing of it is shown
        return "***"
