"""What was done, by those who know: the store, the centre's database, and the papers that came out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from PIL import Image

from central import listings
from central.centre import open_centre
from central.state import CentralState
from kiosk.simulation.lines import NobodyThere
from kiosk.simulation.world import World
from offline_cache import outbox, print_jobs
from offline_cache.store import open_store
from printer.strips import BAND_HEIGHT

SETTLE_LIMIT_S = 60.0
POLL_S = 0.05


@dataclass(frozen=True)
class Entry:
    """Everything at one moment. `codes` are the tracking codes the kiosk gave, in the order it gave them."""

    codes: tuple[str, ...]
    tickets: tuple[dict[str, Any], ...]
    papers: frozenset[str]
    quarantined: int
    starts: dict[str, int]


@dataclass
class Done:
    """What happened between two entries."""

    before: Entry
    after: Entry
    copies: dict[str, int]

    @property
    def tickets(self) -> list[dict[str, Any]]:
        known = {ticket["id"] for ticket in self.before.tickets}
        return [ticket for ticket in self.after.tickets if ticket["id"] not in known]

    @property
    def papers(self) -> list[Path]:
        return [Path(paper) for paper in sorted(self.after.papers - self.before.papers)]

    @property
    def whole(self) -> list[Path]:
        """Papers that came out from head to foot."""
        return [paper for paper in self.papers if _is_whole(paper)]


class Ledger:
    """Reads without touching: its connection to the store is one more reader."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._store = open_store(world.folder)
        self._centre = open_centre(CentralState(world.places.central))

    def close(self) -> None:
        self._store.close()
        self._centre.database.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def settle(self) -> None:
        """Returns when nothing is on its way any more and everything works. AssertionError if that never comes."""
        until = time.monotonic() + SETTLE_LIMIT_S
        while missing := [what for what, there in self._signs() if not there()]:
            assert time.monotonic() < until, f"the dust does not settle: {missing[0]} ({self._facts()})"
            time.sleep(POLL_S)

    def entry(self) -> Entry:
        status = self._world.dock("status")
        return Entry(
            codes=tuple(item.code for item in outbox.codes(self._store) if item.code is not None),
            tickets=tuple(listings.tickets(self._centre)),
            papers=frozenset((*status["papers"], *status["torn"])),
            quarantined=len(listings.quarantine(self._centre)),
            starts={name: part.starts for name, part in self._world.parts.items()},
        )

    def copies(self) -> dict[str, int]:
        """How often the paper of each ticket was begun."""
        rows = self._store.rows("select ticket_id, copies from print_jobs")
        return {row["ticket_id"]: row["copies"] for row in rows}

    def _signs(self) -> list[tuple[str, Callable[[], bool]]]:
        return [
            ("the kiosk is not at rest", lambda: self._facts().get("screen") == "attract"),
            ("there is no link", lambda: self._facts().get("link") is True),
            ("the printer is not ready", lambda: self._facts().get("printer") == "ready"),
            ("the reader is not ready", lambda: self._facts().get("reader") == "ready"),
            ("paper is in the printer", lambda: self._world.dock("status")["idle"]),
            ("a paper waits", lambda: not print_jobs.waiting(self._store)),
            ("something waits for the centre", lambda: not outbox.status(self._store).waiting),
        ]

    def _facts(self) -> dict[str, Any]:
        try:
            return self._world.control({"do": "screen"})
        except NobodyThere:
            return {}


def _is_whole(paper: Path) -> bool:
    """Whether it ends as every paper of the demonstration does: in a whole band, black above and below its words."""
    with Image.open(paper) as image:
        dots = ~np.array(image.convert("1"))
    inked = np.flatnonzero(dots.any(axis=1))
    if len(inked) < BAND_HEIGHT:
        return False
    band = dots[inked[-1] + 1 - BAND_HEIGHT : inked[-1] + 1]
    return bool(band[0].mean() > 0.9 and band[-1].all())  # a cedilla's hook or a tilde may reach the edge
