"""The real pcscd, private to one run: its own socket, its own reader.conf folder, its own /run.

Simulation only: the driver it loads (vpcd) listens for cards on every address of the machine. pcscd insists on
/run/pcscd, which a user may not make and a system daemon may hold, so it gets a mount namespace with an empty /run.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from devices.virtual.lifeline import tied
from devices.virtual.ports import free_port

DRIVER = Path(sys.prefix) / "share/totem/libifdvpcd.so"
READER_CONF = """FRIENDLYNAME "Virtual PCD"
DEVICENAME /dev/null:0x{port:04X}
LIBPATH {driver}
CHANNELID 0x{port:04X}
"""
# systemd's protocol: the socket is descriptor 3, and LISTEN_PID is the process that execs.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])
"""
OWN_RUN = ["sh", "-c", 'mount -t tmpfs tmpfs /run && exec "$@"', "sh"]
TCP_LISTENING = "0A"


class PcscdError(Exception):
    """One line that says what is missing and what to do."""


class PrivatePcscd:
    """One pcscd with one virtual reader. May be started again after it died or was stopped; the port stays the same."""

    def __init__(self, run_dir: Path, port: int | None = None) -> None:
        """`run_dir` must be short: it holds a Unix socket. `port` is vpcd's, the next one that of its second slot; free
        ones are taken if none is given.
        """
        self.socket = run_dir / "pcscd.sock"
        self.port = port if port is not None else free_port(following=1)
        self._folder = run_dir / "reader.conf.d"
        self._log = run_dir / "pcscd.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, *, timeout_s: float = 10.0) -> None:
        """Returns once a card can be inserted. PcscdError if pcscd or its driver is missing, or it gave up."""
        self.stop()
        program = shutil.which("pcscd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
        if program is None:
            raise PcscdError("pcscd is not installed: as root, run apt-get install pcscd")
        if not DRIVER.is_file():
            raise PcscdError(f"the virtual reader's driver {DRIVER} is missing: run make setup")
        if _listening(self.port):  # pcscd would go on without its reader
            raise PcscdError(f"port {self.port} is taken: stop what listens there, or leave the choice to this program")
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "vpcd").write_text(READER_CONF.format(port=self.port, driver=DRIVER), encoding="utf-8")
        self.socket.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener, self._log.open("wb") as log:
            listener.bind(str(self.socket))
            self.socket.chmod(0o600)
            listener.listen(16)
            hand_over = [sys.executable, "-I", "-S", "-c", HAND_OVER, str(listener.fileno())]
            # Our own copy is closed below: were it kept, clients of a dead pcscd would wait for ever.
            self._process = subprocess.Popen(
                [*_namespace(), *tied([*hand_over, program, "-f", "-c", str(self._folder), *_options(program)])],
                pass_fds=[listener.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_listening(timeout_s)

    def stop(self, *, timeout_s: float = 5.0) -> None:
        """Ends the process that was started here, and no other. Nothing happens if there is none."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self.socket.unlink(missing_ok=True)

    def kill(self) -> None:
        """Dies as by a crash (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Dies as by a crash and comes back on the same socket and port; a card stays inserted."""
        self.kill()
        self.start()

    def _wait_until_listening(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while not _listening(self.port):
            if not self.alive() or time.monotonic() > deadline:
                lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
                self.stop()
                said = lines[-1] if lines else "it said nothing"
                raise PcscdError(f"pcscd did not start: {said} (see {self._log})")
            time.sleep(0.02)


def _namespace() -> list[str]:
    """How to run a command in a mount namespace of its own; without one only if root is refused one."""
    if os.geteuid() == 0:
        if _works(["unshare", "-m", "true"]):
            return ["unshare", "-m", *OWN_RUN]
        return []
    if _works(["unshare", "-Urm", "true"]):
        return ["unshare", "-Urm", *OWN_RUN]
    raise PcscdError("this user may not make a namespace for the private pcscd: run as root (sudo make run)")


def _options(program: str) -> list[str]:
    """Newer daemons ask polkit, which cannot be reached from in there; the socket is private to this user anyway."""
    told = subprocess.run([program, "--help"], capture_output=True, text=True, check=False).stdout
    return ["--disable-polkit"] if "--disable-polkit" in told else []


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _listening(port: int) -> bool:
    """By the kernel's table: connecting would be inserting a card."""
    rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return any(row.split()[1].endswith(f":{port:04X}") and row.split()[3] == TCP_LISTENING for row in rows)
