"""What somebody did by hand on the demonstration, kept as a played journey is: pictures, papers, what the centre holds.

It looks at the kiosk a few times a second from outside; a visit begins when the screen leaves rest and ends when it
comes back.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from pathlib import Path
from typing import Any

from kiosk.simulation.lines import NobodyThere
from kiosk.simulation.player import RESTING, Played, held_by_centre
from kiosk.simulation.world import World

LOOK_EVERY_S = 0.15
# A ticket made while the network was off arrives later; after this the account says that it has not.
ARRIVAL_LIMIT_S = 10.0


class Recorder:
    """`start`, let the people play, `stop`; then `visits` holds what they did."""

    def __init__(self, world: World, out: Path) -> None:
        self._world = world
        self._out = out
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._visit: Played | None = None
        self._seen: tuple[str, str | None] = ("attract", None)
        self._papers = 0
        self.visits: list[Played] = []

    def start(self) -> None:
        self._papers = len(self._world.dock("status")["papers"])
        self._thread.start()

    def stop(self) -> None:
        """Ends the recording; an unfinished visit counts as it is. Waits a little for what is still on its way."""
        self._stopping.set()
        self._thread.join(5)
        self._finish()
        waited = threading.Event()
        for _ in range(int(ARRIVAL_LIMIT_S)):
            missing = [visit for visit in self.visits if visit.tracking_code and visit.centre is None]
            for visit in missing:
                visit.centre = held_by_centre(self._world.places.central, visit.tracking_code or "")
            if not missing or waited.wait(1.0):
                break

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            with contextlib.suppress(NobodyThere, KeyError):
                self._look(self._world.control({"do": "screen"}, timeout_s=5.0))

    def _look(self, facts: dict[str, Any]) -> None:
        screen, overlay = facts["screen"], facts["overlay"]
        if screen in RESTING:
            self._finish()
            self._seen = (screen, overlay)
            return
        if self._visit is None:
            number = len(self.visits) + 1
            self._visit = Played(name=f"visit-{number}", title=f"Visit {number}", language=facts["language"])
        self._visit.language = facts["language"]
        self._visit.tracking_code = facts.get("code") or self._visit.tracking_code
        if facts.get("job") and screen == "done":
            self._visit.outcome = facts["job"]
        if (screen, overlay) != self._seen:
            self._seen = (screen, overlay)
            self._shoot(self._visit, screen)

    def _shoot(self, visit: Played, screen: str) -> None:
        path = self._out / visit.name / f"{len(visit.screenshots) + 1:02d}-{screen}.png"
        if "error" not in self._world.control({"do": "screenshot", "path": str(path)}):
            visit.screenshots.append(str(path))

    def _finish(self) -> None:
        visit, self._visit = self._visit, None
        if visit is None:
            return
        with contextlib.suppress(NobodyThere):
            papers = self._world.dock("status")["papers"]
            for number, paper in enumerate(papers[self._papers :], start=1):
                target = self._out / visit.name / f"receipt-{number}.png"
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(paper, target)
                visit.receipts.append(str(target))
            self._papers = len(papers)
        self.visits.append(visit)
