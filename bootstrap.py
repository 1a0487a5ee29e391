#!/usr/bin/env python3
"""Sets a checkout up: Debian packages, a virtual environment from the hash-locked requirements, the project itself.

Run by `make setup` (and so by `make run` and `make test`) with nothing but the standard library. `bootstrap.py peers`
(`make peers`) fetches the codecs of others that `make test-long` asks, by npm, locked with hashes too. What is already
done is not done again: a stamp holds the fingerprint of everything this script reads. Every failure ends as one plain
line that says what to do, and exit status 2.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "totem-setup.sha256"
LOCK = ROOT / "requirements.lock"
PACKAGES = ROOT / "debian-packages.txt"
PEERS = ROOT / "tests/peers"
LOG = ROOT / "setup.log"
OLDEST, NEWEST = (3, 11), (3, 13)
INTERRUPTED = 130
VPCD_DRIVER = "usr/lib/pcsc/drivers/serial/libifdvpcd.so"


def stop(line: str, status: int = 2) -> NoReturn:
    """One line that says what to do, and exit status 2."""
    print(f"totem setup: {line}", file=sys.stderr)
    raise SystemExit(status)


def find_python(version: tuple[int, int], which: Callable[[str], str | None]) -> str:
    """The interpreter for the environment: this one, of that version, or the newest supported one beside it."""
    if OLDEST <= version <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = which(f"python3.{minor}")
        if found:
            return found
    stop(
        f"Python 3.11, 3.12 or 3.13 is needed, and this is {version[0]}.{version[1]}. Debian 12, Debian 13 and "
        "Raspberry Pi OS have one: as root, run apt-get install python3"
    )


def fingerprint(python: str, *read: Path) -> str:
    """Changes when anything that set-up reads has changed."""
    digest = hashlib.sha256(f"{python} {ROOT}".encode())
    for path in (*read, Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def run(command: list[str], *, failed: str, **kwargs: object) -> None:
    """Runs quietly. On failure what it printed is kept in setup.log, and the line says so."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **kwargs)  # type: ignore[call-overload]
    if done.returncode:
        LOG.write_text(f"{' '.join(command)}\n{done.stdout}", encoding="utf-8")
        stop(f"{failed} (What it said is in {LOG}.)")


def missing_packages(wanted_list: Path) -> list[str]:
    """The Debian packages of the list that are not installed, under their own or another name (Provides)."""
    lines = wanted_list.read_text(encoding="utf-8").splitlines()
    wanted = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status}\t${Package}\t${Provides}\n"]
    listing = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    present: set[str] = set()
    for line in listing.splitlines():
        status, name, provides = line.split("\t")
        if status == "installed":
            present.add(name)
            present.update(part.split("(")[0].strip() for part in provides.split(",") if part.strip())
    return [name for name in wanted if name not in present]


def may_sudo() -> bool:
    """True if sudo needs no password, or somebody is there to type it."""
    if not shutil.which("sudo"):
        return False
    return sys.stdin.isatty() or not subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode


def install_packages(wanted_list: Path) -> None:
    if not shutil.which("dpkg-query") or not shutil.which("apt-get"):
        stop("this set-up needs Debian 12 or 13, or Raspberry Pi OS 64 bit (apt-get was not found).")
    missing = missing_packages(wanted_list)
    if not missing:
        return
    names = " ".join(missing)
    print(f"totem setup: installing Debian packages: {names}", flush=True)
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not may_sudo():
            stop(f"Debian packages are missing. As root, run: apt-get install {names}")
        prefix = ["sudo"]
    env = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    run([*env, "update"], failed="apt-get update failed. Check the network and /etc/apt, then try again.")
    run(
        [*env, "install", "-y", "--no-install-recommends", *missing],
        failed=f"apt-get could not install the packages. As root, run: apt-get install {names}",
    )


def install_environment(python: str) -> None:
    print("totem setup: making the virtual environment (about a minute the first time)", flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    run([python, "-m", "venv", str(VENV)], failed="no virtual environment could be made. Install python3-venv.")
    pip = [str(VENV / "bin/python"), "-m", "pip", "--disable-pip-version-check", "install", "-q", "--require-hashes"]
    lost = "the Python packages could not be installed. Check the network, then try again."
    # The build backend first, locked like the rest: pyscard is built here, and must not fetch an unlocked one.
    with tempfile.TemporaryDirectory() as folder:
        backend = Path(folder) / "backend.lock"
        backend.write_text(locked("setuptools"), encoding="utf-8")
        run([*pip, "-r", str(backend)], failed=lost)
    run([*pip, "--no-build-isolation", "-r", str(LOCK)], failed=lost)
    own = [str(VENV / "bin/python"), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    here = [*own, "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    run(here, failed="the project itself could not be installed.")


def locked(name: str) -> str:
    """One requirement of the lock file with its hashes."""
    taken: list[str] = []
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}==") or (taken and line.startswith("    --hash")):
            taken.append(line)
        elif taken:
            break
    return "\n".join(taken).rstrip("\\ ") + "\n"


def unpack_virtual_reader() -> None:
    """The virtual reader's driver, unpacked into the environment and never installed: Debian's package would put
    an entry into the system's reader.conf.d, and the system's pcscd must not be given a reader that listens on TCP.
    """
    with tempfile.TemporaryDirectory() as folder:
        lost = "the virtual card reader (Debian package vsmartcard-vpcd) could not be fetched. As root: apt-get update"
        sandbox = ["-o", "APT::Sandbox::User=root"] if os.geteuid() == 0 else []
        run(["apt-get", "-qq", *sandbox, "download", "vsmartcard-vpcd"], failed=lost, cwd=folder)
        package = next(Path(folder).glob("vsmartcard-vpcd*.deb"))
        run(["dpkg", "-x", str(package), folder], failed=lost)
        target = VENV / "share/totem/libifdvpcd.so"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(folder) / VPCD_DRIVER, target)


def set_up_peers() -> None:
    """The packages of npm's lock file, by hash; npm knows where it fetches from."""
    lock, packages = PEERS / "package-lock.json", PEERS / "debian-packages.txt"
    stamp, wanted = PEERS / "node_modules/totem-setup.sha256", fingerprint("npm", lock, packages)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    install_packages(packages)
    run(
        ["npm", "ci", "--silent", "--prefix", str(PEERS)],
        cwd=PEERS,
        failed="npm could not install the peers. Check the network, then try again.",
    )
    stamp.write_text(wanted, encoding="utf-8")


def main() -> None:
    if sys.argv[1:] == ["peers"]:
        set_up_peers()
        return
    python = find_python(sys.version_info[:2], shutil.which)
    wanted = fingerprint(python, LOCK, PACKAGES, ROOT / "pyproject.toml")
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    install_packages(PACKAGES)
    install_environment(python)
    unpack_virtual_reader()
    STAMP.write_text(wanted, encoding="utf-8")
    print("totem setup: ready", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("ended before its time; run it again to go on", INTERRUPTED)
    except OSError as error:
        stop(f"{error.filename or 'the system'}: {error.strerror or error}")
