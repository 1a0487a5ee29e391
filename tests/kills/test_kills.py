"""Kiosk, printer process, sync and centre are killed (SIGKILL) at random moments, again and again."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.journey.state import JobState
from offline_cache import custodian, numbers, outbox, print_jobs
from offline_cache.contract.messages import NumberBlock
from offline_cache.store import open_store
from printer.virtual.machine import VirtualPrinter
from printer.virtual.server import VirtualPrinterServer
from tests.central.world import make_state, wait_until
from tests.centre import Centre, serving_process
from tests.offline_cache.looping import SERIES, publish, recover, settle
from tests.offline_cache.oracle import account
from tests.offline_cache.test_fleet import at_work

PARTS = ("kiosk", "printer", "sync", "centre")
ROUNDS, ROUNDS_LONG = 50, 1000
ROOT = Path(__file__).parents[2]
LIMIT_S = 40.0


class Nursery:
    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.nursery", *arguments],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.said: list[str] = []
        self.running: dict[str, int] = {}
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        # A line that a kill cut short was not said; the next one may stand on the same line then.
        self.said.extend(line.strip() for line in self.process.stderr)

    def start(self, part: str) -> None:
        self.process.stdin.write(f"{part}\n")
        self.process.stdin.flush()
        self.running[part] = int(self.process.stdout.readline())

    def kill(self, part: str) -> None:
        pid = self.running.pop(part)
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        wait_until(lambda: not Path(f"/proc/{pid}").exists())

    def close(self) -> None:
        for part in tuple(self.running):
            self.kill(part)
        self.process.stdin.close()
        self.process.wait(LIMIT_S)
        self._reader.join(LIMIT_S)


@contextmanager
def town(path: Path):
    """A centre that has one kiosk with numbers enough, and its printer; neither runs yet."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    state = make_state(path / "central", "")
    centre = Centre(state, port)
    publish(centre)
    with VirtualPrinterServer("127.0.0.1", 0, path / "paper", machine=VirtualPrinter(speed_mm_s=5000)) as printer:
        with serving_process(state, port):
            folder = centre.folder(path / "kiosk")
            with at_work(folder) as (sync, store):
                recover(sync)
                settle(sync)
                numbers.add_block(store, NumberBlock(block="many", series=SERIES, first=10**6, last=10**6 + 99_999))
        with (folder.path / "totem.toml").open("a") as settings:
            settings.write(f'[printer]\nhost = "127.0.0.1"\nport = {printer.port}\n')
        nursery = Nursery(str(folder.path), str(state.path), str(port))
        try:
            yield centre, folder, nursery, printer
        finally:
            nursery.close()
            shutil.rmtree(folder.run, ignore_errors=True)


def killed(path: Path, rounds: int) -> None:
    draw = random.Random(f"kills {os.environ['TOTEM_SEED']}")
    with town(path) as (centre, folder, nursery, printer):
        for part in PARTS:
            nursery.start(part)
        wait_until(lambda: len(nursery.said) > 3)
        for _ in range(rounds):
            victim = draw.choice(PARTS)
            threading.Event().wait(draw.uniform(0, 0.12))
            nursery.kill(victim)
            nursery.start(victim)
        nursery.kill("kiosk")
        with open_store(folder) as store:
            before, changed_s = None, time.monotonic()
            while left := (outbox.status(store).waiting, sum(not job.held for job in print_jobs.waiting(store))):
                if left == (0, 0):
                    break
                # As long as something moves, it may take as long as it takes.
                if left != before:
                    before, changed_s = left, time.monotonic()
                assert time.monotonic() < changed_s + LIMIT_S, left
                threading.Event().wait(0.05)
        for part in ("sync", "printer", "centre"):
            nursery.kill(part)
        said = [code for code in nursery.said if len(code) == 14]
        assert custodian.prepare(folder).quarantined is None
        with open_store(folder) as store:
            jobs = {row["ticket_id"]: row for row in store.rows("select * from print_jobs")}
        assert len(said) > rounds
        # A paper is begun once, whatever was killed meanwhile; one that was begun and not confirmed is a doubt.
        assert all(job["copies"] <= 1 for job in jobs.values())
        confirmed = [job for job in jobs.values() if job["state"] == JobState.CONFIRMED.value]
        assert len(confirmed) <= len(printer.papers)
        account(centre, folder, said)


def test_fifty_kills_of_any_process_lose_nothing_and_double_nothing(tmp_path: Path):
    killed(tmp_path, ROUNDS)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_thousand_kills_of_any_process_lose_nothing_and_double_nothing(tmp_path: Path):
    killed(tmp_path, ROUNDS_LONG)
