"""Whether this machine can boot machines: exit status 0, or 1 with everything that is missing, loudly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.appliance import emulator

PROGRAMS = ("systemd-nspawn", "mmdebstrap", "nsenter", "ip", "mount", "systemd-analyze")


def missing() -> list[str]:
    """What would have to be so."""
    if os.geteuid() != 0:
        return ["it is not run as root"]
    wanting = [f"{name} is not installed" for name in PROGRAMS if shutil.which(name) is None]
    cgroups = [folder for folder in Path("/sys/fs/cgroup").glob("*/cgroup.procs") if os.access(folder, os.W_OK)]
    if not cgroups and not os.access("/sys/fs/cgroup/cgroup.procs", os.W_OK):
        wanting.append("cgroups cannot be written")
    if not wanting:
        wanting += _mounts()
    return wanting


def _mounts() -> list[str]:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        for name in ("lower", "upper", "work", "all"):
            (Path(folder) / name).mkdir()
        options = f"lowerdir={folder}/lower,upperdir={folder}/upper,workdir={folder}/work"
        command = ["mount", "-t", "overlay", "overlay", "-o", options, f"{folder}/all"]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return ["overlays cannot be mounted"]
        subprocess.run(["umount", f"{folder}/all"], check=False)
    return []


def loudly(what: str, wanting: list[str]) -> str:
    """Lines that nobody overlooks."""
    line = "#" * 100
    return f"{line}\nNOT TRIED: {what}. On this machine {'; '.join(wanting)}.\n{line}"


if __name__ == "__main__":
    if wanting := missing():
        print(loudly("the appliance (make test-appliance)", wanting))
        sys.exit(1)
    if without_glass := emulator.missing():
        print(loudly("the real glass (a part of make test-appliance)", without_glass))
