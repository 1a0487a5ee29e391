"""The two keys of a kiosk, sealed to this machine: the store's and the device's. Nobody ever sees them in a file."""

from __future__ import annotations

import os

from kiosk.technician.provisioning.machine import Machine, write

STORE = "/etc/credstore.encrypted"
NAMES = ("store.key", "device.key")
KEY_BYTES = 32


def make(machine: Machine) -> None:
    """What is missing of them. A key that is there is never replaced: what it protects would be lost."""
    missing = [name for name in NAMES if not machine.at(f"{STORE}/{name}").is_file()]
    if not missing:
        return
    sealing = "host+tpm2" if machine.ask(["systemd-creds", "has-tpm2", "-q"]) is not None else "host"
    where = "this machine's chip and disk" if sealing == "host+tpm2" else "this disk (there is no TPM)"
    for name in missing:
        machine.changed(f"{STORE}/{name} made, sealed to {where}")
        if machine.dry:
            continue
        sealed = machine.quietly(
            ["systemd-creds", "encrypt", f"--with-key={sealing}", f"--name={name}", "-", "-"],
            failed="systemd-creds cannot seal keys here",
            text=os.urandom(KEY_BYTES).hex() + "\n",
        )
        write(machine.at(f"{STORE}/{name}"), sealed.encode(), 0o600)


def remove(machine: Machine) -> None:
    """Without them the store can never be read again."""
    for name in NAMES:
        file = machine.at(f"{STORE}/{name}")
        if file.exists():
            machine.changed(f"{STORE}/{name} removed")
            if not machine.dry:
                file.unlink()
