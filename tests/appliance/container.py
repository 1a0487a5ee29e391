"""A machine made of a Debian root: systemd as its first process (systemd-nspawn), a network to this one and to nobody
else, and a power switch that is not gentle.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

CGROUPS = Path("/sys/fs/cgroup")
LIMIT_S = 90.0


def wait_until(reached: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> float:
    """Seconds that it took; AssertionError if it was never so."""
    began_s = time.monotonic()
    while time.monotonic() - began_s < limit_s:
        if reached():
            return time.monotonic() - began_s
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {limit_s:.0f} s")


class Container:
    """`base` is laid under the machine's own writes (an overlay in `work`): many start from one root."""

    def __init__(self, name: str, base: str, work: Path, *, subnet: int, binds: tuple[Path, ...] = ()) -> None:
        self.name = name
        self.base = base
        self.work = work
        self.host, self.address = f"10.213.{subnet}.1", f"10.213.{subnet}.2"
        self._binds = binds
        self.root = work / "root"
        self._process: subprocess.Popen[bytes] | None = None
        self.pid = 0

    # ---- the disk ---------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        for name in ("root", "upper", "work"):
            (self.work / name).mkdir(parents=True, exist_ok=True)
        options = f"lowerdir={self.base},upperdir={self.work}/upper,workdir={self.work}/work"
        _do("mount", "-t", "overlay", "overlay", "-o", options, str(self.root))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self.cut()
        subprocess.run(["umount", "-l", str(self.root)], check=False)
        shutil.rmtree(self.work, ignore_errors=True)

    # ---- power ------------------------------------------------------------------------------------------

    def boot(self) -> None:
        """Until systemd says that it is up, running or with a unit that failed."""
        cgroups = [folder for folder in CGROUPS.iterdir() if (folder / "cgroup.procs").exists()]
        for folder in cgroups:
            (folder / self.name).mkdir(exist_ok=True)

        def apart() -> None:
            # Two containers in one cgroup would kill each other's units.
            for folder in cgroups:
                if folder.name != "cpuset":
                    (folder / self.name / "cgroup.procs").write_text(str(os.getpid()))

        log = (self.work / "console.log").open("ab")
        self._process = subprocess.Popen(
            ["systemd-nspawn", "-q", "-D", str(self.root), "--boot", "--register=no", "--keep-unit",
             f"--machine={self.name}", "--console=pipe", "--network-veth", "--resolv-conf=off", "--timezone=off",
             *(f"--bind={path}" for path in self._binds)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=apart, start_new_session=True,  # noqa: PLW1509  what it does is a write
        )  # fmt: skip
        log.close()
        wait_until(self._find_first, f"{self.name} has a first process")
        wait_until(lambda: self.run("systemctl", "is-system-running").stdout.strip() in {"running", "degraded"},
                   f"{self.name} is up")  # fmt: skip
        _do("ip", "addr", "replace", f"{self.host}/24", "dev", f"ve-{self.name}")
        _do("ip", "link", "set", f"ve-{self.name}", "up")
        inside = ("nsenter", "-t", str(self.pid), "-n", "ip")
        _do(*inside, "addr", "replace", f"{self.address}/24", "dev", "host0")
        _do(*inside, "link", "set", "host0", "up")

    def _find_first(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.work / "console.log").read_text(errors="replace")[-2000:]
        listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for pid in listed:
            if Path(f"/proc/{pid}/comm").read_text().strip() == "systemd":
                self.pid = int(pid)
                return True
        return False

    def cut(self) -> None:
        """The power goes."""
        assert self._process is not None
        os.kill(self.pid, signal.SIGKILL)
        self._process.wait(20)
        self._process = None

    def off(self) -> None:
        """As a technician would."""
        assert self._process is not None
        os.kill(self.pid, signal.SIGRTMIN + 4)
        self._process.wait(60)
        self._process = None

    # ---- inside -----------------------------------------------------------------------------------------

    def run(self, *command: str, text: str | None = None, limit_s: float = 600) -> subprocess.CompletedProcess[str]:
        """A command inside, as root."""
        return subprocess.run(
            ["nsenter", "-t", str(self.pid), "-a", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8",
             "HOME=/root", *command],
            input=text, capture_output=True, text=True, check=False, timeout=limit_s, errors="replace",
        )  # fmt: skip

    def do(self, *command: str, text: str | None = None) -> str:
        """The same; AssertionError with what it said if it failed."""
        done = self.run(*command, text=text)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def path(self, inside: str) -> Path:
        """A file of the running machine, as its own processes see it."""
        return Path(f"/proc/{self.pid}/root{inside}")

    def journal(self, *more: str) -> str:
        return self.run("journalctl", "--no-pager", "-o", "short-monotonic", *more).stdout


def _do(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
