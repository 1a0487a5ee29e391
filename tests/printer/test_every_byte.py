"""A fault after every byte of a whole guide: never lost, never printed twice without the mark, never called printed
when it was not; and the next citizen's paper is theirs alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from kiosk.journey.state import JobState
from printer import profiles
from printer.delivery import Delivery
from printer.profiles import Profile
from printer.virtual.condition import Fault
from tests.printer import samples
from tests.printer.simulated import Killed, World, alone, quick

GUIDE, TICKET = samples.guide(), samples.ticket()
REMEDY_S = 3.0
EPSON = profiles.load("epson-tm-t20x")


def _cable(world: World) -> None:
    world.wire.plugged = False
    world.after(REMEDY_S, lambda: setattr(world.wire, "plugged", True))


def _paper_out(world: World) -> None:
    world.machine.set_fault(Fault.PAPER_OUT)
    world.after(REMEDY_S, lambda: world.machine.clear_fault(Fault.PAPER_OUT))


def _power(world: World) -> None:
    world.machine.power_off()
    world.after(REMEDY_S, world.machine.power_on)


def _killed(world: World) -> None:
    world.after(REMEDY_S, world.begin)
    raise Killed


FAULTS: dict[str, Callable[[World], None]] = {
    "cable cut": _cable, "paper out": _paper_out, "power off": _power, "spooler stopped": _killed,
}  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What the papers look like when they are whole."""

    first: np.ndarray
    marked: tuple[np.ndarray, ...]
    next: np.ndarray
    length: int
    tail_from: int

    @classmethod
    def on(cls, profile: Profile) -> Expected:
        delivery = Delivery.of(GUIDE, profile, b"AB12", 1)
        return cls(
            alone(profile, GUIDE, 1).dots,
            tuple(alone(profile, GUIDE, copy).dots for copy in (2, 3)),
            alone(profile, TICKET, 1).dots,
            len(delivery.data),
            delivery.tail_from,
        )


def play(folder: Path, profile: Profile, expected: Expected, fault: Callable[[World], None], byte: int) -> JobState:
    """One guide, struck after `byte` of its bytes, and the next citizen's ticket. How the guide ended."""
    world = World(folder, profile)
    while not world.wire.sent:
        world.step()
    world.step()
    world.queue("guide", GUIDE)
    world.wire.strike = lambda: fault(world)
    # The status is asked once more before the first byte.
    world.wire.strike_at = world.wire.sent + len(world.spooler.connection._map.query) + byte
    end = world.until_end("guide")
    world.until_rest()
    # One that cannot be cleared while it stands still prints the rest from its buffer after the refill, in two pieces.
    goes_on = fault is _paper_out and not profile.stop
    first, marked = world.count(expected.first), sum(world.count(paper) for paper in expected.marked)
    assert world.job("guide").content is None
    assert first <= 1, "printed twice without the mark"
    assert marked <= 1, "printed again and again"
    if end is JobState.CONFIRMED:
        assert first + marked >= 1, "called printed when it was not"
    else:
        assert end is JobState.UNKNOWN, "given up, and its deadline was far away"
        assert marked == 0
        assert byte > expected.tail_from or fault is _killed or goes_on, "in doubt, and known to be incomplete"
    if byte < expected.tail_from and fault is not _killed and not goes_on:
        assert end is JobState.CONFIRMED
        assert marked == 1, "known to be incomplete, and not printed again with the mark"
    if profile.presenter is not None:
        world.machine.take_paper()
    world.queue("next", TICKET)
    assert world.until_end("next") is JobState.CONFIRMED
    assert world.count(expected.next) == 1, "the next citizen's paper holds something else"
    return end


def run(folder: Path, profile: Profile, struck: Iterable[tuple[str, int]]) -> set[JobState]:
    expected = Expected.on(profile)
    ends = set()
    with quick():
        for number, (fault, byte) in enumerate(struck):
            try:
                ends.add(play(folder / str(number), profile, expected, FAULTS[fault], byte))
            except AssertionError as error:
                raise AssertionError(f"{profile.name}, {fault} after byte {byte}: {error}") from error
    return ends


def of_each(length: int, tail_from: int) -> Iterator[tuple[str, int]]:
    """Every byte is struck: the faults take turns, and at the tail all of them strike."""
    faults = list(FAULTS)
    for byte in range(1, length + 1):
        yield from ((fault, byte) for fault in (faults if byte >= tail_from - 8 else [faults[byte % len(faults)]]))


def test_whatever_strikes_after_whichever_byte_of_a_guide_is_told_as_it_is(tmp_path: Path) -> None:
    expected = Expected.on(EPSON)
    ends = run(tmp_path, EPSON, of_each(expected.length, expected.tail_from))
    assert ends == {JobState.CONFIRMED, JobState.UNKNOWN}


@pytest.mark.parametrize("name", ["generic-80mm", "custom-vkp80", "star-prnt"])
def test_it_is_so_however_a_printer_confirms(tmp_path: Path, name: str) -> None:
    profile = profiles.load(name)
    expected = Expected.on(profile)
    places = [*range(1, expected.tail_from, expected.length // 12), *range(expected.tail_from - 2, expected.length + 1)]
    assert run(tmp_path, profile, itertools.product(FAULTS, places)) == {JobState.CONFIRMED, JobState.UNKNOWN}


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["epson-tm-t20x", "generic-80mm", "custom-vkp80"])
def test_every_fault_after_every_byte(tmp_path: Path, name: str, fault: str) -> None:
    profile = profiles.load(name)
    run(tmp_path, profile, ((fault, byte) for byte in range(1, Expected.on(profile).length + 1)))
