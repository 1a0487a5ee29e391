"""The printer process as it really runs: a process of its own, killed and stopped from outside."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.journey.state import JobState
from offline_cache import print_jobs
from offline_cache.folder import StateFolder
from offline_cache.store import Store, open_store
from offline_cache.wake import Mailbox, post
from printer.virtual.machine import VirtualPrinter
from printer.virtual.server import VirtualPrinterServer
from tests.printer.spooler_rig import PATIENCE_S, job, prepared, queue

MAIN = "import sys, pathlib; from offline_cache.folder import StateFolder; from printer.process import main; "
MAIN += "main(StateFolder(pathlib.Path(sys.argv[1])))"


@contextmanager
def printer_process(folder: StateFolder) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, str(folder.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait(reached: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.01)


def ended(store: Store, job_id: str = "job-1") -> Callable[[], bool]:
    return lambda: job(store, job_id).state in print_jobs.ENDS


def test_a_killed_printer_process_leaves_a_doubt_and_prints_nothing_twice(tmp_path: Path) -> None:
    machine = VirtualPrinter(speed_mm_s=100)
    with VirtualPrinterServer("127.0.0.1", 0, tmp_path / "paper", machine=machine) as printer:
        folder = prepared(tmp_path / "state", printer.port)
        with open_store(folder) as store:
            queue(folder, store)
            with printer_process(folder) as process:
                wait(lambda: job(store).state in {JobState.SENDING, JobState.SENT})
                process.send_signal(signal.SIGKILL)
                process.wait()
            assert job(store).state not in print_jobs.ENDS
            with printer_process(folder):
                wait(ended(store))
                assert job(store).state is JobState.UNKNOWN
                assert job(store).content is None
                assert list(folder.print_keys.iterdir()) == []
                queue(folder, store, "job-2")
                post(folder, "printer")
                wait(ended(store, "job-2"))
            assert job(store, "job-2").state is JobState.CONFIRMED
            assert len([paper for paper in machine.papers if not paper.torn]) <= 2
            assert job(store).copies == 1


def test_a_killed_printer_process_prints_what_was_still_queued(tmp_path: Path) -> None:
    machine = VirtualPrinter(speed_mm_s=2000)
    with VirtualPrinterServer("127.0.0.1", 0, tmp_path / "paper", machine=machine) as printer:
        folder = prepared(tmp_path / "state", printer.port)
        with open_store(folder) as store, Mailbox(folder, "kiosk") as kiosk:
            queue(folder, store, held=True)
            with printer_process(folder) as process:
                wait(lambda: {"printer": "ready"} in kiosk.receive(0.1))
                process.send_signal(signal.SIGKILL)
                process.wait()
            print_jobs.release(store, "job-1")
            with printer_process(folder):
                wait(ended(store))
            assert job(store).state is JobState.CONFIRMED
            assert len(machine.papers) == 1


def test_the_printer_process_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "state", 1)
    with Mailbox(folder, "kiosk") as kiosk, printer_process(folder) as process:
        wait(lambda: {"printer": "absent"} in kiosk.receive(0.1))
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert not folder.socket("printer").exists()


def test_a_second_printer_process_leaves_the_printer_to_the_first(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "state", 1)
    with Mailbox(folder, "kiosk") as kiosk, printer_process(folder):
        wait(lambda: {"printer": "absent"} in kiosk.receive(0.1))
        with printer_process(folder) as second:
            _, said = second.communicate(timeout=30)
            assert second.returncode == 2
            assert said.splitlines()[-1].startswith("totem: another printer process owns this printer")


def test_whoever_asks_the_printer_process_is_told(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "state", 1)
    with Mailbox(folder, "kiosk") as kiosk, Mailbox(folder, "asker") as asker, printer_process(folder):
        wait(lambda: {"printer": "absent"} in kiosk.receive(0.1))
        post(folder, "printer", {"tell": "asker"})
        assert asker.receive(10) == [{"printer": "absent", "jobs": []}]


def test_without_a_store_the_printer_process_says_what_to_do(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "state", 1)
    folder.database.unlink()
    with printer_process(folder) as process:
        _, said = process.communicate(timeout=30)
        assert process.returncode == 2
        assert said.splitlines()[-1].endswith("run `totem run store`")


def test_a_printer_that_cannot_confirm_is_not_taken_into_service_unasked(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "state", 1, "generic-58mm")
    with printer_process(folder) as process:
        _, said = process.communicate(timeout=30)
        assert process.returncode == 2
        assert 'unconfirmed = "papers are never called printed"' in said.splitlines()[-1]
