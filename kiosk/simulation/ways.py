"""How a citizen works the screen: by touch, by keys alone, or by what is spoken and keys alone.

Whoever listens finds a control by the name it is called, in the language of the journey: no id, no place on the screen
tells them anything.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from kiosk.simulation.journey_file import Step
from kiosk.simulation.lines import NobodyThere
from kiosk.simulation.world import World

STEP_LIMIT_S = 45.0
POLL_S = 0.02
# After a key something is heard within this time, or nothing will be.
ANSWERED_S = 1.5
# The same key is pressed again after this time: sooner it is a trembling hand.
AGAIN_S = 0.15
# How long a citizen looks at a page before turning to the next.
LOOKS_S = 2.0


class By(StrEnum):
    TOUCH = "touch"
    KEYS = "keys"
    SPEECH = "speech"


class StepFailed(Exception):
    """A step could not be taken; the message names the step and what the screen showed."""


class Way(ABC):
    """Presses, types and enters a PIN on one world. StepFailed when a step cannot be taken within its time."""

    def __init__(self, world: World) -> None:
        self._world = world

    @abstractmethod
    def press(self, step: Step) -> None: ...

    @abstractmethod
    def type(self, step: Step, text: str) -> None: ...

    @abstractmethod
    def pin(self, step: Step, digits: str) -> None: ...

    def note(self, step: Step, name: str) -> str:
        """What stands on the screen under that id, to be entered later."""
        nodes = self._ask({"do": "tree"}, step)["nodes"]
        said = [str(node["name"]) for node in nodes if node["id"] == name]
        if not said:
            raise StepFailed(f"{step.words}: that does not stand on the screen")
        return said[0]

    def begin(self) -> None:  # noqa: B027  most ways need nothing before the first step
        """Before the first step."""

    def end(self) -> None:  # noqa: B027  nor after the last
        """After the last."""

    def _ask(
        self, request: dict[str, Any], step: Step, missing: Callable[[], None] = lambda: None,
    ) -> dict[str, Any]:
        """Repeats until the kiosk does it: screens change when parts answer. `missing` is called while it cannot."""
        until = time.monotonic() + STEP_LIMIT_S
        while True:
            try:
                answer = self._world.control(request)
                if str(answer.get("error", "")).startswith("there is no"):
                    missing()
            except NobodyThere:
                answer = {"error": "the kiosk does not answer"}
            if "error" not in answer:
                return answer
            if time.monotonic() > until:
                raise StepFailed(f"{step.words}: {answer.get('error')} (screen {answer.get('screen', '?')})")
            time.sleep(0.05)


class ByTouch(Way):
    """Fingers on the middle of what has the id."""

    def press(self, step: Step) -> None:
        """What does not stand here may stand on the next page."""
        turn_at = time.monotonic() + LOOKS_S

        def turn() -> None:
            nonlocal turn_at
            if time.monotonic() > turn_at:
                turn_at = time.monotonic() + LOOKS_S
                self._world.control({"do": "touch", "id": "page:next"})

        self._ask({"do": "touch", "id": step.touch}, step, missing=turn)

    def type(self, step: Step, text: str) -> None:
        self._ask({"do": "type", "text": text}, step)

    def pin(self, step: Step, digits: str) -> None:
        for digit in digits:
            self._ask({"do": "touch", "id": f"digit:{digit}"}, step)


class ByKeys(Way):
    """Next until the wanted control has the focus, then select; characters straight from a keyboard."""

    def press(self, step: Step) -> None:
        wanted = step.touch or ""
        until = time.monotonic() + STEP_LIMIT_S
        shown: dict[str, Any] = {}
        while time.monotonic() < until:
            shown = self._ask({"do": "tree"}, step)
            has_it = next((node for node in shown["nodes"] if node["key"] == shown["focus"]), None)
            if has_it is not None and has_it["enabled"] and fnmatchcase(has_it["id"], wanted):
                self._strike("enter", step)
                return
            time.sleep(AGAIN_S)
            self._strike("tab", step)
        raise StepFailed(f"{step.words}: the focus does not come there (screen {shown.get('screen', '?')})")

    def type(self, step: Step, text: str) -> None:
        self._keys(step, text)

    def pin(self, step: Step, digits: str) -> None:
        self._keys(step, digits)

    def _keys(self, step: Step, characters: str, after: Callable[[], None] = lambda: None) -> None:
        before = ""
        for character in characters:
            if character == before:
                time.sleep(AGAIN_S)
            before = character
            self._strike(character, step)
            after()

    def _strike(self, key: str, step: Step) -> None:
        self._ask({"do": "key", "key": key}, step)


class BySpeech(ByKeys):
    """A citizen with a headset who sees nothing: what was heard last decides which key is pressed."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._number = 0

    def begin(self) -> None:
        self._number = self._world.control({"do": "heard", "after": self._number})["last"]
        self._world.dock("headset in")
        self._listen()

    def end(self) -> None:
        self._world.dock("headset out")

    def press(self, step: Step) -> None:
        until = time.monotonic() + STEP_LIMIT_S
        while time.monotonic() < until:
            said = self._find(step, until)
            self._strike("enter", step)
            if said != self._listen()[:1]:
                return
            time.sleep(AGAIN_S)  # it was only said again: it cannot be pressed
        raise StepFailed(f"{step.words}: {step.named!r} cannot be pressed")

    def note(self, step: Step, name: str) -> str:
        """`named` is the label; what follows it is heard sign by sign."""
        del name
        until = time.monotonic() + STEP_LIMIT_S
        self._find(step, until)
        self._strike("tab", step)
        said = self._listen()
        while not said and time.monotonic() < until:  # a busy machine takes its time to speak
            said = self._listen()
        if not said:
            raise StepFailed(f"{step.words}: nothing was heard after {step.named!r}")
        return "".join(character for character in said[0] if character.isalnum())

    def _find(self, step: Step, until: float) -> list[str]:
        """Next, until something is called as the step says; gives that sentence, alone in a list."""
        if step.named is None:
            raise StepFailed(f"{step.words}: the file does not say how it is `named`, and nobody can listen for it")
        heard: list[str] = []
        while time.monotonic() < until:
            self._strike("tab", step)
            said = self._listen()[:1]
            heard += said
            if not said:  # the visit before is over, and with it the speech: its key begins it again
                self._strike("f1", step)
                self._listen()
            if said and fnmatchcase(said[0], f"{step.named}*"):
                return said
            time.sleep(AGAIN_S)
        raise StepFailed(f"{step.words}: nothing is called {step.named!r}; heard: {' | '.join(heard[-12:])}")

    def type(self, step: Step, text: str) -> None:
        self._keys(step, text, self._echo(step))

    def pin(self, step: Step, digits: str) -> None:
        self._keys(step, digits, self._echo(step))

    def _echo(self, step: Step) -> Callable[[], None]:
        def listen() -> None:
            if not self._listen():
                raise StepFailed(f"{step.words}: nothing was heard of what was typed")

        return listen

    def _strike(self, key: str, step: Step) -> None:
        """What was said before the key is no answer to it: a screen's own reading names what can be chosen too."""
        self._number = self._ask({"do": "key", "key": key}, step)["said"]

    def _listen(self) -> list[str]:
        """What was said since it was last asked; waits for the first sentence, and until nothing more follows."""
        said: list[str] = []
        until = time.monotonic() + ANSWERED_S
        while time.monotonic() < until:
            answer = self._world.control({"do": "heard", "after": self._number})
            for entry in answer["heard"]:
                self._number = entry["number"]
                said.append(entry["text"])
            if said:
                return said
            time.sleep(POLL_S)
        return said


WAYS: dict[By, type[Way]] = {By.TOUCH: ByTouch, By.KEYS: ByKeys, By.SPEECH: BySpeech}
