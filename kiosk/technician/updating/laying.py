"""Run by a release itself, as root: lays its own units and rules onto the machine.

`python -m kiosk.technician.updating.laying`, by the Python of that release; with `--rehearse` nothing is laid, and only
what the next update will need is looked for. These two are what every release keeps for the one before it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk.technician.provisioning import system
from kiosk.technician.provisioning.machine import Machine, ProvisioningError
from offline_cache import release


def lay(machine: Machine, share: Path) -> None:
    """The files, and systemd told of them; what they start with the machine is started with it."""
    if system.lay(machine, share):
        system.tell(machine)
    system.complete(machine)


def rehearse(share: Path) -> None:
    """Everything that an update needs of this release is whole. Raises whatever is wrong."""
    from kiosk.technician.updating import process

    missing = [name for name, *_ in system.FILES if not (share / name).is_file()]
    if missing:
        raise ProvisioningError(f"{missing[0]} is missing")
    assert process.main is not None
    release.of(share)


def _main() -> None:
    share = Path(sys.prefix) / release.SHARE
    if sys.argv[1:] == ["--rehearse"]:
        rehearse(share)
    else:
        lay(Machine(Path("/"), dry=False, say=print), share)


if __name__ == "__main__":
    try:
        _main()
    except (ProvisioningError, OSError, ValueError) as failed:
        sys.exit(f"totem: {failed}")
