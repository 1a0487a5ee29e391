"""The way back: what provisioning put there is taken away, what it replaced is put back."""

from __future__ import annotations

import json
import shutil

from kiosk.technician.provisioning import environment, keys, packages, root_partition, system
from kiosk.technician.provisioning.enrolling import TOTEM
from kiosk.technician.provisioning.machine import SETUP, Machine, ProvisioningError

STATE = "/var/lib/totem"


def remove(machine: Machine, *, with_state: bool) -> None:
    """Everything of the diary. The store and its keys only if that is said, and if nothing waits in it."""
    if with_state:
        _nothing_waits(machine)
    system.disable(machine)
    root_partition.writable_again(machine)
    for path in reversed(list(machine.diary.files)):
        machine.changed(f"{path} {'put back' if machine.diary.files[path] else 'removed'}")
        if not machine.dry:
            machine.put_back(path)
    environment.remove(machine)
    if with_state:
        for folder in (STATE, "/run/totem", system.UPDATES):
            if machine.at(folder).exists():
                machine.changed(f"{folder} removed")
                if not machine.dry:
                    shutil.rmtree(machine.at(folder))
        keys.remove(machine)
        if machine.ask(["getent", "passwd", system.USER]) is not None:
            machine.do(f"user {system.USER} removed", ["userdel", system.USER], failed="the user could not be removed")
    elif machine.at(STATE).exists():
        machine.note(f"{STATE} and its keys stay: what waits there can still be sent. --with-state removes them")
    packages.remove(machine)
    system.reload(machine)
    if not machine.dry and with_state and machine.at(SETUP).exists():
        shutil.rmtree(machine.at(SETUP))


def _nothing_waits(machine: Machine) -> None:
    """What a citizen was told is registered is nowhere else."""
    if not machine.at(f"{STATE}/store.db").exists() or not machine.at(TOTEM).exists():
        return
    told = machine.ask([TOTEM, "queue", "status", "--json"])
    waiting = None if told is None else json.loads(told).get("waiting")
    if waiting != 0:
        many = "nobody knows what" if waiting is None else f"{waiting} citizens' requests"
        raise ProvisioningError(
            f"{many} may wait in the store for the centre: let the kiosk send first, or keep the state"
        )
