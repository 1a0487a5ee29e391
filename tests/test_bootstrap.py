"""What `make setup` says when it cannot set up: one plain line, exit 2. Played on copies, with stubs for programs."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
PEERS = "tests/peers"
READ = (
    "bootstrap.py", "requirements.lock", "debian-packages.txt", "pyproject.toml",
    f"{PEERS}/debian-packages.txt", f"{PEERS}/package-lock.json", f"{PEERS}/package.json",
)  # fmt: skip
PYTHON = os.path.realpath(sys.executable)
NOBODY = 65534
LIMIT_S = 120


@pytest.fixture(scope="module")
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Checkout:
    """A copy of what set-up reads, and a PATH on which only stubs are found. Everybody may write there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "bin"
        self.programs.mkdir()
        (folder / PEERS).mkdir(parents=True)
        for name in READ:
            shutil.copy(ROOT / name, folder / name)
        for path in (folder, self.programs):
            path.chmod(0o777)

    def program(self, name: str, script: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def packages(self, installed: list[str]) -> None:
        """dpkg-query knows these."""
        lines = "".join(f"installed\\t{name}\\t\\n" for name in installed)
        self.program("dpkg-query", f"printf '{lines}'")
        self.program("apt-get", "echo no apt-get here >&2; exit 1")

    def set_up(self, *what: str, as_nobody: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
        user = ["/usr/bin/setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if as_nobody else []
        return subprocess.run(
            [*user, PYTHON, "bootstrap.py", *what],
            cwd=self.folder, env={"PATH": str(self.programs), "HOME": str(self.folder), **environment},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=LIMIT_S,
        )  # fmt: skip


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    """Not under pytest's own folder, which others may not enter."""
    folder = Path(tempfile.mkdtemp(prefix="totem-setup-"))
    yield Checkout(folder)
    shutil.rmtree(folder)


def wanted() -> list[str]:
    lines = (ROOT / "debian-packages.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_a_missing_system_package_without_root_is_one_line_that_says_what_to_do(checkout: Checkout) -> None:
    checkout.packages([name for name in wanted() if name not in {"swig", "pcscd"}])

    done = checkout.set_up(as_nobody=os.geteuid() == 0)

    assert done.returncode == 2
    assert done.stderr == "totem setup: Debian packages are missing. As root, run: apt-get install swig pcscd\n"
    assert not (checkout.folder / ".venv").exists()


def test_with_sudo_that_would_ask_for_a_password_nobody_is_asked(checkout: Checkout) -> None:
    checkout.packages([])
    checkout.program("sudo", "exit 1")

    done = checkout.set_up(as_nobody=os.geteuid() == 0)

    assert done.returncode == 2
    assert done.stderr.startswith("totem setup: Debian packages are missing. As root, run: apt-get install ")
    assert done.stderr.count("\n") == 1


def test_packages_that_cannot_be_installed_are_one_line_and_a_log(checkout: Checkout) -> None:
    checkout.packages([])
    checkout.program("sudo", '[ "$1" = -n ] && exit 0; exec "$@"')
    checkout.program("env", 'echo "E: no network"; exit 100')

    done = checkout.set_up()

    assert done.returncode == 2
    log = checkout.folder / "setup.log"
    assert done.stderr == (
        "totem setup: apt-get update failed. Check the network and /etc/apt, then try again. "
        f"(What it said is in {log}.)\n"
    )
    assert "E: no network" in log.read_text(encoding="utf-8")


def test_another_system_than_debian_is_told(checkout: Checkout) -> None:
    done = checkout.set_up()

    assert done.returncode == 2
    assert done.stderr == (
        "totem setup: this set-up needs Debian 12 or 13, or Raspberry Pi OS 64 bit (apt-get was not found).\n"
    )


def test_no_network_for_the_python_packages_is_one_line(checkout: Checkout) -> None:
    checkout.packages(wanted())
    # A port on which nobody answers.
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}

    done = checkout.set_up(**nowhere, PIP_CONFIG_FILE=os.devnull)

    assert done.returncode == 2
    assert done.stderr == (
        "totem setup: the Python packages could not be installed. Check the network, then try again. "
        f"(What it said is in {checkout.folder / 'setup.log'}.)\n"
    )


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14)])
def test_an_unsupported_python_alone_is_told(
    bootstrap: ModuleType, version: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        bootstrap.find_python(version, lambda _name: None)

    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith(
        f"totem setup: Python 3.11, 3.12 or 3.13 is needed, and this is {version[0]}.{version[1]}. "
    )
    assert told.count("\n") == 1


def test_a_supported_python_beside_an_unsupported_one_is_taken(bootstrap: ModuleType) -> None:
    beside: Callable[[str], str | None] = {"python3.11": "/usr/bin/python3.11", "python3.12": "/opt/python3.12"}.get

    assert bootstrap.find_python((3, 14), beside) == "/opt/python3.12"


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_supported_python_is_itself_enough(bootstrap: ModuleType, version: tuple[int, int]) -> None:
    assert bootstrap.find_python(version, lambda _name: None) == sys.executable


def test_the_peers_are_fetched_once_by_npm_and_again_when_their_lock_changes(checkout: Checkout) -> None:
    listed = (ROOT / PEERS / "debian-packages.txt").read_text(encoding="utf-8").splitlines()
    checkout.packages([line for line in listed if line and not line.startswith("#")])
    checkout.program("npm", 'echo "$@" >> "$HOME/asked"; /bin/mkdir -p node_modules')

    for _ in range(2):
        done = checkout.set_up("peers")
        assert (done.returncode, done.stderr) == (0, "")
    asked = checkout.folder / "asked"
    assert asked.read_text(encoding="utf-8").splitlines() == [f"ci --silent --prefix {checkout.folder / PEERS}"]

    lock = checkout.folder / PEERS / "package-lock.json"
    lock.write_text(lock.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    checkout.set_up("peers")
    assert len(asked.read_text(encoding="utf-8").splitlines()) == 2
    assert not (checkout.folder / ".venv").exists()


def test_no_network_for_the_peers_is_one_line(checkout: Checkout) -> None:
    listed = (ROOT / PEERS / "debian-packages.txt").read_text(encoding="utf-8").splitlines()
    checkout.packages([line for line in listed if line and not line.startswith("#")])
    checkout.program("npm", "echo no registry; exit 1")

    done = checkout.set_up("peers")

    assert done.returncode == 2
    assert done.stderr == (
        "totem setup: npm could not install the peers. Check the network, then try again. "
        f"(What it said is in {checkout.folder / 'setup.log'}.)\n"
    )


def test_the_peers_lock_has_a_hash_for_each_package_and_no_address() -> None:
    lock = json.loads((ROOT / PEERS / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = [package for name, package in lock.items() if name]
    assert len(fetched) >= 2
    assert all(package["integrity"].startswith("sha512-") for package in fetched)
    assert "://" not in json.dumps(lock)
