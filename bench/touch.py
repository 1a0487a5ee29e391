"""From a touch to the next screen painted, and stalls, while tickets are printed and sent; beside a bare application.

    python -m bench.touch [--minutes 1] [--queued N]

The real processes of the demonstration on a virtual display of 1080 x 1920, software GL. Citizens go through the
journeys one after the other, as fast as the screen lets them; another process registers a request every three seconds,
which the printer prints and the sync process sends. The first thread of what stands for other machines (the centre, the
virtual printer and reader) goes behind the kiosk's own processes, and sync's has its unit's niceness: setpriority(2)
reaches one thread, and those that it begins later. The bare application runs on the same display before and after.
`--queued`: so many tickets wait from a time without a line and are sent meanwhile; half of the journeys cut the line.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.simulation import demonstrate, journey_file
from kiosk.simulation.journey_file import Step
from kiosk.simulation.player import Player
from kiosk.simulation.screen import VirtualScreen
from kiosk.simulation.world import FORGETFUL, World
from offline_cache import outbox
from offline_cache.store import open_store

JOURNEYS = ("iptu-guide", "certificate", "fee-guide-offline", "ombudsman-offline")
GOAL_P99_MS, GOAL_STALL_MS = 100, 100
LIMIT_S = 60
EVERY_S = 3.0
NICE = {"sync": 5, "centre": 10, "dock": 10}
BARE_S = 20.0
WORST = 12
# As many wait at any time.
FEW = 10


class Citizen(Player):
    """Plays a journey without pictures and without asking the centre: both would be work for the screen's processor."""

    def _shoot(self, screen: str) -> None:
        self._screen = screen

    def _arrives(self, step: Step) -> None:
        """Whether the centre holds it is another test's matter."""

    def _ask_centre(self) -> None:
        """Nor is it asked at the end: its command would run just when the screen forgets the citizen."""

    def _collect_paper(self, papers_before: int) -> None:
        """The papers stay where they fell."""


@contextlib.contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", *command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.poll() is not None:
            said = process.stderr.read().decode() if process.stderr else ""
            raise RuntimeError(f"{command[0]} ended with {process.returncode}: {said[-2000:]}")
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def bare(environment: dict[str, str], folder: Path, seconds: float) -> dict[str, Any]:
    file = folder / "bare.json"
    with running(["bench.bare_touch", str(file)], environment):
        time.sleep(seconds)
        return dict(json.loads(file.read_text(encoding="utf-8")))


def queue(world: World, count: int) -> None:
    """Tickets of the weeks before, when nothing could be sent."""
    world.dock("network off")
    subprocess.run([sys.executable, "-m", "bench.busy", str(world.folder.path), "0", str(count)], check=True)
    world.dock("network on")


def left(world: World) -> int:
    with open_store(world.folder) as store:
        return outbox.status(store).waiting


def kiosk(world: World, environment: dict[str, str], folder: Path, seconds: float, queued: int) -> dict[str, Any]:
    file = folder / "kiosk.json"
    loaded = {name: journey_file.load(demonstrate.JOURNEYS / f"{name}.yaml") for name in JOURNEYS}
    failed, journeys, drained_s = [], 0, None
    with running(["bench.watched_kiosk", str(world.folder.path), str(file)], environment):
        world.wait_for_kiosk()
        for name, niceness in NICE.items():
            os.setpriority(os.PRIO_PROCESS, world.pid(name), niceness)
        if queued:
            queue(world, queued)
        with running(["bench.busy", str(world.folder.path), str(EVERY_S)], environment):
            began_s = time.monotonic()
            until = began_s + seconds
            while time.monotonic() < until:
                for name in JOURNEYS:
                    played = Citizen(world, name, loaded[name], folder / "out").play()
                    journeys += 1
                    failed += [f"{name}: {played.failed}"] if played.failed else []
                    if drained_s is None and left(world) < FEW:
                        drained_s = round(time.monotonic() - began_s)
                    if time.monotonic() > until:
                        break
        time.sleep(1)
        figures = dict(json.loads(file.read_text(encoding="utf-8")))
    if not figures["touches_s"]:
        raise RuntimeError(f"no touch arrived: {failed}")
    return {**figures, "journeys": journeys, "failed": failed, "drained_s": drained_s}


def told(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures in milliseconds."""
    touches = sorted(figures["touches_s"])
    at = lambda share: round(touches[min(len(touches) - 1, int(share * len(touches)))] * 1000, 1)  # noqa: E731
    stalls = [long_ms for _, long_ms, _ in figures["stalls"]]
    return {
        "touches": len(touches),
        "median_ms": round(statistics.median(touches) * 1000, 1),
        "p95_ms": at(0.95),
        "p99_ms": at(0.99),
        "longest_ms": round(touches[-1] * 1000, 1),
        "stalls_over_100_ms": len(stalls),
        "longest_stall_ms": max(stalls, default=0),
        "watched_s": round(figures["watched_s"]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--queued", type=int, default=0, metavar="N")
    given = parser.parse_args()
    seconds = given.minutes * 60
    with tempfile.TemporaryDirectory(prefix="totem-") as name:
        folder = Path(name)
        places = demonstrate.places(folder / "var")
        with VirtualScreen(*demonstrate.PANEL) as screen:
            environment = {**os.environ, **FORGETFUL, "DISPLAY": screen.display}
            before = bare(environment, folder, BARE_S)
            with World(places, screen.display, with_kiosk=False, announce=lambda _line: None) as world:
                measured = kiosk(world, environment, folder, seconds, given.queued)
            after = bare(environment, folder, BARE_S)
    print(
        json.dumps(
            {
                "bare_before": told(before),
                "kiosk": {**told(measured), **{name: measured[name] for name in ("journeys", "failed", "drained_s")}},
                "bare_after": told(after),
                "stalls": [" ".join(map(str, each)) for each in measured["stalls"][:WORST]],
                "goal": f"p99 at most {GOAL_P99_MS} ms, no stall above {GOAL_STALL_MS} ms",
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
