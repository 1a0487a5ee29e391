"""The whole demonstration as real processes: centre, dock, private pcscd, store, sync, printer, kiosk.

Each process is started as a unit would start it and started again when it dies. What they print goes to one log file
each under the state folder, so that tests can look for what must not be there.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from devices.virtual.pcscd import PrivatePcscd
from kiosk.simulation import demonstration
from kiosk.simulation.demonstration import Places
from kiosk.simulation.lines import NobodyThere, ask
from offline_cache.folder import StateFolder

RESTART_AFTER_S = 0.3
START_LIMIT_S = 60.0


class WorldError(Exception):
    """The demonstration cannot run; one line says what to do."""


@dataclass
class Part:
    """One supervised process."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    wanted: bool = True


@dataclass
class World:
    """`with World(places) as world:` runs everything until the block ends. `display` is an X display."""

    places: Places
    display: str
    with_kiosk: bool = True
    announce: Callable[[str], None] = print
    parts: dict[str, Part] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self._guard = threading.RLock()
        self._pcscd: PrivatePcscd | None = None

    @property
    def folder(self) -> StateFolder:
        return self.places.folder

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        self.folder.make_run()
        demonstration.prepare(self.places, self.announce)
        self.start_centre()
        self.start_pcscd()
        self._start_dock()
        demonstration.write_settings(self.places, self._ports(), self._pcscd_socket())
        demonstration.enrol_once(self.places, self.announce)
        self._once("store")
        for name in ("sync", "printer", *(("kiosk",) if self.with_kiosk else ())):
            self.start(name)
        threading.Thread(target=self._watch, name="supervisor", daemon=True).start()

    # ---- processes --------------------------------------------------------------------------------------

    def start_centre(self) -> None:
        port_file = self.places.central / "port"
        port_file.unlink(missing_ok=True)
        previous = self.places.centre_port
        arguments = ["central", "serve", "--state", str(self.places.central), "--port", str(previous)]
        self._spawn("centre", arguments)
        self.places.centre_port = int(self._appears(port_file, "centre"))

    def start_pcscd(self) -> None:
        self._pcscd = PrivatePcscd(self.folder.run)
        self._pcscd.start()

    def restart_pcscd(self) -> None:
        """The daemon dies and comes back: the reader and its card are gone meanwhile."""
        if self._pcscd is not None:
            self._pcscd.restart()

    def _pcscd_socket(self) -> str:
        assert self._pcscd is not None
        return str(self._pcscd.socket)

    def _start_dock(self) -> None:
        assert self._pcscd is not None
        ports = self.folder.run / "ports.json"
        ports.unlink(missing_ok=True)
        self._spawn(
            "dock",
            [
                "dock", "serve", "--state", str(self.folder.path), "--cards", str(self.places.cards),
                "--paper", str(self.places.paper), "--reader-port", str(self._pcscd.port),
                "--centre-port", str(self.places.centre_port), "--ports", str(ports),
            ],
        )  # fmt: skip
        self._appears(ports, "dock")

    def open_panel(self) -> subprocess.Popen[bytes]:
        """The dock's window; it is not started again when it is closed."""
        self._spawn("panel", ["dock", "panel", "--state", str(self.folder.path)])
        part = self.parts["panel"]
        part.wanted = False
        assert part.process is not None
        return part.process

    def _ports(self) -> dict[str, int]:
        return demonstration.read_ports(self.folder)

    def start(self, name: str) -> None:
        """Starts a process of the kiosk: sync, printer or kiosk."""
        self._spawn(name, ["run", name, "--state", str(self.folder.path)])

    def _once(self, name: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "kiosk.cli", "run", name, "--state", str(self.folder.path)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise WorldError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"{name} failed")

    def _spawn(self, name: str, arguments: list[str]) -> None:
        logs = self.folder.path / "log"
        logs.mkdir(exist_ok=True)
        environment = {
            **os.environ,
            "DISPLAY": self.display,
            "PYTHONUNBUFFERED": "1",
            "PCSCLITE_CSOCK_NAME": str(self._pcscd.socket) if self._pcscd else "",
        }
        environment.pop("NOTIFY_SOCKET", None)
        command = [sys.executable, "-m", "kiosk.cli", *arguments]
        part = self.parts.get(name) or Part(name, command, environment, logs / f"{name}.log")
        part.command, part.environment, part.wanted = command, environment, True
        with self._guard:
            self.parts[name] = part
            self._launch(part)

    def _launch(self, part: Part) -> None:
        with part.log.open("ab") as log:
            part.process = subprocess.Popen(
                part.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(part.environment)
            )
        part.starts += 1

    def _watch(self) -> None:
        while not self._stopping.wait(0.1):
            with self._guard:
                for part in self.parts.values():
                    ended = part.process is not None and part.process.poll() is not None
                    if ended and part.wanted and not self._stopping.wait(RESTART_AFTER_S):
                        self._launch(part)

    def kill(self, name: str) -> None:
        """SIGKILL, as the kernel's out-of-memory killer or a crash would; the supervisor starts it again."""
        if name == "pcscd":
            self.restart_pcscd()
            return
        if name == "worker":
            answer = ask(self.folder.socket("control"), {"do": "worker-pid"})
            os.kill(int(answer["pid"]), signal.SIGKILL)
            return
        with self._guard:
            process = self.parts[name].process
        assert process is not None
        process.kill()
        process.wait(10)

    def stop(self, name: str) -> None:
        """Ends one process and leaves it ended."""
        with self._guard:
            part = self.parts[name]
            part.wanted = False
            if part.process is not None:
                _end(part.process)

    def pid(self, name: str) -> int:
        process = self.parts[name].process
        assert process is not None
        return process.pid

    # ---- talking to it ----------------------------------------------------------------------------------

    def dock(self, command: str) -> dict[str, Any]:
        """A dock command; WorldError with the dock's own words if it refuses."""
        answer = ask(self.folder.socket("dock"), {"command": command})
        if "error" in answer:
            raise WorldError(f"dock: {answer['error']}")
        return answer

    def control(self, request: dict[str, Any], timeout_s: float = 20.0) -> dict[str, Any]:
        return ask(self.folder.socket("control"), request, timeout_s)

    def wait_for_kiosk(self, limit_s: float = START_LIMIT_S) -> None:
        """Returns when the kiosk answers, shows its first screen, and has heard of reader, printer and link."""
        until = time.monotonic() + limit_s
        while time.monotonic() < until:
            with contextlib.suppress(NobodyThere):
                facts = self.control({"do": "screen"})
                heard = "unknown" not in {facts["printer"], facts["reader"]} and facts["link"] is not None
                if facts["screen"] != "starting" and heard:
                    return
            if self._stopping.wait(0.05):
                return
        raise WorldError(f"the kiosk did not come up within {limit_s:.0f} s: see {self.folder.path / 'log/kiosk.log'}")

    def _appears(self, path: Path, name: str) -> str:
        until = time.monotonic() + START_LIMIT_S
        process = self.parts[name].process
        while time.monotonic() < until:
            if path.is_file() and (text := path.read_text(encoding="utf-8").strip()):
                return text
            if process is not None and process.poll() is not None:
                lines = self.parts[name].log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
                raise WorldError(lines[-1] if lines else f"{name} ended with status {process.returncode}")
            time.sleep(0.02)
        raise WorldError(f"{name} did not start within {START_LIMIT_S:.0f} s: see {self.parts[name].log}")

    def close(self) -> None:
        """Ends every process by its own id, the screen first, the centre last."""
        self._stopping.set()
        with self._guard:
            for name in ("kiosk", "panel", "printer", "sync", "dock", "centre"):
                part = self.parts.get(name)
                if part is not None and part.process is not None:
                    part.wanted = False
                    _end(part.process)
        if self._pcscd is not None:
            self._pcscd.stop()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(8)
