"""Rollouts: which kiosk runs which published version, step by step, and back by itself when kiosks fail. Versions are
of the catalogue, or of the program (`Kind`); the two go their ways without each other.

A rollout ranks the kiosks of its group once, so that each belongs to one step. A step is reached when the kiosks of
the steps before run the version and have said that it works (a catalogue after a session, a release after its health
check); more failures than are allowed stop
it, and its kiosks go back to what they ran before. A kiosk that has been silent for a while runs nothing, and is not
waited for; but no step is passed on silence alone. What a kiosk is told is a wish: it follows only towards what the
signed metadata lists.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from central.centre import Centre
from central.models import HeartbeatRow, Kiosk
from central.repository import RepositoryError
from central.rollout_kinds import CATALOGUE, Kind, Offer, Told
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
    wait_s: int = 0, kind: Kind = CATALOGUE,
) -> Rollout:
    """A rollout of a published version. `failures`: how many kiosks may fail before it stops; `wait_s`: how long a
    step lasts at least. Kiosks that were heard lately come first; another operator's have no part in it, nor has who
    says nothing of this kind. RepositoryError if the version is not vouched for, if a kiosk could not run it, or if
    another rollout runs for these kiosks.
    """  # fmt: skip
    offered = kind.listed(centre).get(version)
    if offered is None:
        raise RepositoryError(
            f"{kind.noun} {version} is not published, or was withdrawn: see `totem {_command(kind)} status`"
        )
    now = centre.now()
    with centre.database.transaction() as session:
        for other in session.scalars(select(Rollout).where(Rollout.state == RUNNING, Rollout.kind == kind.thing)):
            theirs = kind.listed(centre).get(other.version)
            if theirs is None:
                _stop(other, "withdrawn")
                continue
            apart = theirs.operator != offered.operator
            if not apart and (group is None or other.group is None or other.group == group):
                raise RepositoryError(
                    f"the rollout of {kind.noun} {other.version} is still running: wait for it, or take it back with "
                    f"`totem {_command(kind)} rollback`"
                )
        if not kind.everybodys:
            _goes_up(session, kind, version)
        beats = {row.kiosk: row for row in session.scalars(select(HeartbeatRow))}
        kiosks = [name for name in _active(session, group) if _takes_part(centre, kind, offered, name, beats.get(name))]
        lately = {kiosk for kiosk, beat in beats.items() if beat.received > now - SILENT}
        reached = counts(steps, max(1, len(kiosks)))
        rollout = Rollout(
            kind=kind.thing, version=version, group=group, steps=[step.strip() for step in steps], step=0,
            failures=failures, wait_s=wait_s, state=RUNNING, reason=None, started=now, stepped=now,
        )  # fmt: skip
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
        if ranked:
            _advance(session, rollout, centre)
        else:
            # Nobody to wait for, nor to hear from: whoever comes later gets it.
            rollout.step, rollout.state = len(rollout.steps) - 1, DONE
        session.flush()
        session.expunge(rollout)
    return rollout


def _goes_up(session: Session, kind: Kind, version: int) -> None:
    """RepositoryError if a newer one is under way or has been everywhere: back goes only what was taken back."""
    newer = select(Rollout.version).where(
        Rollout.kind == kind.thing, Rollout.state != STOPPED, Rollout.version > version
    )
    found = session.scalars(newer.order_by(Rollout.version.desc())).first()
    if found is not None:
        raise RepositoryError(
            f"{kind.noun} {found} was rolled out after it: take that back with `totem {_command(kind)} rollback`"
        )


def _command(kind: Kind) -> str:
    return "catalog" if kind is CATALOGUE else kind.thing


def _active(session: Session, group: str | None) -> list[str]:
    chosen = select(Kiosk.id).where(Kiosk.state == "active")
    return list(session.scalars(chosen if group is None else chosen.where(Kiosk.group == group)))


def _takes_part(centre: Centre, kind: Kind, offered: Offer, kiosk: str, beat: HeartbeatRow | None) -> bool:
    """Whether a kiosk is led by this rollout; one that was never heard is. RepositoryError if it could not follow."""
    if beat is None:
        return True
    told = kind.kept(beat.body)
    if told is None or kind.operator(centre, told.runs) not in {None, offered.operator}:
        return False
    if not kind.everybodys and told.runs > offered.version:
        return False
    against = kind.hindrance(centre, offered, told)
    if against is not None:
        raise RepositoryError(f"{kiosk} cannot run {kind.noun} {offered.version}, which {against}")
    return True


def stop(centre: Centre, reason: str, version: int | None = None, kind: Kind = CATALOGUE) -> Rollout:
    """Takes the newest rollout back, running or done (or the newest of a version). RepositoryError if there is none,
    or nothing that its kiosks could go back to.
    """
    listed = kind.listed(centre)
    with centre.database.transaction() as session:
        known = select(Rollout).where(Rollout.kind == kind.thing)
        wanted = known.where(Rollout.state != STOPPED).order_by(Rollout.number.desc())
        if version is not None:
            wanted = wanted.where(Rollout.version == version)
        rollout = session.scalars(wanted).first()
        if rollout is None:
            raise RepositoryError(f"there is no rollout to take back: see `totem {_command(kind)} status`")
        earlier = session.scalars(known.where(Rollout.state == DONE, Rollout.number < rollout.number))
        back = [found for found in earlier if found.version in listed]
        taken = listed.get(rollout.version)
        versions = [found.version for found in session.scalars(known)]
        if not back and _before_any(listed, versions, taken.operator if taken else None) is None:
            raise RepositoryError(
                f"before {kind.noun} {rollout.version} nothing was rolled out that the signed metadata still lists: "
                f"push a corrected {kind.thing} instead"
            )
        _stop(rollout, reason)
        session.flush()
        session.expunge(rollout)
    return rollout


def newest_first(session: Session) -> Sequence[Rollout]:
    """All that there were, of every kind."""
    return session.scalars(_NEWEST_FIRST).all()


def heard(
    centre: Centre, session: Session, kiosk: Kiosk, beat: Heartbeat, all_known: Sequence[Rollout],
    kind: Kind = CATALOGUE,
) -> Offer | None:
    """What a kiosk should run; what it says of the version it runs moves its rollout on, or stops it. `all_known`:
    `newest_first`, read once for both kinds.
    """  # fmt: skip
    told, listed = kind.told(beat), kind.listed(centre)
    if told is None or not listed:
        return None
    known = [rollout for rollout in all_known if rollout.kind == kind.thing]
    for rollout in known:
        member = session.get(RolloutMember, (rollout.number, kiosk.id)) if rollout.state == RUNNING else None
        if member is not None and member.step <= rollout.step:
            _judge(centre, session, member, rollout, told)
    wanted = _wanted(session, kiosk, known, listed, told, kind.operator(centre, told.runs), kind)
    if wanted is not None and kind.hindrance(centre, wanted, told):
        return None
    return wanted


def _wanted(
    session: Session, kiosk: Kiosk, known: Sequence[Rollout], listed: Mapping[int, Offer], told: Told,
    operator: str | None, kind: Kind,
) -> Offer | None:
    """The newest rollout that has reached this kiosk, or has been everywhere; else what was there before any. Of the
    program nobody is led down but from what this centre rolled out and took back, and nobody to what failed there.
    """  # fmt: skip
    newest = {rollout.version: rollout.state for rollout in reversed(known)}
    taken_back = newest.get(told.runs) == STOPPED
    for rollout in known:
        if rollout.group not in {None, kiosk.group} or rollout.state == STOPPED:
            continue
        found = listed.get(rollout.version)
        if found is None or operator not in {None, found.operator}:
            continue
        if not kind.everybodys and (
            found.version in told.bad or (found.version < told.runs and not taken_back)
        ):
            continue
        if rollout.state == DONE:
            return found
        member = session.get(RolloutMember, (rollout.number, kiosk.id))
        if member is not None and member.step <= rollout.step and member.state != FAILED:
            return found
    before = _before_any(listed, list(newest), operator)
    if kind.everybodys:
        return before
    return before if before and taken_back and before.version < told.runs and before.version not in told.bad else None


def _before_any(listed: Mapping[int, Offer], rolled_out: Sequence[int], operator: str | None) -> Offer | None:
    """The newest version that was published before the first rollout of an operator's: it was everybody's."""
    theirs = {version: found for version, found in listed.items() if operator in {None, found.operator}}
    first = min((version for version in rolled_out if version in theirs), default=None)
    return theirs.get(max((version for version in theirs if first is None or version < first), default=0))


def _judge(centre: Centre, session: Session, member: RolloutMember, rollout: Rollout, told: Told) -> None:
    if member.faults is None:
        member.faults = told.faults
    member.heard = centre.now()
    runs = told.runs == rollout.version
    if rollout.version in told.bad or (runs and told.faults > member.faults):
        if member.state != FAILED:
            log.warning("rollout-failure", rollout=rollout.number, version=rollout.version, kiosk=member.kiosk)
        member.state = FAILED
    elif member.state == WAITING and runs and told.proven:
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


def set_aside(centre: Centre, version: int, kind: Kind = CATALOGUE) -> list[int]:
    """Ends the rollouts that are under way, because a newer version comes; gives their versions. Their kiosks return
    to what ran before until the newer one reaches them.
    """
    listed = kind.listed(centre)
    newer = listed.get(version)
    running = select(Rollout).where(Rollout.state == RUNNING, Rollout.kind == kind.thing, Rollout.version < version)
    with centre.database.transaction() as session:
        theirs = [
            rollout
            for rollout in session.scalars(running)
            if (older := listed.get(rollout.version)) is None or newer is None or older.operator == newer.operator
        ]
        for rollout in theirs:
            _stop(rollout, f"set aside by {kind.noun} {version}")
        return [rollout.version for rollout in theirs]


def of_version(centre: Centre, version: int, kind: Kind = CATALOGUE) -> str | None:
    """How the newest rollout of a version stands; None if there was none."""
    with centre.database.transaction() as session:
        newest = select(Rollout.state).where(Rollout.version == version, Rollout.kind == kind.thing)
        return session.scalars(newest.order_by(Rollout.number.desc())).first()


def begin_pushed(
    centre: Centre, version: int, *, steps: Sequence[str], group: str | None, wait_s: int = 0,
    kind: Kind = CATALOGUE,
) -> list[int]:
    """Begins the rollout of a version that was just published, in the place of what is under way; gives the versions
    that were set aside. One that has begun already goes on. RepositoryError, saying how to go on, where that fails.
    """  # fmt: skip
    again = f"`totem {_command(kind)} rollout {version}`"
    try:
        match of_version(centre, version, kind):
            case None:
                aside = set_aside(centre, version, kind)
                begin(centre, version, steps=steps, group=group, wait_s=wait_s, kind=kind)
            case state if state == STOPPED:
                raise RepositoryError(
                    f"{kind.noun} {version} was taken back: begin again with {again}, or push a corrected {kind.thing}"
                )
            case _:
                aside = []
    except SQLAlchemyError as error:
        raise RepositoryError(
            f"{kind.noun} {version} is published, and no kiosk is led to it yet, for the centre's database cannot be "
            f"written: mend that, then run {again}"
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
