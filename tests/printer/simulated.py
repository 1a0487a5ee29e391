"""A spooler on a simulated clock and wire: nothing sleeps, and a fault strikes after whichever byte of a job.

The virtual printer takes, answers, stops and forgets as always; only its drawing is left out: each command that prints
burns one row that is that command's checksum, so that a paper tells exactly what is on it.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np

from kiosk.journey.state import JobState
from offline_cache import print_jobs, schema
from offline_cache.folder import StateFolder
from offline_cache.print_jobs import PrintJob
from offline_cache.store import Store
from printer.connection import Connection
from printer.delivery import Delivery
from printer.profiles import Profile
from printer.receipt import Receipt
from printer.spooler import Spooler
from printer.status_maps.registry import map_of
from printer.transport import TransportLostError
from printer.virtual.actions import (
    Action,
    AutomaticStatus,
    CountUp,
    Cut,
    Eject,
    PaperSensor,
    ProcessId,
    Rows,
    Status,
)
from printer.virtual.commands import Command
from printer.virtual.machine import Paper, VirtualPrinter

DEADLINE_S = 120.0
STEP_S = 0.05
LONGEST_S = 400.0
_PRINTS = frozenset(
    ["text", "LF", "FF", "ESC J", "ESC d", "ESC *", "GS k", "GS v0", "GS (k", "GS (L", "ESC GS S", "ESC S", "ESC L"]
)


_LETTERS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1).repeat(4, axis=1).astype(np.bool_)


class Killed(BaseException):
    """SIGKILL, in mid-write."""


class Wire:
    """Bytes to the machine and back; `plugged` is the cable. At `strike_at` bytes `strike` is called, once.

    `swallows`: our side's kernel takes what the printer never gets, as it does when a cable is pulled.
    """

    def __init__(self, machine: VirtualPrinter, *, swallows: bool) -> None:
        self.machine = machine
        self.plugged = True
        self.sent = 0
        self.strike_at: int | None = None
        self.strike: Callable[[], None] = lambda: None
        self._swallows = swallows
        self._inbox = b""
        self._open = False

    @property
    def reachable(self) -> bool:
        return self.plugged and self.machine.powered

    def open(self) -> None:
        if not self.reachable:
            raise TransportLostError("nobody answers")
        self._open, self._inbox = True, b""

    def fileno(self) -> int:
        return -1

    def write(self, data: bytes) -> int:
        self._look()
        taken = len(data)
        if self.strike_at is not None and self.sent + len(data) >= self.strike_at:
            first = data[: self.strike_at - self.sent]
            data, self.strike_at = data[len(first) :], None
            self._feed(first)
            self.strike()
            if not self.reachable:
                return taken if self._swallows else len(first)
        self._feed(data)
        return taken

    def _feed(self, data: bytes) -> None:
        self.sent += len(data)
        self._inbox += self.machine.feed(data)

    def pass_time(self, seconds: float) -> None:
        answers = self.machine.advance(seconds)
        if self._open:
            self._inbox += answers

    def read(self) -> bytes:
        data, self._inbox = self._inbox, b""
        if not data:
            self._look()
        return data

    def in_flight(self) -> int:
        return 0

    def close(self) -> None:
        self._open = False

    def _look(self) -> None:
        if not (self._open and self.reachable):
            self._open = False
            raise TransportLostError("the other end is gone")


class _Blind:
    """An interpreter that burns checksums."""

    def __init__(self, *, star: bool) -> None:
        self.unknown: list[Command] = []
        self._star = star

    def reset(self) -> None:
        """It has no modes."""

    def run(self, command: Command) -> list[Action]:
        if self._star and command.name == "ESC d":
            return [Cut()]
        if command.name == "text":  # a row a character: where a write ended does not show on paper
            return [Rows(_LETTERS[np.frombuffer(command.data, dtype=np.uint8)])]
        if command.name in _PRINTS:
            number = zlib.crc32(command.name.encode() + command.data)
            return [Rows(np.unpackbits(np.array([number], dtype=">u4").view(np.uint8)).astype(np.bool_)[np.newaxis])]
        return self._work(command)

    @staticmethod
    def _work(command: Command) -> list[Action]:
        match command.name:
            case "GS V" | "ESC i" | "ESC m" | "ESC w":
                return [Cut()]
            case "GS (H" if command.data[:2] == b"00":
                return [ProcessId(command.data[2:6])]
            case "GS r":
                return [PaperSensor()]
            case "GS a" | "GS \xe0":
                return [AutomaticStatus(command.data[0] != 0)]
            case "ESC \x1e":
                return [AutomaticStatus(command.data[1] != 0)]
            case "ETB":
                return [CountUp()]
            case "GS e":
                return [Eject(retract=command.data[0] == 2)]
            case "GS R":
                return [Eject(retract=True)]
            case "ENQ" | "GS \x05" | "GS \xf8":
                return [Status(command.name)]
            case _:
                return []


def blind(profile: Profile) -> VirtualPrinter:
    """The virtual printer of a profile, without its eyes."""
    machine = VirtualPrinter.of(profile)
    machine._interpreter = _Blind(star=profile.status == "star")
    return machine


def memory_store(folder: StateFolder) -> Store:
    """A store in memory: what is proven here is not the disk."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(connection.execute, 0)
    return Store(folder, connection, None)


