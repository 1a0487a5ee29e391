"""A new catalogue at the kiosk: rehearsed, shown, on trial for one session, and taken back if that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from kiosk.catalog.model import Catalogue
from kiosk.catalog.read import to_json
from kiosk.journey import events as ev
from kiosk.performers.clerk import Clerk
from kiosk.performers.rehearsal import Rehearsal
from offline_cache import catalogue_cache
from offline_cache.folder import StateFolder
from offline_cache.store import Store, open_store
from offline_cache.wake import Mailbox
from tests.kiosk.performers.conftest import Heard, wait_for

Start = Callable[[], Clerk]


@pytest.fixture
def store(folder: StateFolder) -> Iterator[Store]:
    with open_store(folder) as opened:
        yield opened


@pytest.fixture
def verdicts(monkeypatch: pytest.MonkeyPatch) -> dict[int, bool | None]:
    """What comes of rehearsing a version; the process that draws the screens has tests of its own."""
    found: dict[int, bool | None] = {}
    monkeypatch.setattr(Rehearsal, "verdict", lambda _self, version, _content: found.get(version, True))
    return found


@pytest.fixture
def newer(store: Store, catalogue: Catalogue) -> Catalogue:
    """Fetched, verified, and waiting to be rehearsed."""
    made = catalogue.model_copy(update={"version": 8})
    assert catalogue_cache.offer(store, to_json(made))
    return made


@pytest.fixture
def start(folder: StateFolder, heard: Heard) -> Iterator[Start]:
    """Starts the screen's clerk, as a start of the program does."""
    made: list[Clerk] = []

    def begin() -> Clerk:
        made.append(Clerk(folder, lambda _status: None))
        made[-1].start(heard)
        return made[-1]

    yield begin
    made[-1].close()


def told(heard: Heard, version: int) -> None:
    """The screen is given that version."""
    while heard.first(ev.CatalogueVerified).catalogue.version != version:
        pass


def test_one_that_cannot_be_drawn_is_never_shown_and_the_sync_process_is_woken_to_tell(
    start: Start, store: Store, heard: Heard, newer: Catalogue, verdicts: dict[int, bool | None], folder: StateFolder
) -> None:
    verdicts[newer.version] = False
    with Mailbox(folder, "sync") as mailbox:
        start()
        wait_for(lambda: catalogue_cache.bad_versions(store) == (8,))
        assert None in mailbox.receive(5)
    told(heard, 7)
    assert [event for event in heard.all() if isinstance(event, ev.CatalogueVerified)] == []


@pytest.mark.parametrize("well", [True, False], ids=["ends well", "crashes"])
def test_a_first_session_decides_whether_it_stays(
    start: Start, store: Store, heard: Heard, newer: Catalogue, verdicts: dict[int, bool | None], *, well: bool
) -> None:
    clerk = start()
    told(heard, newer.version)
    assert not catalogue_cache.proven(store)
    clerk.began()
    clerk.ended(well=well)
    if well:
        wait_for(lambda: catalogue_cache.proven(store))
        assert catalogue_cache.current_version(store) == 8
    else:
        told(heard, 7)
        assert catalogue_cache.bad_versions(store) == (8,)


def test_a_program_that_died_in_the_first_session_finds_the_last_good_one_at_its_next_start(
    start: Start, store: Store, heard: Heard, newer: Catalogue, verdicts: dict[int, bool | None]
) -> None:
    clerk = start()
    told(heard, newer.version)
    clerk.began()
    wait_for(lambda: store.row("select 1 from catalogue_trial where stage = 'session'") is not None)
    clerk.close()
    start()
    told(heard, 7)
    assert catalogue_cache.bad_versions(store) == (8,)
