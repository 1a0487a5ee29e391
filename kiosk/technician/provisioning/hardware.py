"""What hangs on the machine, as the kernel and the program itself tell: the panel, the card reader, the printer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.technician.provisioning.environment import PROGRAM
from kiosk.technician.provisioning.machine import Machine

# USB class codes (usb.org, Defined Class Codes): smart card.
CCID = "0b"
MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Panel:
    """As its EDID says; as it is mounted after `turned`."""

    name: str
    width_px: int
    height_px: int
    width_mm: int
    height_mm: int

    def turned(self, quarter_turns: int) -> Panel:
        if quarter_turns % 2 == 0:
            return self
        return Panel(self.name, self.height_px, self.width_px, self.height_mm, self.width_mm)


def panel_of(edid: bytes, name: str) -> Panel | None:
    """The preferred mode and the glass's size (VESA E-EDID A.2, 3.10.2: detailed timing 1); None without."""
    if len(edid) < 128 or edid[:8] != bytes.fromhex("00ffffffffffff00"):
        return None
    timing = edid[54:72]
    if timing[0] == 0 and timing[1] == 0:
        return None
    width_px = timing[2] | (timing[4] & 0xF0) << 4
    height_px = timing[5] | (timing[7] & 0xF0) << 4
    width_mm = timing[12] | (timing[14] & 0xF0) << 4
    height_mm = timing[13] | (timing[14] & 0x0F) << 8
    if not width_mm or not height_mm:
        # Section 3.6.2: the same in whole centimetres.
        width_mm, height_mm = edid[21] * 10, edid[22] * 10
    if not width_mm or not height_mm or not width_px or not height_px:
        return None
    return Panel(name, width_px, height_px, width_mm, height_mm)


def panels(machine: Machine) -> list[Panel]:
    """The panels that are plugged in and say how large they are."""
    found = []
    for status in sorted(machine.at("/sys/class/drm").glob("card*-*/status")):
        edid = status.with_name("edid")
        if _read(status) == "connected" and edid.is_file():
            panel = panel_of(edid.read_bytes(), status.parent.name)
            if panel is not None:
                found.append(panel)
    return found


def readers(machine: Machine) -> list[str]:
    """Names of the USB card readers."""
    found = []
    for kind in sorted(machine.at("/sys/bus/usb/devices").glob("*:*/bInterfaceClass")):
        if _read(kind) == CCID:
            device = kind.parent.parent / kind.parent.name.split(":")[0]
            found.append(f"{_read(device / 'manufacturer')} {_read(device / 'product')}".strip() or "a card reader")
    return found


@dataclass(frozen=True)
class FoundPrinter:
    """`settings` as they go under [printer] in totem.toml."""

    name: str
    settings: dict[str, Any]
    profiles: tuple[str, ...]


_ATTACHED = """
import dataclasses, json, tomllib
from printer import detection
print(json.dumps([
    {"name": d.name, "settings": tomllib.loads("printer = {" + d.settings + "}")["printer"], "profiles": d.profiles}
    for d in detection.attached()
]))
"""
_REFUSAL = """
import sys
from printer import profiles
print(profiles.refusal(profiles.load(sys.argv[1]), sys.argv[2]) or "")
"""


def printers(machine: Machine) -> list[FoundPrinter]:
    """What the program itself finds attached; none before it is installed."""
    listed = machine.ask([f"{PROGRAM}/bin/python", "-c", _ATTACHED])
    return [
        FoundPrinter(found["name"], found["settings"], tuple(found["profiles"])) for found in json.loads(listed or "[]")
    ]


def refusal(machine: Machine, profile: str, unconfirmed: str) -> str | None:
    """Why a printer of that profile may not be taken into service; None if it may, or nobody knows yet."""
    if not machine.at(f"{PROGRAM}/bin/python").exists():
        return None
    said = machine.ask([f"{PROGRAM}/bin/python", "-c", _REFUSAL, profile, unconfirmed])
    if said is None:
        return f"there is no printer profile {profile}: see docs/technician"
    return said.strip() or None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
