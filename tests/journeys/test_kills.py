"""Any process may be killed at any step of a journey, and is started again: nothing lost, doubled or printed twice.

Each cell of the matrix is one journey in which one process gets SIGKILL right before one step; the citizen goes on as
far as the screen lets them. Then everything is given time to settle, and the store, the centre and the papers are
asked what was done.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.simulation import demonstrate, journey_file
from kiosk.simulation.journey_file import Journey
from kiosk.simulation.world import World
from tests.journeys.citizen import Citizen, WalkedAway
from tests.journeys.conftest import MakePlaces
from tests.journeys.ledger import Done, Ledger, foot_of

PROCESSES = ("kiosk", "worker", "printer", "sync", "centre", "pcscd")
JOURNEYS = {name: journey_file.load(demonstrate.JOURNEYS / f"{name}.yaml") for name in ("iptu-guide", "ombudsman-offline")}
SEED = int(os.environ.get("TOTEM_SEED", random.SystemRandom().randrange(10**6)))
SAMPLE = 6
# Small, for speed: what is drawn is proven elsewhere.
PANEL = (540, 960)


@dataclass(frozen=True)
class Cell:
    journey: str
    step: int
    process: str

    @property
    def name(self) -> str:
        words = JOURNEYS[self.journey].steps[self.step].words.replace(" ", "-")[:24]
        return f"{self.journey}-{self.step:02d}-{words}-{self.process}"

    @property
    def late(self) -> bool:
        """From the review on something is written, told and printed."""
        return self.step >= _review(JOURNEYS[self.journey])


def _review(journey: Journey) -> int:
    return next(number for number, step in enumerate(journey.steps) if step.screen == "review")


MATRIX = [
    Cell(name, step, process)
    for name, journey in JOURNEYS.items()
    for step in range(len(journey.steps))
    for process in PROCESSES
]
SAMPLED = random.Random(SEED).sample([cell for cell in MATRIX if not cell.late], SAMPLE)


def _cells() -> list[object]:
    """All from the review on and a sample of the earlier ones every time; the whole matrix in the long run."""
    return [
        pytest.param(cell, id=cell.name, marks=() if cell.late or cell in SAMPLED else pytest.mark.long)
        for cell in MATRIX
    ]


@dataclass
class Scene:
    world: World
    ledger: Ledger
    feet: dict[str, object]


@pytest.fixture(scope="module")
def scene(make_places: MakePlaces, screen: str) -> Iterator[Scene]:
    """A running demonstration, and how the foot of each journey's paper looks when nobody dies."""
    print(f"TOTEM_SEED={SEED} repeats this choice of cells")
    places = make_places("kills")
    places.panel = PANEL
    with World(places, screen, announce=lambda _line: None) as world:
        world.wait_for_kiosk()
        with Ledger(world) as ledger:
            yield Scene(world, ledger, {name: _undisturbed(world, ledger, name) for name in JOURNEYS})


def _undisturbed(world: World, ledger: Ledger, name: str) -> object:
    ledger.settle()
    before = ledger.entry()
    citizen = Citizen(world)
    for step in JOURNEYS[name].steps:
        citizen.take(step, lambda: False)
    citizen.leave()
    ledger.settle()
    (paper,) = ledger.entry().papers - before.papers
    return foot_of(Path(paper))


@pytest.mark.parametrize("cell", _cells())
def test_nothing_is_lost_doubled_or_printed_twice(scene: Scene, cell: Cell) -> None:
    world, ledger = scene.world, scene.ledger
    citizen = Citizen(world)
    ledger.settle()
    before = ledger.entry()

    try:
        _live_through(world, citizen, cell)
    except WalkedAway:
        pass
    finally:
        citizen.leave()
        ledger.settle()

    done = Done(before, ledger.entry(), scene.feet[cell.journey], ledger.copies())
    _nothing_lost_and_nothing_doubled(done, citizen)
    _printed_once_and_truly(done, citizen)
    _nobody_else_died(done, cell)


def _live_through(world: World, citizen: Citizen, cell: Cell) -> None:
    starts: int | None = None

    def on_the_way() -> bool:
        return starts is not None and world.parts[cell.process].starts == starts

    for number, step in enumerate(JOURNEYS[cell.journey].steps):
        if number == cell.step:
            starts = world.parts[cell.process].starts if cell.process in world.parts else None
            world.kill(cell.process)
        citizen.take(step, on_the_way)


def _nothing_lost_and_nothing_doubled(done: Done, citizen: Citizen) -> None:
    at_centre = [ticket["code"] for ticket in done.after.tickets]
    assert sorted(at_centre) == sorted(done.after.codes), "what the kiosk gave and what the centre holds differ"
    assert len(set(at_centre)) == len(at_centre)
    assert len({ticket["id"] for ticket in done.after.tickets}) == len(at_centre)
    assert len(done.tickets) <= 1, "one citizen, one ticket"
    assert citizen.codes <= {ticket["code"] for ticket in done.tickets}, "a code that was told is not at the centre"
    assert not done.after.quarantined


def _printed_once_and_truly(done: Done, citizen: Citizen) -> None:
    outcomes = [outcome for ticket in done.tickets for outcome in ticket["papers"]]
    assert len(outcomes) <= len(done.tickets), "the centre was told twice how a paper ended"
    assert len(done.whole) <= len(done.tickets), "a paper came out twice"
    if citizen.printed or "confirmed" in outcomes:
        assert len(done.whole) == 1, "it was called printed, and no whole paper came out"
    if set(outcomes) & {"abandoned", "failed"}:
        assert not done.whole, "it was given up, and came out"
    for ticket in done.tickets:
        begun = done.copies.get(ticket["id"], 0)
        assert begun <= 1 or len(done.papers) > len(done.whole), "printed again although nothing was torn"


def _nobody_else_died(done: Done, cell: Cell) -> None:
    expected = {**done.before.starts, **({cell.process: done.after.starts[cell.process]} if cell.process in done.before.starts else {})}
    assert done.after.starts == expected
