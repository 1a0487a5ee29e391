"""Whether a release that was put in place is well: its units are up and stay up, and it broke nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable

from kiosk.health.findings import What
from kiosk.technician.provisioning.enrolling import TOTEM
from kiosk.technician.provisioning.machine import Machine
from kiosk.technician.updating.state import Healthy, Unhealthy

STORE = "totem-store.service"
UNITS = {"totem-kiosk.service": "screen", "totem-printer.service": "printing", "totem-sync.service": "sending"}
# A migration of the largest store, as long as its unit allows; then the others, on a small machine.
STORE_S = 15 * 60.0
UP_S = 240.0
# So long all must run without a break: what fails a minute after its start would do so before each citizen. Once one
# may begin anew, for a reader that was touched or a technician who wished it.
STEADY_S = 60.0
MOST_RESTARTS = 1
# For a printer that is slow to answer; for a centre that has troubles of its own, which are not this release's.
PATIENCE_S = 90.0
CENTRE_PATIENCE_S = 1800.0
LOOK_EVERY_S = 2.0
# What a program can break. Paper, cables and the network are nobody's fault who wrote it.
_CENTRE = "centre"
BREAKABLE = {
    What.SETTINGS_WRONG: "settings", What.STORE_LOST: "store", What.STORE_ALTERED: "store",
    What.SCREEN_STOPPED: "screen", What.PRINTING_STOPPED: "printing", What.SENDING_STOPPED: "sending",
    What.NOT_ENROLLED: "enrolment", What.CODES_USED_UP: "enrolment", What.CATALOGUE_NONE: "catalogue",
    What.CATALOGUE_DEMONSTRATION: "catalogue", What.PRINTER_UNKNOWN: "printer", What.PRINTER_ABSENT: "printer",
    What.PRINTER_ERROR: "printer", What.READER_SERVICE_GONE: "reader", What.TLS_REFUSED: _CENTRE,
    What.TIME_UNKNOWN: _CENTRE, What.CENTRE_REFUSES: _CENTRE, What.CENTRE_NOT_ASKED: _CENTRE,
}  # fmt: skip


def broken(machine: Machine) -> tuple[str, ...] | None:
    """What of all that a program can break needs a hand now, as `totem doctor` finds it; None if it cannot look."""
    try:
        said = machine.run([TOTEM, "doctor", "--json"])
        found = json.loads(said.stdout)["findings"]
        return tuple(sorted({str(finding["what"]) for finding in found} & set(BREAKABLE)))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def examine(
    machine: Machine, before: tuple[str, ...], now_s: Callable[[], float], wait: Callable[[float], object]
) -> Healthy | Unhealthy:
    """Takes a few minutes. `before`: what needed a hand before the switch, which this release did not break."""
    why = _up(machine, now_s, wait) or _well(machine, before, now_s, wait)
    return Healthy() if why is None else Unhealthy(f"health:{why}")


def _up(machine: Machine, now_s: Callable[[], float], wait: Callable[[float], object]) -> str | None:
    until_s = now_s() + STORE_S
    while (shown := _shown(machine, STORE)).get("ActiveState") != "active":
        if now_s() > until_s or _restarts(shown) > MOST_RESTARTS:
            return "store"
        wait(LOOK_EVERY_S)
    until_s, steady_s = now_s() + UP_S, now_s()
    restless = next(iter(UNITS.values()))
    seen: dict[str, str | None] = {}
    while now_s() - steady_s < STEADY_S:
        for unit, part in UNITS.items():
            shown = _shown(machine, unit)
            if _restarts(shown) > MOST_RESTARTS:
                return part
            if shown.get("ActiveState") != "active" or seen.get(unit) != shown.get("MainPID"):
                seen[unit], steady_s, restless = shown.get("MainPID"), now_s(), part
        if now_s() > until_s:
            return restless
        wait(LOOK_EVERY_S)
    return None


def _restarts(shown: dict[str, str]) -> int:
    return int(shown.get("NRestarts") or 0)


def _well(
    machine: Machine, before: tuple[str, ...], now_s: Callable[[], float], wait: Callable[[float], object]
) -> str | None:
    began_s = now_s()
    while True:
        found = broken(machine)
        new = None if found is None else sorted(set(found) - set(before))
        if new == []:
            return None
        parts = {"doctor"} if new is None else {BREAKABLE[What(what)] for what in new}
        patience_s = CENTRE_PATIENCE_S if parts == {_CENTRE} else PATIENCE_S
        if now_s() - began_s > patience_s:
            return min(parts)
        wait(LOOK_EVERY_S)


def _shown(machine: Machine, unit: str) -> dict[str, str]:
    said = machine.ask(["systemctl", "show", "-p", "ActiveState,NRestarts,MainPID,InvocationID", unit]) or ""
    return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
