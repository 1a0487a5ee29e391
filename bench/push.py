"""From `totem catalog push` to the new catalogue on the glass of a kiosk that beats once a minute (at most 62 s).

    python -m bench.push [--phases 1,31,46]

The demonstration's own processes: centre, sync, screen. A phase is how many seconds after a heartbeat the push begins:
just after one is the longest way to the next. Shown is when the first screen's tree has the new headline. Then the same
way back, by `totem catalog rollback`.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from kiosk.simulation import demonstrate
from kiosk.simulation.screen import VirtualScreen
from kiosk.simulation.world import World

HEARTBEAT_S = 60.0
LIMIT_S = 600.0


def beaten(world: World) -> datetime:
    """When the centre heard the last heartbeat."""
    with closing(sqlite3.connect(world.places.central / "central.db", timeout=30)) as database:
        (text,) = database.execute("select received from heartbeats").fetchone()
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def until_s(condition: Any, what: str) -> float:
    began_s = time.monotonic()
    while not condition():
        assert time.monotonic() - began_s < LIMIT_S, what
        time.sleep(0.02)
    return time.monotonic() - began_s


def shows(world: World, words: str) -> bool:
    return words in json.dumps(world.control({"do": "tree"}, 60.0), ensure_ascii=False)


def catalog(world: World, *arguments: str) -> None:
    command = [sys.executable, "-m", "kiosk.cli", "catalog", *arguments, "--state", str(world.places.central)]
    subprocess.run(command, check=True, capture_output=True)


def wait_for_phase(world: World, phase_s: float) -> None:
    last = beaten(world)
    until_s(lambda: beaten(world) != last, "a heartbeat")
    time.sleep(max(0.0, phase_s - (datetime.now(UTC) - beaten(world)).total_seconds()))


def pushed_s(world: World, phase_s: float, written: dict[str, Any], number: int) -> dict[str, float]:
    """One push at that phase, and one rollback."""
    words = f"Vila Aurora {number}"
    changed = written | {"headline": dict.fromkeys(written["headline"], words)}
    file = world.places.catalogue.with_name(f"push-{number}.yaml")
    file.write_text(yaml.safe_dump(changed, allow_unicode=True), encoding="utf-8")
    wait_for_phase(world, phase_s)
    began_s = time.monotonic()
    catalog(world, "push", str(file))
    published_s = time.monotonic() - began_s
    until_s(lambda: shows(world, words), "the new catalogue on the screen")
    shown_s = time.monotonic() - began_s
    print(f"shown after {shown_s:.1f} s", file=sys.stderr, flush=True)
    wait_for_phase(world, phase_s)
    began_s = time.monotonic()
    catalog(world, "rollback")
    until_s(lambda: not shows(world, words), "the old catalogue on the screen")
    return {
        "phase_s": phase_s, "push_command_s": round(published_s, 1), "shown_after_s": round(shown_s, 1),
        "rolled_back_after_s": round(time.monotonic() - began_s, 1),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phases", default="1,31,46")
    phases = [float(phase) for phase in parser.parse_args().phases.split(",")]
    with tempfile.TemporaryDirectory(prefix="totem-") as folder:
        places = demonstrate.places(Path(folder) / "var")
        catalogue = Path(folder) / "catalogue"
        catalogue.mkdir()
        for file in places.catalogue.parent.iterdir():
            if file.is_file():
                (catalogue / file.name).write_bytes(file.read_bytes())
        places.catalogue = catalogue / "catalogue.yaml"
        written = yaml.safe_load(places.catalogue.read_text(encoding="utf-8"))
        with (
            VirtualScreen(*demonstrate.PANEL) as screen,
            World(places, screen.display, announce=lambda _line: None) as world,
        ):
            world.wait_for_kiosk(300.0)
            settings = places.state / "totem.toml"
            text = settings.read_text(encoding="utf-8")
            settings.write_text(text.replace("heartbeat_s = 2.0", f"heartbeat_s = {HEARTBEAT_S}"), encoding="utf-8")
            world.kill("sync")
            for number, phase_s in enumerate(phases, start=1):
                print(json.dumps(pushed_s(world, phase_s, written, number) | {"load": os.getloadavg()[0]}), flush=True)


if __name__ == "__main__":
    main()
