"""An update from the offer to its end, and everything for which it does not come so far."""

from __future__ import annotations

import fcntl
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.technician.provisioning import environment, system
from kiosk.technician.provisioning.machine import ProvisioningError
from kiosk.technician.updating import building, examining, record, switching
from kiosk.technician.updating.reducer import refusal
from kiosk.technician.updating.state import AtRest, Building, State, Trying, Version, Waiting
from offline_cache import occupied, release
from offline_cache.contract import hand_over
from offline_cache.contract.hand_over import Offered
from tests.kiosk.technician.updating.rig import OLD, Kiosk, program
from tests.kiosk.technician.updating.signed import digest, offer


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path)


def stays(kiosk: Kiosk, why: str, *, bad: list[int] | None = None) -> State:
    """The program that runs goes on running, and says why."""
    state = kiosk.update()
    assert (state.phase, state.why, state.proven.folder) == (AtRest(), why, OLD)
    assert kiosk.runs == kiosk.in_use == kiosk.proven == OLD
    assert kiosk.report() == {"state": "current", "bad": bad or [], "why": why, "next": None}
    assert sorted(entry.name for entry in kiosk.machine.at(environment.RELEASES).iterdir()) == ["old"]
    assert not (kiosk.place / hand_over.WISH).exists()
    return state


def test_a_good_release_is_built_beside_switched_to_and_proven(kiosk: Kiosk) -> None:
    kiosk.offer(1)
    state = kiosk.update()
    assert kiosk.number_of(kiosk.in_use) == 1
    assert (state.proven.number, state.before) == (1, Version(0, OLD, 4, 4))
    assert kiosk.report() == {"state": "proven", "bad": [], "why": "", "next": None}
    assert kiosk.whole(OLD), "the one before stays"


def test_of_three_releases_two_stay(kiosk: Kiosk) -> None:
    for number in (1, 2):
        kiosk.offer(number)
        kiosk.update()
    kept = {kiosk.number_of(f"{environment.RELEASES}/{entry.name}")
            for entry in kiosk.machine.at(environment.RELEASES).iterdir()}  # fmt: skip
    assert kept == {1, 2}


def test_packages_of_the_same_lock_are_shared_and_not_fetched(kiosk: Kiosk) -> None:
    kiosk.offer(1)
    kiosk.update()
    site = kiosk.machine.at(kiosk.in_use) / "lib/python3.11/site-packages"
    assert (site / "third/party.py").samefile(kiosk.machine.at(OLD) / "lib/python3.11/site-packages/third/party.py")
    assert (site / "kiosk/__init__.py").read_text() == "# 1\n"


def test_other_packages_come_with_the_release_or_it_is_not_tried(kiosk: Kiosk) -> None:
    kiosk.offer(1, program(1, lock=b"other==2\n"))
    stays(kiosk, "no-wheels", bad=[1])
    kiosk.offer(2, program(2, lock=b"other==2\n") | {"wheels/other-2-py3-none-any.whl": b"PK"})
    kiosk.update()
    assert kiosk.number_of(kiosk.in_use) == 2


def test_a_package_of_debian_that_is_not_here_is_named(kiosk: Kiosk) -> None:
    kiosk.offer(1, program(1) | {"systemd/appliance-packages.txt": b"cage\nnew-thing | other-thing\n"})
    stays(kiosk, "package:new-thing", bad=[1])


def test_what_nobody_vouches_for_is_not_touched(kiosk: Kiosk) -> None:
    kiosk.offer(1)
    (kiosk.place / hand_over.METADATA / "timestamp.json").write_bytes(b"{}")
    stays(kiosk, "not-vouched")


def test_an_archive_that_was_exchanged_is_not_unpacked(kiosk: Kiosk) -> None:
    kiosk.offer(1)
    (kiosk.place / hand_over.ARCHIVE).write_bytes(kiosk.content + b"x")
    stays(kiosk, "not-vouched")


