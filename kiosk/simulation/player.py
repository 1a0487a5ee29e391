"""Plays a journey file on the running kiosk: real touches on the real window, real hardware commands at the dock."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.simulation import phone
from kiosk.simulation.journey_file import Journey, Step
from kiosk.simulation.lines import NobodyThere
from kiosk.simulation.ways import STEP_LIMIT_S, WAYS, By, StepFailed
from kiosk.simulation.world import World

# The screens after which nothing more happens to this citizen.
RESTING = ("attract", "starting")


@dataclass
class Played:
    """What one journey came to."""

    name: str
    title: str
    language: str
    outcome: str = "none"
    tracking_code: str | None = None
    receipts: list[str] = field(default_factory=list)
    screenshots: list[str] = field(default_factory=list)
    centre: dict[str, Any] | None = None
    failed: str | None = None
    # What the citizen wrote down from the screen, by the control's id; theirs, so not told.
    noted: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "language": self.language,
            "outcome": self.outcome,
            "tracking_code": self.tracking_code,
            "receipts": self.receipts,
            "screenshots": self.screenshots,
            "centre": self.centre,
            "failed": self.failed,
        }


class Player:
    """One journey on one world. `out` is a folder of its own; `on_step` is told each step before it is taken."""

    def __init__(
        self, world: World, name: str, journey: Journey, out: Path, on_step: Callable[[int, Step], None] | None = None,
        *, by: By = By.TOUCH,
    ) -> None:
        self._world = world
        self._way = WAYS[by](world)
        self._journey = journey
        self._out = out
        self._on_step = on_step
        self._shots = 0
        self._screen = ""
        self._pictured: tuple[object, ...] = ()
        self.played = Played(name=name, title=journey.title, language=str(journey.language))

    def play(self) -> Played:
        """Takes every step. A failure is noted in the result, with a picture of the screen where it happened."""
        self._out.mkdir(parents=True, exist_ok=True)
        before = self._world.dock("status")
        try:
            self._picture(Step(screen="attract"))
            self._way.begin()
            for number, step in enumerate(self._journey.steps):
                if self._on_step is not None:
                    self._on_step(number, step)
                self._take(step)
            self._settle()
        except (StepFailed, NobodyThere) as error:
            self.played.failed = str(error)
            self._shoot("failed")
        self._way.end()
        self._collect_paper(before)
        self._ask_centre()
        return self.played

    # ---- steps ------------------------------------------------------------------------------------------

    def _take(self, step: Step) -> None:
        if step.touch is not None:
            self._way.press(step)
        elif step.pin is not None:
            self._way.pin(step, step.pin)
        elif step.type is not None:
            self._way.type(step, step.type)
        elif step.screen is not None:
            self._until(step, lambda answer: answer["screen"] == step.screen)
        elif step.link is not None:
            self._until(step, lambda answer: answer.get("link") is step.link)
        elif step.printer is not None:
            self._until(step, lambda answer: answer.get("printer") == step.printer)
        elif step.reader is not None:
            self._until(step, lambda answer: answer.get("reader") == step.reader)
        elif step.progress is not None:
            least = step.progress
            self._until(step, lambda answer: (answer.get("progress") or 0) > least)
        elif step.dock is not None:
            if step.dock.startswith("card insert"):
                # A citizen waits for a reader that is ready: a card that it finds at its start is nobody's.
                self._until(step, lambda answer: answer.get("card") is False)
            self._world.dock(step.dock)
        elif step.arrives is not None:
            self._arrives(step)
        elif step.note is not None:
            self._note(step.note, step)
        elif step.enter is not None:
            self._enter(step.enter, step)
        elif step.a4 is not None:
            self._until(step, lambda answer: answer.get("a4") == step.a4)
        elif step.phone is not None:
            self._take_by_phone(step)
        elif step.rest_s is not None:
            self._world.control({"do": "pass-time", "seconds": step.rest_s})
        elif step.kill is not None:
            self._world.kill(step.kill)
        self._picture(step)

    def _note(self, name: str, step: Step) -> None:
        self.played.noted[name] = self._way.note(step, name)

    def _take_by_phone(self, step: Step) -> None:
        places = self._world.places
        page, pin = self._facts().get("page"), self.played.noted.get("code-pin")
        if page is None or pin is None:
            raise StepFailed(f"{step.words}: there is no QR on the screen, or nobody noted the PIN")
        try:
            taken = phone.take(page, pin, places.centre_port, places.central / "tls" / "ca.pem")
        except phone.NothingTaken as error:
            raise StepFailed(f"{step.words}: {error}") from error
        target = self._out / "on-the-phone.pdf"
        target.write_bytes(taken)
        self.played.receipts.append(str(target))

    def _enter(self, name: str, step: Step) -> None:
        noted = self.played.noted.get(name)
        if noted is None:
            raise StepFailed(f"{step.words}: nobody noted it")
        if noted.isdigit():
            self._way.pin(step, noted)
        else:
            self._way.type(step, noted.replace("-", ""))

    def _until(self, step: Step, reached: Callable[[dict[str, Any]], bool]) -> None:
        limit_s = step.within_s or STEP_LIMIT_S
        until = time.monotonic() + limit_s
        answer: dict[str, Any] = {"screen": "?"}
        while time.monotonic() < until:
            try:
                answer = self._facts()
            except NobodyThere:
                answer = {"screen": "?"}
            if reached(answer):
                return
            time.sleep(0.05)
        raise StepFailed(f"{step.words}: still at {answer['screen']} after {limit_s:.0f} s")

    def _arrives(self, step: Step) -> None:
        until = time.monotonic() + STEP_LIMIT_S
        while time.monotonic() < until:
            if self.played.tracking_code and held_by_centre(self._world.places.central, self.played.tracking_code):
                return
            time.sleep(0.2)
        raise StepFailed(f"{step.words}: the centre does not hold {self.played.tracking_code}")

    def _facts(self) -> dict[str, Any]:
        """Where the kiosk is; keeps the tracking code and how the job ended while they are on the screen."""
        answer = self._world.control({"do": "screen"})
        if answer.get("code"):
            self.played.tracking_code = answer["code"]
        if answer.get("job") and answer["screen"] == "done":
            self.played.outcome = answer["job"]
        return answer

    def _picture(self, step: Step) -> None:
        """One picture a step, unless the step only waited and the screen tells what was pictured already."""
        try:
            facts = self._facts()
        except NobodyThere:
            return
        told = tuple(facts[fact] for fact in ("screen", "printer", "reader", "link"))
        if told != self._pictured or {"touch", "type", "pin", "enter"} & step.model_fields_set:
            self._pictured = told
            self._shoot(facts["screen"])

    def _settle(self) -> None:
        if self._screen not in RESTING:
            resting = Step(screen="attract")
            self._until(resting, lambda answer: answer["screen"] in RESTING)
            self._picture(resting)

    def _shoot(self, screen: str) -> None:
        self._screen = screen
        self._shots += 1
        path = self._out / f"{self._shots:02d}-{re.sub('[^a-z-]', '', screen)}.png"
        try:
            answer = self._world.control({"do": "screenshot", "path": str(path)})
        except NobodyThere:
            return
        if "error" not in answer:
            self.played.screenshots.append(str(path))

    # ---- what came of it --------------------------------------------------------------------------------

    def _ask_centre(self) -> None:
        if self.played.tracking_code is not None:
            self.played.centre = held_by_centre(self._world.places.central, self.played.tracking_code)

    def _collect_paper(self, before: dict[str, Any]) -> None:
        now = self._world.dock("status")
        for kind, name in (("papers", "receipt-{}.png"), ("sheets", "a4-{}.pdf")):
            for number, paper in enumerate(now[kind][len(before[kind]):], start=1):
                target = self._out / name.format(number)
                shutil.copy(paper, target)
                self.played.receipts.append(str(target))


def held_by_centre(central: Path, code: str) -> dict[str, Any] | None:
    """The ticket of that tracking code at the centre, or None while it is not there."""
    return next((ticket for ticket in tickets(central) if ticket["code"] == code), None)


def tickets(central: Path) -> list[dict[str, Any]]:
    """What the centre holds, by its own command."""
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.cli", "central", "tickets", "--json", "--state", str(central)],
        capture_output=True,
        text=True,
        check=True,
    )
    held: list[dict[str, Any]] = json.loads(done.stdout)
    return held
