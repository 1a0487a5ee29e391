"""A machine in software (qemu): a disk, a screen that can be pictured, a pointer that can be moved, and a power switch
whose cut takes with it whatever the machine had not written to its disk.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.appliance.container import wait_until

QEMU = "qemu-system-x86_64"
# Where the machine finds this one (qemu's user network).
OUTSIDE = "10.0.2.2"
# What qemu 7.2 makes of AVX is new, and the software renderer draws with it where it can: half of a screen was missing.
PROCESSOR = "max,-avx,-avx2,-fma,-f16c"
BOOT_LIMIT_S = 600.0
ASK_LIMIT_S = 900.0
# Of an absolute pointer's axis (qemu's QMP reference, InputMoveEvent).
_MOST = 0x7FFF


class Emulated:
    """`root` is a file with ext4; `disks` are further ones. Sockets and the console's log lie in `work`."""

    def __init__(self, root: Path, kernel: Path, initial: Path, work: Path, *, size: tuple[int, int],
                 disks: tuple[Path, ...] = ()) -> None:  # fmt: skip
        self._disks = (root, *disks)
        self._kernel, self._initial = kernel, initial
        self._work = work
        self.size = size
        self._process: subprocess.Popen[bytes] | None = None
        self._agent: socket.socket | None = None
        self._monitor: socket.socket | None = None
        self._number = 0
        self._waiting = b""
        self._heard = b""

    # ---- power ------------------------------------------------------------------------------------------

    def boot(self) -> float:
        """Until the agent inside answers; seconds."""
        began_s = time.monotonic()
        for name in ("agent", "qmp"):
            (self._work / name).unlink(missing_ok=True)
        drives = [word for disk in self._disks
                  for word in ("-drive", f"file={disk},if=virtio,format=raw,cache=writeback")]  # fmt: skip
        width, height = self.size
        log = (self._work / "qemu.log").open("ab")
        self._process = subprocess.Popen(
            [QEMU, "-accel", "tcg,thread=multi", "-cpu", PROCESSOR, "-smp", "2", "-m", "2048", "-display", "none",
             "-vga", "none", "-device", f"virtio-gpu-pci,xres={width},yres={height}", "-device", "virtio-tablet-pci",
             "-device", "virtio-rng-pci", "-device", "qemu-xhci", "-device", "usb-ccid", "-device", "virtio-serial-pci",
             "-chardev", f"socket,id=agent,path={self._work}/agent,server=on,wait=off",
             "-device", "virtserialport,chardev=agent,name=totem.test",
             "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,id=line",
             *drives, "-kernel", str(self._kernel), "-initrd", str(self._initial),
             "-append", "root=LABEL=totem-root rw console=tty0 console=ttyS0 loglevel=4 panic=-1",
             "-serial", f"file:{self._work}/console.log", "-qmp", f"unix:{self._work}/qmp,server=on,wait=off",
             "-no-reboot"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        log.close()
        wait_until(lambda: self._running() and (self._work / "agent").exists() and (self._work / "qmp").exists(),
                   "the emulator runs")  # fmt: skip
        self._monitor = _connected(self._work / "qmp")
        self._heard = b""
        self._line_of_monitor()
        self.qmp("qmp_capabilities")
        self._agent = _connected(self._work / "agent")
        self._waiting = b""
        self.request({"run": ["true"]}, limit_s=BOOT_LIMIT_S)
        wait_until(lambda: self.run("systemctl", "is-system-running").stdout.strip() in {"running", "degraded"},
                   "the emulated machine is up", BOOT_LIMIT_S)  # fmt: skip
        return time.monotonic() - began_s

    def cut(self) -> None:
        """The power goes: what the machine's kernel had in memory only is gone."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(20)
        self._close()

    def off(self, limit_s: float = 300) -> None:
        """As a technician would."""
        assert self._process is not None
        self.request({"run": ["systemctl", "poweroff", "--no-block"]})
        self._process.wait(limit_s)
        self._close()

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        if self._process is not None:
            self.cut()

    def _close(self) -> None:
        for one in (self._agent, self._monitor):
            if one is not None:
                one.close()
        self._process = self._agent = self._monitor = None

    def _running(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._work / "qemu.log").read_text(errors="replace")[-2000:]
        return True

    # ---- the monitor ------------------------------------------------------------------------------------

    def qmp(self, name: str, **arguments: Any) -> Any:
        """A command of qemu's monitor, and what it returns."""
        assert self._monitor is not None
        self._monitor.sendall(json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n")
        while True:
            told = json.loads(self._line_of_monitor())
            assert "error" not in told, told
            if "return" in told:
                return told["return"]

    def _line_of_monitor(self) -> bytes:
        assert self._monitor is not None
        while b"\n" not in self._heard:
            more = self._monitor.recv(65536)
            assert more, "qemu has ended"
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        return line

    def shoot(self, target: Path) -> None:
        """What is on the glass, as the graphics chip sends it out."""
        target.parent.mkdir(parents=True, exist_ok=True)
        self.qmp("screendump", filename=str(target), format="png")

    def point(self, across: float, down: float) -> None:
        """A touch: there, pressed, and let go at once: while the machine draws, a moment would be a long touch, which
        switches the voice on. Shares of the glass's width and height.
        """
        place = [{"type": "abs", "data": {"axis": axis, "value": round(share * _MOST)}}
                 for axis, share in (("x", across), ("y", down))]  # fmt: skip
        self.qmp("input-send-event", events=place)
        time.sleep(0.1)
        both = [{"type": "btn", "data": {"button": "left", "down": pressed}} for pressed in (True, False)]
        for one in both:
            self.qmp("input-send-event", events=[one])

    def keys(self, *names: str) -> None:
        """Keys of the keyboard, pressed together and let go."""
        self.qmp("send-key", keys=[{"type": "qcode", "data": name} for name in names])
        time.sleep(0.2)

    # ---- inside -----------------------------------------------------------------------------------------

    def request(self, asked: dict[str, Any], limit_s: float = ASK_LIMIT_S) -> dict[str, Any]:
        """One exchange with the agent; AssertionError when it does not answer in time."""
        assert self._agent is not None
        self._number += 1
        self._agent.settimeout(5)
        self._agent.sendall(json.dumps({**asked, "id": self._number}).encode() + b"\n")
        until_s = time.monotonic() + limit_s
        while time.monotonic() < until_s:
            line, found, rest = self._waiting.partition(b"\n")
            if found:
                self._waiting = rest
                told: dict[str, Any] = json.loads(line)
                if told["id"] == self._number:
                    return told
                continue
            try:
                self._waiting += self._agent.recv(1 << 20)
            except TimeoutError:
                self._running()
        raise AssertionError(f"the agent inside does not answer within {limit_s:.0f} s: {asked}")

    def run(self, *command: str, text: str | None = None, limit_s: float = ASK_LIMIT_S,
            ) -> subprocess.CompletedProcess[str]:  # fmt: skip
        """A command inside, as root."""
        told = self.request({"run": command, "text": text}, limit_s)
        if "error" in told:
            return subprocess.CompletedProcess(command, 127, "", told["error"])
        return subprocess.CompletedProcess(command, told["status"], told["out"], told["errors"])

    def do(self, *command: str, text: str | None = None, limit_s: float = ASK_LIMIT_S) -> str:
        """The same; AssertionError with what it said if it failed."""
        done = self.run(*command, text=text, limit_s=limit_s)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def write(self, path: str, content: str) -> None:
        self.do("sh", "-c", f"mkdir -p $(dirname {path}) && cat > {path}", text=content)

    def ask(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        """One request to a socket of the kiosk; an `error` if nobody is there."""
        told = self.request({"ask": asked, "socket": path}, 90)
        found: dict[str, Any] = told["answer"] if "answer" in told else {"error": told["error"]}
        return found

    def finger(self, across: float, down: float) -> None:
        """A touch of a touch panel that the agent makes: shares of the panel as it was built, not as it hangs."""
        assert "error" not in (told := self.request({"finger": [across, down]})), told


def missing() -> list[str]:
    """What would have to be so."""
    wanting = [f"{name} is not installed" for name in (QEMU, "mke2fs") if shutil.which(name) is None]
    if not wanting:
        listed = subprocess.run([QEMU, "-device", "help"], capture_output=True, text=True, check=False).stdout
        wanting += [f"{QEMU} has no {name}" for name in ("virtio-gpu-pci", "virtio-tablet-pci") if name not in listed]
    return wanting


def _connected(path: Path) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(60)
    sock.connect(str(path))
    return sock
