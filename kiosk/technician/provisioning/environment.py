"""/opt/totem: the program in an environment of its own, hash-locked, without a compiler and without the centre.

Each version is a folder in /opt/totem.releases; /opt/totem is a link to the one in use, moved once that is whole.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tomllib
from pathlib import Path

from kiosk.technician.provisioning.machine import Machine, ProvisioningError, write

PROGRAM = "/opt/totem"
RELEASES = "/opt/totem.releases"
PACKAGES = ("kiosk", "printer", "devices", "offline_cache")
LOCK = "systemd/appliance.lock"
OLDEST, NEWEST = (3, 11), (3, 13)
KEPT = 2
_PYSCARD = "/usr/lib/python3/dist-packages/smartcard"
_WHOLE = "whole"
_LINK_FAILED = "the Python packages could not be installed"


def build(machine: Machine, source: Path, stick: Path | None) -> None:
    """The version that `source` (a checkout or a stick) holds, in use."""
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        raise ProvisioningError(f"Python 3.11, 3.12 or 3.13 is needed, and this is {version[0]}.{version[1]}")
    files = list(_files(source))
    name = _fingerprint(source, files, version)
    release = f"{RELEASES}/{name}"
    folder = machine.at(release)
    if not (folder / _WHOLE).is_file():
        machine.changed(f"{release}: the program and its environment (some minutes on a small machine)")
        if not machine.dry:
            if folder.exists():
                shutil.rmtree(folder)
            _fill(machine, source, files, release, stick)
    machine.link(PROGRAM, release, why="the version in use")
    _clear(machine, name)


def remove(machine: Machine) -> None:
    """All versions; the link is a file like others."""
    folder = machine.at(RELEASES)
    if folder.exists():
        machine.changed(f"{RELEASES} removed")
        if not machine.dry:
            shutil.rmtree(folder)


def _fill(machine: Machine, source: Path, files: list[Path], release: str, stick: Path | None) -> None:
    folder = machine.at(release)
    folder.parent.mkdir(parents=True, exist_ok=True)
    machine.quietly(
        [sys.executable, "-m", "venv", str(folder)], failed="no environment could be made: install python3-venv"
    )
    python = str(folder / "bin/python")
    where = ["--no-index", "--find-links", str(stick / "wheels")] if stick is not None else []
    remedy = (
        "the stick's wheels folder is not for this Python and processor" if stick is not None
        else "check the network, or provision from a stick (--from)"
    )  # fmt: skip
    machine.quietly(
        [python, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--require-hashes",
         "--only-binary", ":all:", "--no-deps", *where, "-r", str(source / LOCK)],
        failed=f"{_LINK_FAILED}: {remedy}",
    )  # fmt: skip
    site = next((folder / "lib").glob("python3.*/site-packages"))
    for file in files:
        target = site / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    # pyscard has no wheel: Debian's own, without the rest of Debian's Python packages.
    (site / "smartcard").symlink_to(_PYSCARD)
    version = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    about = site / f"totem_kiosk-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: totem-kiosk\nVersion: {version}\n", encoding="utf-8"
    )
    start = f"#!{release}/bin/python\nfrom kiosk.cli import main\n\nmain()\n"
    write(folder / "bin/totem", start.encode(), 0o755)
    machine.quietly([python, "-m", "compileall", "-q", str(site)], failed="the program could not be compiled")
    write(folder / _WHOLE, b"", 0o644)


def _files(source: Path) -> list[Path]:
    found = []
    for package in PACKAGES:
        root = source / package
        if not root.is_dir():
            raise ProvisioningError(f"{root} is missing: run ./provision where the whole of Totem lies")
        found += [
            file for file in root.rglob("*")
            if file.is_file() and "__pycache__" not in file.parts and file.suffix not in {".pyc", ".po"}
        ]  # fmt: skip
    return sorted(found)


def _fingerprint(source: Path, files: list[Path], version: tuple[int, int]) -> str:
    digest = hashlib.sha256(repr(version).encode())
    for file in [source / LOCK, source / "pyproject.toml", *files]:
        content = file.read_bytes()
        digest.update(f"{file.relative_to(source)} {len(content)}\n".encode() + content)
    # What fills the folder counts too.
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()[:12]


def _clear(machine: Machine, current: str) -> None:
    """Versions that nobody would go back to."""
    folder = machine.at(RELEASES)
    if not folder.is_dir():
        return
    others = (entry for entry in folder.iterdir() if entry.name != current)
    old = sorted(others, key=lambda entry: entry.stat().st_mtime, reverse=True)
    for entry in old[KEPT - 1 :]:
        machine.changed(f"{RELEASES}/{entry.name} removed: an old version")
        if not machine.dry:
            shutil.rmtree(entry)
