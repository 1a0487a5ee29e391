"""A machine in a folder with a release in use, and systemd, venv and doctor as far as an update knows them.

`power` counts everything that is done to it, and goes away where a test says.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.technician.provisioning import environment, system
from kiosk.technician.provisioning.machine import Machine
from kiosk.technician.provisioning.settings import ROOT
from kiosk.technician.updating import laying, record, switching
from kiosk.technician.updating.process import Updater
from kiosk.technician.updating.state import State
from offline_cache import release
from offline_cache.contract import hand_over
from offline_cache.folder import StateFolder
from tests.kiosk.technician.updating.signed import NOW, Signers, archive, digest, offer

PROJECT = Path(__file__).parents[4]
OLD = f"{environment.RELEASES}/old"
SITE = "lib/python3.11/site-packages"
LOCK = b"nothing==1.0\n"


class PowerCutError(BaseException):
    """Nobody catches it."""


@dataclass
class Power:
    """`left`: how many more things are done before it goes; None: it stays."""

    left: int | None = None

    def draw(self) -> None:
        if self.left is None:
            return
        if self.left == 0:
            raise PowerCutError
        self.left -= 1


def program(number: int, *, lock: bytes = LOCK, **more: bytes) -> dict[str, bytes]:
    """The files of a release, small; its units say whose they are."""
    files = {f"{package}/__init__.py": f"# {number}\n".encode() for package in environment.PACKAGES}
    for name, *_ in system.FILES:
        files[name] = f"# of {number}\n".encode()
    files["systemd/appliance.lock"] = lock
    files["systemd/appliance-packages.txt"] = b"cage\n"
    files["pyproject.toml"] = (
        f'[project]\nname = "totem-kiosk"\nversion = "1.0.{number}"\n'
        f"[tool.totem]\nrelease = {number}\nschema = 4\noldest_reader = 4\n"
    ).encode()
    return files | {name.replace("__", "/"): body for name, body in more.items()}


class Plugged(Machine):
    """A machine that needs power for everything it does."""

    power: Power

    def file(self, path: str, content: bytes, *, mode: int = 0o644, why: str) -> bool:
        self.power.draw()
        return super().file(path, content, mode=mode, why=why)

    def link(self, path: str, points_to: str, *, why: str) -> bool:
        self.power.draw()
        done = super().link(path, points_to, why=why)
        self.power.draw()
        return done


@dataclass
class Kiosk:
    """The folder, who signs for it, and what runs there."""

    root: Path
    power: Power = field(default_factory=Power)
    signers: Signers = field(default_factory=Signers)
    said: list[str] = field(default_factory=list)
    # The folder of the version that was started last; what each unit's processes have come to.
    runs: str | None = OLD
    broken: dict[int, str] = field(default_factory=dict)
    findings: dict[int, list[str]] = field(default_factory=dict)
    packages: str = "cage"
    clock_s: float = 0.0
    content: bytes = b""

    def __post_init__(self) -> None:
        self.machine = Plugged(self.root, dry=False, say=self.said.append, run=self._run)
        self.machine.power = self.power
        self.folder = StateFolder(Path("/var/lib/totem"))
        self._install()

    def _install(self) -> None:
        source = self.root / "source"
        for name, body in program(0).items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes(body)
        share = self.machine.at(OLD) / release.SHARE
        for name in environment.SHARED:
            if (source / name).is_dir():
                shutil.copytree(source / name, share / name)
            else:
                (share / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source / name, share / name)
        _venv(self.machine.at(OLD))
        (self.machine.at(OLD) / SITE / "third").mkdir()
        (self.machine.at(OLD) / SITE / "third/party.py").write_text("theirs")
        (self.machine.at(OLD) / "whole").touch()
        for link in (environment.PROGRAM, environment.PROVEN):
            self.machine.link(link, OLD, why="")
        system.lay(self.machine, share)
        self.machine.file(ROOT, self.signers.pinned, why="")
        self.place.mkdir(parents=True)
        wants = self.machine.at(system.WANTED)
        wants.mkdir(parents=True)
        for unit in system.STARTED:
            (wants / unit).symlink_to("..")

    # ---- what a test does -------------------------------------------------------------------------------

    @property
    def place(self) -> Path:
        return self.machine.at(self.folder.path / hand_over.FOLDER)

    def offer(self, number: int, files: dict[str, bytes] | None = None, **said: object) -> None:
        """A signed release, left by the sync process."""
        files = files or program(number)
        self.content = archive(files)
        signed = {"lock": digest(files["systemd/appliance.lock"])} | said
        target = self.signers.release(self.content, number, **signed)
        offer(self.place, self.signers.metadata(), self.content, target)

    def updater(self) -> Updater:
        return Updater(self.machine, self.folder, now_s=lambda: self.clock_s, wait=self._wait, now=lambda: NOW)

    def update(self, *, at_start: bool = False) -> State:
        return self.updater().run(at_start=at_start)

    def start(self) -> None:
        """The machine starts: what was begun is judged, then whatever /opt/totem leads to is started."""
        if self.machine.at(record.UNFINISHED).exists():
            self.update(at_start=True)
        self.runs = self.in_use

    @property
    def in_use(self) -> str:
        return str(self.machine.at(environment.PROGRAM).readlink())

    @property
    def proven(self) -> str:
        return str(self.machine.at(environment.PROVEN).readlink())

    def number_of(self, folder: str) -> int:
        about = self.machine.at(folder) / release.SHARE / "pyproject.toml"
        number: int = tomllib.loads(about.read_text())["tool"]["totem"]["release"]
        return number

    def whole(self, folder: str) -> bool:
        return (self.machine.at(folder) / "whole").is_file()

    def units_of(self) -> set[str]:
        """Whose units lie there: more than one is a mixture."""
        return {self.machine.at(place).read_text() for _, place, *_ in system.FILES}

    def report(self) -> dict[str, object]:
        said: dict[str, object] = json.loads(self.machine.at(record.REPORT).read_bytes())
        return said

    # ---- the system around it ---------------------------------------------------------------------------

    def _wait(self, seconds: float) -> None:
        self.clock_s += seconds

    def _run(self, command: Sequence[str], **_options: object) -> subprocess.CompletedProcess[str]:
        self.power.draw()
        status, out = self._answer(list(command))
        self.power.draw()
        return subprocess.CompletedProcess(list(command), status, out, "" if not status else "it failed")

    def _answer(self, command: list[str]) -> tuple[int, str]:
        match command:
            case ["systemctl", "stop", *_]:
                self.runs = None
            case ["systemctl", "start", *_]:
                self.runs = self.in_use
            case ["systemctl", "show", *_, unit]:
                return 0, self._shown(unit)
            case ["dpkg-query", *_]:
                return 0, "".join(f"installed\t{name}\t\n" for name in self.packages.split())
            case [_, "-m", "venv", *_, folder]:
                _venv(Path(folder))
            case [python, *words] if tuple(words) == switching.LAY:
                laying.lay(self.machine, Path(python).parents[1] / release.SHARE)
            case [_, "doctor", "--json"]:
                number = self.number_of(self.runs) if self.runs else -1
                found = [{"what": what} for what in self.findings.get(number, [])]
                return int(bool(found)), json.dumps({"findings": found})
            case _:
                pass
        return 0, ""

    def _shown(self, unit: str) -> str:
        number = self.number_of(self.runs) if self.runs else -1
        part = switching.RUNNING.index(unit)
        dead = self.runs is None or self.broken.get(number) == unit
        return (
            f"ActiveState={'activating' if dead else 'active'}\nNRestarts={9 if dead else 0}\nMainPID={100 + part}\n"
        )


def _venv(folder: Path) -> None:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/python").touch()
    (folder / SITE).mkdir(parents=True)
