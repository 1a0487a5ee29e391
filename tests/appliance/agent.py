"""Runs inside the emulated machine, as root: does what the test outside asks for over a port of the virtual hardware.

Standard library alone. One request and one answer a line: {"id", "run", "text"} -> {"id", "status", "out", "errors"};
{"id", "ask", "socket"} -> {"id", "answer"}; {"id", "finger": [x, y]} -> {"id"}, a touch of a panel that this program
makes (shares of its width and height).
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PORT = "/dev/virtio-ports/totem.test"
# linux/uinput.h and linux/input-event-codes.h.
_UI_SET_EVBIT, _UI_SET_KEYBIT, _UI_SET_ABSBIT, _UI_SET_PROPBIT = 0x40045564, 0x40045565, 0x40045567, 0x4004556E
_UI_DEV_CREATE = 0x5501
_EV_SYN, _EV_KEY, _EV_ABS = 0, 1, 3
_BTN_TOUCH, _DIRECT = 0x14A, 0x01
_ABS_X, _ABS_Y, _MT_SLOT, _MT_X, _MT_Y, _MT_ID = 0x00, 0x01, 0x2F, 0x35, 0x36, 0x39
_MOST = 4095
_NAME = b"Totem test touch panel"


class Panel:
    """A touch panel of the kernel's own making, on no bus: libinput takes it for any other."""

    def __init__(self) -> None:
        self._number = 0
        self._file = os.open("/dev/uinput", os.O_WRONLY | os.O_NONBLOCK)
        for bit in (_EV_KEY, _EV_ABS):
            fcntl.ioctl(self._file, _UI_SET_EVBIT, bit)
        fcntl.ioctl(self._file, _UI_SET_KEYBIT, _BTN_TOUCH)
        fcntl.ioctl(self._file, _UI_SET_PROPBIT, _DIRECT)
        highest = [0] * 64
        for axis, most in ((_ABS_X, _MOST), (_ABS_Y, _MOST), (_MT_SLOT, 9), (_MT_X, _MOST), (_MT_Y, _MOST),
                           (_MT_ID, 65535)):  # fmt: skip
            fcntl.ioctl(self._file, _UI_SET_ABSBIT, axis)
            highest[axis] = most
        zeroes = [0] * 64
        about = struct.pack("80sHHHHi", _NAME, 3, 1, 1, 1, 0)
        os.write(self._file, about + struct.pack("256i", *highest, *zeroes, *zeroes, *zeroes))
        fcntl.ioctl(self._file, _UI_DEV_CREATE)

    def touch(self, across: float, down: float) -> None:
        self._number += 1
        x, y = round(across * _MOST), round(down * _MOST)
        self._say((_EV_ABS, _MT_SLOT, 0), (_EV_ABS, _MT_ID, self._number), (_EV_ABS, _MT_X, x), (_EV_ABS, _MT_Y, y),
                  (_EV_KEY, _BTN_TOUCH, 1), (_EV_ABS, _ABS_X, x), (_EV_ABS, _ABS_Y, y))  # fmt: skip
        # At once: while the machine draws, a moment would be a long touch, which switches the voice on.
        self._say((_EV_ABS, _MT_ID, -1), (_EV_KEY, _BTN_TOUCH, 0))

    def _say(self, *events: tuple[int, int, int]) -> None:
        for kind, code, value in (*events, (_EV_SYN, 0, 0)):
            os.write(self._file, struct.pack("llHHi", 0, 0, kind, code, value))


class Agent:
    def __init__(self) -> None:
        self._panel: Panel | None = None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        match request:
            case {"run": command}:
                done = subprocess.run(
                    command, input=request.get("text"), capture_output=True, text=True, check=False, errors="replace"
                )
                return {"status": done.returncode, "out": done.stdout, "errors": done.stderr}
            case {"ask": asked, "socket": path}:
                return {"answer": _ask(path, asked)}
            case {"finger": [across, down]}:
                if self._panel is None:
                    self._panel = Panel()
                self._panel.touch(across, down)
                return {}
            case {"panel": True}:
                self._panel = self._panel or Panel()
                return {}
            case _:
                return {"error": "unknown request"}


def _ask(path: str, request: dict[str, Any]) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(60)
        sock.connect(path)
        sock.sendall(json.dumps(request).encode() + b"\n")
        with sock.makefile("rb") as stream:
            found: dict[str, Any] = json.loads(stream.readline())
            return found


def main() -> None:
    agent = Agent()
    port = Path(PORT).open("r+b", buffering=0)  # noqa: SIM115  for as long as the machine runs
    waiting = b""
    while True:
        waiting += port.read(65536) or b""
        if b"\n" not in waiting:
            # Nobody is at the other end yet.
            time.sleep(0.1)
            continue
        line, _, waiting = waiting.partition(b"\n")
        try:
            request = json.loads(line)
            answer = agent.answer(request)
        except Exception as error:  # noqa: BLE001  whatever it is, the test is told
            answer = {"error": repr(error)}
        said = json.dumps({**answer, "id": request.get("id")}).encode() + b"\n"
        while said:
            said = said[port.write(said) or 0 :]


if __name__ == "__main__":
    sys.exit(main())