class World:
    """One kiosk's printing, from which time takes its steps when told."""

    def __init__(self, path: Path, profile: Profile, *, swallows: bool = True) -> None:
        self.folder = StateFolder(path)
        self.profile = profile
        self.store = memory_store(self.folder)
        self.machine = blind(profile)
        self.wire = Wire(self.machine, swallows=swallows)
        self.now_s = 1000.0
        self.later: list[tuple[float, Callable[[], None]]] = []
        self.begin()

    def begin(self) -> None:
        """A printer process starts, the first or one after a kill."""
        self.wire.close()
        self.spooler: Spooler | None = Spooler(
            self.folder, self.store, Connection(self.wire, lambda: map_of(self.profile)), self.profile
        )
        self.spooler.start(self.now_s)

    def queue(self, job_id: str, receipt: Receipt) -> None:
        content = print_jobs.encrypt(print_jobs.new_key(self.folder, job_id), receipt)
        with self.store.transaction():
            print_jobs.insert(
                self.store, job_id=job_id, ticket_id="", content=content, deadline_s=self.now_s + DEADLINE_S,
                process_id=b"AB12", held=False,
            )  # fmt: skip
        if self.spooler is not None:
            self.spooler.look()

    def job(self, job_id: str) -> PrintJob:
        found = print_jobs.find(self.store, job_id)
        assert found is not None
        return found

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        self.later.append((self.now_s + seconds, do))

    def step(self, seconds: float = STEP_S) -> None:
        self.now_s += seconds
        due = [do for at_s, do in self.later if at_s <= self.now_s]
        self.later = [(at_s, do) for at_s, do in self.later if at_s > self.now_s]
        for do in due:
            do()
        self.wire.pass_time(seconds)
        if self.spooler is None:
            return
        try:
            self.spooler.step(self.now_s)
        except Killed:
            self.spooler = None

    def until_end(self, job_id: str) -> JobState:
        """Steps small while something moves, larger while all wait."""
        limit_s = self.now_s + LONGEST_S
        began_s = self.now_s
        while self.job(job_id).state not in print_jobs.ENDS:
            assert self.now_s < limit_s, f"{job_id} is still {self.job(job_id).state}"
            self.step(STEP_S if self.now_s - began_s < 1 else 0.5)
        return self.job(job_id).state

    def until_rest(self) -> None:
        """The printer holds nothing any more, as far as the spooler knows."""
        limit_s = self.now_s + LONGEST_S
        while self.spooler is None or self.spooler.clearing.dirty or self.later:
            assert self.now_s < limit_s
            self.step(0.5)

    def count(self, expected: np.ndarray) -> int:
        """How many papers are exactly this, whole and cut."""
        return sum(not paper.torn and np.array_equal(paper.dots, expected) for paper in self.machine.papers)


@contextmanager
def quick() -> Iterator[None]:
    """What is the same in every run is done once, and nobody is told of it."""
    deliveries: dict[tuple[str, int, int | None], Delivery] = {}
    make = Delivery.of

    def of(receipt: Receipt, profile: Profile, process_id: bytes, copy: int, count: int | None = None) -> Delivery:
        key = (receipt.title, copy, count)
        if key not in deliveries:
            deliveries[key] = make(receipt, profile, process_id, copy, count)
        return replace(deliveries[key], handed=0, _reached=0.0)

    with (
        mock.patch("printer.spooler.Delivery.of", of),
        mock.patch("printer.live.post"),
        mock.patch("printer.spooler.log", mock.Mock()),
    ):
        yield


def alone(profile: Profile, receipt: Receipt, copy: int) -> Paper:
    """What a copy looks like when nothing happens."""
    machine = blind(profile)
    delivery = Delivery.of(receipt, profile, b"AB12", copy)
    machine.feed(delivery.data)
    (paper,) = machine.papers
    return paper
