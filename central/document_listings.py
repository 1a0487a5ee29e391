"""What administrators list of documents. People are masked; the record of one document tells every act."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from central.centre import Centre
from central.documents import state_of
from central.models import Document, DocumentCopy, DocumentRecord
from kiosk.issuing.tracking import normalise


def documents(centre: Centre) -> list[dict[str, Any]]:
    """Every document in the order of its number, with how many copies were handed over."""
    today = centre.local_now().date()
    handed = (
        select(DocumentCopy.code, func.count().label("copies"))
        .where(DocumentCopy.ticket.is_not(None))
        .group_by(DocumentCopy.code)
        .subquery()
    )
    rows = select(Document, handed.c.copies).outerjoin(handed, handed.c.code == Document.code).order_by(Document.number)
    with centre.database.transaction() as session:
        return [
            {
                "number": row.number,
                "code": row.code,
                "service": row.service,
                "holder": row.holder_masked,
                "issued": row.issued.isoformat(timespec="seconds"),
                "valid_until": row.valid_until,
                "state": state_of(row, today),
                "copies": copies or 0,
                "key_id": row.key_id,
                "revoked_because": row.revoked_because,
            }
            for row, copies in session.execute(rows)
        ]


def records(centre: Centre, code: str) -> list[dict[str, Any]]:
    """What was done with one document, in order; ValueError if there is none of that code."""
    normal = normalise(code)
    with centre.database.transaction() as session:
        if session.get(Document, normal) is None:
            raise ValueError(f"no document has the code {normal}")
        rows = session.scalars(
            select(DocumentRecord).where(DocumentRecord.code == normal).order_by(DocumentRecord.number),
        )
        return [
            {"at": row.at.isoformat(timespec="seconds"), "act": row.act, "copy": row.copy or None, "by": row.by}
            for row in rows
        ]
