"""Several demonstrations side by side, each with one thread that plays cells on it: most of a journey is waiting."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar

from kiosk.simulation.demonstration import Places
from kiosk.simulation.world import World
from tests.journeys.ledger import Ledger

C = TypeVar("C")
Play = Callable[[World, Ledger, C], None]


@dataclass
class Crew(Generic[C]):
    """Plays every cell once, in their order, on whichever demonstration is free; `result` gives the outcome of one.

    A demonstration ends with the thread that started it, so each thread keeps its own from beginning to end.
    """

    places: list[Places]
    display: str
    cells: Iterable[C]
    play: Play[C]

    def __post_init__(self) -> None:
        self._left: queue.SimpleQueue[C] = queue.SimpleQueue()
        self._results: dict[C, Future[None]] = {}
        self._stopping = threading.Event()
        for cell in self.cells:
            self._results[cell] = Future()
            self._left.put(cell)
        self._threads = [threading.Thread(target=self._work, args=(places,)) for places in self.places]
        self._broken: BaseException | None = None

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def result(self, cell: C, limit_s: float) -> None:
        """Returns when the cell was played and all was well; raises what it raised."""
        self._results[cell].result(limit_s)

    def _work(self, places: Places) -> None:
        try:
            with World(places, self.display, announce=lambda _line: None) as world:
                world.wait_for_kiosk()
                with Ledger(world) as ledger:
                    while not self._stopping.is_set():
                        cell = self._left.get_nowait()
                        self._one(world, ledger, cell)
        except queue.Empty:
            return
        except BaseException as error:  # noqa: BLE001  told to every test that waits
            self._fail_what_is_left(error)

    def _one(self, world: World, ledger: Ledger, cell: C) -> None:
        try:
            self.play(world, ledger, cell)
        except BaseException as error:  # noqa: BLE001  it is the test's to raise
            self._results[cell].set_exception(error)
        else:
            self._results[cell].set_result(None)

    def _fail_what_is_left(self, error: BaseException) -> None:
        while True:
            try:
                self._results[self._left.get_nowait()].set_exception(error)
            except queue.Empty:
                return
