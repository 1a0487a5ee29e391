"""A ticket's status asked at a kiosk: signed, for who holds code and PIN; every failure gets the same answer."""

from datetime import date, timedelta

import pytest

from central import status
from kiosk.issuing import tracking
from offline_cache.contract.messages import StatusAnswer, StatusRequest
from tests.central.test_pages import PIN, world
from tests.central.world import rows

__all__ = ["world"]


def ask(kiosk, code, pin=PIN):
    response = kiosk.post("/v1/ticket-status", StatusRequest(code=code, pin=pin))
    assert response.status_code == 200, response.text
    return StatusAnswer.model_validate_json(response.content)


@pytest.fixture
def code(kiosk):
    """Of a ticket that holds a name, a number and words."""
    event = kiosk.ticket(
        "poda", name="Maria das Dores", national_id="52998224725", claimed=True, answers={"motivo": "os fios"}
    )
    assert kiosk.send(event) == ["created"]
    return event.code


def test_code_and_pin_show_service_state_and_dates_and_nothing_of_the_citizen(kiosk, world, code):
    answer = ask(kiosk, code)
    assert answer.outcome == "found"
    shown = answer.status
    assert (shown.code, shown.state) == (code, "received")
    today = world.centre.local_now().date()
    assert shown.registered.startswith(today.isoformat())
    assert shown.answer_by is None
    told = answer.model_dump_json()
    for secret in ("Maria", "529", "982", "fios", PIN):
        assert secret not in told.replace(code, "")


def test_a_service_with_a_deadline_tells_by_when_it_answers(kiosk, world):
    event = kiosk.ticket("ouvidoria")
    kiosk.send(event)
    shown = ask(kiosk, event.code).status
    assert shown.answer_days == 30
    assert date.fromisoformat(shown.answer_by) - world.centre.local_now().date() == timedelta(days=30)


def test_a_wrong_pin_an_unknown_code_and_a_mistyped_one_get_the_same_answer(kiosk, code):
    last = "0" if code[-1] != "0" else "1"
    answers = {
        ask(kiosk, typed, pin).model_dump_json()
        for typed, pin in ((code, "000000"), (tracking.code("0000", 1, 1), PIN), (code[:-1] + last, PIN))
    }
    assert answers == {'{"outcome":"refused","status":null}'}


def test_a_code_that_was_printed_is_on_its_way_until_its_ticket_arrives(kiosk):
    event = kiosk.ticket("ouvidoria")
    assert ask(kiosk, event.code).outcome == "on-its-way"
    assert kiosk.send(event) == ["created"]
    assert ask(kiosk, event.code).outcome == "found"


def test_after_a_few_wrong_pins_the_right_one_is_not_heard_any_more_at_any_kiosk(kiosk, world, code):
    for _ in range(status.TRIES_OF_A_CODE):
        assert ask(kiosk, code, "000000").outcome == "refused"
    assert ask(kiosk, code).outcome == "used-up"
    assert ask(world.enrol(), code).outcome == "used-up"


def test_a_kiosk_that_tries_code_after_code_is_slowed_and_others_are_not(kiosk, world, code):
    for number in range(status.TRIES_OF_A_SOURCE):
        ask(kiosk, tracking.code("0000", number, 0))
    assert ask(kiosk, code).outcome == "too-many"
    assert ask(world.enrol(), code).outcome == "found"
    world.ahead = status.SOURCE_WINDOW + timedelta(minutes=1)
    try:
        assert ask(kiosk, code).outcome == "found"
    finally:
        world.ahead = timedelta()


def test_which_kiosk_asked_is_kept_only_as_a_hash(kiosk, world):
    ask(kiosk, tracking.code("0000", 1, 0))
    kept = str(rows(world, "SELECT * FROM status_tries"))
    assert kiosk.id not in kept


def test_nobody_asks_without_a_signature(world, code):
    body = StatusRequest(code=code, pin=PIN).model_dump_json()
    response = world.http.post(f"{world.url}/v1/ticket-status", data=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 401
