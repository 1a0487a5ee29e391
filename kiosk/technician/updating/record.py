"""The state of updates on disk, root's alone, and what is told of it to everybody else.

`state.json` is what counts. `unfinished` lies beside it as long as something is being tried, for units that begin by
it; it is there before a state that needs it and gone after, so that no cut leaves one without the other. `report.json`
is for the kiosk's own processes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kiosk.technician.provisioning import system
from kiosk.technician.provisioning.environment import PROGRAM
from kiosk.technician.provisioning.machine import Machine, write
from kiosk.technician.updating.state import (
    AtRest,
    Building,
    Phase,
    PuttingBack,
    Returning,
    State,
    Switching,
    Trying,
    Version,
    Waiting,
)
from offline_cache import release
from offline_cache.contract.hand_over import Offered
from offline_cache.durable_files import sync_folder

FOLDER = system.UPDATES
STATE = f"{FOLDER}/state.json"
UNFINISHED = f"{FOLDER}/unfinished"
REPORT = f"{FOLDER}/report.json"
_PHASES: dict[str, type[Phase]] = {
    kind.__name__: kind for kind in (AtRest, Building, Waiting, Switching, PuttingBack, Trying, Returning)
}


def read(machine: Machine) -> State:
    """What was written last. Where nothing was, or where a technician provisioned another version since, what is in use
    counts as proven. FileNotFoundError where nothing is.
    """
    in_use = str(machine.at(PROGRAM).readlink())
    kept = _read(machine.at(STATE))
    if kept is None:
        return State(version_in(machine, in_use))
    if in_use in {version.folder for version in _versions(kept)}:
        return kept
    return State(version_in(machine, in_use), bad=kept.bad, reader=kept.reader)


def version_in(machine: Machine, folder: str) -> Version:
    """The release that was built in that folder of the machine."""
    found = release.of(machine.at(folder) / release.SHARE)
    return Version(found.number, folder, found.schema, found.oldest_reader)


def keep(machine: Machine, state: State) -> None:
    """Durably, before what it says is begun."""
    unfinished = machine.at(UNFINISHED)
    unfinished.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    finished = isinstance(state.phase, AtRest)
    if not finished and not unfinished.exists():
        write(unfinished, b"", 0o644)
    write(machine.at(STATE), json.dumps(_as_json(state), indent=1).encode(), 0o600)
    write(machine.at(REPORT), json.dumps(report(state)).encode(), 0o644)
    sync_folder(unfinished.parent)
    if finished:
        unfinished.unlink(missing_ok=True)


def leave_unfinished(machine: Machine) -> None:
    """Something is still to be done, though nothing is being tried: the unit that does it begins by this."""
    write(machine.at(UNFINISHED), b"", 0o644)


def report(state: State) -> dict[str, Any]:
    """For the heartbeat and the technician: nothing that only root may know."""
    trying = isinstance(state.phase, Trying)
    return {
        "state": "trying" if trying else "proven" if state.updated else "current",
        "bad": sorted({*state.bad, *state.refused}),
        "why": state.why,
        "next": next_number(state.phase),
    }


def next_number(phase: Phase) -> int | None:
    match phase:
        case AtRest():
            return None
        case Building(offered=offered):
            return offered.release
        case _:
            return phase.next.number


def _versions(state: State) -> list[Version]:
    found = [state.proven]
    if not isinstance(state.phase, AtRest | Building):
        found.append(state.phase.next)
    return found


def _as_json(state: State) -> dict[str, Any]:
    said = asdict(state)
    said["phase"] = {"kind": type(state.phase).__name__, **asdict(state.phase)}
    return said


def _read(file: Path) -> State | None:
    """None where there is none, or none that can be read: then nobody knows of an attempt, and what runs, runs."""
    try:
        said = json.loads(file.read_bytes())
        return State(
            proven=Version(**said["proven"]),
            before=None if said["before"] is None else Version(**said["before"]),
            updated=bool(said["updated"]),
            bad=tuple(said["bad"]),
            refused=tuple(said["refused"]),
            why=str(said["why"]),
            reader=int(said["reader"]),
            phase=_phase(dict(said["phase"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _phase(said: dict[str, Any]) -> Phase:
    kind = _PHASES[said.pop("kind")]
    if "next" in said:
        said["next"] = Version(**said["next"])
    if "offered" in said:
        said["offered"] = Offered(**said["offered"])
    if "before" in said:
        said["before"] = tuple(said["before"])
    return kind(**said)
