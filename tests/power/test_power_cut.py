"""The plug is pulled at any moment: what a citizen was told, and what the centre and the paper have, is still so."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from offline_cache import audit, clock, custodian, print_jobs, standing
from offline_cache.contract.messages import NumberBlock
from offline_cache.folder import StateFolder
from offline_cache.issue import issue
from offline_cache.numbers import add_block
from offline_cache.store import Store, StoreError, open_store
from printer import profiles
from printer.connection import Connection
from printer.spooler import Spooler
from printer.transports.network import NetworkTransport
from tests.centre import Centre
from tests.offline_cache.looping import SERIES
from tests.offline_cache.sealing import preparing
from tests.power import disk, recording, workload
from tests.power.disk import Cut
from tests.power.workload import Recorded, Seen

TICKETS = 60
CUTS = 200
CUTS_LONG = 1000
# The number a later lease begins at; none of the centre's is as high.
FURTHER = 10**9


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recording.build(tmp_path_factory.mktemp("recorder"))


@pytest.fixture(scope="module")
def recorded(centre: Centre, library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    scratch = tmp_path_factory.mktemp("work")
    folder = centre.folder(scratch / "kiosk")
    yield workload.record(centre, folder, library, scratch, TICKETS)
    shutil.rmtree(folder.run, ignore_errors=True)


@dataclass
class After:
    """The kiosk that comes up again after one cut. `told`: the codes that were said before it."""

    folder: StateFolder
    told: list[str]
    seen: Seen

    def judge(self) -> list[str]:
        """What is not as it was promised, in words; nothing if all is well."""
        try:
            prepared = custodian.prepare(self.folder, clock.read())
        except StoreError as error:
            return [f"the store does not open: {error}"]
        if prepared.quarantined is not None or prepared.created:
            return ["the store was lost"]
        with open_store(self.folder) as store:
            return [*self._tickets(store), *self._others(store), *self._papers(store), *self._next(store)]

    def _tickets(self, store: Store) -> Iterator[str]:
        rows = store.rows("select id, code, state, sealed, fingerprint from outbox")
        codes = [row["code"] for row in rows if row["code"]]
        lost = set(self.told) - set(codes)
        if lost:
            yield f"{len(lost)} of {len(self.told)} tickets are lost"
        if len(set(codes)) != len(codes):
            yield "a code stands twice"
        for row in rows:
            if row["state"] != 2 and hashlib.sha256(row["sealed"]).hexdigest() != row["fingerprint"]:
                yield f"the sealed bytes of {row['id']} are not what they were"
        held = {row["id"]: row["fingerprint"] for row in rows}
        undone = [event for event, fingerprint in self.seen.events.items() if held.get(event) != fingerprint]
        if undone:
            yield f"{len(undone)} events that the centre has are gone here, or other ones"
        if audit.first_break(store) is not None:
            yield "the audit log is broken"

    def _others(self, store: Store) -> Iterator[str]:
        if standing.next_request_counter(store) <= self.seen.counter:
            yield "a request counter would be used again"

    def _papers(self, store: Store) -> Iterator[str]:
        """After a reboot nothing of before is printed, nor counted as never begun when a paper came out."""
        begun = len(store.rows("select 1 from print_jobs where state != 'queued' and detail != 'dropped'"))
        if begun < self.seen.papers:
            yield f"{self.seen.papers} papers came out, and only {begun} are known"
        profile = profiles.load(self.folder.settings().printer.profile)
        spooler = Spooler(self.folder, store, Connection(NetworkTransport("127.0.0.1", 1)), profile)
        spooler.start(clock.boottime_s())
        spooler.step(clock.boottime_s())
        if print_jobs.waiting(store):
            yield "a paper of before the cut waits to be printed"

    def _next(self, store: Store) -> Iterator[str]:
        given = {_place(row["code"]) for row in store.rows("select code from outbox where code is not null")}
        said = {_place(code) for code in self.told}
        series = [row["number"] for row in store.rows("select next - 1 as number from number_blocks")]
        add_block(store, NumberBlock(block="further", series=SERIES, first=FURTHER, last=FURTHER + 9))
        fresh = issue(store, series=SERIES, prepare=preparing())
        if _place(fresh.code) in given | said:
            yield "a code is given twice"
        if fresh.number in series:
            yield "a number is given twice"


def _place(code: str) -> str:
    """Allocation and counter of a code: what makes it unique without its random end."""
    return code[:11]


def cuts(recorded: Recorded, count: int, draw: random.Random, folder: Path, how: Cut) -> Iterator[After]:
    """The kiosk after each of `count` cuts at random moments."""
    moments = sorted(draw.sample(range(1, len(recorded.steps) + 1), count))
    changing, told, done = recorded.disk(), [], 0
    for number, moment in enumerate(moments):
        for step in recorded.steps[done:moment]:
            changing.take(step)
            if step.op == "A":
                told.append(step.data.decode().strip())
        done = moment
        after = StateFolder(folder / str(number))
        disk.write(changing.after_cut(how, draw), after.path)
        yield After(after, list(told), recorded.known_at(recorded.steps[moment - 1].end))
        shutil.rmtree(after.run, ignore_errors=True)
        shutil.rmtree(after.path)


def faults(recorded: Recorded, count: int, how: Cut) -> list[str]:
    """What any of the cuts broke. The disks are rebuilt in memory: what they lost, they have lost already."""
    seed, found = os.environ["TOTEM_SEED"], []
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        for number, after in enumerate(cuts(recorded, count, random.Random(f"{seed} {how.name}"), Path(folder), how)):
            found += [f"cut {number} (TOTEM_SEED={seed}): {fault}" for fault in after.judge()]
    return found


@pytest.fixture
def _another_boot(monkeypatch: pytest.MonkeyPatch) -> None:
    """The power came back: the kernel gave this boot another id."""
    for module in (clock, print_jobs):
        monkeypatch.setattr(module, "boot_id", lambda: "00000000-0000-4000-8000-000000000000")


def test_the_recording_misses_nothing(recorded: Recorded, tmp_path: Path):
    """Everything replayed without a cut is the folder as it is."""
    changing = recorded.disk()
    for step in recorded.steps:
        changing.take(step)
    told = [step.data.decode().strip() for step in recorded.steps if step.op == "A"]
    assert len(set(told)) == TICKETS
    folder = StateFolder(tmp_path / "whole")
    disk.write(changing.after_cut(None, random.Random(0)), folder.path)
    assert After(folder, told, recorded.known_at(recorded.steps[-1].end)).judge() == []


@pytest.mark.usefixtures("_another_boot")
@pytest.mark.parametrize("how", Cut, ids=lambda how: how.name.lower())
def test_a_power_cut_loses_nothing_and_doubles_nothing(recorded: Recorded, how: Cut):
    assert faults(recorded, CUTS, how) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("_another_boot")
@pytest.mark.parametrize("how", Cut, ids=lambda how: how.name.lower())
def test_a_thousand_power_cuts_lose_nothing_and_double_nothing(recorded: Recorded, how: Cut):
    assert faults(recorded, CUTS_LONG, how) == []


@pytest.mark.usefixtures("_another_boot")
def test_a_store_that_did_not_sync_would_be_found_out(centre: Centre, library: Path, tmp_path: Path):
    folder = centre.folder(tmp_path / "kiosk")
    careless = workload.record(centre, folder, library, tmp_path, 12, "careless")
    shutil.rmtree(folder.run, ignore_errors=True)
    assert any("are lost" in fault for fault in faults(careless, 40, Cut.DROPPED))
