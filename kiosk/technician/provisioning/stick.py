"""A folder (of a USB stick) from which a machine without a network is provisioned: Totem, wheels, Debian's packages.

Made on a machine with the same Debian and processor. The packages are fetched as for a system that has nothing at all;
each machine takes what it lacks.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from kiosk.technician.provisioning import packages
from kiosk.technician.provisioning.environment import LOCK, PACKAGES
from kiosk.technician.provisioning.machine import ProvisioningError

_WHOLE = ("provision", "unprovision", "pyproject.toml", "LICENSE", *PACKAGES, "systemd", "docs")


def make(source: Path, arguments: list[str], say: Callable[[str], None]) -> int:
    """Fills the folder; what is there already is not fetched again."""
    parser = argparse.ArgumentParser(prog="./provision stick", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to, for example /media/usb/totem")
    parser.add_argument("--also", metavar="PACKAGE", action="append", default=[], help="further Debian packages")
    parser.add_argument("--python", default=sys.executable, help="of the version that the machines have (this one's)")
    parser.add_argument("--only", choices=("wheels", "debs"), help="fetch only these")
    given = parser.parse_args(arguments)
    folder: Path = given.folder
    folder.mkdir(parents=True, exist_ok=True)
    if folder.resolve() != source.resolve():
        say("the program")
        copy_program(source, folder)
    if given.only != "debs":
        say("wheels")
        fetch_wheels(source, folder / "wheels", given.python)
    if given.only != "wheels":
        say("Debian packages")
        listed = packages.wanted((source / "systemd/appliance-packages.txt").read_text(encoding="utf-8"))
        _debs([names[0] for names in listed] + given.also, folder / "debs")
    say(f"{folder} is ready: on the machine, as root, run {folder}/provision")
    return 0


def copy_program(source: Path, folder: Path) -> None:
    """All that `provision` needs but packages and wheels."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _WHOLE:
        _copy(source / name, folder / name)


def index(folder: Path) -> str:
    """The `Packages` file of a folder of .deb files: their control fields, where each lies, length and hash."""
    entries = []
    for deb in sorted(folder.glob("*.deb")):
        about = _run(["dpkg-deb", "-f", str(deb)], failed=f"{deb.name} is no package")
        content = deb.read_bytes()
        entries.append(
            f"{about.strip()}\nFilename: ./{deb.name}\nSize: {len(content)}\n"
            f"SHA256: {hashlib.sha256(content).hexdigest()}\n"
        )
    return "\n".join(entries)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules"))
    else:
        shutil.copy2(source, target)


def fetch_wheels(source: Path, folder: Path, python: str, elsewhere: tuple[str, ...] = ()) -> None:
    """Every wheel of the lock that an interpreter of that version takes here; or `elsewhere`, as pip is told of another
    processor and version.
    """
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as aside:
        _run([python, "-m", "venv", aside], failed="no environment could be made: install python3-venv")
        _run(
            [f"{aside}/bin/python", "-m", "pip", "--disable-pip-version-check", "download", "-q", "--require-hashes",
             "--no-deps", "--only-binary", ":all:", *elsewhere, "-r", str(source / LOCK), "-d", str(folder)],
            failed="the wheels could not be fetched: check the network",
        )  # fmt: skip


def _debs(names: list[str], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "partial").mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile() as nothing:
        _run(
            ["apt-get", "-qq", "-o", f"Dir::State::status={nothing.name}",
             "-o", f"Dir::Cache::archives={folder.resolve()}", "-o", "APT::Sandbox::User=root",
             "-o", "Debug::NoLocking=true", "install", "-y", "--download-only", "--no-install-recommends", *names],
            failed="the packages could not be fetched: as root, apt-get update, then again",
        )  # fmt: skip
    shutil.rmtree(folder / "partial")
    (folder / "lock").unlink(missing_ok=True)
    (folder / "Packages").write_text(index(folder), encoding="utf-8")


def _run(command: list[str], *, failed: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise ProvisioningError(f"{failed} ({said[-1]})" if said else failed)
    return done.stdout
