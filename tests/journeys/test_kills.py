"""Any process may be killed at any step of a journey, and is started again: nothing lost, doubled or printed twice.

Each cell of the matrix is one journey in which one process gets SIGKILL right before one step; the citizen goes on as
far as the screen lets them. Then everything is given time to settle, and the store, the centre and the papers are
asked what was done.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from kiosk.simulation import demonstrate, journey_file
from kiosk.simulation.world import World
from tests.journeys.citizen import Citizen, WalkedAway
from tests.journeys.conftest import MakePlaces
from tests.journeys.crew import Crew
from tests.journeys.ledger import Done, Ledger

PROCESSES = ("kiosk", "worker", "printer", "sync", "centre", "pcscd")
JOURNEYS = {
    name: journey_file.load(demonstrate.JOURNEYS / f"{name}.yaml") for name in ("iptu-guide", "ombudsman-offline")
}
SEED = int(os.environ.get("TOTEM_SEED", random.SystemRandom().randrange(10**6)))
SAMPLE = 6
SIDE_BY_SIDE = 3
CELL_LIMIT_S = 170.0
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
    def decisive(self) -> bool:
        """From the review to the last screen: something is written, told and printed."""
        shown = [step.screen for step in JOURNEYS[self.journey].steps]
        return shown.index("review") <= self.step <= shown.index("done")


MATRIX = [
    Cell(name, step, process)
    for name, journey in JOURNEYS.items()
    for step in range(len(journey.steps))
    for process in PROCESSES
]
SAMPLED = random.Random(SEED).sample([cell for cell in MATRIX if not cell.decisive], SAMPLE)


def _cells() -> list[object]:
    """All from the review on and a sample of the earlier ones every time; the whole matrix in the long run."""
    return [
        pytest.param(cell, id=cell.name, marks=() if cell.decisive or cell in SAMPLED else pytest.mark.long)
        for cell in MATRIX
    ]


@pytest.fixture(scope="module")
def crew(request: pytest.FixtureRequest, make_places: MakePlaces, screen: str) -> Iterator[Crew[Cell]]:
    """All cells of this run, being played."""
    print(f"TOTEM_SEED={SEED} repeats this choice of cells")
    cells = [item.callspec.params["cell"] for item in request.session.items if item.module is request.module]
    places = [make_places(f"kills-{number}") for number in range(min(SIDE_BY_SIDE, len(cells)))]
    for one in places:
        one.panel = PANEL
    with Crew(places, screen, cells, _play) as crew:
        yield crew


@pytest.mark.parametrize("cell", _cells())
def test_nothing_is_lost_doubled_or_printed_twice(crew: Crew[Cell], cell: Cell) -> None:
    crew.result(cell, limit_s=CELL_LIMIT_S)


def _play(world: World, ledger: Ledger, cell: Cell) -> None:
    citizen = Citizen(world)
    ledger.settle()
    before = ledger.entry()
    with contextlib.suppress(WalkedAway):
        _live_through(world, citizen, cell)
    citizen.leave()
    ledger.settle()

    done = Done(before, ledger.entry(), ledger.copies())
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
            citizen.kill(cell.process)
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
    killed = {cell.process: 1} if cell.process in done.before.starts else {}
    assert done.after.starts == {name: starts + killed.get(name, 0) for name, starts in done.before.starts.items()}
