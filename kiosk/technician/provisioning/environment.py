"""/opt/totem: the program in an environment of its own, hash-locked, without a compiler and without the centre.

Each version is a folder in /opt/totem.releases; /opt/totem is a link to the one in use, moved once that is whole.
/opt/totem.proven leads to the one that was proven last: it is the same, but while an update is being tried
(kiosk/technician/updating), and then that version judges the other.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tomllib
from pathlib import Path

from kiosk.technician.provisioning.machine import Machine, ProvisioningError, write

PROGRAM = "/opt/totem"
PROVEN = "/opt/totem.proven"
RELEASES = "/opt/totem.releases"
PACKAGES = ("kiosk", "printer", "devices", "offline_cache")
LOCK = "systemd/appliance.lock"
# In a release's folder, what of the project is no package and is needed to lay it onto a machine again.
SHARE = "share/totem"
SHARED = ("pyproject.toml", "systemd", "devices/cards/opensc.conf")
OLDEST, NEWEST = (3, 11), (3, 13)
KEPT = 2
_PYSCARD = "/usr/lib/python3/dist-packages/smartcard"
_WHOLE = "whole"
_LINK_FAILED = "the Python packages could not be installed"


def build(machine: Machine, source: Path, stick: Path | None) -> None:
    """The version that `source` (a checkout or a stick) holds, in use."""
    release = prepare(machine, source, stick)
    use(machine, release)
    machine.link(PROVEN, release, why="the version that judges updates")
    _clear(machine, Path(release).name)


def prepare(machine: Machine, source: Path, wheels: Path | None, like: Path | None = None) -> str:
    """Where the version that `source` holds was built, beside the one in use. `wheels`: the folder with the wheels
    beside it, for who has no network. `like`: a version whose packages are locked to the same, and shared.

    ProvisioningError says what failed.
    """
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        raise ProvisioningError(f"Python 3.11, 3.12 or 3.13 is needed, and this is {version[0]}.{version[1]}")
    files = list(_files(source))
    release = f"{RELEASES}/{_fingerprint(source, files, version)}"
    folder = machine.at(release)
    if not (folder / _WHOLE).is_file():
        machine.changed(f"{release}: the program and its environment (some minutes on a small machine)")
        if not machine.dry:
            if folder.exists():
                shutil.rmtree(folder)
            _fill(machine, source, files, release, wheels, like)
    return release


def use(machine: Machine, release: str) -> bool:
    """/opt/totem leads there from now on; True if it did not."""
    return machine.link(PROGRAM, release, why="the version in use")


def clear(machine: Machine, kept: set[str]) -> None:
    """Versions in other folders go, and what was left half built."""
    folder = machine.at(RELEASES)
    for entry in folder.iterdir() if folder.is_dir() else ():
        if f"{RELEASES}/{entry.name}" not in kept:
            machine.changed(f"{RELEASES}/{entry.name} removed")
            shutil.rmtree(entry)


def remove(machine: Machine) -> None:
    """All versions; the link is a file like others."""
    folder = machine.at(RELEASES)
    if folder.exists():
        machine.changed(f"{RELEASES} removed")
        if not machine.dry:
            shutil.rmtree(folder)


def _fill(
    machine: Machine, source: Path, files: list[Path], release: str, wheels: Path | None, like: Path | None
) -> None:
    folder = machine.at(release)
    folder.parent.mkdir(parents=True, exist_ok=True)
    without = ["--without-pip"] if like is not None else []
    machine.quietly(
        [sys.executable, "-m", "venv", *without, str(folder)],
        failed="no environment could be made: install python3-venv",
    )
    site = next((folder / "lib").glob("python3.*/site-packages"))
    if like is not None:
        _share_packages(like, site)
    else:
        _install_packages(machine, source, folder, wheels)
    for file in files:
        target = site / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    # pyscard has no wheel: Debian's own, without the rest of Debian's Python packages.
    (site / "smartcard").symlink_to(_PYSCARD)
    _share(source, folder / SHARE)
    version = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    about = site / f"totem_kiosk-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: totem-kiosk\nVersion: {version}\n", encoding="utf-8"
    )
    start = f"#!{release}/bin/python\nfrom kiosk.cli import main\n\nmain()\n"
    write(folder / "bin/totem", start.encode(), 0o755)
    compiled = [str(site)] if like is None else [str(site / package) for package in PACKAGES]
    machine.quietly(
        [str(folder / "bin/python"), "-m", "compileall", "-q", *compiled], failed="the program could not be compiled"
    )
    # A power cut must not leave the mark without what it stands for.
    os.sync()
    write(folder / _WHOLE, b"", 0o644)


def _install_packages(machine: Machine, source: Path, folder: Path, wheels: Path | None) -> None:
    where = ["--no-index", "--find-links", str(wheels / "wheels")] if wheels is not None else []
    remedy = (
        "the wheels folder is not for this Python and processor" if wheels is not None
        else "check the network, or provision from a stick (--from)"
    )  # fmt: skip
    machine.quietly(
        [str(folder / "bin/python"), "-m", "pip", "--disable-pip-version-check", "install", "-q", "--require-hashes",
         "--only-binary", ":all:", "--no-deps", *where, "-r", str(source / LOCK)],
        failed=f"{_LINK_FAILED}: {remedy}",
    )  # fmt: skip


def _share_packages(like: Path, site: Path) -> None:
    """Everything of another version's that is not Totem itself. The files are shared, not copied: nobody writes into
    them, and a small machine is spared a quarter of a gigabyte of writing.
    """
    from_site = next((like / "lib").glob("python3.*/site-packages"))
    own = {*PACKAGES, "smartcard"}
    for entry in from_site.iterdir():
        if entry.name in own or entry.name.startswith("totem_kiosk-"):
            continue
        if entry.is_dir():
            shutil.copytree(entry, site / entry.name, symlinks=True, copy_function=_linked, dirs_exist_ok=True)
        else:
            _linked(entry, site / entry.name)


def _linked(source: str | Path, target: str | Path) -> str:
    if Path(source).is_symlink():
        Path(target).symlink_to(Path(source).readlink())
    else:
        os.link(source, target)
    return str(target)


def _share(source: Path, share: Path) -> None:
    for name in SHARED:
        target = share / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source / name, target)


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
    system = (file for file in (source / "systemd").rglob("*") if file.is_file())
    for file in sorted([source / "pyproject.toml", *system, *files]):
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
