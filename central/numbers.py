"""Blocks of guide numbers: disjoint for ever, and the same request gets the same block."""

from __future__ import annotations

import re
import uuid

from sqlalchemy import select

from central.centre import Centre
from central.models import NumberBlockRow, Series
from central.refusals import RefusedError
from offline_cache.contract.messages import NumberBlock, NumberBlockRequest

FIRST = 1


def lease(centre: Centre, kiosk: str, request: NumberBlockRequest) -> NumberBlock:
    """The block of this request; RefusedError if the request id was used for something else."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,47}", request.series) or not 1 <= len(request.request_id) <= 64:
        raise RefusedError(422, "invalid", "wrong: series or request_id")
    with centre.database.transaction() as session:
        row = session.scalar(
            select(NumberBlockRow).where(
                NumberBlockRow.kiosk == kiosk, NumberBlockRow.request_id == request.request_id
            ),
        )
        if row is None:
            # locked where the database locks rows; SQLite has locked the whole file already
            series = session.get(Series, request.series, with_for_update=True)
            if series is None:
                series = Series(name=request.series, next=FIRST)
                session.add(series)
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
