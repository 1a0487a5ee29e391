"""What of printers hangs on this machine, as the kernel lists it: nobody is asked, nothing is opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from printer import profiles

PRINTER_CLASS = "07"


@dataclass(frozen=True)
class Attached:
    """`settings` goes under [printer] in totem.toml. `profiles` are those whose printers carry these numbers."""

    settings: str
    name: str
    profiles: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        known = f", profile {' or '.join(self.profiles)}" if self.profiles else ""
        return f"{self.name or 'a device'}: {self.settings}{known}"


def attached(system: Path = Path("/")) -> list[Attached]:
    """USB printers, the kernel's printer files, and serial ports that are a device of their own."""
    return [*_usb(system / "sys/bus/usb/devices"), *_files(system / "dev/usb"), *_serial(system / "dev/serial/by-id")]


def _usb(devices: Path) -> list[Attached]:
    found = []
    for kind in sorted(devices.glob("*:*/bInterfaceClass")):
        if _read(kind) != PRINTER_CLASS:
            continue
        device = devices / kind.parent.name.split(":")[0]
        ids = f"{_read(device / 'idVendor')}:{_read(device / 'idProduct')}"
        name = f"{_read(device / 'manufacturer')} {_read(device / 'product')}".strip()
        found.append(Attached(f'transport = "usb", usb = "{ids}"', name, _of(ids)))
    return found


def _files(folder: Path) -> list[Attached]:
    return [
        Attached(f'transport = "file", device = "{path}"', "the kernel's printer file")
        for path in sorted(folder.glob("lp*"))
    ]


def _serial(folder: Path) -> list[Attached]:
    return [
        Attached(f'transport = "serial", device = "{path}"', path.name)
        for path in sorted(folder.glob("*"))
    ]


def _of(ids: str) -> tuple[str, ...]:
    return tuple(name for name in profiles.names() if ids in profiles.load(name).usb)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
