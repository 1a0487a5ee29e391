"""Fresh Debian roots, and the stick from which a machine without a network is provisioned; made once, kept in a folder
(TOTEM_APPLIANCE_CACHE) until what they are made of changes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.appliance.outside import PROJECT

CACHE = Path(os.environ.get("TOTEM_APPLIANCE_CACHE", "/var/tmp/totem-appliance"))
MIRROR = "http://deb.debian.org/debian"
# As little as boots; what a technician finds on a fresh disk is more.
BARE = "systemd,systemd-sysv,dbus,udev,python3,ca-certificates"
# What this test needs besides, and no kiosk: a glass that is not there, and a look at it.
GLASS = ("grim", "xvfb", "xdotool")
# What a machine with a disk of its own has besides: what a fresh Debian boots with, and finds its network by.
MACHINE = ("linux-image-amd64", "initramfs-tools", "zstd", "systemd-resolved", "iproute2", "kmod", "procps")


@dataclass(frozen=True)
class Debian:
    """A release, and the Python that it has."""

    name: str
    python: str

    @property
    def root(self) -> Path:
        return CACHE / self.name / "root"

    @property
    def stick(self) -> Path:
        return CACHE / self.name / "stick"


# Of which there is a machine in software too.
EMULATED = "bookworm"
RELEASES = (Debian("bookworm", "3.11"), Debian("trixie", "3.13"))


def prepare(release: Debian) -> None:
    """Root and stick as they must be."""
    release.root.parent.mkdir(parents=True, exist_ok=True)
    if not (release.root / "usr/bin/python3").exists():
        _do("mmdebstrap", "--variant=minbase", f"--include={BARE}", release.name, str(release.root), MIRROR)
        shutil.copy("/etc/resolv.conf", release.root / "etc/resolv.conf")
    provision = str(PROJECT / "provision")
    _do(sys.executable, provision, "stick", str(release.stick), "--only", "wheels", "--python", python_of(release))
    packages = (PROJECT / "systemd/appliance-packages.txt").read_bytes()
    stamp, wanted = release.stick / "debs/made-of", hashlib.sha256(packages + repr(_also(release)).encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        with _inside(release.root, release.stick):
            _do("chroot", str(release.root), "apt-get", "-qq", "update")
            also = [word for name in _also(release) for word in ("--also", name)]
            _do("chroot", str(release.root), "/mnt/provision", "stick", "/mnt", "--only", "debs", *also)
            _do("chroot", str(release.root), "apt-get", "clean")
        stamp.write_text(wanted)


def _also(release: Debian) -> tuple[str, ...]:
    return (*GLASS, *MACHINE) if release.name == EMULATED else GLASS


def python_of(release: Debian) -> str:
    """An interpreter of the release's version on this machine, to know which wheels it takes."""
    if sys.version_info[:2] == tuple(map(int, release.python.split("."))):
        return sys.executable
    # Of pyenv's the interpreter itself: its shims may refuse.
    own = sorted(Path.home().glob(f".pyenv/versions/{release.python}.*/bin/python"))
    found = str(own[-1]) if own else shutil.which(f"python{release.python}")
    assert found, f"python{release.python} is needed here, to fetch the wheels of {release.name}"
    return found


@contextmanager
def _inside(root: Path, stick: Path) -> Iterator[None]:
    _do("mount", "--bind", str(stick), str(root / "mnt"))
    try:
        yield
    finally:
        _do("umount", str(root / "mnt"))


def _do(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
