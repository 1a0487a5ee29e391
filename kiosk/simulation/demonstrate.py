"""The demonstration: in a window for whoever tries the kiosk by hand, or unattended, playing the journeys."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from devices.virtual.pcscd import PcscdError
from kiosk.commands.options import CHECKOUT
from kiosk.simulation import journey_file
from kiosk.simulation.demonstration import DemonstrationError, Places
from kiosk.simulation.journey_file import Journey, Step
from kiosk.simulation.player import Played, Player
from kiosk.simulation.recorder import Recorder
from kiosk.simulation.screen import NoDisplay, VirtualScreen, display_size
from kiosk.simulation.ways import By
from kiosk.simulation.world import World, WorldError
from kiosk.widgets.tokens import PANELS, Panel

CANNOT_RUN = (WorldError, DemonstrationError, NoDisplay, PcscdError)
# What journeys are played on when no panel is named.
PANEL = (PANELS["tall"].width_px, PANELS["tall"].height_px)
JOURNEYS = CHECKOUT / "journeys"
SUMMARY = "summary.json"
OPEN = (
    "The kiosk is open: use it with the mouse, and move cards, paper and network in the small window.\n"
    "Close the small window, or press Ctrl-C here, to end."
)
# What the demonstration plays, in this order; the other files of journeys/ are played by the tests.
SHOWN = ("iptu-guide", "fee-guide-offline", "certificate", "certificate-phone", "ombudsman-offline")


def places(state: Path, panel: str = "tall") -> Places:
    """The demonstration of that state folder; its world lies beside it. `panel` is one of `tokens.PANELS`."""
    state = state.absolute()
    return Places(
        state=state,
        demo=state.with_name(f"{state.name}-demo"),
        catalogue=CHECKOUT / "catalogs/vila-aurora/catalogue.yaml",
        panel=PANELS[panel],
    )


def unattended(where: Places, out: Path) -> int:
    """Plays the journeys on a virtual display and stops. Exit status 1 if one did not end as its file says."""
    results: list[Played] = []
    with VirtualScreen(*_pixels(where)) as screen, World(where, screen.display) as world:
        clear(out)
        world.wait_for_kiosk()
        for name in SHOWN:
            loaded = journey_file.load(JOURNEYS / f"{name}.yaml")
            print(f"Playing: {loaded.title}", flush=True)  # noqa: T201  the account is the output
            results.append(play(world, name, loaded, out / name))
    return account(results, out)


def _pixels(where: Places) -> tuple[int, int]:
    return where.panel.width_px, where.panel.height_px


def clear(out: Path) -> None:
    """Takes the pictures of the last run away, and nothing else that may lie there."""
    out.mkdir(parents=True, exist_ok=True)
    (out / SUMMARY).unlink(missing_ok=True)
    for folder in (*(out / name for name in SHOWN), *out.glob("visit-*")):
        shutil.rmtree(folder, ignore_errors=True)


def play(
    world: World, name: str, journey: Journey, out: Path, on_step: Callable[[int, Step], None] | None = None,
    *, by: By = By.TOUCH,
) -> Played:
    """One journey on a running world; how it ended is compared with what its file expects."""
    played = Player(world, name, journey, out, on_step, by=by).play()
    expected = journey.expect
    if played.failed is None and (played.outcome, len(played.receipts)) != (expected.outcome, expected.papers):
        played.failed = (
            f"expected {expected.outcome} with {expected.papers} paper(s), "
            f"got {played.outcome} with {len(played.receipts)}"
        )
    return played


def play_one(where: Places, name: str, journey: Journey, out: Path, by: By = By.TOUCH) -> Played:
    """A journey alone, on a virtual display."""
    shutil.rmtree(out, ignore_errors=True)
    with VirtualScreen(*_pixels(where)) as screen, World(where, screen.display, announce=lambda _line: None) as world:
        world.wait_for_kiosk()
        return play(world, name, journey, out, by=by)


def sentence(played: Played) -> str:
    """How a journey ended, for a person."""
    if played.failed:
        return f"FAILED  {played.title}: {played.failed}"
    held = "nothing was to be registered"
    if played.tracking_code:
        held = f"{played.tracking_code} is at the centre" if played.centre else f"{played.tracking_code} is NOT there"
    return f"done    {played.title}: {len(played.receipts)} paper(s), {held}"


def account(results: list[Played], out: Path) -> int:
    """Writes summary.json and says in a few lines what happened. 1 if a journey failed."""
    summary: dict[str, Any] = {played.name: relative(played.as_json(), out) for played in results}
    (out / SUMMARY).write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    failed = [played for played in results if played.failed]
    print()  # noqa: T201
    for played in results:
        print(sentence(played))  # noqa: T201
    papers = sum(len(played.receipts) for played in results)
    shots = sum(len(played.screenshots) for played in results)
    print(_verdict(len(results), len(failed)))  # noqa: T201
    print(f"{shots} screenshots, {papers} papers and summary.json are in {out}/.")  # noqa: T201
    return 1 if failed else 0


def _verdict(played: int, failed: int) -> str:
    if played == 0:
        return "Nobody used the kiosk."
    return f"\n{played - failed} of {played} journeys ended as they should."


def relative(record: dict[str, Any], out: Path) -> dict[str, Any]:
    """Paths as they stand inside the folder of pictures."""
    for key in ("receipts", "screenshots"):
        record[key] = [os.path.relpath(path, out) for path in record[key]]
    return record


def in_window(where: Places, out: Path) -> int:
    """The kiosk's window and the dock's panel on the display there is, until the panel is closed. What was done by
    hand is recorded as a played journey is.
    """
    display = os.environ["DISPLAY"]
    size = display_size(display)
    if size is None:
        raise NoDisplay(f"the display {display} cannot be opened: unset DISPLAY to run without one")
    where.panel = fitting(size, where.panel)
    with World(where, display, windowed=True) as world:
        world.wait_for_kiosk()
        clear(out)
        recorder = Recorder(world, out)
        recorder.start()
        panel = world.open_panel()
        print(OPEN, flush=True)  # noqa: T201
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                panel.wait(0.3)
                break
            except subprocess.TimeoutExpired:
                continue
        recorder.stop()
    return account(recorder.visits, out)


def fitting(size: tuple[int, int], panel: Panel) -> Panel:
    """The panel with fewer pixels, until it fits on the display; its millimetres stay."""
    share = min(1.0, size[1] * 0.92 / panel.height_px, size[0] * 0.92 / panel.width_px)
    return replace(panel, width_px=round(panel.width_px * share), height_px=round(panel.height_px * share))
