"""/etc/totem/totem.toml, and what of the answers is the system's: how the panel hangs, whom the printer unit may reach.

What a technician wrote into totem.toml by hand stays: only what was answered is put in its place.
"""

from __future__ import annotations

import ipaddress
import socket
import tomllib
from typing import Any

from kiosk.technician.provisioning.machine import Machine, ProvisioningError

FILE = "/etc/totem/totem.toml"
CA = "/etc/totem/centre-ca.pem"
# Whose signatures root believes of programs: the same root that the catalogue begins with.
ROOT = "/etc/totem/root.json"
SCREEN = "/etc/totem/screen.env"
TOUCH = "/etc/udev/rules.d/61-totem-touch.rules"
PRINTER = "/etc/systemd/system/totem-printer.service.d/10-printer.conf"
# libinput's documentation, "Device configuration via udev", LIBINPUT_CALIBRATION_MATRIX: a panel turned clockwise.
MATRICES = {0: "1 0 0 0 1 0", 1: "0 -1 1 1 0 0", 2: "-1 0 1 0 -1 1", 3: "0 1 0 -1 0 1"}


def read(machine: Machine) -> dict[str, Any]:
    """What stands there now; ProvisioningError if it is no TOML."""
    file = machine.at(FILE)
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProvisioningError(f"{FILE}: {error}: mend it, or move it away to be asked again") from error


def write(machine: Machine, found: dict[str, Any], answered: dict[str, Any]) -> None:
    """Puts what was answered over what stands there; the file is written only if that changes anything."""
    merged = _merged(found, answered)
    merged.setdefault("centre", {"url": "", "ca": CA})
    if merged != found:
        machine.file(FILE, text(merged).encode(), why="what this kiosk is, and what hangs on it")


def write_screen(machine: Machine, quarter_turns: int, touch: str | None) -> bool:
    """How the panel hangs, for the compositor and for touches; True if it was otherwise."""
    changed = machine.file(SCREEN, f"TOTEM_TURNS={quarter_turns}\n".encode(), why="how the panel hangs")
    matrix = touch or MATRICES[quarter_turns]
    rule = (
        "# How touches lie on the picture.\n"
        f'ENV{{ID_INPUT_TOUCHSCREEN}}=="1", ENV{{LIBINPUT_CALIBRATION_MATRIX}}="{matrix}"\n'
    )
    return machine.file(TOUCH, rule.encode(), why="how touches lie on the picture") or changed


def write_printer_access(machine: Machine, printer: dict[str, Any]) -> bool:
    """The one address that the printer process may reach; True if it was another."""
    if printer.get("transport") != "network":
        return machine.gone(PRINTER, why="the printer is not on the network")
    host = str(printer.get("host", ""))
    try:
        address = str(ipaddress.ip_address(host))
    except ValueError:
        try:
            address = socket.getaddrinfo(host, None)[0][4][0].__str__()
        except OSError as error:
            raise ProvisioningError(f"the printer's name {host} is unknown here: give its address") from error
    unit = f"# Where the printer is. Written by provision.\n[Service]\nIPAddressAllow={address}\n"
    return machine.file(PRINTER, unit.encode(), why="the printer process may reach the printer, and nobody else")


def text(values: dict[str, Any]) -> str:
    """TOML of plain values, lists of them, and tables."""
    return "\n".join(_table(values, ())) + "\n"


def _table(values: dict[str, Any], path: tuple[str, ...]) -> list[str]:
    lines = [f"{_key(name)} = {_value(value)}" for name, value in values.items() if not isinstance(value, dict)]
    for name, value in values.items():
        if isinstance(value, dict):
            inner = (*path, name)
            lines += ["", f"[{'.'.join(map(_key, inner))}]", *_table(value, inner)]
    return lines


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _value(name)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            escaped = "".join(
                f"\\u{ord(letter):04x}" if ord(letter) < 32 or ord(letter) == 127 else letter
                for letter in value.replace("\\", "\\\\").replace('"', '\\"')
            )
            return f'"{escaped}"'
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            raise ProvisioningError(f"{FILE}: {value!r} cannot be written again: set it by hand")


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        merged[name] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
