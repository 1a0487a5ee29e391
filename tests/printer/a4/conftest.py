"""A kiosk's folder with its store, for A4."""

import time

import pytest

from kiosk.journey.state import JobState
from offline_cache import clock, print_jobs
from offline_cache.store import open_store
from offline_cache.wake import Mailbox
from printer.a4.spooler import A4Spooler
from tests.printer.spooler_rig import prepared


def _one_page() -> bytes:
    """The least that the filters of CUPS take for a sheet."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
    )  # fmt: skip
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"xref\n0 4\n0000000000 65535 f \n%btrailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return out + tail % (table, len(out))


PDF = _one_page()
PATIENCE_S = 30.0


class Rig:
    """A spooler on a real store; `shift_s` moves its clock. `heard` is what the kiosk was told: it is read after each
    step, for a mailbox that nobody reads is soon full, and what comes then is lost.
    """

    def __init__(self, folder, store, mailbox, queue) -> None:
        self.folder, self.store, self.queue, self.shift_s = folder, store, queue, 0.0
        self.mailbox, self.heard = mailbox, []
        self.restart()

    def restart(self) -> None:
        self.spooler = A4Spooler(self.folder, self.store, self.queue)
        self.spooler.start()

    def commit(self, job="job-1", *, held=False, deadline_s=120.0) -> None:
        content = print_jobs.encrypt_pages(print_jobs.new_key(self.folder, job), PDF)
        with self.store.transaction():
            print_jobs.insert(
                self.store, job_id=job, ticket_id="", content=content, held=held, outlet="pages",
                deadline_s=clock.boottime_s() + deadline_s,
            )  # fmt: skip

    def state(self, job="job-1") -> JobState:
        return print_jobs.find(self.store, job).state

    def step(self) -> None:
        self.spooler.step(clock.boottime_s() + self.shift_s)
        self.heard += [message for message in self.mailbox.receive(0.0) if message]

    def until(self, reached) -> None:
        end = time.monotonic() + PATIENCE_S
        while not reached():
            assert time.monotonic() < end, f"still {self.state()} / {self.spooler.condition}"
            self.step()
            time.sleep(0.02)

    def until_state(self, *states, job="job-1") -> None:
        self.until(lambda: self.state(job) in states)


@pytest.fixture
def folder(tmp_path):
    return prepared(tmp_path / "state", 1)


@pytest.fixture
def store(folder):
    with open_store(folder) as opened:
        yield opened


@pytest.fixture
def rig(folder, store):
    with Mailbox(folder, "kiosk") as mailbox:
        yield lambda queue: Rig(folder, store, mailbox, queue)
