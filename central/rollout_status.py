"""What `totem catalog status` and `totem release status` tell: versions, signatures and their ends, rollouts, what the
kiosks run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tuf.api.metadata import Metadata, Targets, Timestamp

from central import releases, repository
from central.centre import Centre
from central.models import HeartbeatRow
from central.repository import APPLICATION
from central.rollout_kinds import CATALOGUE, Kind
from central.rollout_models import Rollout, RolloutMember
from central.rollouts import RUNNING, WAITING

SHOWN = 5
# Names of kiosks that a rollout waits for, or that have a trouble.
NAMED = 5


def of(centre: Centre, kind: Kind = CATALOGUE) -> dict[str, Any]:
    """Plain values, for machines and for `lines`."""
    with centre.database.transaction() as session:
        beats = {row.kiosk: row.body for row in session.scalars(select(HeartbeatRow).order_by(HeartbeatRow.kiosk))}
        found: dict[str, Any] = {"rollouts": _rollouts(session, kind)}
    if kind is CATALOGUE:
        found |= _catalogues(centre, list(beats.values()))
    else:
        found |= _releases(centre, beats)
    return found | {"expires": _expiry(centre, kind)}


def _catalogues(centre: Centre, bodies: Sequence[dict[str, Any]]) -> dict[str, Any]:
    versions = sorted(repository.vouched(centre.state).values(), key=lambda entry: entry.version)
    return {
        "versions": [
            {"version": entry.version, "operator": entry.operator, "min_version": entry.min_version}
            for entry in versions
        ],
        "running": _counted([body.get("catalogue_version", 0) for body in bodies]),
        "bad": _counted([version for body in bodies for version in body.get("catalogue_bad", ())]),
    }


def _releases(centre: Centre, beats: dict[str, dict[str, Any]]) -> dict[str, Any]:
    told = {kiosk: about for kiosk, body in beats.items() if (about := body.get("application"))}
    return {
        "releases": [
            {
                "release": entry.version, "version": entry.name, "min_release": entry.min_version,
                "platforms": list(entry.platforms), "lock": entry.lock, "schema": entry.schema,
            }
            for _, entry in sorted(releases.listed(centre.state).items())
        ],
        "running": _counted([about.get("release", 0) for about in told.values()]),
        "bad": _counted([release for about in told.values() for release in about.get("bad", ())]),
        "troubles": [
            {"kiosk": kiosk, "release": about.get("release"), "why": about["why"]}
            for kiosk, about in told.items() if about.get("why")
        ],
        "by_hand": len(beats) - len(told),
    }  # fmt: skip


def _counted(numbers: list[int]) -> dict[str, int]:
    return {str(number): count for number, count in sorted(Counter(numbers).items())}


def _rollouts(session: Session, kind: Kind) -> list[dict[str, Any]]:
    newest = select(Rollout).where(Rollout.kind == kind.thing).order_by(Rollout.number.desc()).limit(SHOWN)
    return [
        {
            "rollout": row.number, kind.noun: row.version, "group": row.group, "state": row.state,
            "step": row.steps[row.step], "reason": row.reason,
            "kiosks": {  # noqa: C416  rows are no pairs to dict()
                name: count
                for name, count in session.execute(
                    select(RolloutMember.state, func.count())
                    .where(RolloutMember.rollout == row.number, RolloutMember.step <= row.step)
                    .group_by(RolloutMember.state)
                )
            },
            "waits_for": list(
                session.scalars(
                    select(RolloutMember.kiosk)
                    .where(RolloutMember.rollout == row.number, RolloutMember.step <= row.step)
                    .where(RolloutMember.state == WAITING)
                    .order_by(RolloutMember.kiosk)
                    .limit(NAMED)
                )
            ) if row.state == RUNNING else [],
        }
        for row in session.scalars(newest)
    ]  # fmt: skip


def _expiry(centre: Centre, kind: Kind) -> dict[str, str]:
    """Until when what this kind needs is signed; catalogues and releases do not wait for each other's."""
    state = centre.state
    found = {"root": repository.root(state).signed.expires}
    known = repository.snapshot(state)
    if known is not None:
        timestamp = Metadata[Timestamp].from_file(str(state.tuf_metadata / "timestamp.json")).signed
        found |= {"timestamp": timestamp.expires, "snapshot": known.expires}
        for name in known.meta:
            role = name.removesuffix(".json")
            metadata: Metadata[Targets] | None = repository.published(state, role)
            if metadata is not None and (role == Targets.type or (role == APPLICATION) == (kind is not CATALOGUE)):
                found[role] = metadata.signed.expires
    return {role: moment.date().isoformat() for role, moment in found.items()}


def lines(found: dict[str, Any], kind: Kind = CATALOGUE) -> list[str]:
    """The same for people."""
    said = [
        f"version {entry['version']}  operator {entry['operator']}  lowest that may run {entry['min_version']}"
        for entry in found.get("versions", ())
    ]
    said += [
        f"release {entry['release']}  version {entry['version']}  lowest that may run {entry['min_release']}"
        + (f"  wheels for {', '.join(entry['platforms'])}" if entry["platforms"] else "")
        for entry in found.get("releases", ())
    ]
    said = said or ["nothing is published yet"]
    said.append("signed until  " + "  ".join(f"{role} {day}" for role, day in found["expires"].items()))
    for entry in found["rollouts"]:
        kiosks = ", ".join(f"{count} {state}" for state, count in sorted(entry["kiosks"].items())) or "no kiosk"
        group = f"  group {entry['group']}" if entry["group"] else ""
        reason = f"  {entry['reason']}" if entry["reason"] else ""
        said.append(
            f"rollout {entry['rollout']}  {kind.noun} {entry[kind.noun]}{group}  {entry['state']} at {entry['step']}: "
            f"{kiosks}{reason}"
        )
        if entry["waits_for"]:
            first = "a first session at " if kind is CATALOGUE else ""
            said.append(f"  waits for {first}{', '.join(entry['waits_for'])}")
    said += [f"{_kiosks(count, 'run')} {kind.noun} {version}" for version, count in found["running"].items()]
    said += [f"{_kiosks(count)} took {kind.noun} {version} back" for version, count in found["bad"].items()]
    troubles = found.get("troubles", [])
    said += [f"{entry['kiosk']} runs release {entry['release']}: {entry['why']}" for entry in troubles[:NAMED]]
    if len(troubles) > NAMED:
        said.append(f"and {len(troubles) - NAMED} more: see `totem central kiosks`")
    if found.get("by_hand"):
        said.append(f"{_kiosks(found['by_hand'], 'say')} nothing of releases: provision by hand once")
    return said


def _kiosks(count: int, does: str = "") -> str:
    words = ("1", "kiosk", does and f"{does}s") if count == 1 else (str(count), "kiosks", does)
    return " ".join(filter(None, words))
