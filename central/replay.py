"""Replaying what lies in quarantine, after an administrator has mended what it lacked: a key, a catalogue, code."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from sqlalchemy import select

from central import intake
from central.centre import Centre
from central.models import StoredEvent
from offline_cache.contract.messages import Event, EventKind


def replay(centre: Centre, ids: Sequence[str] = ()) -> list[dict[str, str | None]]:
    """Judges items of the quarantine again, all of them without `ids`; each by itself, in the order of (kiosk, seq).

    Gives what has become of each: `created`, or the reason why it stays. ValueError for an id that is not there.
    """
    with centre.database.transaction() as session:
        waiting = list(
            session.scalars(
                select(StoredEvent).where(StoredEvent.state == "quarantined")
                .order_by(StoredEvent.kiosk, StoredEvent.seq),
            )
        )
    unknown = sorted(set(ids) - {row.id for row in waiting})
    if unknown:
        raise ValueError(f"{unknown[0]} is not in quarantine")
    chosen = [row for row in waiting if not ids or row.id in ids]
    return [{"id": row.id, "kiosk": row.kiosk, "reason": intake.again(centre, row.kiosk, _item(row))} for row in chosen]


def _item(row: StoredEvent) -> Event:
    """As it came over the wire."""
    return Event.model_construct(
        id=row.id, seq=row.seq, kind=EventKind(row.kind), code=row.code, catalogue_version=row.catalogue_version,
        key_id=row.key_id, sealed=base64.b64encode(row.sealed).decode(), fingerprint=row.fingerprint,
    )
