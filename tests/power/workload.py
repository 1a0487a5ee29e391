"""A kiosk's processes at work before a real centre and a printer, all they do to the disk recorded."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from offline_cache.folder import StateFolder
from printer.virtual.machine import VirtualPrinter
from printer.virtual.server import VirtualPrinterServer
from tests.centre import Centre
from tests.power import recording
from tests.power.disk import Before, Disk, holding_now
from tests.power.recording import Step

ROOT = Path(__file__).parents[2]
LIMIT_S = 60.0


@dataclass(frozen=True)
class Seen:
    """What others had of the kiosk when the log was `end` bytes long: nothing of it may be undone by a cut later."""

    end: int
    events: dict[str, str]
    counter: int
    papers: int


@dataclass
class Recorded:
    """`before`: the disk when the recording began, everything on it synced."""

    before: Before
    steps: list[Step]
    seen: list[Seen] = field(default_factory=list)

    def disk(self) -> Disk:
        return Disk.holding(self.before)

    def known_at(self, end: int) -> Seen:
        earlier = (seen for seen in self.seen if seen.end <= end)
        return max(earlier, key=lambda seen: seen.end, default=Seen(0, {}, 0, 0))


def record(centre: Centre, folder: StateFolder, library: Path, scratch: Path, count: int, *how: str) -> Recorded:
    """Issues `count` tickets while the printer process prints and the sync process sends, until all have arrived."""
    log = scratch / "log"
    watch: list[Seen] = []
    with ExitStack() as stack:
        printer = stack.enter_context(
            VirtualPrinterServer("127.0.0.1", 0, scratch / "paper", machine=VirtualPrinter(speed_mm_s=5000))
        )
        with (folder.path / "totem.toml").open("a", encoding="utf-8") as settings:
            settings.write(f'[printer]\nhost = "127.0.0.1"\nport = {printer.port}\n')
        before = holding_now(folder.path)
        kiosk = folder_kiosk(folder)

        def look() -> None:
            events = {
                row["id"]: row["fingerprint"]
                for row in centre.rows(f"SELECT id, fingerprint FROM events WHERE kiosk = '{kiosk}'")
            }
            counter = centre.rows(f"SELECT counter FROM kiosks WHERE id = '{kiosk}'")[0]["counter"]
            papers = len(printer.papers)
            watch.append(Seen(log.stat().st_size if log.exists() else 0, events, counter, papers))

        done = threading.Event()
        watcher = threading.Thread(target=_repeat, args=(look, done))
        watcher.start()
        stack.callback(watcher.join)
        stack.callback(done.set)
        environment = recording.environment(library, folder.path, log)
        for part in ("printer", "sync"):
            command = [sys.executable, "-m", "kiosk.cli", "run", part, "--state", str(folder.path)]
            process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(process.wait, LIMIT_S)
            stack.callback(process.kill)
        issuing = [sys.executable, "-m", "tests.power.issuing", str(folder.path), str(count), *how]
        says = recording.environment(library, folder.path, log, says=True)
        subprocess.run(issuing, cwd=ROOT, env=says, stdout=subprocess.DEVNULL, timeout=LIMIT_S, check=True)
        papers = -(-count // 6)
        # Each ticket, and how its paper ended.
        _until(lambda: watch[-1].papers >= papers and len(watch[-1].events) >= 2 * count)
    return Recorded(before, list(recording.read(log)), watch)


def folder_kiosk(folder: StateFolder) -> str:
    from offline_cache import standing

    found = standing.read_copy(folder)
    assert found is not None
    return found.enrolment.kiosk


def _repeat(look: Callable[[], None], done: threading.Event) -> None:
    look()
    while not done.wait(0.02):
        look()


def _until(met: Callable[[], bool]) -> None:
    until_s = time.monotonic() + LIMIT_S
    while not met():
        assert time.monotonic() < until_s, "not everything arrived"
        time.sleep(0.02)
