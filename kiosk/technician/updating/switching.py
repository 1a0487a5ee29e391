"""One whole version in the place of another: stopped, the link moved, its units laid, started. As root."""

from __future__ import annotations

import os

from kiosk.technician.provisioning import environment, system
from kiosk.technician.provisioning.machine import Machine, ProvisioningError
from kiosk.technician.updating import laying
from kiosk.technician.updating.state import NotSwitched, Switched, Version
from offline_cache import release

# Everything that has the program open. The store's own unit too: it is what migrates.
RUNNING = ("totem-kiosk.service", "totem-printer.service", "totem-sync.service", "totem-store.service")
# What is at work here, and what only a start of the machine begins.
_OURS = ("totem-update.path", "totem-return.service")
LAY = ("-m", "kiosk.technician.updating.laying")


def switch(machine: Machine, to: Version) -> Switched | NotSwitched:
    """The release in place, its units laid by its own hand, everything begun. Nothing is waited for.

    Raises ProvisioningError or OSError where the system did not do its part, as one that is just being shut down: that
    says nothing of the release, and is a switch that was cut off.
    """
    _stop(machine)
    environment.use(machine, to.folder)
    try:
        machine.quietly([str(machine.at(to.folder) / "bin/python"), *LAY], failed="its units could not be laid")
    except ProvisioningError as error:
        machine.note(str(error))
        return NotSwitched("switch")
    os.sync()
    start(machine)
    return Switched()


def put_back(machine: Machine, proven: Version, *, starting: bool) -> None:
    """The proven version in place again, whatever was begun. `starting`: the machine is, and nothing runs yet.

    Raises ProvisioningError or OSError, and is then to be tried again.
    """
    if not starting:
        _stop(machine)
    environment.use(machine, proven.folder)
    laying.lay(machine, machine.at(proven.folder) / release.SHARE)
    os.sync()
    if not starting:
        start(machine)


def tidy(machine: Machine, proven: Version, before: Version | None) -> None:
    """The proven version judges from now on; of the others only the one before it stays."""
    environment.use(machine, proven.folder)
    machine.link(environment.PROVEN, proven.folder, why="the version that judges updates")
    environment.clear(machine, {proven.folder, *([before.folder] if before else [])})
    os.sync()


def _stop(machine: Machine) -> None:
    """Twice, because the store's unit upholds the others: what it began again while it was stopping goes then."""
    for _ in range(2):
        machine.quietly(["systemctl", "stop", *RUNNING], failed="the kiosk does not stop")


def start(machine: Machine) -> None:
    """Begun, not waited for: a migration may take its time."""
    wanted = [unit for unit in system.STARTED if unit not in _OURS]
    machine.quietly(["systemctl", "reset-failed", *RUNNING], failed="systemd does not answer")
    machine.quietly(["systemctl", "start", "--no-block", *wanted], failed="the units do not start")
