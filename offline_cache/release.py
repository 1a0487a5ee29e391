"""Which release of the program runs here, and what became of the last one that was tried.

The release lies in the environment of its own that it was built in; what was tried is told by whoever tries it
(kiosk/technician/updating), in a file that only root writes.
"""

from __future__ import annotations

import functools
import hashlib
import json
import platform
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from offline_cache.contract.application import Application
from offline_cache.folder import INSTALLED, StateFolder

# Of a built release, in its folder: what of the project is not Python and is needed again.
SHARE = "share/totem"
LOCK = "systemd/appliance.lock"
REPORT = Path("/var/lib/totem-update/report.json")
_CHECKOUT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Release:
    """`number` 0 is what a machine was provisioned with. `schema` and `oldest_reader` are the store's."""

    number: int
    version: str
    lock: str
    schema: int
    oldest_reader: int


@dataclass(frozen=True)
class Told:
    """What the last attempts came to. `bad`: tried and taken back, or refused before they were tried."""

    state: Literal["proven", "trying", "current"] = "current"
    bad: tuple[int, ...] = ()
    why: str = ""
    # What is being put in place, from the moment when it was verified until it is proven or taken back.
    next: int | None = None


def of(source: Path) -> Release:
    """What lies at `source`, a checkout or the share of a release. OSError or ValueError if it is neither."""
    from offline_cache import schema

    about = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))
    said: dict[str, Any] = about.get("tool", {}).get("totem", {})
    return Release(
        number=int(said.get("release", 0)),
        version=str(about["project"]["version"]),
        lock=hashlib.sha256((source / LOCK).read_bytes()).hexdigest(),
        schema=int(said.get("schema", schema.LATEST)),
        oldest_reader=int(said.get("oldest_reader", schema.OLDEST_READER)),
    )


@functools.cache
def here() -> Release:
    """The program that this process is of."""
    share = Path(sys.prefix) / SHARE
    return of(share if (share / "pyproject.toml").is_file() else _CHECKOUT)


def this_platform() -> str:
    """What wheels must be for: interpreter and processor."""
    return f"cp{sys.version_info[0]}{sys.version_info[1]}-{platform.machine()}"


def report_path(folder: StateFolder) -> Path:
    """Root's, on an appliance; a folder elsewhere has its own, that nobody writes."""
    return REPORT if folder.path == INSTALLED else folder.path / REPORT.name


def told(folder: StateFolder) -> Told:
    """What is reported; nothing has happened where nobody reports."""
    try:
        said = json.loads(report_path(folder).read_bytes())
        state = said["state"]
        return Told(
            state=state if state in {"proven", "trying"} else "current",
            bad=tuple(int(number) for number in said["bad"]),
            why=str(said["why"]),
            next=None if said["next"] is None else int(said["next"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Told()


def application(folder: StateFolder) -> Application | None:
    """For the heartbeat; None where nobody knows what runs."""
    try:
        running = here()
        said = told(folder)
        return Application(
            release=running.number,
            version=running.version,
            platform=this_platform(),
            lock=running.lock,
            state=said.state,
            bad=said.bad,
            why=said.why,
        )
    except (OSError, ValueError, KeyError):
        return None
