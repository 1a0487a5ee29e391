"""Blocks of guide numbers: disjoint for ever, and the same request gets the same block."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from central import marks
from central.centre import Centre
from central.models import HeartbeatRow, NumberBlockRow, Series, Ticket
from central.refusals import RefusedError
from offline_cache.contract.messages import NumberBlock, NumberBlockRequest


def lease(centre: Centre, kiosk: str, request: NumberBlockRequest) -> NumberBlock:
    """The block of this request; RefusedError if the request id was used for something else."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,47}", request.series) or not 1 <= len(request.request_id) <= 64:
        raise RefusedError(422, "invalid", "wrong: series or request_id")
    return centre.database.serialised(lambda session: _lease(session, kiosk, request))


def _lease(session: Session, kiosk: str, request: NumberBlockRequest) -> NumberBlock:
    row = session.scalar(
        select(NumberBlockRow).where(NumberBlockRow.kiosk == kiosk, NumberBlockRow.request_id == request.request_id),
    )
    if row is None:
        # locked where the database locks rows; SQLite has locked the whole file already
        series = session.get(Series, request.series, with_for_update=True)
        if series is None:
            first = marks.first_number(session)
            series = Series(name=request.series, next=first, ceiling=first)
            session.add(series)
        if series.next + request.size > series.ceiling + marks.RESERVE:
            raise RefusedError(503, "backup", "too many numbers were leased since the last backup: make one")
        row = NumberBlockRow(
            block=str(uuid.uuid4()),
            kiosk=kiosk,
            request_id=request.request_id,
            series=request.series,
            first=series.next,
            last=series.next + request.size - 1,
        )
        series.next += request.size
        session.add(row)
    elif row.series != request.series or row.last - row.first + 1 != request.size:
        raise RefusedError(409, "request-id", "this request id asked for another block before")
    return NumberBlock(block=row.block, series=row.series, first=row.first, last=row.last)


def listing(centre: Centre) -> list[dict[str, Any]]:
    """Every block: how many of its numbers came back in tickets, how many can still be given, how many are wasted.

    A number that was given (or whose block the kiosk has no more, as after a lost store) and came in no ticket is on
    its way while that kiosk has something to send, and wasted once it has nothing.
    """
    with centre.database.transaction() as session:
        rows = list(session.scalars(select(NumberBlockRow).order_by(NumberBlockRow.series, NumberBlockRow.first)))
        beats = {row.kiosk: row.body for row in session.scalars(select(HeartbeatRow))}
        records = session.execute(select(Ticket.kiosk, Ticket.guide).where(Ticket.guide.is_not(None))).all()
    came = Counter(
        (kiosk, record["series"], record["serial"])
        for kiosk, record in records
        if record and record.get("series") is not None
    )
    return [_told(row, beats.get(row.kiosk, {}), came) for row in rows]


def _told(row: NumberBlockRow, beat: dict[str, Any], came: Counter[tuple[str, str, int]]) -> dict[str, Any]:
    used = sum((row.kiosk, row.series, number) in came for number in range(row.first, row.last + 1))
    held = {each["block"]: each["next"] for each in beat.get("blocks", ())}
    following = held.get(row.block, row.last + 1) if beat else row.first
    missing = following - row.first - used
    waits = bool(beat.get("queue_depth"))
    return {
        "series": row.series,
        "kiosk": row.kiosk,
        "first": row.first,
        "last": row.last,
        "used": used,
        "left": row.last - following + 1,
        "on_the_way": missing if waits else 0,
        "wasted": 0 if waits else missing,
    }
