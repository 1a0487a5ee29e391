"""A spooler on a real store, before the virtual printer behind a real port; its clock can be moved."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from kiosk.journey.state import JobState
from offline_cache import clock, custodian, print_jobs
from offline_cache.folder import StateFolder
from offline_cache.print_jobs import PrintJob
from offline_cache.store import Store, create_keys, open_store
from offline_cache.wake import Mailbox
from printer import profiles
from printer.connection import Connection
from printer.receipt import Receipt
from printer.spooler import Spooler
from printer.status_maps.registry import map_of
from printer.transports.network import NetworkTransport
from printer.virtual.machine import Paper, VirtualPrinter
from printer.virtual.server import VirtualPrinterServer
from tests.printer import samples
from tests.printer.choke import Choke

PATIENCE_S = 30.0


def prepared(path: Path, port: int, profile: str = "epson-tm-t20x") -> StateFolder:
    """A state folder with a store, whose printer is at `port` of this machine."""
    folder = StateFolder(path)
    create_keys(folder)
    custodian.prepare(folder)
    (path / "totem.toml").write_text(
        '[centre]\nurl = "https://127.0.0.1:1"\nca = "ca.pem"\n'
        f'[printer]\nhost = "127.0.0.1"\nport = {port}\nprofile = "{profile}"\n',
        encoding="utf-8",
    )
    return folder


def queue(
    folder: StateFolder,
    store: Store,
    job_id: str = "job-1",
    *,
    deadline_s: float | None = None,
    held: bool = False,
    receipt: Receipt | None = None,
    ticket_id: str = "",
) -> None:
    """Commits a guide's print job; two minutes are its deadline."""
    content = print_jobs.encrypt(print_jobs.new_key(folder, job_id), receipt or samples.guide())
    due_s = clock.boottime_s() + 120 if deadline_s is None else deadline_s
    with store.transaction():
        print_jobs.insert(store, job_id=job_id, ticket_id=ticket_id, content=content, deadline_s=due_s, held=held)


def job(store: Store, job_id: str = "job-1") -> PrintJob:
    found = print_jobs.find(store, job_id)
    assert found is not None
    return found


class Rig:
    """Spooler, store and printer of one test. `shift_s` moves the spooler's clock."""

    def __init__(
        self,
        folder: StateFolder,
        store: Store,
        printer: VirtualPrinterServer,
        machine: VirtualPrinter,
        mailbox: Mailbox,
        choke: Choke | None,
    ) -> None:
        self.folder, self.store, self.mailbox = folder, store, mailbox
        self.printer, self.machine, self.choke = printer, machine, choke
        self.shift_s = 0.0
        self.heard: list[dict[str, Any]] = []
        self._begin()

    def _begin(self) -> None:
        profile = profiles.load(self.folder.settings().printer.profile)
        transport = NetworkTransport("127.0.0.1", self.folder.settings().printer.port)
        self.connection = Connection(transport, lambda: map_of(profile))
        self.spooler = Spooler(self.folder, self.store, self.connection, profile)
        self.spooler.start(clock.boottime_s() + self.shift_s)

    def restart(self) -> None:
        """The process dies, and another begins: store and printer are all that is left."""
        self.connection.close()
        self.heard.clear()
        self._begin()

    def close(self) -> None:
        self.connection.close()

    def step(self) -> None:
        self.spooler.step(clock.boottime_s() + self.shift_s)
        readable = [self.mailbox, *([self.connection] if self.connection.is_open else [])]
        writable = [self.connection] if self.connection.is_open and self.spooler.wants_to_write() else []
        select.select(readable, writable, [], 0.02)
        self.heard += [message for message in self.mailbox.receive(0.0) if message is not None]

    def until(self, reached: Callable[[], bool]) -> None:
        """Steps until it is so; AssertionError after half a minute."""
        end = time.monotonic() + PATIENCE_S
        while not reached():
            assert time.monotonic() < end, f"still {self.state()} / {self.connection.condition}"
            self.step()

    def until_state(self, *states: JobState, job_id: str = "job-1") -> None:
        self.until(lambda: self.state(job_id) in states)

    def until_end(self, job_id: str = "job-1") -> JobState:
        self.until_state(*print_jobs.ENDS, job_id=job_id)
        return self.state(job_id)

    def pass_time(self, seconds: float) -> None:
        """The spooler's clock goes on by so much at once."""
        self.shift_s += seconds

    def state(self, job_id: str = "job-1") -> JobState:
        return job(self.store, job_id).state

    def progress(self) -> float:
        """Of the job that is being printed."""
        return float(self.spooler.status(clock.boottime_s() + self.shift_s)[-1].get("progress", 0.0))

    def papers(self) -> list[Paper]:
        """What came out, torn pieces included."""
        return list(self.machine.papers)

    def whole_papers(self) -> list[Paper]:
        return [paper for paper in self.machine.papers if not paper.torn]


@contextmanager
def rig(
    tmp_path: Path, machine: VirtualPrinter, profile: str = "epson-tm-t20x", choke_bytes: int | None = None
) -> Iterator[Rig]:
    """With `choke_bytes` the wire takes no more after so many, until it is cut."""
    with ExitStack() as stack:
        printer = stack.enter_context(VirtualPrinterServer("127.0.0.1", 0, tmp_path / "paper", machine=machine))
        choke = None if choke_bytes is None else stack.enter_context(Choke(printer.port, choke_bytes))
        folder = prepared(tmp_path / "state", choke.port if choke else printer.port, profile)
        store = stack.enter_context(open_store(folder))
        made = Rig(folder, store, printer, machine, stack.enter_context(Mailbox(folder, "kiosk")), choke)
        stack.callback(made.close)
        yield made
