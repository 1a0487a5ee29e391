"""What only a person knows about a machine: from the command line, as answered last time, or asked one by one."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.technician.provisioning import hardware
from kiosk.technician.provisioning.machine import Machine, ProvisioningError

NO_PRINTER = "none"


@dataclass(frozen=True)
class Answers:
    """`settings` goes into totem.toml; the rest belongs to the system."""

    settings: dict[str, Any]
    quarter_turns: int
    touch: str | None
    printer: bool


def gather(machine: Machine, given: argparse.Namespace, known: dict[str, Any], ask: Callable[[str, str], str] | None,
           turns: int | None) -> Answers:  # fmt: skip
    """`known` is totem.toml as it stands, `turns` how the panel hangs; None before that was said. `ask(question,
    default)` puts a question; None where nobody is there.
    """
    label = given.label or known.get("label") or _asked(ask, "This kiosk's name, as on every paper", "", "--label")
    place = given.place
    if place is None:
        place = known.get("place") if "place" in known else (ask("Where it stands", "") if ask else "")
    if given.rotate is not None:
        turns = given.rotate // 90
    if turns is None:
        turns = _turns(ask("How the panel hangs, turned clockwise by 0, 90, 180 or 270", "0")) if ask else 0
    settings: dict[str, Any] = {"label": label, "place": place or ""}
    panel = _panel(machine, given, known, turns, ask)
    if panel is not None:
        settings["panel"] = panel
    printer = _printer(machine, given, known, ask)
    if printer is not None:
        settings["printer"] = printer
    return Answers(settings, turns, given.touch_matrix, printer is not None)


def _asked(ask: Callable[[str, str], str] | None, question: str, default: str, option: str) -> str:
    answer = ask(question, default).strip() if ask is not None else ""
    if not answer:
        raise ProvisioningError(f"{question.lower()}: say it with {option}")
    return answer


def _turns(said: str) -> int:
    if said not in {"0", "90", "180", "270"}:
        raise ProvisioningError(f"{said} is none of 0, 90, 180, 270: run it again")
    return int(said) // 90


def _panel(machine: Machine, given: argparse.Namespace, known: dict[str, Any], turns: int,
           ask: Callable[[str, str], str] | None) -> dict[str, Any] | None:  # fmt: skip
    if given.panel:
        return _measured(given.panel)
    found = [panel.turned(turns) for panel in hardware.panels(machine)]
    if found:
        first = found[0]
        if len(found) > 1:
            machine.note(f"several panels are plugged in; {first.name} is taken")
        return {"width_px": first.width_px, "height_px": first.height_px, "width_mm": float(first.width_mm),
                "height_mm": float(first.height_mm)}  # fmt: skip
    if "panel" not in known:
        machine.note("no panel says how large it is: measure the glass and give --panel")
        said = ask("The picture in pixels and the glass in millimetres, as 1080x1920/296.7x527.4", "") if ask else ""
        return _measured(said) if said else None
    return None


def _measured(said: str) -> dict[str, Any]:
    try:
        pixels, _, millimetres = said.partition("/")
        (width, height), (width_mm, height_mm) = (part.split("x") for part in (pixels, millimetres))
        return {"width_px": int(width), "height_px": int(height), "width_mm": float(width_mm),
                "height_mm": float(height_mm)}  # fmt: skip
    except ValueError as error:
        raise ProvisioningError("--panel is said as 1080x1920/296.7x527.4: pixels, then millimetres") from error


def _printer(machine: Machine, given: argparse.Namespace, known: dict[str, Any],
             ask: Callable[[str, str], str] | None) -> dict[str, Any] | None:  # fmt: skip
    """[printer] of totem.toml; None where there is none. A printer that cannot confirm is refused."""
    way = given.printer
    if way == NO_PRINTER:
        return None
    before: dict[str, Any] = known.get("printer", {})
    if way is None and before:
        chosen = dict(before)
    elif way is None:
        found = _found(machine, ask)
        if found is None:
            return None
        chosen = found
    else:
        chosen = _said(way)
    if given.printer_profile:
        chosen["profile"] = given.printer_profile
    if given.unconfirmed:
        chosen["unconfirmed"] = given.unconfirmed
    if "profile" not in chosen:
        chosen["profile"] = _asked(ask, "The printer's profile (docs/technician lists them)", "", "--printer-profile")
    refused = hardware.refusal(machine, chosen["profile"], chosen.get("unconfirmed", ""))
    if refused is not None:
        raise ProvisioningError(refused)
    return chosen


def _found(machine: Machine, ask: Callable[[str, str], str] | None) -> dict[str, Any] | None:
    """The one printer that hangs here; which one, is asked if there are several."""
    found = hardware.printers(machine)
    # The same printer hangs on the bus and has a file of the kernel's: the bus says which one it is.
    found = [one for one in found if one.settings["transport"] == "usb"] or found
    for one in found:
        machine.note(f"a printer is attached: {one.name}")
    if len(found) == 1:
        return {**found[0].settings, **({"profile": found[0].profiles[0]} if found[0].profiles else {})}
    if ask is not None:
        way = ask("The printer (network:ADDRESS:PORT, usb:VENDOR:PRODUCT, serial:DEVICE, file:DEVICE)", NO_PRINTER)
        return None if way == NO_PRINTER else _said(way)
    if found:
        raise ProvisioningError("several printers are attached: say which with --printer")
    machine.note("no printer is attached: give --printer when there is one")
    return None


def _said(way: str) -> dict[str, Any]:
    transport, _, rest = way.partition(":")
    match transport:
        case "network":
            host, _, port = rest.rpartition(":") if rest.count(":") == 1 else (rest, "", "")
            if host and (not port or port.isdigit()):
                return {"transport": "network", "host": host, "port": int(port or 9100)}
        case "usb" if rest.count(":") == 1:
            return {"transport": "usb", "usb": rest}
        case ("serial" | "file") if rest.startswith("/"):
            return {"transport": transport, "device": rest}
    raise ProvisioningError(
        f"--printer {way} is none of network:ADDRESS:PORT, usb:VENDOR:PRODUCT, serial:/dev/..., file:/dev/..., none"
    )


def token_text(given: Path | None) -> str | None:
    """The token file's text; ProvisioningError if it cannot be read."""
    if given is None:
        return None
    try:
        return given.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProvisioningError(f"the token file {given} cannot be read") from error
