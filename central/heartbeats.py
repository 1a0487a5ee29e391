"""What a kiosk says of itself once a minute, and what it is told in return."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from central import marks, rollouts, vigilance, witness
from central.centre import Centre
from central.models import HeartbeatRow, Kiosk
from central.repository import target_name
from central.rollout_kinds import RELEASE
from offline_cache.contract.messages import CATALOGUE_DIRECTIVE, RELEASE_DIRECTIVE, Heartbeat, HeartbeatAnswer

# Made once: every heartbeat asks it.
_KNOWN = (
    select(Kiosk, HeartbeatRow, marks.EPOCH)
    .outerjoin(HeartbeatRow, HeartbeatRow.kiosk == Kiosk.id)
    .where(Kiosk.id == bindparam("kiosk"))
    .with_for_update(of=Kiosk)
)


def receive(centre: Centre, kiosk: str, beat: Heartbeat) -> HeartbeatAnswer:
    """Keeps the heartbeat, witnesses the audit log, and says what is to be done."""
    now = centre.now()
    body = beat.model_dump(mode="json", exclude={"audit_links"})
    # Relaxed: the next heartbeat says it again, and what follows from it is found again.
    with centre.database.transaction(relaxed=True) as session:
        found = session.execute(_KNOWN, {"kiosk": kiosk}).one()
        row: Kiosk = found[0]
        last: HeartbeatRow | None = found[1]
        epoch: str = found[2]
        directives = witness.witness(row, beat)
        vigilance.printer_told(session, kiosk, last.body.get("printer") if last else None, beat.printer, now)
        vigilance.machine_told(session, kiosk, last.body if last else {}, beat, now)
        vigilance.application_told(session, kiosk, last.body if last else {}, beat, now)
        if last is None:
            session.add(HeartbeatRow(kiosk=kiosk, received=now, body=body))
        else:
            last.received, last.body = now, body
        known = rollouts.newest_first(session)
        wanted = rollouts.heard(centre, session, row, beat, known)
        release = rollouts.heard(centre, session, row, beat, known, RELEASE)
        safe_seq, witnessed = row.safe_seq, row.audit_seq
    if wanted is not None and wanted.version != beat.catalogue_version:
        directives = (*directives, CATALOGUE_DIRECTIVE)
    if release is not None and beat.application is not None and release.version != beat.application.release:
        directives = (*directives, RELEASE_DIRECTIVE)
    return HeartbeatAnswer(
        safe_seq=safe_seq,
        time=now.isoformat(timespec="milliseconds"),
        directives=tuple(directives),
        catalogue=target_name(wanted.operator, wanted.version) if wanted else None,
        release=release.version if release else None,
        answer_key=centre.keys.answer_key,
        epoch=epoch,
        spread_s=centre.state.settings.spread_s,
        witnessed=witnessed,
    )
