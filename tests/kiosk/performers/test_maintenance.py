"""What a technician asks for is done, told, and never left without an answer."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence

import pytest

from kiosk.catalog.model import Catalogue
from kiosk.health import examination
from kiosk.health.findings import Part, What, found
from kiosk.journey import events as ev
from kiosk.journey.state import State
from kiosk.journey.technician_stages import Act
from kiosk.performers.maintenance import REBOOT, Maintenance
from offline_cache import catalogue_cache, print_jobs
from offline_cache.contract import challenge
from offline_cache.folder import StateFolder
from offline_cache.store import Store, open_store
from offline_cache.wake import Mailbox
from tests.kiosk.performers.conftest import Heard


@pytest.fixture
def store(folder: StateFolder) -> Iterator[Store]:
    with open_store(folder) as opened:
        yield opened


def told(heard: Heard, act: Act) -> list[What]:
    event = heard.first(ev.ActTold)
    assert event.act is act
    return [finding.what for finding in event.findings]


def test_the_network_s_steps_are_told_one_by_one(
    folder: StateFolder, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = (found(Part.CABLE, What.CABLE_IN, names="eth0"), found(Part.NAME, What.NAME_UNKNOWN, host="h", why="w"))
    monkeypatch.setattr(examination, "network_findings", lambda _folder, _store: iter(steps))
    Maintenance(folder, heard).do(Act.TEST_NETWORK, State())
    assert heard.first(ev.ActTold) == ev.ActTold(Act.TEST_NETWORK, steps[:1], done=False)
    assert heard.first(ev.ActTold) == ev.ActTold(Act.TEST_NETWORK, steps, done=False)
    assert heard.first(ev.ActTold) == ev.ActTold(Act.TEST_NETWORK, steps)


@pytest.mark.parametrize("act", [Act.TEST_PRINT, Act.PRINT_STATUS])
def test_a_test_paper_is_in_the_printer_s_queue_and_known_to_the_screen(
    folder: StateFolder, heard: Heard, store: Store, act: Act
) -> None:
    with Mailbox(folder, "printer") as mailbox:
        Maintenance(folder, heard).do(act, State())
        job = heard.first(ev.TestPaperMade).job
        assert None in mailbox.receive(5)
    assert job is not None
    waiting = print_jobs.find(store, job)
    assert waiting is not None
    assert not waiting.held


def test_what_waits_is_told_and_sent_at_once(folder: StateFolder, heard: Heard) -> None:
    Maintenance(folder, heard).do(Act.QUEUE, State())
    assert told(heard, Act.QUEUE) == [What.QUEUE_EMPTY, What.NUMBERS_LEFT]
    with Mailbox(folder, "sync") as mailbox:
        Maintenance(folder, heard).do(Act.SEND_NOW, State())
        assert told(heard, Act.SEND_NOW) == [What.QUEUE_EMPTY]
        assert {"retry": True} in mailbox.receive(5)


def test_a_catalogue_goes_back_to_the_one_before_and_no_further(
    folder: StateFolder, heard: Heard, store: Store, catalogue: Catalogue
) -> None:
    from kiosk.catalog.read import to_json

    maintenance = Maintenance(folder, heard)
    maintenance.do(Act.CATALOGUE, State())
    assert told(heard, Act.CATALOGUE) == [What.CATALOGUE_RUNS, What.CATALOGUE_NO_BEFORE]
    before = catalogue_cache.current_version(store)
    assert before is not None
    catalogue_cache.keep(store, to_json(catalogue.model_copy(update={"version": before + 1})))
    maintenance.do(Act.ROLL_BACK, State())
    assert told(heard, Act.ROLL_BACK) == [What.CATALOGUE_ROLLED_BACK]
    assert (catalogue_cache.current_version(store), catalogue_cache.bad_versions(store)) == (before, (before + 1,))
    maintenance.do(Act.ROLL_BACK, State())
    assert told(heard, Act.ROLL_BACK) == [What.CATALOGUE_RUNS, What.CATALOGUE_NO_BEFORE]


def test_a_store_that_cannot_be_opened_is_told_too(tmp_path: object, heard: Heard, folder: StateFolder) -> None:
    Maintenance(StateFolder(folder.path / "elsewhere"), heard).do(Act.QUEUE, State())
    assert told(heard, Act.QUEUE) == [What.STORE_LOST]


@pytest.mark.parametrize(("status", "expected"), [(0, What.RESTARTS), (1, What.RESTART_REFUSED)])
def test_the_machine_is_restarted_by_systemd_or_its_refusal_told(
    folder: StateFolder, heard: Heard, status: int, expected: What
) -> None:
    asked: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(list(command), status, "", "Access denied\n")

    (folder.path / "simulation").unlink(missing_ok=True)
    Maintenance(folder, heard, run).do(Act.RESTART_MACHINE, State())
    assert told(heard, Act.RESTART_MACHINE) == [expected]
    assert asked == [REBOOT]


def test_a_demonstration_restarts_no_machine(folder: StateFolder, heard: Heard) -> None:
    (folder.path / "simulation").write_text("", encoding="ascii")
    Maintenance(folder, heard, lambda _command: pytest.fail("asked")).do(Act.RESTART_MACHINE, State())
    assert told(heard, Act.RESTART_MACHINE) == [What.RESTART_REFUSED]


def test_the_others_are_told_to_begin_anew(folder: StateFolder, heard: Heard) -> None:
    with Mailbox(folder, "printer") as printer, Mailbox(folder, "sync") as sync:
        Maintenance(folder, heard).restart_others()
        assert printer.receive(5) == sync.receive(5) == [{"restart": True}]


def test_a_challenge_is_fresh_each_time_and_its_code_is_zeroed(folder: StateFolder, heard: Heard) -> None:
    maintenance = Maintenance(folder, heard)
    maintenance.begin_challenge("VA-017")
    maintenance.begin_challenge("")
    first, second = heard.first(ev.ChallengeBegun), heard.first(ev.ChallengeBegun)
    assert challenge.as_nonce(first.nonce) == first.nonce != second.nonce
    assert (first.kiosk, second.kiosk) == ("VA-017", None)
    digits = bytearray(b"12345678")
    maintenance.check_code(first.nonce, digits)
    assert heard.first(ev.CodeJudged) == ev.CodeJudged(None), "no sync process is there to say"
    assert digits == bytearray(8)
