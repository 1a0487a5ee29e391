"""How much a kiosk asks about people: counted by the hour, limited, and told to whoever answers for the kiosks; so is a
printer, a machine or a program that needs somebody.

A kiosk that was taken over, or somebody with a stack of stolen cards, must not empty the tax system through it.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from central.centre import Centre
from central.models import Alert, LookupCount
from central.refusals import RefusedError
from offline_cache.contract.machine import Machine, MachineTrouble, troubles
from offline_cache.contract.messages import Heartbeat

HOUR_S = 3600
DAY_HOURS = 24
LOOKUP, FAILED_PROOF = "lookup", "failed-proof"
TOO_MANY_LOOKUPS, FAILED_PROOFS = "too-many-lookups", "failed-proofs"
CHALLENGE_ANSWERED = "challenge-answered"
PAPER_DENIED = "paper-denied"
RELEASE_TAKEN_BACK, RELEASE_REFUSED = "release-taken-back", "release-refused"
# What a printer says that somebody has to see to.
PRINTER_TROUBLES = frozenset(
    {"paper-low", "paper-out", "cover-open", "jam", "cutter", "overheated", "error", "unplugged", "absent"}
)
log = structlog.get_logger("central.vigilance")


def take_lookup(centre: Centre, kiosk: str) -> None:
    """Counts one personal look-up. RefusedError, and an alert, once the kiosk's hour or day is used up."""
    settings, now = centre.state.settings, centre.now()
    with centre.database.transaction() as session:
        in_hour, in_day = _count(session, kiosk, LOOKUP, now)
        within = in_hour <= settings.lookups_per_hour and in_day <= settings.lookups_per_day
        if not within:
            alert(session, kiosk, TOO_MANY_LOOKUPS, now)
    if not within:
        # not 429, by which a kiosk would hold back its whole queue
        raise RefusedError(403, TOO_MANY_LOOKUPS, "this kiosk has looked up more people than it may")


def failed_proof(centre: Centre, kiosk: str) -> None:
    """Counts a look-up whose proof did not hold: a few happen to honest people, many do not."""
    now = centre.now()
    with centre.database.transaction() as session:
        in_hour, _ = _count(session, kiosk, FAILED_PROOF, now)
        if in_hour >= centre.state.settings.failed_proofs_per_hour:
            alert(session, kiosk, FAILED_PROOFS, now)


def printer_told(session: Session, kiosk: str, before: str | None, condition: str, now: datetime) -> None:
    """An alert as soon as a printer needs somebody: a roll near its end is changed before citizens miss it."""
    if condition != before and condition in PRINTER_TROUBLES:
        alert(session, kiosk, f"printer-{condition}", now)


def machine_told(session: Session, kiosk: str, before: dict[str, Any], beat: Heartbeat, now: datetime) -> None:
    """An alert as soon as heat, power, memory, disk or clock of a machine need somebody; `before`: the last heartbeat
    as it was kept.
    """
    wrong = troubles(beat.machine, beat.disk_free_mb) if beat.machine is not None else ()
    if not wrong:
        return
    known: tuple[MachineTrouble, ...] = ()
    with contextlib.suppress(ValidationError, KeyError):  # none, or of another version
        known = troubles(Machine.model_validate(before["machine"]), int(before["disk_free_mb"]))
    for trouble in wrong:
        if trouble not in known:
            alert(session, kiosk, f"machine-{trouble}", now)


def application_told(session: Session, kiosk: str, before: dict[str, Any], beat: Heartbeat, now: datetime) -> None:
    """An alert as soon as a kiosk took a release of the program back, or could not take one at all; `before`: the last
    heartbeat as it was kept.
    """
    about = beat.application
    if about is None or not (about.bad or about.why):
        return
    known = before.get("application") or {}
    if not set(about.bad) <= set(known.get("bad", ())):
        alert(session, kiosk, RELEASE_TAKEN_BACK, now)
    elif about.why and about.why != known.get("why"):
        alert(session, kiosk, RELEASE_REFUSED, now)


def paper_denied(session: Session, kiosk: str, now: datetime) -> None:
    """A citizen says that no paper came, of a printer that cannot tell."""
    alert(session, kiosk, PAPER_DENIED, now)


def alerts(centre: Centre) -> list[dict[str, object]]:
    """Every alert, the newest first: one line for a kiosk, a kind and a day."""
    with centre.database.transaction() as session:
        return [
            {"kiosk": row.kiosk, "kind": row.kind, "day": row.day, "times": row.times,
             "last": row.last.isoformat(timespec="seconds")}
            for row in session.scalars(select(Alert).order_by(Alert.last.desc()))
        ]  # fmt: skip


def _count(session: Session, kiosk: str, kind: str, now: datetime) -> tuple[int, int]:
    """How often in this hour and in the last 24, this time included."""
    hour = int(now.timestamp()) // HOUR_S
    session.execute(delete(LookupCount).where(LookupCount.kiosk == kiosk, LookupCount.hour <= hour - DAY_HOURS))
    row = session.get(LookupCount, (kiosk, kind, hour), with_for_update=True)
    if row is None:
        row = LookupCount(kiosk=kiosk, kind=kind, hour=hour, times=0)
        session.add(row)
    row.times += 1
    session.flush()
    whole = select(func.sum(LookupCount.times)).where(LookupCount.kiosk == kiosk, LookupCount.kind == kind)
    return row.times, int(session.scalar(whole) or 0)


def alert(session: Session, kiosk: str, kind: str, now: datetime) -> None:
    """One line for a kiosk, a kind and a day, and one in the log when the line is new."""
    day = now.date().isoformat()
    row = session.get(Alert, (kiosk, kind, day))
    if row is None:
        row = Alert(kiosk=kiosk, kind=kind, day=day, times=0, last=now)
        session.add(row)
        log.error("alert", kiosk=kiosk, kind=kind)
    row.times += 1
    row.last = now
