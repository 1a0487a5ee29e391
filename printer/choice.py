"""Taking a printer into service: what a technician chose is judged and written under [printer] of totem.toml.

A printer that cannot tell what it printed is refused, unless that is accepted word for word (`profiles.OVERRIDE`).
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from offline_cache import settings
from offline_cache.settings import PrinterSettings
from printer import profiles
from printer.transports.registry import transport_of

_HEADER = re.compile(r"^\s*\[+\s*(?P<name>[^\[\]]+?)\s*\]+\s*(#.*)?$")
_SECTION = "printer"


class PrinterRefusedError(Exception):
    """Not to be taken into service; one line says why, and what to do."""


def judge(chosen: PrinterSettings) -> None:
    """Returns when this printer may be taken into service.

    PrinterRefusedError for one that cannot confirm and is not accepted as such; ValueError, with what to do, when there
    is no such profile or the way to the printer is not named.
    """
    profile = profiles.load(chosen.profile)
    transport_of(chosen, profile)
    refused = profiles.refusal(profile, chosen.unconfirmed)
    if refused is not None:
        raise PrinterRefusedError(refused)


def choose(file: Path, chosen: PrinterSettings) -> None:
    """Judges the printer and writes it into that totem.toml, whose other sections stay as they are.

    Raises what `judge` raises, ValueError for a file that cannot be read as settings, and OSError; then the file is
    unchanged. The printer process reads it when it is started again.
    """
    judge(chosen)
    settings.read(file)
    side = file.with_name(f"{file.name}.new")
    try:
        side.write_text(written(file.read_text(encoding="utf-8"), chosen), encoding="utf-8")
        if not _says(side, chosen):
            raise ValueError(f"{file}: [printer] is written in a way that cannot be changed here: change it by hand")
        side.chmod(file.stat().st_mode & 0o777)
        with side.open("rb") as whole:
            os.fsync(whole.fileno())
        side.replace(file)
    finally:
        side.unlink(missing_ok=True)


def _says(file: Path, chosen: PrinterSettings) -> bool:
    try:
        return settings.read(file).printer == chosen
    except ValueError:
        return False


def written(text: str, chosen: PrinterSettings) -> str:
    """The text of a totem.toml with that printer instead of the one it had."""
    kept: list[str] = []
    remarks: list[str] = []
    at: int | None = None
    section = ""
    for line in text.splitlines():
        if found := _HEADER.match(line):
            section = found["name"].strip()
            if section == _SECTION:
                at = len(kept)
            # remarks above a header are about what it begins
            kept += remarks
            remarks = []
        if section != _SECTION:
            kept.append(line)
        elif line.strip() and not line.lstrip().startswith("#"):
            remarks = []
        else:
            remarks.append(line)
    at = len(kept) if at is None else at
    before, after = "\n".join(kept[:at]).rstrip(), "\n".join(kept[at:]).strip()
    return "\n\n".join(part for part in (before, "\n".join(_lines(chosen)), after) if part) + "\n"


def _lines(chosen: PrinterSettings) -> list[str]:
    """What differs from what is built in, and always model and way. JSON's strings and numbers are TOML's too."""
    said = chosen.model_dump(exclude_defaults=True, exclude_none=True)
    always = {"profile": chosen.profile, "transport": chosen.transport}
    return ["[printer]", *(f"{name} = {json.dumps(value)}" for name, value in (always | said).items())]
