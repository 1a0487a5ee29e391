"""A kiosk without a screen: an enrolled store with the demonstration's catalogue, and a place where events arrive."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from kiosk.catalog import read
from kiosk.catalog.model import Catalogue
from kiosk.journey.events import Event
from offline_cache import catalogue_cache, clock, custodian, numbers, standing
from offline_cache.contract.messages import NumberBlock
from offline_cache.folder import StateFolder
from offline_cache.store import create_keys, open_store
from tests.kiosk import vila_aurora
from tests.offline_cache.conftest import ENROLMENT
from tests.offline_cache.sealing import sealing_key

LIMIT_S = 10.0
Kind = TypeVar("Kind")
SETTINGS = 'label = "VA-017"\n[centre]\nurl = "https://localhost:1"\nca = "ca.pem"\n'


class Heard:
    """The events of the parts, in the order they came."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def __call__(self, event: Event) -> None:
        self._events.put(event)

    def next(self, limit_s: float = LIMIT_S) -> Event:
        return self._events.get(timeout=limit_s)

    def first(self, kind: type[Kind]) -> Kind:
        """The next event of that kind; others are passed over. AssertionError if none comes."""
        until = time.monotonic() + LIMIT_S
        while (left_s := until - time.monotonic()) > 0:
            try:
                event = self._events.get(timeout=left_s)
            except queue.Empty:
                break
            if isinstance(event, kind):
                return event
        raise AssertionError(f"no {kind.__name__} came")

    def all(self) -> list[Event]:
        events = []
        while not self._events.empty():
            events.append(self._events.get())
        return events


def wait_for(met: Callable[[], bool]) -> None:
    """AssertionError if the condition is not met in time."""
    until = time.monotonic() + LIMIT_S
    while not met():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.005)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Sealed to a key whose private half the tests hold."""
    return read.from_yaml(
        vila_aurora.PATH.read_text(encoding="utf-8"),
        version=7,
        published="2026-11-24T00:00:00Z",
        trust_anchors=("anchor",),
        sealing_keys=(sealing_key(),),
        files=vila_aurora.file,
    )


@pytest.fixture
def folder(tmp_path: Path, catalogue: Catalogue) -> StateFolder:
    """Enrolled, with the catalogue and twenty numbers of its fees."""
    made = StateFolder(tmp_path / "state")
    made.make_run()
    create_keys(made)
    (made.path / "simulation").touch()
    (made.path / "totem.toml").write_text(SETTINGS, encoding="utf-8")
    custodian.prepare(made)
    with open_store(made) as store:
        standing.save(store, ENROLMENT, clock.read())
        catalogue_cache.keep(store, read.to_json(catalogue))
        numbers.add_block(store, NumberBlock(block="b1", series="taxas", first=1, last=20))
    return made
