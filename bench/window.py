"""How long until the window is up: the kiosk, beside a bare Kivy window, in turn, in one run.

Time from starting the process to its first frame on the same virtual display, with the same size and the same settings
of Kivy. Start-up of the interpreter counts in both.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kiosk.simulation import demonstrate
from kiosk.simulation.screen import VirtualScreen
from kiosk.simulation.world import FORGETFUL, World

ROUNDS = 7
BARE = Path(__file__).with_name("bare_window.py")


def bare(environment: dict[str, str]) -> float:
    """Seconds to the first frame of a window with one label."""
    began_s = time.monotonic()
    done = subprocess.run([sys.executable, str(BARE)], env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1]) - began_s


def kiosk(environment: dict[str, str], state: Path) -> tuple[float, float]:
    """Seconds to the kiosk's first frame, and to the attract screen with the verified catalogue."""
    began_s = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk.cli", "run", "kiosk", "--state", str(state)],
        env={**environment, **FORGETFUL}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    up_s = float("nan")
    try:
        for line in process.stdout:
            plain = re.sub(r"\x1b\[[\d;]*m", "", line)
            if found := re.search(r"window-up.*monotonic_s=([\d.]+)", plain):
                up_s = float(found[1]) - began_s
            if "stage=Attract" in plain:
                return up_s, time.monotonic() - began_s
    finally:
        process.kill()
        process.wait()
    raise RuntimeError("the kiosk ended before its first frame")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        places = demonstrate.places(Path(folder) / "var")
        with VirtualScreen(*demonstrate.PANEL) as screen:
            environment = {**os.environ, "DISPLAY": screen.display}
            with World(places, screen.display, announce=lambda _line: None) as world:
                world.wait_for_kiosk()
            measured = [(bare(environment), *kiosk(environment, places.state)) for _ in range(ROUNDS)]
    print(
        json.dumps(
            {
                "bare_window_s": round(statistics.median(one for one, _, _ in measured), 3),
                "kiosk_window_s": round(statistics.median(two for _, two, _ in measured), 3),
                "ratio": round(statistics.median(two / one for one, two, _ in measured), 2),
                "ratio_each": [round(two / one, 2) for one, two, _ in measured],
                "kiosk_attract_s": round(statistics.median(three for _, _, three in measured), 3),
                "goal": "at most 1.5",
            }
        )
    )


if __name__ == "__main__":
    main()
