"""The whole demonstration as real processes: centre, dock, private pcscd, store, sync, printer, kiosk.

Each process is started as a unit would start it and started again when it dies. What they print goes to one log file
each under the state folder, so that tests can look for what must not be there.
"""

from __future__ import annotations

import contextlib
import fcntl
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
from typing import Any, Literal, Self

from devices.virtual.pcscd import PcscdError, PrivatePcscd
from devices.virtual.ports import free_port
from kiosk.simulation import demonstration
from kiosk.simulation.demonstration import Places
from kiosk.simulation.lines import NobodyThere, ask
from kiosk.simulation.part import Part
from kiosk.widgets.setup import WINDOW_AT
from offline_cache.folder import StateFolder

# Between the windows, and around them.
MARGIN_PX = 24
RESTART_AFTER_S = 0.3
START_LIMIT_S = 60.0
# As the units have it: what is freed is overwritten at once, so that no citizen stays in a process's memory. Python
# leaves its memory to glibc, which fills what is freed (mallopt(3), M_PERTURB) where no thread keeps it aside.
FORGETFUL = {
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0",
}
# What an earlier supervisor left behind ends within seconds of it.
LEFTOVERS_S = 10.0

Missing = Literal["centre", "reader", "printer", "enrolment"]


class WorldError(Exception):
    """The demonstration cannot run; one line says what to do."""


@dataclass
class World:
    """`with World(places) as world:` runs everything until the block ends. `display` is an X display.

    `without` starts it with parts missing: the centre is not up, there is no reader, the printer is switched off. They
    come with `start_centre`, `start_pcscd` and the dock's `printer on`. `windowed` leaves room beside the kiosk.
    """

    places: Places
    display: str
    with_kiosk: bool = True
    announce: Callable[[str], None] = print
    without: frozenset[Missing] = frozenset()
    windowed: bool = False
    parts: dict[str, Part] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._guard = threading.RLock()
        self._pcscd = PrivatePcscd(self.folder.make_run())
        self._pcscd_wanted = False
        self._supervisor = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._owner: int | None = None

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
        self._own()
        demonstration.prepare(self.places, self.announce)
        if "centre" in self.without:
            self.places.centre_port = self.places.centre_port or free_port()
        else:
            self.start_centre()
        if "reader" not in self.without:
            self.start_pcscd()
        self._start_dock()
        if "printer" in self.without:
            self.dock("printer off")
        demonstration.write_settings(self.places, self._ports(), str(self._pcscd.socket), sound=self.windowed)
        self._prepare_store()
        if "enrolment" not in self.without:
            demonstration.enrol_once(self.places, self.announce)
        for name in ("sync", "printer", *(("kiosk",) if self.with_kiosk else ())):
            self.start(name)
        self._supervisor.start()

    def _own(self) -> None:
        """One demonstration a folder. The lock goes with this process, however it ends."""
        self._owner = os.open(self.folder.run / "demonstration.owner", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WorldError(
                f"a demonstration of {self.folder.path} is running already: end it first, or name another folder "
                "with --state"
            ) from error

    # ---- processes --------------------------------------------------------------------------------------

    def start_centre(self) -> None:
        port_file = self.places.central / "port"
        port_file.unlink(missing_ok=True)
        # Its own from the first start on: started again after a kill, it must be where the relay looks for it.
        port = self.places.centre_port or free_port()
        arguments = ["central", "serve", "--state", str(self.places.central), "--port", str(port)]
        self._spawn("centre", arguments)
        self.places.centre_port = int(self._appears(port_file, "centre"))

    def start_pcscd(self) -> None:
        """The virtual reader is plugged in."""
        with self._guard:
            self._pcscd_wanted = True
            self._pcscd.start()

    def stop_pcscd(self) -> None:
        """The reader is pulled out, and stays out."""
        with self._guard:
            self._pcscd_wanted = False
            self._pcscd.stop()

    def _start_dock(self) -> None:
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
        """The dock's window, to the right of the kiosk's; it is not started again when it is closed."""
        left = MARGIN_PX * 2 + self.places.panel.width_px
        self._spawn("panel", ["dock", "panel", "--state", str(self.folder.path)], {WINDOW_AT: f"{left},{MARGIN_PX}"})
        part = self.parts["panel"]
        part.wanted = False
        assert part.process is not None
        return part.process

    def _ports(self) -> dict[str, int]:
        return demonstration.read_ports(self.folder)

    def start(self, name: str) -> None:
        """Starts a process of the kiosk: sync, printer or kiosk."""
        beside = {WINDOW_AT: f"{MARGIN_PX},{MARGIN_PX}"} if self.windowed else {}
        self._spawn(name, ["run", name, "--state", str(self.folder.path)], {**FORGETFUL, **beside})

    def _prepare_store(self) -> None:
        """The one-shot before the others; what a killed demonstration left behind may hold the store a moment yet."""
        until = time.monotonic() + LEFTOVERS_S
        while True:
            done = subprocess.run(
                [sys.executable, "-m", "kiosk.cli", "run", "store", "--state", str(self.folder.path)],
                capture_output=True,
                text=True,
                check=False,
            )
            if not done.returncode:
                return
            if time.monotonic() > until:
                said = done.stderr.strip().splitlines()
                raise WorldError(said[-1].removeprefix("totem: ") if said else "the store could not be prepared")
            time.sleep(0.2)

    def _spawn(self, name: str, arguments: list[str], more: Mapping[str, str] | None = None) -> None:
        logs = self.folder.path / "log"
        logs.mkdir(exist_ok=True)
        environment = {
            **os.environ,
            "DISPLAY": self.display,
            "PYTHONUNBUFFERED": "1",
            "PCSCLITE_CSOCK_NAME": str(self._pcscd.socket),
            **(more or {}),
        }
        environment.pop("NOTIFY_SOCKET", None)
        command = [sys.executable, "-m", "kiosk.cli", *arguments]
        part = self.parts.get(name) or Part(name, command, environment, logs / f"{name}.log")
        part.command, part.environment, part.wanted = command, environment, True
        with self._guard:
            self.parts[name] = part
            part.launch()

    def _watch(self) -> None:
        """Starts again what died. The thread outlives what it started, for that ends with it."""
        while not self._ended.wait(0.1):
            with self._guard:
                for part in self.parts.values():
                    if part.ended and part.wanted and not self._stopping.wait(RESTART_AFTER_S):
                        part.launch()
                if self._pcscd_wanted and not self._pcscd.alive() and not self._stopping.is_set():
                    with contextlib.suppress(PcscdError):  # tried again at the next turn
                        self._pcscd.start()

    def kill(self, name: str) -> None:
        """SIGKILL, as the kernel's out-of-memory killer or a crash would; the supervisor starts it again."""
        if name == "pcscd":
            self._pcscd.kill()
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
            part.end()

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
                line = self.parts[name].last_line() or f"{name} ended with status {process.returncode}"
                raise WorldError(line.removeprefix("totem: "))
            time.sleep(0.02)
        raise WorldError(f"{name} did not start within {START_LIMIT_S:.0f} s: see {self.parts[name].log}")

    def close(self) -> None:
        """Ends every process by its own id, the screen first, the centre last."""
        self._stopping.set()
        with self._guard:
            for name in ("kiosk", "panel", "printer", "sync", "dock", "centre"):
                part = self.parts.get(name)
                if part is not None:
                    part.wanted = False
                    part.end()
            self.stop_pcscd()
        self._ended.set()
        if self._supervisor.is_alive():
            self._supervisor.join()
        if self._owner is not None:
            os.close(self._owner)
            self._owner = None
