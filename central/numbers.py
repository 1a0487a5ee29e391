"""Blocks of guide numbers: disjoint for ever, and the same request gets the same block."""

from __future__ import annotations

import re
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from central import marks
from central.centre import Centre
from central.models import NumberBlockRow, Series
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
