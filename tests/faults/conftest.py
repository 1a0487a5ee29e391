"""Demonstrations in which a part is missing or goes away, on real processes; looked at as a citizen would."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.catalog.model import Language
from kiosk.locale.translate import translator
from kiosk.simulation.demonstration import Places
from kiosk.simulation.lines import NobodyThere
from kiosk.simulation.world import Missing, World
from tests.journeys.conftest import MakePlaces, make_places, screen, short_folder

__all__ = ["make_places", "screen", "short_folder"]

LIMIT_S = 30.0
said = translator(Language.PT_BR)


def nobody(_line: str) -> None:
    """The account of the preparation is for people."""


class Looker:
    """Looks at the glass and touches it."""

    def __init__(self, world: World, pictures: Path) -> None:
        self.world = world
        self._pictures = pictures

    def facts(self) -> dict[str, Any]:
        """What the control socket tells of the screen."""
        return self.world.control({"do": "screen"})

    def words(self) -> str:
        """Everything that stands on the screen, in reading order."""
        return "\n".join(node["name"] for node in self.world.control({"do": "tree"})["nodes"])

    def button(self, control: str) -> str:
        nodes = self.world.control({"do": "tree"})["nodes"]
        return next(node["name"] for node in nodes if node["id"] == control)

    def can_press(self, control: str) -> bool:
        nodes = self.world.control({"do": "tree"})["nodes"]
        return any(node["id"] == control and node["enabled"] for node in nodes)

    def touch(self, control: str) -> None:
        self.until(lambda: "error" not in self.world.control({"do": "touch", "id": control}), f"touch {control}")

    def insert(self, card: str) -> None:
        """As people do, once the reader is ready: a card that it finds at its start is nobody's."""
        self.until(lambda: self.facts()["card"] is False, "the reader is empty")
        self.world.dock(f"card insert {card}")

    def until(self, reached: Callable[[], bool], what: str, limit_s: float = LIMIT_S) -> None:
        """Waits for what the world does by itself."""
        until = time.monotonic() + limit_s
        while time.monotonic() < until:
            with contextlib.suppress(NobodyThere):
                if reached():
                    return
            time.sleep(0.05)
        raise AssertionError(f"{what}: not within {limit_s:.0f} s; the screen says: {self.words()}")

    def until_said(self, sentence: str, limit_s: float = LIMIT_S) -> None:
        self.until(lambda: sentence in self.words(), repr(sentence), limit_s)

    def picture(self, name: str) -> None:
        self.world.control({"do": "screenshot", "path": str(self._pictures / f"{name}.png")})


MakeWorld = Callable[..., Looker]


@pytest.fixture(scope="session")
def enrolled(make_places: MakePlaces, screen: str) -> Callable[[str], Places]:
    """A demonstration that ran before: its kiosk is enrolled and holds catalogue and numbers. One runs; all others are
    copies of what it left.
    """
    model = make_places("enrolled")
    with World(model, screen, announce=nobody) as world:
        world.wait_for_kiosk()
        looker = Looker(world, model.demo)
        looker.until(lambda: looker.facts()["link"] and looker.facts()["catalogue"], "the first contact")

    def make(name: str) -> Places:
        places = make_places(name)
        for source, target in ((model.state, places.state), (model.demo, places.demo)):
            shutil.rmtree(target)
            shutil.copytree(source, target)
        return places

    return make


@pytest.fixture
def start(screen: str, pictures: Path) -> Iterator[MakeWorld]:
    """Starts a demonstration, with or without parts; it ends with the test."""
    worlds: list[World] = []

    def begin(places: Places, *without: Missing) -> Looker:
        world = World(places, screen, announce=nobody, without=frozenset(without))
        worlds.append(world)
        world.__enter__()
        return Looker(world, pictures)

    yield begin
    for world in worlds:
        world.close()


@pytest.fixture(scope="session")
def pictures(short_folder: Path) -> Path:
    """Where the screens are kept: in $TOTEM_PICTURES for whoever wants to look at them, else nowhere for long."""
    return Path(os.environ.get("TOTEM_PICTURES", short_folder / "pictures"))
