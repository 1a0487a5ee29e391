"""The whole demonstration for tests: real processes, a real window on a display of its own.

Keys, cards and the centre's first catalogue take seconds to make: they are made once and copied. Whatever a test
started has ended when the tests have, by its own process id, and the folders are gone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.simulation import demonstrate, demonstration, journey_file
from kiosk.simulation.demonstration import Places
from kiosk.simulation.player import Played
from kiosk.simulation.screen import VirtualScreen
from kiosk.simulation.world import World

MakePlaces = Callable[[str], Places]


def _nobody(_line: str) -> None:
    """The account of the preparation is for people."""


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """pytest's own folders are too deep for the names of sockets."""
    folder = Path(tempfile.mkdtemp(prefix="totem-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def screen(short_folder: Path) -> Iterator[str]:
    with VirtualScreen(*demonstrate.PANEL) as virtual:
        yield virtual.display


@pytest.fixture(scope="session")
def make_places(short_folder: Path) -> Iterator[MakePlaces]:
    """A demonstration of its own for each name, ready to start."""
    model = demonstrate.places(short_folder / "model")
    demonstration.prepare(model, _nobody)
    made = [model]

    def make(name: str) -> Places:
        places = demonstrate.places(short_folder / name)
        shutil.copytree(model.state, places.state)
        shutil.copytree(model.demo, places.demo)
        made.append(places)
        return places

    yield make
    for places in made:
        shutil.rmtree(places.folder.run, ignore_errors=True)


class Town:
    """One running world, and the journeys that were played in it: each once, whoever asks."""

    def __init__(self, world: World, out: Path) -> None:
        self.world = world
        self.out = out
        self._played: dict[str, Played] = {}

    def played(self, name: str) -> Played:
        if name not in self._played:
            journey = journey_file.load(demonstrate.JOURNEYS / f"{name}.yaml")
            self._played[name] = demonstrate.play(self.world, name, journey, self.out / name)
        return self._played[name]


@pytest.fixture(scope="session")
def town(make_places: MakePlaces, screen: str, short_folder: Path) -> Iterator[Town]:
    places = make_places("town")
    with World(places, screen, announce=_nobody) as world:
        world.wait_for_kiosk()
        ids = [world.pid(name) for name in world.parts]
        yield Town(world, short_folder / "out")
    assert not [pid for pid in ids if _lives(pid)], "a process of the demonstration outlived it"


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
