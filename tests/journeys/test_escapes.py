"""Nobody leaves the kiosk: not by keys, by long touches, by swipes from the edges or by the wrong button."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kiosk.simulation.demonstrate import PANEL
from kiosk.simulation.journey_file import Step
from kiosk.widgets.strikes import REPEAT_S
from tests.journeys.citizen import Citizen
from tests.journeys.conftest import Town
from tests.journeys.hands import Hands, Point

WIDE, TALL = PANEL
MIDDLE = (WIDE // 2, TALL // 2)
# The clock and the ring of the focus may differ, a settings panel or an inspector would cover much more.
MAY_DIFFER = 0.03
LIMIT_S = 20.0
FRAMES = 6

KEYS = (
    "Escape", "F1", "F11", "F12", "alt+F4", "ctrl+q", "ctrl+w", "ctrl+c", "ctrl+e", "ctrl+alt+Delete", "alt+Tab",
    "super", "Menu", "Print", "ctrl+shift+i", "alt+space", "BackSpace", "Delete", "Home",
)  # fmt: skip
TO_TYPING = (
    Step(touch="start:es"), Step(touch="service:ouvidoria"), Step(touch="primary"), Step(touch="answer:reclamacao"),
    Step(touch="primary"), Step(touch="answer:*"), Step(touch="primary"),
)  # fmt: skip
ACTS: dict[str, Callable[[Hands], None]] = {
    **{f"the keys {keys}": lambda hands, keys=keys: hands.keys(keys) for keys in KEYS},
    "a long touch": lambda hands: hands.hold(MIDDLE, 1.5),
    "a long touch in a corner": lambda hands: hands.hold((4, 4), 1.5),
    "a right click": lambda hands: hands.click(MIDDLE, 3),
    "a middle click": lambda hands: hands.click(MIDDLE, 2),
    "the wheel up": lambda hands: hands.click(MIDDLE, 4),
    "the wheel down": lambda hands: hands.click(MIDDLE, 5),
    "a swipe from the left": lambda hands: hands.swipe((0, MIDDLE[1]), (WIDE // 2, MIDDLE[1])),
    "a swipe from the right": lambda hands: hands.swipe((WIDE - 1, MIDDLE[1]), (WIDE // 2, MIDDLE[1])),
    "a swipe from the top": lambda hands: hands.swipe((MIDDLE[0], 0), MIDDLE),
    "a swipe from the foot": lambda hands: hands.swipe((MIDDLE[0], TALL - 1), MIDDLE),
    "a click in the upper left corner": lambda hands: hands.click((1, 1)),
    "a click in the upper right corner": lambda hands: hands.click((WIDE - 2, 1)),
    "a click in the lower left corner": lambda hands: hands.click((1, TALL - 2)),
    "a click in the lower right corner": lambda hands: hands.click((WIDE - 2, TALL - 2)),
}  # fmt: skip


@pytest.fixture
def citizen(town: Town) -> Iterator[Citizen]:
    someone = Citizen(town.world)
    someone.leave()
    yield someone
    someone.leave()


@pytest.fixture
def hands(town: Town) -> Hands:
    return Hands(town.world.display)


def picture(citizen: Citizen, path: Path) -> Any:
    """What stands on the glass at rest."""
    answer = citizen.world.control({"do": "screenshot", "path": str(path)})
    assert "error" not in answer, answer
    with Image.open(path) as taken:
        return np.asarray(taken.convert("RGB")).astype(int)


def place(citizen: Citizen, control_id: str) -> Point:
    """The middle of a control, from the window's upper left corner."""
    nodes = citizen.world.control({"do": "tree"})["nodes"]
    left, bottom, width, height = next(node["bounds"] for node in nodes if node["id"] == control_id)
    return round(left + width / 2), round(TALL - bottom - height / 2)


def until(reached: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not reached():
        assert time.monotonic() < deadline, what
        time.sleep(0.03)


def settle() -> None:
    """The screen is deaf for this long after a touch."""
    time.sleep(REPEAT_S + 0.1)


@pytest.mark.parametrize("act", ACTS)
def test_nothing_leaves_the_kiosk(act: str, citizen: Citizen, hands: Hands, tmp_path: Path) -> None:
    world = citizen.world
    before, process = picture(citizen, tmp_path / "before.png"), world.pid("kiosk")
    ACTS[act](hands)
    for _ in range(FRAMES):  # what was begun comes to its end
        citizen.facts()
    citizen.leave()
    after = picture(citizen, tmp_path / "after.png")
    assert world.pid("kiosk") == process
    assert float((np.abs(before - after).max(axis=2) > 24).mean()) < MAY_DIFFER


def test_keys_do_reach_the_window(citizen: Citizen, hands: Hands) -> None:
    # else the tests above would prove nothing
    for step in TO_TYPING:
        citizen.take(step, lambda: False)

    def counted(letters: int) -> bool:
        # what is typed is nobody's business, how much of it the screen says
        nodes = citizen.world.control({"do": "tree"})["nodes"]
        return any(node["name"].startswith(f"{letters} de ") for node in nodes)

    until(lambda: citizen.facts().get("screen") == "question" and counted(0), "there is nothing to type into")
    hands.keys("r", "u", "a")
    until(lambda: counted(3), "the keys did not arrive")


def test_a_double_strike_acts_once(citizen: Citizen, hands: Hands) -> None:
    settle()
    hands.click(place(citizen, "start:en"))
    until(lambda: citizen.facts().get("screen") == "services", "the click did not arrive")
    settle()
    # what stands in that place on the next screen would be touched by the second strike
    hands.click_twice(place(citizen, "service:iptu"), between_ms=150)
    until(lambda: citizen.facts().get("screen") != "services", "neither strike arrived")
    settle()
    assert citizen.facts()["screen"] == "details"
