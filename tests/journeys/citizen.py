"""A citizen on whom a process dies: takes the steps of a journey as far as they can be taken, then walks away.

Unlike the player of the demonstration, nothing is pictured, and a step that cannot be taken any more ends the visit
instead of waiting for it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from kiosk.simulation.journey_file import Step
from kiosk.simulation.lines import NobodyThere
from kiosk.simulation.world import World

Facts = dict[str, Any]
POLL_S = 0.03
# Something is on its way to another screen by itself, however long it takes.
MOVING = frozenset({"starting", "reading-card", "checking-pin", "consulting", "committing", "printing", "failure"})
# On any other screen, what is not there after this time will not come.
PATIENCE_S = 2.5
# Back at the first screen the visit is over; this long, because the touch that began it may have come too soon.
PATIENCE_AT_REST_S = 0.8
LIMIT_S = 60.0


class WalkedAway(Exception):
    """The journey cannot go on as its file says."""


@dataclass
class Citizen:
    """`codes` are what the screen told, `printed` those of which it said that the paper is there."""

    world: World
    codes: set[str] = field(default_factory=set)
    printed: set[str] = field(default_factory=set)

    def take(self, step: Step, on_the_way: Callable[[], bool]) -> None:
        """One step. `on_the_way` says whether the dead process is still missing. WalkedAway if it cannot be taken."""
        if step.touch is not None:
            touch = step.touch
            self._until(lambda: self._asked({"do": "touch", "id": touch}), on_the_way)
        elif step.pin is not None:
            for digit in step.pin:
                self._until(lambda pressed=digit: self._asked({"do": "touch", "id": f"digit:{pressed}"}), on_the_way)
        elif step.type is not None:
            text = step.type
            self._until(lambda: self._asked({"do": "type", "text": text}), on_the_way)
        elif step.screen is not None:
            self._until(lambda: self.facts().get("screen") == step.screen, on_the_way)
        elif step.link is not None:
            self._until(lambda: self.facts().get("link") is step.link, lambda: True)
        elif step.dock is not None:
            self.world.dock(step.dock)

    def kill(self, process: str) -> None:
        """SIGKILL. The card worker may be between two lives: then the next one dies."""
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.world.kill(process)
            except (NobodyThere, TypeError, ProcessLookupError):
                if time.monotonic() > until:
                    raise
                time.sleep(POLL_S)
            else:
                return

    def facts(self) -> Facts:
        """Where the kiosk is; {} if it does not answer. Notes what the screen tells the citizen."""
        with contextlib.suppress(NobodyThere):
            facts = self.world.control({"do": "screen"})
            if facts.get("code"):
                self.codes.add(facts["code"])
                if (facts["screen"], facts["job"]) == ("done", "confirmed"):
                    self.printed.add(facts["code"])
            return facts
        return {}

    def leave(self) -> None:
        """Back to the first screen, whatever is shown. AssertionError if there is no way."""
        self.world.dock("card remove")
        self.world.dock("network on")
        self.world.dock("printer ok")
        until = time.monotonic() + LIMIT_S
        while (facts := self.facts()).get("screen") != "attract":
            assert time.monotonic() < until, f"there is no way back from {facts}"
            self._press_a_way_out(facts)
            time.sleep(POLL_S)

    def _press_a_way_out(self, facts: Facts) -> None:
        if not facts or facts["screen"] in MOVING:
            return
        with contextlib.suppress(NobodyThere):
            shown = self.world.control({"do": "tree"})
            ids = [node["id"] for node in shown.get("nodes", []) if node["enabled"]]
            for wanted in ("close", "end", "primary") if shown.get("screen") != "done" else ("primary",):
                if any(fnmatchcase(there, wanted) for there in ids):
                    self.world.control({"do": "touch", "id": wanted})
                    return

    def _asked(self, request: dict[str, Any]) -> bool:
        self.facts()
        with contextlib.suppress(NobodyThere):
            return "error" not in self.world.control(request)
        return False

    def _until(self, done: Callable[[], bool], on_the_way: Callable[[], bool]) -> None:
        limit = time.monotonic() + LIMIT_S
        patience, before = limit, ""
        while not done():
            now_s = time.monotonic()
            screen = str(self.facts().get("screen", ""))
            if screen != before or screen in MOVING or on_the_way():
                before, patience = screen, now_s + (PATIENCE_AT_REST_S if screen == "attract" else PATIENCE_S)
            if now_s > min(patience, limit):
                raise WalkedAway(screen)
            time.sleep(POLL_S)
