"""A tracking code's way from the pad to sync and back: the digits go along once, and stay nowhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from structlog.testing import capture_logs

from kiosk.catalog.model import Language
from kiosk.issuing import tracking as codes
from kiosk.journey import events as ev
from kiosk.journey import state as st
from kiosk.journey.effects import Track
from kiosk.journey.tracking_stages import StatusPaper, TrackCode, Tracked, TrackFailed, Tracking, TrackPin, TrackTrouble
from kiosk.performers.watch import Watch
from offline_cache import lookups, print_jobs
from offline_cache.contract.evidence import Evidence, Purpose
from offline_cache.contract.messages import StatusAnswer
from offline_cache.contract.status_by_card import STATUS_BY_CARD, CardStatusRequest
from offline_cache.folder import StateFolder
from offline_cache.store import open_store
from tests.kiosk.journey.card_checks import PROVED
from tests.kiosk.journey.test_reducer import evidence
from tests.kiosk.journey.test_tracking import CODE, STATUS
from tests.kiosk.performers.conftest import Heard, wait_for
from tests.kiosk.performers.test_card import IDENTITY
from tests.kiosk.performers.test_station_at_work import COMPLAINT, Kiosk, kiosk

__all__ = ["kiosk"]

FOUND = StatusAnswer(outcome="found", status=STATUS).model_dump(mode="json", by_alias=True)
PIN = "482731"
TO_CODE = (ev.Started(Language.PT_BR, "s1"), ev.TrackAsked())


@pytest.fixture
def counter(folder: StateFolder) -> Iterator[lookups.Counter]:
    made = lookups.Counter(folder)
    yield made
    made.close()


def serve(counter: lookups.Counter, answer: dict[str, Any]) -> dict[str, Any]:
    """Answers the next request, and says what it was."""
    asked: list[dict[str, Any]] = []

    def answers(request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        return answer

    def served() -> bool:
        counter.serve(answers)
        return bool(asked)

    wait_for(served)
    return asked[0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (FOUND, ev.StatusFound("s1", STATUS)),
        ({"outcome": "on-its-way", "status": None}, ev.StatusRefused("s1", TrackTrouble.ON_ITS_WAY)),
        ({"outcome": "refused"}, ev.StatusRefused("s1", TrackTrouble.REFUSED)),
        ({"outcome": "used-up"}, ev.StatusRefused("s1", TrackTrouble.USED_UP)),
        ({"outcome": "too-many"}, ev.StatusRefused("s1", TrackTrouble.TOO_MANY)),
        ({"outcome": "found"}, ev.StatusRefused("s1", TrackTrouble.REFUSED)),
        ({"outcome": "perhaps"}, ev.StatusRefused("s1", TrackTrouble.REFUSED)),
        ({"error": "no-link", "detail": ""}, ev.StatusRefused("s1", TrackTrouble.NO_LINK)),
        ({"error": "refused", "detail": ""}, ev.StatusRefused("s1", TrackTrouble.REFUSED)),
    ],
)
def test_every_answer_becomes_what_the_screen_says(
    folder: StateFolder, heard: Heard, counter: lookups.Counter, answer: dict[str, Any], said: ev.Event
) -> None:
    pin = bytearray(PIN.encode())
    Watch(folder, heard, lambda: None).track(Track("s1", CODE, ask_centre=True), pin, waits_here=False)
    assert serve(counter, answer) == {"do": "ticket-status", "code": CODE, "pin": PIN}
    assert heard.next() == said
    assert pin == bytes(6)


def test_a_card_goes_to_the_centre_with_the_code_and_without_digits(
    folder: StateFolder, heard: Heard, counter: lookups.Counter
) -> None:
    signed = evidence(Purpose.LOOKUP, service=STATUS_BY_CARD)
    Watch(folder, heard, lambda: None).track(
        Track("s1", CODE, ask_centre=True, evidence=signed), bytearray(), waits_here=False
    )
    request = serve(counter, FOUND)
    assert request.pop("do") == "ticket-status-by-card"
    assert CardStatusRequest.model_validate(request) == CardStatusRequest(code=CODE, session="s1", evidence=signed)
    assert heard.next() == ev.StatusFound("s1", STATUS)


def test_without_a_sync_process_there_is_no_link(folder: StateFolder, heard: Heard) -> None:
    Watch(folder, heard, lambda: None).track(Track("s1", CODE, ask_centre=True), bytearray(6), waits_here=False)
    assert heard.next() == ev.StatusRefused("s1", TrackTrouble.NO_LINK)


def test_the_digits_go_from_the_pad_to_the_centre_and_nowhere_else(kiosk: Kiosk, counter: lookups.Counter) -> None:
    with capture_logs() as logs:
        kiosk.do(*TO_CODE, ev.CodeTyped(CODE), ev.Continued())
        for digit in PIN:
            kiosk.station.pin.digit(int(digit))
        kiosk.do(ev.PinTyped(6), ev.Continued())
        assert isinstance(kiosk.station.state.stage, Tracking)
        assert kiosk.station.pin.count == 0
        assert serve(counter, FOUND)["pin"] == PIN
        state = kiosk.until(Tracked)
    assert state.stage == Tracked(STATUS)
    assert all(PIN not in repr(shown) for shown in kiosk.shown)
    assert PIN not in repr(logs)
    state = kiosk.do(ev.Ended())
    assert CODE not in repr(state)


def test_a_card_opens_a_code_that_is_used_up_and_its_pin_goes_to_the_card_alone(
    kiosk: Kiosk, counter: lookups.Counter
) -> None:
    kiosk.do(*TO_CODE, ev.CodeTyped(CODE), ev.Continued(), ev.PinTyped(6), ev.Continued())
    serve(counter, {"outcome": "used-up"})
    kiosk.until(TrackFailed)
    kiosk.do(ev.TrackByCardAsked(), ev.CardInserted())
    kiosk.workers[0].say(IDENTITY)
    kiosk.until(st.EnterPin)
    for digit in PIN:
        kiosk.station.pin.digit(int(digit))
    kiosk.do(ev.PinTyped(6), ev.Continued())
    asked = serve(counter, {"nonce": base64.b64encode(bytes(32)).decode()})
    assert asked == {"do": "nonce", "session": "s1", "service": STATUS_BY_CARD}
    wait_for(lambda: kiosk.workers[0].proofs != [])
    ((statement, pin),) = kiosk.workers[0].proofs
    assert (statement.purpose, statement.service, pin) == (Purpose.LOOKUP, STATUS_BY_CARD, PIN.encode())
    signed = Evidence(statement=statement, certificates=("AA==",), signature="AA==").model_dump(mode="json")
    checks = [asdict(check) for check in PROVED]
    kiosk.workers[0].say({"event": "proved", "evidence": signed, "assurance": 3, "checks": checks})
    kiosk.until(Tracking)
    asked = serve(counter, FOUND)
    assert asked == {"do": "ticket-status-by-card", "code": CODE, "session": "s1", "evidence": signed}
    assert kiosk.until(Tracked).stage == Tracked(STATUS)
    state = kiosk.do(ev.CardRemoved())
    assert state.session is None
    assert CODE not in repr(state)


def test_digits_that_were_not_sent_are_wiped_on_the_way_back(kiosk: Kiosk) -> None:
    kiosk.do(*TO_CODE, ev.CodeTyped(CODE), ev.Continued())
    kiosk.station.pin.digit(4)
    kiosk.do(ev.PinTyped(1), ev.WentBack())
    assert isinstance(kiosk.station.state.stage, TrackCode)
    assert kiosk.station.pin.count == 0


def test_a_request_of_this_kiosk_that_has_not_left_is_said_to_wait_here_without_a_link(kiosk: Kiosk) -> None:
    kiosk.do(*COMPLAINT, ev.Continued())
    state = kiosk.until(st.Printing)
    assert state.session is not None
    assert state.session.ticket is not None
    code, job = state.session.ticket.code, state.session.ticket.job
    assert job is not None
    assert state.session.ticket.page == f"https://vilaaurora.example/p/{code.replace('-', '')}"
    kiosk.do(ev.JobChanged(job, st.JobState.CONFIRMED, 1.0), ev.Continued(), ev.LinkChanged(up=False))
    kiosk.do(*TO_CODE, ev.CodeTyped(code.lower()), ev.Continued())
    assert kiosk.until(TrackFailed).stage == TrackFailed(TrackTrouble.WAITING_HERE)
    kiosk.do(ev.WentBack(), ev.TrackAsked(), ev.CodeTyped(codes.code("0000", 1, 1)), ev.Continued())
    assert kiosk.until(TrackFailed).stage == TrackFailed(TrackTrouble.NO_LINK)


def test_a_request_that_waits_here_is_not_asked_of_the_centre(kiosk: Kiosk) -> None:
    kiosk.do(*COMPLAINT, ev.Continued())
    state = kiosk.until(st.Printing)
    assert state.session is not None
    assert state.session.ticket is not None
    job = state.session.ticket.job
    assert job is not None
    kiosk.do(ev.JobChanged(job, st.JobState.CONFIRMED, 1.0), ev.Continued(), *TO_CODE)
    kiosk.do(ev.CodeTyped(state.session.ticket.code), ev.Continued())
    assert isinstance(kiosk.station.state.stage, TrackPin)
    kiosk.do(ev.PinTyped(6), ev.Continued())
    assert kiosk.until(TrackFailed).stage == TrackFailed(TrackTrouble.WAITING_HERE)


def test_a_declined_paper_is_not_printed_and_code_and_pin_stand_on_the_screen(kiosk: Kiosk) -> None:
    kiosk.do(*COMPLAINT, ev.PaperChosen(wanted=False), ev.Continued())
    state = kiosk.until(st.Done)
    assert state.session is not None
    ticket = state.session.ticket
    assert ticket is not None
    assert ticket.job is None
    assert ticket.page is not None
    assert ticket.pin not in ticket.page


def test_a_status_goes_to_the_printers_queue_and_tells_the_centre_nothing(
    kiosk: Kiosk, counter: lookups.Counter, folder: StateFolder
) -> None:
    kiosk.do(*TO_CODE, ev.CodeTyped(CODE), ev.Continued())
    for digit in PIN:
        kiosk.station.pin.digit(int(digit))
    kiosk.do(ev.PinTyped(6), ev.Continued())
    serve(counter, FOUND)
    kiosk.until(Tracked)
    kiosk.do(ev.StatusPrintAsked())

    def queued(_devices: st.Devices) -> bool:
        stage = kiosk.station.state.stage
        return isinstance(stage, Tracked) and stage.job is not None

    kiosk.until(Tracked, queued)
    with open_store(folder) as store:
        (job,) = print_jobs.waiting(store)
        assert (job.ticket_id, job.held) == ("", False)
        said = print_jobs.decrypt(folder, job).model_dump_json()
        assert CODE in said
        assert PIN not in said
        assert print_jobs.finish(folder, store, job.id, st.JobState.CONFIRMED)
        assert store.rows("select id from outbox") == []
    kiosk.do(ev.JobChanged(job.id, st.JobState.CONFIRMED, 1.0))
    assert kiosk.station.state.stage == Tracked(STATUS, StatusPaper.PRINTED, job.id)
