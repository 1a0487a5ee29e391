"""What a kiosk says of itself once a minute, and what it is told in return."""

from __future__ import annotations

from central import marks, rollouts, vigilance, witness
from central.centre import Centre
from central.models import HeartbeatRow, Kiosk
from offline_cache.contract.messages import CATALOGUE_DIRECTIVE, Heartbeat, HeartbeatAnswer


def receive(centre: Centre, kiosk: str, beat: Heartbeat) -> HeartbeatAnswer:
    """Keeps the heartbeat, witnesses the audit log, and says what is to be done."""
    now = centre.now()
    body = beat.model_dump(mode="json", exclude={"audit_links"})
    with centre.database.transaction() as session:
        row = session.get_one(Kiosk, kiosk, with_for_update=True)
        directives = witness.witness(row, beat)
        last = session.get(HeartbeatRow, kiosk)
        vigilance.printer_told(session, kiosk, last.body.get("printer") if last else None, beat.printer, now)
        vigilance.machine_told(session, kiosk, last.body if last else {}, beat, now)
        session.merge(HeartbeatRow(kiosk=kiosk, received=now, body=body))
        epoch = marks.epoch(session)
        safe_seq, witnessed = row.safe_seq, row.audit_seq
    wanted = rollouts.heard(centre, kiosk, beat)
    differs = wanted is not None and wanted.version != beat.catalogue_version
    return HeartbeatAnswer(
        safe_seq=safe_seq,
        time=now.isoformat(timespec="milliseconds"),
        directives=(*directives, *((CATALOGUE_DIRECTIVE,) if differs else ())),
        catalogue=wanted.target if wanted else None,
        epoch=epoch,
        spread_s=centre.state.settings.spread_s,
        witnessed=witnessed,
    )
