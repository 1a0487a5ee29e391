"""The clerk: every commit is answered, nothing is done for who has gone, and the store's word is told."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from kiosk.catalog.model import Catalogue, Language
from kiosk.journey import availability
from kiosk.journey import events as ev
from kiosk.journey.effects import SendRating
from kiosk.journey.state import Attract, Availability, Details, JobState, State
from kiosk.performers import clerk as clerks
from kiosk.performers import registration
from kiosk.performers.clerk import Clerk
from offline_cache import clock, disk, outbox, print_jobs
from offline_cache.folder import StateFolder
from offline_cache.store import Store, open_store
from offline_cache.wake import Mailbox
from tests.kiosk.conftest import working_devices
from tests.kiosk.journey.test_reducer import MARIA, play
from tests.kiosk.performers.conftest import Heard, wait_for
from tests.kiosk.performers.requests import STORY, request

SESSION = "session"


@pytest.fixture
def left() -> list[int]:
    """With which status the process would have ended."""
    return []


@pytest.fixture
def clerk(folder: StateFolder, left: list[int]) -> Iterator[Clerk]:
    """Not at work yet: what is asked of it waits."""
    made = Clerk(folder, left.append)
    yield made
    if any(thread.name == "clerk" for thread in threading.enumerate()):
        made.close()


@pytest.fixture
def store(folder: StateFolder) -> Iterator[Store]:
    with open_store(folder) as opened:
        yield opened


def with_numbers(state: State, **changes: Any) -> State:
    return replace(state, devices=replace(state.devices, **changes))


def test_at_its_start_it_tells_the_catalogue_and_how_the_kiosk_stands(
    clerk: Clerk, heard: Heard, catalogue: Catalogue
) -> None:
    clerk.start(heard)
    standing = heard.next()
    assert isinstance(standing, ev.StandingChanged)
    assert (standing.enrolled, standing.numbers, standing.space) == (True, (("taxas", 20),), True)
    assert clerk.kiosk_id == "kiosk-1"
    assert heard.next() == ev.CatalogueVerified(catalogue)


def test_where_no_room_is_left_every_service_is_refused_before_its_form_until_there_is_some(
    clerk: Clerk, heard: Heard, folder: StateFolder, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = list(os.statvfs(folder.path))
    known[4] = (disk.NEEDED_MB - 1 << 20) // known[1]  # blocks that an ordinary user may take
    with monkeypatch.context() as disk_at_its_end:
        disk_at_its_end.setattr(os, "statvfs", lambda _path: os.statvfs_result(known))
        clerk.start(heard)
        full = heard.first(ev.StandingChanged)
    devices = working_devices(catalogue)
    at_rest = State(catalogue=catalogue, devices=devices, stage=Attract())
    wanted = [service for service in catalogue.services if service.kind not in {"info", "tracking"}]
    assert wanted
    for service in wanted:
        begin = (ev.Started(Language.PT_BR, SESSION), ev.ServiceChosen(service.id), ev.Continued())
        state, _ = play(at_rest, full, *begin)
        assert isinstance(state.stage, Details), service.id
        assert availability.of(service, state) is Availability.NO_SPACE
    clerk.look()
    roomy = heard.first(ev.StandingChanged)
    state, _ = play(state, roomy, ev.Continued())
    assert not isinstance(state.stage, Details)


def test_a_commit_is_told_with_its_session_and_wakes_the_sync_process(
    clerk: Clerk, heard: Heard, folder: StateFolder, store: Store, catalogue: Catalogue
) -> None:
    with Mailbox(folder, "sync") as mailbox:
        clerk.start(heard)
        clerk.commit(request(catalogue, "taxa-alvara"))
        told = heard.first(ev.Committed)
        assert None in mailbox.receive(5)
    assert told.session == SESSION
    assert [event.id for event in outbox.batch(store)] == [told.ticket.id]


@pytest.mark.parametrize("kind", [KeyError, RuntimeError, AssertionError, ValueError, OSError])
def test_whatever_goes_wrong_the_citizen_is_told_that_nothing_was_registered_and_the_journal_no_name(
    clerk: Clerk, heard: Heard, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    def breaks(*_args: object) -> None:
        raise kind(f"{MARIA.name} {MARIA.national_id}: {STORY}")

    monkeypatch.setattr(registration, "register", breaks)
    with capture_logs() as logs:
        clerk.start(heard)
        clerk.commit(request(catalogue, "iptu"))
        assert heard.first(ev.CommitRefused) == ev.CommitRefused(SESSION)
    (line,) = [line for line in logs if line["event"] == "commit-refused"]
    assert line["kind"] == kind.__name__
    for secret in (MARIA.name, MARIA.national_id, STORY):
        assert secret not in repr(logs)
    clerk.look()
    clerk.commit(request(catalogue, "iptu"))
    assert heard.first(ev.CommitRefused), "the clerk is still at work"


def test_a_commit_that_cannot_be_is_refused_and_writes_nothing(
    clerk: Clerk, heard: Heard, store: Store, catalogue: Catalogue
) -> None:
    with store.transaction():
        store.execute("update number_blocks set next = last + 1, state = 'spent'")
    clerk.start(heard)
    clerk.commit(request(catalogue, "taxa-alvara"))
    assert heard.first(ev.CommitRefused) == ev.CommitRefused(SESSION)
    assert outbox.batch(store) == []


def test_nothing_is_written_for_a_session_that_is_over_before_its_turn(
    clerk: Clerk, heard: Heard, store: Store, catalogue: Catalogue
) -> None:
    clerk.commit(request(catalogue, "ouvidoria"))
    clerk.forget()
    clerk.start(heard)
    clerk.close()
    assert not any(isinstance(event, ev.Committed | ev.CommitRefused) for event in heard.all())
    assert outbox.batch(store) == []


def test_the_paper_is_drawn_for_the_screen_and_goes_with_its_citizen(
    clerk: Clerk, heard: Heard, catalogue: Catalogue
) -> None:
    clerk.start(heard)
    clerk.commit(request(catalogue, "taxa-alvara"))
    wait_for(lambda: clerk.picture() is not None)
    drawn = clerk.picture()
    assert drawn is not None
    (width, height), dots = drawn
    assert len(dots) == width * height
    clerk.forget()
    assert clerk.picture() is None


def test_a_paper_that_is_drawn_too_late_is_shown_to_nobody(
    clerk: Clerk, heard: Heard, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from printer import picture

    draw = picture.draw

    def slow(*args: Any) -> Any:
        clerk.forget()
        return draw(*args)

    monkeypatch.setattr(picture, "draw", slow)
    clerk.commit(request(catalogue, "taxa-alvara"))
    clerk.start(heard)
    clerk.close()
    assert heard.first(ev.Committed)
    assert clerk.picture() is None


def test_a_paper_that_cannot_be_drawn_is_registered_and_printed_all_the_same(
    clerk: Clerk, heard: Heard, folder: StateFolder, catalogue: Catalogue
) -> None:
    (folder.path / "totem.toml").write_text(
        '[centre]\nurl = "https://localhost:1"\nca = "ca.pem"\n[printer]\nprofile = "none-such"\n', encoding="utf-8"
    )
    clerk.start(heard)
    for _ in range(2):
        clerk.commit(request(catalogue, "taxa-alvara"))
        assert heard.first(ev.Committed)


def committed(clerk: Clerk, heard: Heard, catalogue: Catalogue) -> str:
    clerk.start(heard)
    clerk.commit(request(catalogue, "taxa-alvara"))
    job = heard.first(ev.Committed).ticket.job
    assert job is not None
    return job


def found(store: Store, job: str) -> print_jobs.PrintJob:
    row = print_jobs.find(store, job)
    assert row is not None
    return row


def test_the_paper_waits_for_the_card_and_has_its_deadline_from_there(
    clerk: Clerk, heard: Heard, folder: StateFolder, store: Store, catalogue: Catalogue
) -> None:
    job = committed(clerk, heard, catalogue)
    assert found(store, job).held
    before_s = clock.boottime_s()
    with Mailbox(folder, "printer") as mailbox:
        clerk.release(job, 500)
        assert mailbox.receive(5) == [None]
    released = found(store, job)
    assert not released.held
    assert before_s + 500 <= released.deadline_s <= clock.boottime_s() + 500


def test_a_dropped_paper_never_comes_and_the_screen_hears_so(
    clerk: Clerk, heard: Heard, folder: StateFolder, store: Store, catalogue: Catalogue
) -> None:
    job = committed(clerk, heard, catalogue)
    clerk.drop(job)
    assert heard.first(ev.JobChanged) == ev.JobChanged(job, JobState.ABANDONED, 1.0, "dropped")
    assert print_jobs.waiting(store) == []
    assert not (folder.print_keys / job).exists()


def test_the_end_of_a_paper_is_told_even_if_the_printer_process_died_before_it_could(
    clerk: Clerk, heard: Heard, folder: StateFolder, store: Store, catalogue: Catalogue
) -> None:
    job = committed(clerk, heard, catalogue)
    print_jobs.finish(folder, store, job, JobState.CONFIRMED)
    assert heard.first(ev.JobChanged) == ev.JobChanged(job, JobState.CONFIRMED, 1.0)


def test_a_kiosk_that_died_before_the_card_was_out_lets_the_paper_come_within_its_first_deadline(
    clerk: Clerk, heard: Heard, folder: StateFolder, store: Store, catalogue: Catalogue
) -> None:
    ticket = registration.register(store, folder, request(catalogue, "taxa-alvara")).ticket
    assert ticket.job is not None
    before = found(store, ticket.job)
    clerk.start(heard)
    wait_for(lambda: not found(store, str(ticket.job)).held)
    assert found(store, ticket.job).deadline_s == before.deadline_s


def test_a_rating_is_one_sealed_item_of_its_own(clerk: Clerk, heard: Heard, store: Store) -> None:
    clerk.start(heard)
    clerk.rate(SendRating("iptu", 5))
    wait_for(lambda: [event.kind for event in outbox.batch(store)] == ["rating"])


def test_a_paper_that_the_citizen_did_not_see_is_told_to_the_centre(
    clerk: Clerk, heard: Heard, folder: StateFolder, store: Store, catalogue: Catalogue
) -> None:
    ticket = registration.register(store, folder, request(catalogue, "taxa-alvara")).ticket
    assert ticket.job is not None
    print_jobs.finish(folder, store, ticket.job, JobState.UNKNOWN, "cannot-confirm")
    with Mailbox(folder, "sync") as sync:
        clerk.start(heard)
        clerk.deny(ticket.job)
        wait_for(lambda: [event.kind for event in outbox.batch(store)] == ["ticket", "paper", "paper"])
        wait_for(lambda: None in sync.receive(0.1))


def test_a_rating_that_nobody_can_get_harms_nobody(
    clerk: Clerk, heard: Heard, folder: StateFolder, store: Store, left: list[int]
) -> None:
    with store.transaction():
        store.execute("delete from standing")
    clerk.start(heard)
    clerk.rate(SendRating("iptu", 5))
    clerk.close()
    assert (outbox.batch(store), left) == ([], [])


def _lose_the_store(folder: StateFolder) -> None:
    folder.database.unlink()


def _break_the_standing(folder: StateFolder) -> None:
    with open_store(folder) as store, store.transaction():
        store.execute("update standing set enrolment = '{}'")


@pytest.mark.parametrize("harm", [_lose_the_store, _break_the_standing])
def test_a_clerk_that_cannot_work_ends_the_process_instead_of_leaving_a_kiosk_that_looks_alive(
    clerk: Clerk, heard: Heard, folder: StateFolder, left: list[int], harm: Callable[[StateFolder], None]
) -> None:
    harm(folder)
    clerk.start(heard)
    wait_for(lambda: left == [1])


def test_a_disk_that_does_not_answer_is_noticed(
    clerk: Clerk, heard: Heard, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung, go_on = threading.Event(), threading.Event()

    def hangs(*_args: object) -> None:
        hung.set()
        go_on.wait(10)
        raise OSError

    monkeypatch.setattr(registration, "register", hangs)
    monkeypatch.setattr(clerks, "STUCK_S", 0.05)
    clerk.start(heard)
    clerk.commit(request(catalogue, "taxa-alvara"))
    assert hung.wait(10)
    wait_for(clerk.stuck)
    go_on.set()
    assert heard.first(ev.CommitRefused)
    wait_for(lambda: not clerk.stuck())
