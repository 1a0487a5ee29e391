"""How much processor the attract screen takes when nobody is there, beside a bare Kivy window, in turn, in one run.

    python -m bench.idle [--seconds 20]

The kiosk's process and its children (the card worker), as the demonstration runs them; 100 % is one processor.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from bench.touch import running
from kiosk.simulation import demonstrate
from kiosk.simulation.screen import VirtualScreen
from kiosk.simulation.world import World

ROUNDS = 3
SETTLE_S = 4.0
TICKS = os.sysconf("SC_CLK_TCK")


def used_s(pid: int) -> float:
    """Processor seconds of a process and its living children."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return (int(stat[11]) + int(stat[12])) / TICKS + sum(used_s(int(child)) for child in children)


def share(pid: int, seconds: float) -> float:
    """Percent of one processor over that time."""
    before, began_s = used_s(pid), time.monotonic()
    time.sleep(seconds)
    return (used_s(pid) - before) / (time.monotonic() - began_s) * 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    seconds = parser.parse_args().seconds
    bare, kiosk = [], []
    with tempfile.TemporaryDirectory(prefix="totem-") as folder:
        places = demonstrate.places(Path(folder) / "var")
        with (
            VirtualScreen(*demonstrate.PANEL) as screen,
            World(places, screen.display, announce=lambda _line: None) as world,
        ):
            world.wait_for_kiosk()
            for _ in range(ROUNDS):
                with running(["bench.bare_idle"], {**os.environ, "DISPLAY": screen.display}) as process:
                    time.sleep(SETTLE_S)
                    bare.append(share(process.pid, seconds))
                time.sleep(SETTLE_S)
                kiosk.append(share(world.pid("kiosk"), seconds))
    print(
        json.dumps(
            {
                "bare_window_percent": [round(each, 2) for each in bare],
                "kiosk_percent": [round(each, 2) for each in kiosk],
                "median_bare": round(statistics.median(bare), 2),
                "median_kiosk": round(statistics.median(kiosk), 2),
                "goal": "at most 2 percent of one processor",
            }
        )
    )


if __name__ == "__main__":
    main()
