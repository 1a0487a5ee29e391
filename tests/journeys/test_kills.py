"""Any process may be killed at any step of a journey, and is started again: nothing lost, doubled or printed twice.

Each cell of the matrix is one journey in which one process gets SIGKILL when one step is due, or a little later, in
the thick of it; the citizen goes on as far as the screen lets them. Then everything is given time to settle, and the
store, the centre and the papers are asked what was done.

Every run plays a sample, mostly of the steps from the review to the last screen; the long run plays all. A cell
that failed is repeated by its name, or the whole choice by TOTEM_SEED.
"""

from __future__ import annotations

import contextlib
import os
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from kiosk.simulation import demonstrate, journey_file
from kiosk.simulation.journey_file import Step
from kiosk.simulation.world import World
from kiosk.widgets.tokens import Panel
from tests.journeys.citizen import Citizen, WalkedAway
from tests.journeys.conftest import MakePlaces
from tests.journeys.crew import Crew
from tests.journeys.ledger import Done, Ledger

PROCESSES = ("kiosk", "worker", "printer", "sync", "centre", "pcscd")
JOURNEYS = {
    name: journey_file.load(demonstrate.JOURNEYS / f"{name}.yaml") for name in ("iptu-guide", "ombudsman-offline")
}
SEED = int(os.environ["TOTEM_SEED"])
SAMPLE_EARLY, SAMPLE_DECISIVE, SAMPLE_DELAYED = 2, 7, 3
# Into the commit, to the first rows of the paper, to its last ones.
DELAYS_MS = (100, 300, 700, 1500)
# A few letters are as good as many here.
TYPED_CHARACTERS = 4
SIDE_BY_SIDE = 3
CELL_LIMIT_S = 170.0
# Small, for speed: what is drawn is proven elsewhere.
PANEL = Panel(540, 960)


@dataclass(frozen=True)
class Cell:
    journey: str
    step: int
    process: str
    after_ms: int = 0

    @property
    def name(self) -> str:
        words = JOURNEYS[self.journey].steps[self.step].words.replace(" ", "-")[:24]
        late = f"-{self.after_ms}ms" if self.after_ms else ""
        return f"{self.journey}-{self.step:02d}-{words}-{self.process}{late}"

    @property
    def decisive(self) -> bool:
        """From the review to the last screen: something is written, told and printed."""
        shown = [step.screen for step in JOURNEYS[self.journey].steps]
        return shown.index("review") <= self.step <= shown.index("done")


AT_ONCE = [
    Cell(name, step, process)
    for name, journey in JOURNEYS.items()
    for step in range(len(journey.steps))
    for process in PROCESSES
]
DELAYED = [replace(cell, after_ms=delay_ms) for cell in AT_ONCE if cell.decisive for delay_ms in DELAYS_MS]
_CHOICE = random.Random(SEED)
SAMPLED = {
    *_CHOICE.sample([cell for cell in AT_ONCE if not cell.decisive], SAMPLE_EARLY),
    *_CHOICE.sample([cell for cell in AT_ONCE if cell.decisive], SAMPLE_DECISIVE),
    *_CHOICE.sample(DELAYED, SAMPLE_DELAYED),
}


def _cells() -> list[object]:
    return [
        pytest.param(cell, id=cell.name, marks=() if cell in SAMPLED else pytest.mark.long)
        for cell in (*AT_ONCE, *DELAYED)
    ]


@pytest.fixture(scope="module")
def crew(request: pytest.FixtureRequest, make_places: MakePlaces, screen: str) -> Iterator[Crew[Cell]]:
    """All cells of this run, being played."""
    cells = [item.callspec.params["cell"] for item in request.session.items if item.module is request.module]
    places = [make_places(f"kills-{number}") for number in range(min(SIDE_BY_SIDE, len(cells)))]
    for one in places:
        one.panel = PANEL
    with Crew(places, screen, cells, _play) as crew:
        yield crew


@pytest.mark.parametrize("cell", _cells())
def test_nothing_is_lost_doubled_or_printed_twice(crew: Crew[Cell], cell: Cell) -> None:
    try:
        crew.result(cell, limit_s=CELL_LIMIT_S)
    except BaseException as error:
        error.add_note(f"TOTEM_SEED={SEED} makes this choice of cells again")
        raise


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
    """Takes the steps, and kills when it is time. The process is dead when this returns, or raises WalkedAway."""
    before: dict[str, int] = {}

    def on_the_way() -> bool:
        return cell.process in before and world.parts[cell.process].starts == before[cell.process]

    def kill() -> None:
        before.update({cell.process: world.parts[cell.process].starts} if cell.process in world.parts else {})
        citizen.kill(cell.process)

    killer = threading.Timer(cell.after_ms / 1000, kill)
    try:
        for number, step in enumerate(JOURNEYS[cell.journey].steps):
            if number == cell.step:
                killer.start()
                if not cell.after_ms:
                    killer.join()
            citizen.take(_shortened(step), on_the_way)
    finally:
        if killer.ident is not None:
            killer.join()


def _shortened(step: Step) -> Step:
    return step if step.type is None else Step(type=step.type[:TYPED_CHARACTERS])


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