def test_a_signed_archive_that_is_no_release_is_refused_for_good(kiosk: Kiosk) -> None:
    content = b"no archive"
    target = kiosk.signers.release(content, 1, lock=digest(b""))
    offer(kiosk.place, kiosk.signers.metadata(), content, target)
    stays(kiosk, "unpack", bad=[1])


@pytest.mark.parametrize("said", [{"lock": digest(b"another")}, {"schema": 5, "oldest_reader": 4}])
def test_a_release_that_is_not_what_was_signed_of_it_is_refused(kiosk: Kiosk, said: dict[str, object]) -> None:
    kiosk.offer(1, **said)
    stays(kiosk, "unpack", bad=[1])


def test_a_full_disk_is_told_and_tried_again(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr("kiosk.technician.updating.unpacking.SPARE_BYTES", 1 << 62)
        kiosk.offer(1)
        stays(kiosk, "disk-full")
    kiosk.offer(1)
    assert kiosk.update().proven.number == 1


def test_a_release_that_does_not_even_begin_is_not_switched_to(kiosk: Kiosk) -> None:
    answer = kiosk._answer

    def failing(command: list[str]) -> tuple[int, str]:
        return (1, "") if tuple(command[1:]) == building.REHEARSE else answer(command)

    kiosk._answer = failing  # type: ignore[method-assign]
    kiosk.offer(1)
    stays(kiosk, "build", bad=[1])


def test_a_release_from_which_there_would_be_no_way_back_is_refused_before_it_is_built(kiosk: Kiosk) -> None:
    kiosk.offer(1, schema=6, oldest_reader=5)
    stays(kiosk, "too-new-store", bad=[1])


def test_a_release_that_could_not_work_with_the_store_is_refused(kiosk: Kiosk) -> None:
    kiosk.offer(1, schema=3, oldest_reader=3)
    stays(kiosk, "too-old-program", bad=[1])


def offered(schema: int, oldest_reader: int) -> Offered:
    return Offered("totem.9.any.tar.gz", 9, "1", 0, "", schema, oldest_reader, 1, "")


def test_what_was_once_at_the_store_counts_though_it_was_taken_back() -> None:
    state = State(Version(1, OLD, 4, 4), reader=5)
    assert refusal(state, offered(5, 4)) is None
    assert refusal(state, offered(4, 4)) == "too-old-program"


# ---- what is tried ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "why"),
    [("totem-store.service", "store"), ("totem-kiosk.service", "screen"), ("totem-printer.service", "printing"),
     ("totem-sync.service", "sending")],
)  # fmt: skip
def test_a_release_of_which_a_part_does_not_stay_up_is_taken_back(kiosk: Kiosk, unit: str, why: str) -> None:
    kiosk.broken[1] = unit
    kiosk.offer(1)
    stays(kiosk, f"health:{why}", bad=[1])
    kiosk.offer(1)
    stays(kiosk, f"health:{why}", bad=[1])


def test_a_release_that_breaks_something_is_taken_back_with_its_name(kiosk: Kiosk) -> None:
    kiosk.findings[1] = ["printer-absent", "paper-out"]
    kiosk.offer(1)
    stays(kiosk, "health:printer", bad=[1])


def test_what_needed_a_hand_before_is_not_its_fault_nor_is_paper_or_a_cable(kiosk: Kiosk) -> None:
    kiosk.findings = {0: ["printer-absent"], 1: ["printer-absent", "way-closed", "printer-paper-out", "reader-absent"]}
    kiosk.offer(1)
    assert kiosk.update().proven.number == 1


def test_a_centre_with_troubles_of_its_own_is_given_more_time_than_a_printer(kiosk: Kiosk) -> None:
    kiosk.findings[1] = ["centre-refuses"]
    kiosk.offer(1)
    stays(kiosk, "health:centre", bad=[1])
    assert kiosk.clock_s > examining.CENTRE_PATIENCE_S


