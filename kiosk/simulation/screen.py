"""A display for the demonstration: the one there is, or a virtual one."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import subprocess
from types import TracebackType
from typing import Self

from devices.virtual.lifeline import tied


class NoDisplay(Exception):
    """No display and no way to make one; the message says what to install."""


class VirtualScreen:
    """Xvfb on a free display number of its own choosing; ends with the `with` block."""

    def __init__(self, width_px: int, height_px: int) -> None:
        self._size = f"{width_px}x{height_px}x24"
        self._process: subprocess.Popen[bytes] | None = None
        self.display = ""

    def __enter__(self) -> Self:
        if not shutil.which("Xvfb"):
            raise NoDisplay("no display, and no Xvfb to make one: run `make setup`, or as root apt-get install xvfb")
        read, write = os.pipe()
        # Xvfb would tell systemd that the kiosk is ready.
        environment = {name: value for name, value in os.environ.items() if name != "NOTIFY_SOCKET"}
        self._process = subprocess.Popen(
            tied(["Xvfb", "-displayfd", str(write), "-screen", "0", self._size, "-nolisten", "tcp", "-noreset"]),
            pass_fds=(write,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise NoDisplay("Xvfb did not start: is /tmp/.X11-unix writable?")
        self.display = f":{number}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)


def display_size(display: str) -> tuple[int, int] | None:
    """Width and height in pixels of an X display; None if it cannot be opened."""
    name = ctypes.util.find_library("X11")
    if not name:
        return None
    library = ctypes.CDLL(name)
    library.XOpenDisplay.restype = ctypes.c_void_p
    opened = library.XOpenDisplay(display.encode())
    if not opened:
        return None
    handle = ctypes.c_void_p(opened)
    size = int(library.XDisplayWidth(handle, 0)), int(library.XDisplayHeight(handle, 0))
    library.XCloseDisplay(handle)
    return size
