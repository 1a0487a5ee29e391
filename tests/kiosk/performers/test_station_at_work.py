"""A station without a window: a real store, real threads, and a card worker that says what a test lets it say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from structlog.testing import capture_logs

from kiosk.catalog.model import Language
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.performers.card import CardPerformer
from kiosk.station import Station
from offline_cache import audit, outbox, print_jobs
from offline_cache.folder import StateFolder
from offline_cache.store import open_store
from tests.kiosk.journey.test_reducer import MARIA
from tests.kiosk.performers.conftest import Heard, wait_for
from tests.kiosk.performers.requests import STORY
from tests.kiosk.performers.test_card import IDENTITY, Worker

READY = ({"event": "reader", "present": True}, {"event": "card", "present": False})


class Kiosk:
    """What the application is to the station: the one thread, and the screen."""

    def __init__(self, folder: StateFolder, heard: Heard, workers: list[Worker]) -> None:
        self.shown: list[st.State] = []
        self.left: list[int] = []
        self.workers = workers
        self._heard = heard
        self.station = Station(folder, post=heard, show=self.shown.append, leave=self.left.append)

    def until(self, stage: type[st.Stage], ready: Callable[[st.Devices], bool] = lambda _devices: True) -> st.State:
        """Takes events as they come until that stage is shown, and the devices are as they should."""

        def there() -> bool:
            for event in self._heard.all():
                self.station.take(event)
            return isinstance(self.station.state.stage, stage) and ready(self.station.state.devices)

        wait_for(there)
        return self.station.state

    def do(self, *events: ev.Event) -> st.State:
        for event in events:
            self.station.take(event)
        return self.station.state


@pytest.fixture
def kiosk(folder: StateFolder, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kiosk]:
    """On its first screen, everything in order."""
    workers: list[Worker] = []

    def make(say: object) -> Worker:
        workers.append(Worker(say))  # type: ignore[arg-type]
        return workers[-1]

    monkeypatch.setattr("kiosk.station.CardPerformer", partial(CardPerformer, make_worker=make))
    made = Kiosk(folder, heard, workers)
    made.station.start()
    made.until(st.Attract)
    for frame in READY:
        workers[0].say(frame)
    made.do(ev.PrinterChanged(st.PrinterCondition.READY), ev.LinkChanged(True))
    made.until(st.Attract, lambda devices: devices.enrolled and devices.reader is st.ReaderCondition.READY)
    yield made
    made.station.close()
    assert all(worker.killed for worker in workers)


COMPLAINT = (
    ev.Started(Language.ES, "s1"), ev.ServiceChosen("ouvidoria"), ev.Continued(), ev.Answered("tipo", "reclamacao"),
    ev.Continued(), ev.Answered("assunto", "iluminacao"), ev.Continued(), ev.Answered("onde", "Rua A"),
    ev.Continued(), ev.Answered("relato", STORY), ev.Continued(),
)  # fmt: skip


def test_a_complaint_goes_from_the_first_screen_into_the_store_and_leaves_no_trace_on_the_screen(
    kiosk: Kiosk, folder: StateFolder
) -> None:
    assert isinstance(kiosk.do(*COMPLAINT).stage, st.Review)
    kiosk.do(ev.Continued())
    state = kiosk.until(st.Printing)
    assert state.session is not None
    assert state.session.ticket is not None
    job = state.session.ticket.job
    with open_store(folder) as store:
        wait_for(lambda: not print_jobs.waiting(store)[0].held)
        assert [event.code for event in outbox.batch(store)] == [state.session.ticket.code]
    assert job is not None
    wait_for(lambda: kiosk.station.picture() is not None)
    state = kiosk.do(ev.JobChanged(job, st.JobState.CONFIRMED, 1.0), ev.Rated(5), ev.Continued())
    assert (state.session, type(state.stage), state.language) == (None, st.Attract, Language.PT_BR)
    assert kiosk.station.picture() is None
    assert STORY not in repr(state)
    assert len(kiosk.workers) == 2


def test_a_crash_shows_the_failure_is_reported_and_names_nobody(kiosk: Kiosk, folder: StateFolder) -> None:
    kiosk.do(ev.Started(Language.PT_BR, "s1"), ev.ServiceChosen("iptu"), ev.Continued(), ev.CardInserted())
    kiosk.workers[0].say(IDENTITY)
    kiosk.until(st.EnterPin)
    kiosk.station.pin.digit(1)
    with capture_logs() as logs:
        try:
            raise ValueError(f"{MARIA.name} {MARIA.national_id}")  # noqa: TRY301  the screen's own error
        except ValueError as error:
            kiosk.station.crash(error)
    state = kiosk.station.state
    assert isinstance(state.stage, st.Failure)
    assert state.session is None
    (line,) = [line for line in logs if line["event"] == "crash"]
    assert (line["kind"], line["number"]) == ("ValueError", state.stage.number)
    assert "test_station_at_work.py" in line["where"]
    assert MARIA.national_id not in repr(logs)
    assert MARIA.name not in repr(logs)
    assert kiosk.station.pin.count == 0
    assert [worker.killed for worker in kiosk.workers] == [True, False]
    kiosk.station.crash(RuntimeError("on the failsafe screen"))
    assert isinstance(kiosk.do(ev.Recovered()).stage, st.Attract)
    with open_store(folder) as store:
        wait_for(lambda: audit.told(store, audit.AuditEvent.SCREEN_FAILED)[0] == 1)
        _, ids = audit.told(store, audit.AuditEvent.SCREEN_FAILED)
    assert (ids["number"], ids["kind"], ids["where"]) == (line["number"], "ValueError", line["where"])


def test_a_store_that_hangs_ends_the_process(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk.do(ev.Tick(1.0))
    assert kiosk.left == []
    monkeypatch.setattr("kiosk.performers.clerk.Clerk.stuck", lambda _self: True)
    kiosk.do(ev.Tick(2.0))
    assert kiosk.left == [1]