def test_a_doctor_who_cannot_speak_is_a_bad_sign(kiosk: Kiosk) -> None:
    answer = kiosk._answer

    def failing(command: list[str]) -> tuple[int, str]:
        return (2, "") if command[1:] == ["doctor", "--json"] and kiosk.runs != OLD else answer(command)

    kiosk._answer = failing  # type: ignore[method-assign]
    kiosk.offer(1)
    stays(kiosk, "health:doctor", bad=[1])


def test_after_a_bad_release_the_next_one_is_tried(kiosk: Kiosk) -> None:
    kiosk.broken[1] = "totem-kiosk.service"
    for number in (1, 2):
        kiosk.offer(number)
        kiosk.update()
    assert kiosk.report() == {"state": "proven", "bad": [1], "why": "", "next": None}


# ---- between two citizens ----------------------------------------------------------------------------------


def test_while_somebody_is_there_nothing_is_stopped(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a crash of theirs lets the lock go."""
    lock = kiosk.machine.at(occupied.lock_path(kiosk.folder))
    lock.parent.mkdir(parents=True)
    there = lock.open("w")
    fcntl.flock(there, fcntl.LOCK_SH)
    waited = []

    def wait(seconds: float) -> None:
        kiosk.clock_s += seconds
        if not there.closed:
            waited.append(kiosk.runs)
            assert isinstance(record.read(kiosk.machine).phase, Waiting)
            if len(waited) == 50:
                there.close()

    monkeypatch.setattr(kiosk, "_wait", wait)
    kiosk.offer(1)
    assert kiosk.update().proven.number == 1
    assert waited == [OLD] * 50
    with lock.open("w") as free:
        fcntl.flock(free, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_release_that_waits_gives_way_to_another_wish(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = kiosk.machine.at(occupied.lock_path(kiosk.folder))
    lock.parent.mkdir(parents=True)
    there = lock.open("w")
    fcntl.flock(there, fcntl.LOCK_SH)
    waiting = []

    def wait(seconds: float) -> None:
        kiosk.clock_s += seconds
        phase = record.read(kiosk.machine).phase
        if isinstance(phase, Waiting) and phase.next.number not in waiting:
            waiting.append(phase.next.number)
            if waiting == [1]:
                kiosk.offer(2)
            else:
                there.close()

    monkeypatch.setattr(kiosk, "_wait", wait)
    kiosk.offer(1)
    state = kiosk.update()
    assert (waiting, state.proven.number, state.bad, state.before) == ([1, 2], 2, (), Version(0, OLD, 4, 4))


def test_a_release_that_waits_is_forgotten_when_the_centre_wishes_for_none(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = kiosk.machine.at(occupied.lock_path(kiosk.folder))
    lock.parent.mkdir(parents=True)
    with lock.open("w") as there:
        fcntl.flock(there, fcntl.LOCK_SH)
        wish = kiosk.place / hand_over.WISH
        monkeypatch.setattr(kiosk, "_wait", lambda _s: wish.write_text('{"release": 0, "target": ""}'))
        kiosk.offer(1)
        stays(kiosk, "")


def test_who_was_served_before_a_release_failed_may_end_what_they_began(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = kiosk.machine.at(occupied.lock_path(kiosk.folder))
    lock.parent.mkdir(parents=True)
    there = lock.open("w")
    kiosk.findings[1] = ["printer-absent"]
    waits = []

    def wait(seconds: float) -> None:
        kiosk.clock_s += seconds
        if isinstance(record.read(kiosk.machine).phase, Trying) and not waits:
            fcntl.flock(there, fcntl.LOCK_SH | fcntl.LOCK_NB)
        waits.append(seconds)

    monkeypatch.setattr(kiosk, "_wait", wait)
    kiosk.offer(1)
    began_s = kiosk.clock_s
    stays(kiosk, "health:printer", bad=[1])
    assert kiosk.clock_s - began_s > 600, "and not for ever"
    there.close()


# ---- what is written down --------------------------------------------------------------------------------------


def test_a_technician_s_own_version_is_what_counts_from_then_on(kiosk: Kiosk) -> None:
    kiosk.offer(1)
    kiosk.update()
    kiosk.machine.link(environment.PROGRAM, OLD, why="./provision")
    assert record.read(kiosk.machine).proven.folder == OLD
    state = kiosk.update()
    assert (state.proven.folder, kiosk.proven) == (OLD, OLD)


def test_a_record_that_cannot_be_read_leaves_what_runs(kiosk: Kiosk) -> None:
    kiosk.offer(1)
    kiosk.update()
    runs = kiosk.in_use
    kiosk.machine.at(record.STATE).write_text("{")
    assert kiosk.update().proven.folder == runs
    assert kiosk.in_use == kiosk.proven == runs


@pytest.mark.parametrize(
    "phase",
    [AtRest(), Building(offered(4, 4)), Waiting(Version(1, "/x", 4, 4), 2), Trying(Version(1, "/x", 4, 4), ("a",), 1)],
)
def test_what_is_written_down_is_read_again(kiosk: Kiosk, phase: object) -> None:
    state = State(Version(0, OLD, 4, 4), Version(9, "/y", 3, 3), True, (4,), (5,), "why", 3)
    state = replace(state, phase=phase)  # type: ignore[arg-type]
    record.keep(kiosk.machine, state)
    assert record.read(kiosk.machine) == state


def test_the_kiosk_s_processes_read_what_is_reported(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "REPORT", kiosk.machine.at(record.REPORT))
    assert release.told(kiosk.folder) == release.Told()
    kiosk.broken[1] = "totem-kiosk.service"
    kiosk.offer(1)
    kiosk.update()
    assert release.told(kiosk.folder) == release.Told("current", (1,), "health:screen", None)


def test_a_unit_that_only_the_bad_release_had_goes_with_it(kiosk: Kiosk) -> None:
    place = "/etc/systemd/system/totem-novelty.service"
    kiosk.machine.file(place, b"", why="laid by a release that has it")
    system.lay(kiosk.machine, kiosk.machine.at(OLD) / release.SHARE)
    assert not kiosk.machine.at(place).exists()


def test_nothing_offered_is_nothing_done(kiosk: Kiosk) -> None:
    stays(kiosk, "")


def test_a_system_that_is_being_shut_down_says_nothing_of_the_release(kiosk: Kiosk) -> None:
    answer = kiosk._answer

    def failing(command: list[str]) -> tuple[int, str]:
        return (1, "") if command[:2] == ["systemctl", "stop"] else answer(command)

    kiosk._answer = failing  # type: ignore[method-assign]
    kiosk.offer(1)
    with pytest.raises(ProvisioningError, match="does not stop"):
        kiosk.update()
    kiosk._answer = answer  # type: ignore[method-assign]
    kiosk.start()
    assert kiosk.runs == OLD
    assert kiosk.update().proven.number == 1


def test_a_release_whose_units_cannot_be_laid_is_taken_back(kiosk: Kiosk) -> None:
    answer = kiosk._answer

    def failing(command: list[str]) -> tuple[int, str]:
        return (1, "") if tuple(command[1:]) == switching.LAY else answer(command)

    kiosk._answer = failing  # type: ignore[method-assign]
    kiosk.offer(1)
    stays(kiosk, "switch", bad=[1])


def test_what_another_release_begins_with_the_machine_is_enabled_with_it(kiosk: Kiosk) -> None:
    (kiosk.machine.at(system.WANTED) / "totem-mend.path").unlink()
    answer, enabled = kiosk._answer, []

    def watching(command: list[str]) -> tuple[int, str]:
        enabled.extend(command[3:] if command[:2] == ["systemctl", "enable"] else [])
        return answer(command)

    kiosk._answer = watching  # type: ignore[method-assign]
    kiosk.offer(1)
    kiosk.update()
    assert enabled == ["totem-mend.path"]
