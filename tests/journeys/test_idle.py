"""A citizen who goes away in the middle: warned, then wiped; the card they left behind is nobody's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kiosk.catalog.model import SessionLimits
from kiosk.simulation.journey_file import Step
from kiosk.simulation.lines import NobodyThere
from tests.journeys.citizen import Citizen
from tests.journeys.conftest import Town

LIMITS = SessionLimits()
TYPED = "rua sem nome"
LIMIT_S = 30.0
TO_TYPING = (
    Step(screen="attract"), Step(touch="start:es"), Step(touch="service:ouvidoria"), Step(touch="primary"),
    Step(touch="answer:reclamacao"), Step(touch="primary"), Step(touch="answer:*"), Step(touch="primary"),
)  # fmt: skip
TO_CARD = (
    Step(screen="attract"), Step(touch="start:en"), Step(touch="service:iptu"), Step(touch="primary"),
)  # fmt: skip


@pytest.fixture
def citizen(town: Town) -> Iterator[Citizen]:
    """Somebody before a kiosk at rest, who walks away in the end."""
    someone = Citizen(town.world)
    someone.leave()
    yield someone
    someone.leave()


def take(citizen: Citizen, *steps: Step) -> None:
    for step in steps:
        citizen.take(step, lambda: False)


def until(reached: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not reached():
        assert time.monotonic() < deadline, what
        time.sleep(0.03)


def pass_time(citizen: Citizen, seconds: float) -> dict[str, Any]:
    return citizen.world.control({"do": "pass-time", "seconds": seconds})


def words(citizen: Citizen) -> str:
    """Everything that can be read or heard on the screen."""
    return repr(citizen.world.control({"do": "tree"}))


def test_whoever_goes_away_is_warned_and_one_touch_keeps_everything(citizen: Citizen) -> None:
    take(citizen, *TO_TYPING, Step(type=TYPED))

    assert pass_time(citizen, LIMITS.idle_s)["overlay"] == "IdleWarning"
    take(citizen, Step(touch="still-here"))

    until(lambda: citizen.facts()["overlay"] is None, "the warning stays")
    assert "field:onde" in words(citizen)
    take(citizen, Step(touch="primary"))
    take(citizen, Step(type=TYPED), Step(touch="primary"), Step(screen="review"))
    assert words(citizen).lower().count(TYPED) >= 2, "what was typed before the warning is gone"


def test_whoever_does_not_come_back_is_wiped_and_the_next_one_finds_an_empty_page(citizen: Citizen) -> None:
    take(citizen, *TO_TYPING, Step(type=TYPED), Step(touch="primary"), Step(type=TYPED))

    pass_time(citizen, LIMITS.idle_s)
    assert pass_time(citizen, LIMITS.warning_s)["screen"] == "attract"

    take(citizen, *TO_TYPING, Step(touch="primary"), Step(touch="primary"))
    until(lambda: "field:relato" in words(citizen), "the optional question cannot be left empty")
    take(citizen, Step(type="a"), Step(touch="primary"), Step(screen="review"))
    assert TYPED not in words(citizen).lower()


def _nothing(_citizen: Citizen) -> None:
    """The worker is replaced at the end of every session anyway."""


def _dies(process: str) -> Callable[[Citizen], None]:
    def kill(citizen: Citizen) -> None:
        part = citizen.world.parts.get(process)
        starts = part.starts if part else 0
        citizen.kill(process)
        if part is not None:
            until(lambda: part.starts > starts and bool(citizen.facts()), f"{process} did not come back")

    return kill


@pytest.mark.parametrize("meanwhile", [_nothing, _dies("kiosk"), _dies("worker"), _dies("pcscd")],
                         ids=["nothing", "kiosk", "worker", "pcscd"])  # fmt: skip
def test_a_card_left_behind_is_not_read_for_who_comes_next(
    citizen: Citizen, meanwhile: Callable[[Citizen], None]
) -> None:
    take(citizen, *TO_CARD, Step(screen="insert-card"), Step(dock="card insert maria"), Step(screen="enter-pin"))
    pass_time(citizen, LIMITS.idle_s)
    assert pass_time(citizen, LIMITS.warning_s)["screen"] == "attract"

    meanwhile(citizen)
    until(lambda: _reader_is_ready(citizen), "the reader did not come back")

    take(citizen, *TO_CARD, Step(screen="card-failed"))
    assert "Maria" not in words(citizen)
    take(citizen, Step(dock="card remove"), Step(screen="insert-card"))
    take(citizen, Step(dock="card insert joao"), Step(screen="enter-pin"))
    assert "Maria" not in words(citizen)


def _reader_is_ready(citizen: Citizen) -> bool:
    try:
        facts = citizen.facts()
    except NobodyThere:
        return False
    return facts.get("reader") == "ready" and facts.get("screen") == "attract"
