"""The switch in a headset's socket, as Linux tells it: an input device with SW_HEADPHONE_INSERT.

Sound cards make such a device of each jack that they can sense ("HDA Intel PCH Front Headphone"); a keypad with a
socket of its own has one too. A thread waits for the switch in the kernel; nothing is asked in turns.
"""

from __future__ import annotations

import fcntl
import os
import re
import struct
import threading
from collections.abc import Callable
from pathlib import Path

# linux/input-event-codes.h
EV_SW = 0x05
SW_HEADPHONE_INSERT = 0x02
# linux/input.h: struct input_event is two longs of time, then type, code and value.
EVENT = struct.Struct("llHHi")
# EVIOCGSW(len) = _IOC(_IOC_READ, 'E', 0x1b, len), asm-generic/ioctl.h
_EVIOCGSW_1 = (2 << 30) | (1 << 16) | (ord("E") << 8) | 0x1B
DEVICES = Path("/proc/bus/input/devices")


def find(listing: str) -> str | None:
    """The first input device of /proc/bus/input/devices that has the switch: `/dev/input/event5`."""
    for entry in listing.split("\n\n"):
        switches = re.search(r"^B: SW=([0-9a-f ]+)$", entry, re.MULTILINE)
        handler = re.search(r"^H: Handlers=.*\b(event\d+)\b", entry, re.MULTILINE)
        if switches and handler and int(switches[1].split()[-1], 16) >> SW_HEADPHONE_INSERT & 1:
            return f"/dev/input/{handler[1]}"
    return None


class HeadsetSwitch:
    """`device` is a path, or "auto" to look for one. `changed` is told from a thread; first how it is, if it is in."""

    def __init__(self, device: str, changed: Callable[[bool], None], listing: Path = DEVICES) -> None:
        self._device, self._changed, self._listing = device, changed, listing
        self._wake = os.pipe()
        self._thread = threading.Thread(target=self._run, name="headset", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        os.write(self._wake[1], b".")
        self._thread.join(1)

    def _run(self) -> None:
        """A machine without such a switch, or without the right to read it, has no headset to notice."""
        try:
            path = self._device if self._device != "auto" else find(self._listing.read_text(encoding="ascii"))
            if path is None:
                return
            with open(path, "rb", buffering=0) as switch:  # noqa: PTH123  unbuffered, a device
                self._follow(switch.fileno())
        except OSError:
            return

    def _follow(self, switch: int) -> None:
        import select

        if _is_in(switch):
            self._changed(True)
        while True:
            ready, _, _ = select.select([switch, self._wake[0]], [], [])
            if self._wake[0] in ready:
                return
            event = os.read(switch, EVENT.size)
            if len(event) < EVENT.size:
                return
            _, _, kind, code, value = EVENT.unpack(event)
            if (kind, code) == (EV_SW, SW_HEADPHONE_INSERT):
                self._changed(value == 1)


def _is_in(switch: int) -> bool:
    """How the switch stands now; what is no input device (a test's pipe) tells it by its events alone."""
    state = bytearray(1)
    try:
        fcntl.ioctl(switch, _EVIOCGSW_1, state)
    except OSError:
        return False
    return bool(state[0] >> SW_HEADPHONE_INSERT & 1)
