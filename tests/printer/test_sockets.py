"""The same faults over real sockets and real processes: at each command's edge, anywhere, and by SIGKILL.

A few places in every run; each command boundary, two hundred random ones and fifty kills in `make test-long`.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from kiosk.journey.state import JobState
from offline_cache import print_jobs
from offline_cache.store import open_store
from offline_cache.wake import post
from printer import profiles
from printer.delivery import Delivery
from printer.virtual.commands import parse
from printer.virtual.condition import Fault
from printer.virtual.machine import Paper, VirtualPrinter
from printer.virtual.server import VirtualPrinterServer
from tests.printer import samples
from tests.printer.spooler_rig import Rig, job, prepared, queue, rig
from tests.printer.test_spooler_process import ended, printer_process

EPSON = profiles.load("epson-tm-t20x")
JOB = Delivery.of(samples.guide(), EPSON, b"AB12", 1)
FAULTS = ("cable cut", "paper out", "power off", "spooler stopped")


def undisturbed(copy: int) -> np.ndarray:
    """What a copy looks like when nothing happens."""
    machine = VirtualPrinter(speed_mm_s=None)
    machine.feed(Delivery.of(samples.guide(), EPSON, b"AB12", copy).data)
    (paper,) = machine.papers
    return paper.dots


FIRST, *MARKED = map(undisturbed, (1, 2, 3))


def boundaries() -> list[int]:
    """Where each command of a guide ends; a run of letters is one."""
    buffer, ends, before = bytearray(), [], ""
    for at, byte in enumerate(JOB.data, start=1):
        buffer.append(byte)
        for command in parse(buffer):
            if command.name == before == "text":
                ends.pop()
            ends.append(at)
            before = command.name
    return ends


def strike(made: Rig, fault: str, byte: int) -> None:
    """Plays one guide that is struck after so many bytes, and the next one; checks what may be said of both."""
    machine, folder, store = made.machine, made.folder, made.store
    before = len(made.whole_papers())
    name = f"job-{fault}-{byte}-{machine.taken_bytes}"
    made.until(lambda: made.connection.condition.value == "ready")
    struck: list[int] = []
    # Questions between jobs are longer than nothing: the byte is counted from what it has taken when the job begins.
    machine.strike_after(machine.taken_bytes + 12 + byte, lambda: struck.append(_begin(made, fault)))
    queue(folder, store, name)
    made.spooler.look()
    made.until(lambda: bool(struck) or made.state(name) in print_jobs.ENDS)
    if struck:
        _mend(made, fault)
    end = made.until_end(name)
    made.until(lambda: not made.spooler.clearing.dirty)
    assert end in {JobState.CONFIRMED, JobState.UNKNOWN}
    assert job(store, name).content is None
    came = made.whole_papers()[before:]
    first, marked = count(came, FIRST), sum(count(came, paper) for paper in MARKED)
    assert first <= 1, "printed twice without the mark"
    assert marked <= 1, "printed again and again"
    if end is JobState.CONFIRMED:
        assert first + marked >= 1, "called printed when it was not"
    else:
        assert marked == 0, "printed again, and nobody knows whether it was printed before"
    machine._strikes.clear()
    queue(folder, store, f"{name}-next")
    made.spooler.look()
    assert made.until_end(f"{name}-next") is JobState.CONFIRMED


def count(papers: Iterable[Paper], whole: np.ndarray) -> int:
    """How many of them are that very paper."""
    return sum(np.array_equal(paper.dots, whole) for paper in papers)


def _begin(made: Rig, fault: str) -> int:
    """Called in the printer's thread, with that byte."""
    match fault:
        case "paper out":
            made.machine.set_fault(Fault.PAPER_OUT)
        case "power off":
            made.machine.power_off()
        case _:
            pass
    return 1


def _mend(made: Rig, fault: str) -> None:
    match fault:
        case "cable cut":
            made.connection._transport.close()  # what was in the wire may or may not have arrived
        case "paper out":
            made.until(lambda: made.connection.condition.value == "paper-out")
            made.printer.clear_faults()
        case "power off":
            made.until(lambda: made.connection.condition.value in {"absent", "unknown"})
            made.printer.power(on=True)
        case _:
            made.restart()


def places(count: int | None, seed: int) -> list[tuple[str, int]]:
    rng = random.Random(seed)
    every = [(fault, byte) for byte in boundaries() for fault in FAULTS]
    return every if count is None else rng.sample(every, count)


def play(tmp_path: Path, struck: list[tuple[str, int]]) -> None:
    with rig(tmp_path, VirtualPrinter(speed_mm_s=4000)) as made:
        for fault, byte in struck:
            try:
                strike(made, fault, byte)
            except AssertionError as error:
                raise AssertionError(f"{fault} after byte {byte}: {error}") from error


def test_a_guide_has_many_commands_and_their_ends_are_known() -> None:
    assert len(boundaries()) > 150
    assert boundaries()[-1] == len(JOB.data)


def test_faults_at_some_command_ends_are_told_as_they_are(tmp_path: Path) -> None:
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    play(tmp_path, places(4, seed))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_fault_at_every_command_end(tmp_path: Path) -> None:
    play(tmp_path, places(None, 0))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_faults_at_two_hundred_random_places(tmp_path: Path) -> None:
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    play(tmp_path, [(rng.choice(FAULTS), rng.randrange(1, len(JOB.data) + 1)) for _ in range(200)])


def until(reached: Callable[[], object]) -> None:
    """Processes are started again and again here, on a machine that may be busy."""
    end = time.monotonic() + 120
    while not reached():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.01)


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=[pytest.mark.long, pytest.mark.timeout(3600)])])
def test_a_process_that_is_killed_anywhere_loses_nothing_and_prints_nothing_twice(tmp_path: Path, kills: int) -> None:
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    machine = VirtualPrinter(speed_mm_s=1500)
    with VirtualPrinterServer("127.0.0.1", 0, tmp_path / "paper", machine=machine) as printer:
        folder = prepared(tmp_path / "state", printer.port)
        with open_store(folder) as store:
            for number in range(kills):
                name, before = f"job-{number}", len([paper for paper in machine.papers if not paper.torn])
                with printer_process(folder) as process:
                    byte = machine.taken_bytes + rng.randrange(28, 28 + len(JOB.data))
                    machine.strike_after(byte, lambda process=process: process.send_signal(signal.SIGKILL))
                    queue(folder, store, name)
                    post(folder, "printer")
                    until(lambda process=process, name=name: process.poll() is not None or ended(store, name)())
                machine._strikes.clear()
                with printer_process(folder):
                    until(ended(store, name))
                    assert job(store, name).state in {JobState.CONFIRMED, JobState.UNKNOWN}
                    assert job(store, name).copies <= 1
                    queue(folder, store, f"{name}-next")
                    post(folder, "printer")
                    until(ended(store, f"{name}-next"))
                    assert job(store, f"{name}-next").state is JobState.CONFIRMED
                came = [paper for paper in machine.papers if not paper.torn][before:]
                assert len(came) <= 3  # the struck one, what the flush cut off of it, and the next
                printed = count(came, FIRST) - 1  # the next one is the same guide
                assert printed in ({1} if job(store, name).state is JobState.CONFIRMED else {0, 1})
