"""What `totem catalog status` tells: versions, signatures and their ends, rollouts, what the kiosks run."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, select
from tuf.api.metadata import Metadata, Targets, Timestamp

from central import repository
from central.centre import Centre
from central.models import HeartbeatRow
from central.rollout_models import Rollout, RolloutMember
from central.rollouts import RUNNING, WAITING

SHOWN = 5
# Names of kiosks that a rollout waits for.
NAMED = 5


def of(centre: Centre) -> dict[str, Any]:
    """Plain values, for machines and for `lines`."""
    state = centre.state
    versions = sorted(repository.vouched(state).values(), key=lambda entry: entry.version)
    with centre.database.transaction() as session:
        beats = [row.body for row in session.scalars(select(HeartbeatRow))]
        rollouts = [
            {
                "rollout": row.number, "version": row.version, "group": row.group, "state": row.state,
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
            for row in session.scalars(select(Rollout).order_by(Rollout.number.desc()).limit(SHOWN))
        ]  # fmt: skip
    return {
        "versions": [
            {"version": entry.version, "operator": entry.operator, "min_version": entry.min_version}
            for entry in versions
        ],
        "expires": _expiry(centre),
        "rollouts": rollouts,
        "running": {str(version): count for version, count in sorted(Counter(
            body.get("catalogue_version", 0) for body in beats
        ).items())},
        "bad": {str(version): count for version, count in sorted(Counter(
            version for body in beats for version in body.get("catalogue_bad", ())
        ).items())},
    }  # fmt: skip


def _expiry(centre: Centre) -> dict[str, str]:
    state = centre.state
    found = {"root": repository.root(state).signed.expires}
    known = repository.snapshot(state)
    if known is not None:
        timestamp = Metadata[Timestamp].from_file(str(state.tuf_metadata / "timestamp.json")).signed
        found |= {"timestamp": timestamp.expires, "snapshot": known.expires}
        for name in known.meta:
            role = name.removesuffix(".json")
            metadata: Metadata[Targets] | None = repository.published(state, role)
            if metadata is not None:
                found[role] = metadata.signed.expires
    return {role: moment.date().isoformat() for role, moment in found.items()}


def lines(found: dict[str, Any]) -> list[str]:
    """The same for people."""
    said = [
        f"version {entry['version']}  operator {entry['operator']}  lowest that may run {entry['min_version']}"
        for entry in found["versions"]
    ] or ["nothing is published yet"]
    said.append("signed until  " + "  ".join(f"{role} {day}" for role, day in found["expires"].items()))
    for entry in found["rollouts"]:
        kiosks = ", ".join(f"{count} {state}" for state, count in sorted(entry["kiosks"].items())) or "no kiosk"
        group = f"  group {entry['group']}" if entry["group"] else ""
        reason = f"  {entry['reason']}" if entry["reason"] else ""
        said.append(
            f"rollout {entry['rollout']}  version {entry['version']}{group}  {entry['state']} at {entry['step']}: "
            f"{kiosks}{reason}"
        )
        if entry["waits_for"]:
            said.append(f"  waits for a first session at {', '.join(entry['waits_for'])}")
    said += [f"{count} kiosks run version {version}" for version, count in found["running"].items()]
    said += [f"{count} kiosks took version {version} back" for version, count in found["bad"].items()]
    return said
