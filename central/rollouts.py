"""Rollouts: which kiosk runs which published version, step by step, and back by itself when kiosks fail.

A rollout ranks the kiosks of its group once, so that each belongs to one step. A step is reached when the kiosks of
the steps before run the version and have said that its first session went well; more failures than are allowed stop
it, and its kiosks go back to what they ran before. A kiosk that has been silent for a while runs nothing, and is not
waited for; but no step is passed on silence alone. What a kiosk is told is a wish: it follows only towards what the
signed metadata lists.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from central import publishing, repository
from central.centre import Centre
from central.models import HeartbeatRow, Kiosk
from central.repository import RepositoryError, Vouched
from central.rollout_models import Rollout, RolloutMember
from offline_cache.contract.messages import Heartbeat

log = structlog.get_logger("central.rollouts")
STEPS = ("1", "5%", "25%", "100%")
RUNNING, DONE, STOPPED = "running", "done", "stopped"
# Made once: every heartbeat asks it.
_NEWEST_FIRST = select(Rollout).order_by(Rollout.number.desc())
WAITING, HEALTHY, FAILED = "waiting", "healthy", "failed"
# Ten heartbeats: who says nothing for so long is switched off, or has no link.
SILENT = timedelta(minutes=10)


def counts(steps: Sequence[str], kiosks: int) -> list[int]:
    """How many kiosks each step reaches in all, at least one: 1 and 5 % and 100 % of 200 are 1, 10, 200.

    RepositoryError for what is no step, or steps that do not rise to all.
    """
    found = []
    for step in steps:
        number = step.strip().removesuffix("%")
        if not number.isdigit() or not int(number):
            raise RepositoryError(f"{step} is no step: write steps such as 1,5%,25%,100%")
        wanted = math.ceil(kiosks * int(number) / 100) if step.strip().endswith("%") else int(number)
        found.append(max(1, min(wanted, kiosks)))
    if not steps or steps[-1].strip() != "100%" or found != sorted(found):
        raise RepositoryError("steps rise and end with 100%: write steps such as 1,5%,25%,100%")
    return found


def begin(
    centre: Centre, version: int, *, steps: Sequence[str] = STEPS, group: str | None = None, failures: int = 0,
    wait_s: int = 0,
) -> Rollout:
    """A rollout of a published version. `failures`: how many kiosks may fail before it stops; `wait_s`: how long a
    step lasts at least. Kiosks that were heard lately come first; another operator's have no part in it.
    RepositoryError if the version is not vouched for, or another rollout runs for these kiosks.
    """
    offered = publishing.vouched(centre.state, version)
    if offered is None:
        raise RepositoryError(f"version {version} is not published, or was withdrawn: see `totem catalog status`")
    now = centre.now()
    with centre.database.transaction() as session:
        for other in session.scalars(select(Rollout).where(Rollout.state == RUNNING)):
            theirs = publishing.vouched(centre.state, other.version)
            apart = theirs is not None and theirs.operator != offered.operator
            if not apart and (group is None or other.group is None or other.group == group):
                raise RepositoryError(
                    f"the rollout of version {other.version} is still running: wait for it, or take it back with "
                    "`totem catalog rollback`"
                )
        chosen = select(Kiosk.id).where(Kiosk.state == "active")
        found = list(session.scalars(chosen if group is None else chosen.where(Kiosk.group == group)))
        beats = {row.kiosk: row for row in session.scalars(select(HeartbeatRow))}
        runs = {kiosk: int(beat.body.get("catalogue_version") or 0) for kiosk, beat in beats.items()}
        kiosks = [kiosk for kiosk in found if _operator(centre, runs.get(kiosk, 0)) in {None, offered.operator}]
        lately = {kiosk for kiosk, beat in beats.items() if beat.received > now - SILENT}
        reached = counts(steps, max(1, len(kiosks)))
        rollout = Rollout(
            version=version, group=group, steps=[step.strip() for step in steps], step=0, failures=failures,
            wait_s=wait_s, state=RUNNING, reason=None, started=now, stepped=now,
        )
        session.add(rollout)
        session.flush()
        ranked = sorted(
            kiosks,
            key=lambda kiosk: (kiosk not in lately, hashlib.sha256(f"{rollout.number}/{kiosk}".encode()).digest()),
        )
        for rank, kiosk in enumerate(ranked):
            step = next(at for at, count in enumerate(reached) if rank < count)
            session.add(
                RolloutMember(rollout=rollout.number, kiosk=kiosk, step=step, state=WAITING, faults=None, heard=None)
            )
        session.flush()
        _advance(session, rollout, centre)
        session.flush()
        session.expunge(rollout)
    return rollout


def stop(centre: Centre, reason: str, version: int | None = None) -> Rollout:
    """Takes the newest rollout back, running or done (or the newest of a version). RepositoryError if there is none,
    or nothing that its kiosks could go back to.
    """
    with centre.database.transaction() as session:
        wanted = select(Rollout).where(Rollout.state != STOPPED).order_by(Rollout.number.desc())
        if version is not None:
            wanted = wanted.where(Rollout.version == version)
        rollout = session.scalars(wanted).first()
        if rollout is None:
            raise RepositoryError("there is no rollout to take back: see `totem catalog status`")
        earlier = select(Rollout.version).where(Rollout.state == DONE, Rollout.number < rollout.number)
        back = [found for found in session.scalars(earlier) if publishing.vouched(centre.state, found)]
        taken = publishing.vouched(centre.state, rollout.version)
        known = list(session.scalars(select(Rollout.version)))
        if not back and _before_any(centre, known, taken.operator if taken else None) is None:
            raise RepositoryError(
                f"before version {rollout.version} nothing was rolled out that the signed metadata still lists: push a "
                "corrected catalogue instead"
            )
        _stop(rollout, reason)
        session.flush()
        session.expunge(rollout)
    return rollout


def heard(centre: Centre, session: Session, kiosk: Kiosk, beat: Heartbeat) -> Vouched | None:
    """What a kiosk should run; what it says of the version it runs moves its rollout on, or stops it."""
    known = session.scalars(_NEWEST_FIRST).all()
    for rollout in known:
        member = session.get(RolloutMember, (rollout.number, kiosk.id)) if rollout.state == RUNNING else None
        if member is not None and member.step <= rollout.step:
            _judge(centre, session, member, rollout, beat)
    return _wanted(centre, session, kiosk, known, _operator(centre, beat.catalogue_version))


def _wanted(
    centre: Centre, session: Session, kiosk: Kiosk, known: Sequence[Rollout], operator: str | None
) -> Vouched | None:
    """The newest rollout that has reached this kiosk, or has been everywhere; else what was there before any."""
    for rollout in known:
        if rollout.group not in {None, kiosk.group} or rollout.state == STOPPED:
            continue
        found = publishing.vouched(centre.state, rollout.version)
        if found is None or operator not in {None, found.operator}:
            continue
        if rollout.state == DONE:
            return found
        member = session.get(RolloutMember, (rollout.number, kiosk.id))
        if member is not None and member.step <= rollout.step and member.state != FAILED:
            return found
    return _before_any(centre, [rollout.version for rollout in known], operator)


def _before_any(centre: Centre, rolled_out: Sequence[int], operator: str | None) -> Vouched | None:
    """The newest version that was published before the first rollout of an operator's catalogues: it is everybody's."""
    listed = {
        version: found
        for version, found in repository.vouched(centre.state).items()
        if operator in {None, found.operator}
    }
    first = min((version for version in rolled_out if version in listed), default=None)
    return listed.get(max((version for version in listed if first is None or version < first), default=0))


def _operator(centre: Centre, version: int) -> str | None:
    """Whose a catalogue is; None if it was never published here."""
    listed = publishing.vouched(centre.state, version)
    if listed is not None:
        return listed.operator
    try:
        return publishing.published(centre.state, version).operator.id if version else None
    except KeyError:
        return None


def _judge(centre: Centre, session: Session, member: RolloutMember, rollout: Rollout, beat: Heartbeat) -> None:
    if member.faults is None:
        member.faults = beat.faults
    member.heard = centre.now()
    runs = beat.catalogue_version == rollout.version
    if rollout.version in beat.catalogue_bad or (runs and beat.faults > member.faults):
        if member.state != FAILED:
            log.warning("rollout-failure", rollout=rollout.number, version=rollout.version, kiosk=member.kiosk)
        member.state = FAILED
    elif member.state == WAITING and runs and beat.catalogue_proven:
        member.state = HEALTHY
    session.flush()
    _advance(session, rollout, centre)


def _advance(session: Session, rollout: Rollout, centre: Centre) -> None:
    """On to the next step as often as the present one allows it, or back."""
    while rollout.state == RUNNING:
        counted = select(RolloutMember.state, func.count()).where(
            RolloutMember.rollout == rollout.number, RolloutMember.step <= rollout.step
        )
        found = {state: count for state, count in session.execute(counted.group_by(RolloutMember.state))}  # noqa: C416  rows
        if found.get(FAILED, 0) > rollout.failures:
            _stop(rollout, f"{found[FAILED]} of the kiosks in step {rollout.step + 1} failed")
            return
        now = centre.now()
        if now < rollout.stepped + timedelta(seconds=rollout.wait_s) or _waits(session, rollout, now):
            return
        rollout.stepped = now
        if rollout.step + 1 < len(rollout.steps):
            rollout.step += 1
        else:
            rollout.state = DONE
        log.info("rollout-step", rollout=rollout.number, step=rollout.step, state=rollout.state)


def _waits(session: Session, rollout: Rollout, now: datetime) -> bool:
    """Whether a kiosk that is there has not been through a session yet, or none of this step has."""
    members = select(func.count()).where(RolloutMember.rollout == rollout.number)
    waiting = members.where(RolloutMember.state == WAITING, RolloutMember.step <= rollout.step)
    there: ColumnElement[bool] = RolloutMember.heard > now - SILENT
    if now < rollout.stepped + SILENT:
        # Whoever is in a step that has just begun is still expected.
        there = or_(there, RolloutMember.step == rollout.step)
    if session.scalar(waiting.where(there)):
        return True
    of_this_step = members.where(RolloutMember.step == rollout.step)
    healthy = of_this_step.where(RolloutMember.state != WAITING)
    return bool(session.scalar(of_this_step)) and not session.scalar(healthy)


def _stop(rollout: Rollout, reason: str) -> None:
    rollout.state, rollout.reason = STOPPED, reason
    log.warning("rollout-stopped", rollout=rollout.number, version=rollout.version)


def set_aside(centre: Centre, version: int) -> list[int]:
    """Ends the rollouts that are under way, because a newer version comes; gives their versions. Their kiosks return
    to what ran before until the newer one reaches them.
    """
    newer = publishing.vouched(centre.state, version)
    with centre.database.transaction() as session:
        running = [
            rollout
            for rollout in session.scalars(select(Rollout).where(Rollout.state == RUNNING, Rollout.version < version))
            if (older := publishing.vouched(centre.state, rollout.version)) is None
            or newer is None
            or older.operator == newer.operator
        ]
        for rollout in running:
            _stop(rollout, f"set aside by version {version}")
        return [rollout.version for rollout in running]


def of_version(centre: Centre, version: int) -> str | None:
    """How the newest rollout of a version stands; None if there was none."""
    with centre.database.transaction() as session:
        newest = select(Rollout.state).where(Rollout.version == version).order_by(Rollout.number.desc())
        return session.scalars(newest).first()


def begin_pushed(centre: Centre, version: int, *, steps: Sequence[str], group: str | None) -> list[int]:
    """Begins the rollout of a version that was just published, in the place of what is under way; gives the versions
    that were set aside. One that has begun already goes on. RepositoryError, saying how to go on, where that fails.
    """
    try:
        match of_version(centre, version):
            case None:
                aside = set_aside(centre, version)
                begin(centre, version, steps=steps, group=group)
            case state if state == STOPPED:
                raise RepositoryError(
                    f"version {version} was taken back: begin again with `totem catalog rollout {version}`, or push a "
                    "corrected catalogue"
                )
            case _:
                aside = []
    except SQLAlchemyError as error:
        raise RepositoryError(
            f"version {version} is published, and no kiosk is led to it yet, for the centre's database cannot be "
            f"written: mend that, then run `totem catalog rollout {version}`"
        ) from error
    return aside


def put_into_group(centre: Centre, kiosks: Sequence[str], group: str | None) -> None:
    """RepositoryError for a kiosk that nobody knows; then none is changed."""
    with centre.database.transaction() as session:
        for name in kiosks:
            kiosk = session.get(Kiosk, name)
            if kiosk is None:
                raise RepositoryError(f"no kiosk is called {name}: see `totem central kiosks`")
            kiosk.group = group
