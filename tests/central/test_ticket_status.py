"""A ticket's status asked at a kiosk: signed, for who holds code and PIN, or the code and the card of whom it is of;
every failure gets the same answer.
"""

import shutil
from datetime import date, timedelta

import pytest
import yaml

from central import publishing, status
from devices.virtual import wallet
from kiosk.issuing import tracking
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.messages import StatusAnswer, StatusRequest
from offline_cache.contract.status_by_card import STATUS_BY_CARD, CardStatusRequest
from tests.central.test_pages import PIN, world
from tests.central.world import CATALOGUE, make_state, rows, running, service, texts

__all__ = ["world"]
REFUSED = '{"outcome":"refused","status":null}'


def ask(kiosk, code, pin=PIN):
    response = kiosk.post("/v1/ticket-status", StatusRequest(code=code, pin=pin))
    assert response.status_code == 200, response.text
    return StatusAnswer.model_validate_json(response.content)


@pytest.fixture
def lists(world, cards):
    """The issuers' revocation lists, without which no card reaches the level that is asked."""
    shutil.copytree(cards / wallet.LISTS, world.state.revocation)


def post_by_card(kiosk, citizen, code, *, evidence=None, **more):
    nonce = kiosk.nonce("s1", STATUS_BY_CARD)
    evidence = evidence or kiosk.evidence(citizen, Purpose.LOOKUP, STATUS_BY_CARD, nonce=nonce, **more)
    return kiosk.post("/v1/ticket-status-by-card", CardStatusRequest(code=code, session="s1", evidence=evidence))


def ask_by_card(kiosk, citizen, code):
    response = post_by_card(kiosk, citizen, code)
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
    assert answers == {REFUSED}


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


@pytest.mark.usefixtures("lists")
def test_a_code_that_is_used_up_is_opened_by_the_applicants_card_and_stays_closed_to_pins(kiosk, citizen, code):
    for _ in range(status.TRIES_OF_A_CODE):
        ask(kiosk, code, "000000")
    answer = ask_by_card(kiosk, citizen("maria"), code)
    assert (answer.outcome, answer.status.code) == ("found", code)
    assert "Maria" not in answer.model_dump_json()
    assert ask(kiosk, code).outcome == "used-up"


@pytest.mark.usefixtures("lists")
def test_another_card_an_anonymous_ticket_an_unknown_code_and_a_mistyped_one_get_the_same_answer(kiosk, citizen, code):
    anonymous = kiosk.ticket("ouvidoria")
    assert kiosk.send(anonymous) == ["created"]
    maria, joao = citizen("maria"), citizen("joao")
    last = "0" if code[-1] != "0" else "1"
    answers = {
        ask_by_card(kiosk, who, asked).model_dump_json()
        for who, asked in (
            (joao, code), (maria, anonymous.code), (maria, tracking.code("0000", 1, 1)), (maria, code[:-1] + last),
        )
    }  # fmt: skip
    assert answers == {REFUSED}


@pytest.mark.usefixtures("lists")
def test_the_same_digits_under_another_scheme_are_somebody_else(kiosk, world, citizen, code):
    with world.centre.database.transaction() as session:
        session.query(status.Ticket).filter_by(code=code).update({"scheme": "passport"})
    assert ask_by_card(kiosk, citizen("maria"), code).outcome == "refused"


def test_the_card_of_the_person_for_whom_it_was_asked_opens_it_too(tmp_path, anchors, cards, citizen):
    parent = {"id": "parent", "label": texts("As a parent"), "number": ["cpf"]}
    poda = service("poda", "ticket", "claimed", "queue", acts_for=[parent])
    state = make_state(tmp_path / "central", anchors)
    shutil.copytree(cards / wallet.LISTS, state.revocation)
    with running(state) as world:
        publishing.publish(state, yaml.safe_dump(CATALOGUE | {"services": [poda]}), world.now())
        kiosk = world.enrol()
        subject = {"name": "João", "national_id": citizen("joao").cpf, "basis": "parent"}
        event = kiosk.ticket("poda", name="Maria", national_id=citizen("maria").cpf, claimed=True, subject=subject)
        assert kiosk.send(event) == ["created"]
        told = {name: ask_by_card(kiosk, citizen(name), event.code).outcome for name in ("maria", "joao", "teo")}
    assert told == {"maria": "found", "joao": "found", "teo": "refused"}


@pytest.mark.usefixtures("lists")
def test_a_card_opens_only_what_it_signed_for_and_once(kiosk, citizen, code):
    maria = citizen("maria")
    for wrong in ({"service_id": "iptu"}, {"purpose_": Purpose.COMMIT}, {"session": "s2"}, {"kiosk": "VA-999"}):
        fields = {"purpose_": Purpose.LOOKUP, "service_id": STATUS_BY_CARD} | wrong
        signed = kiosk.evidence(maria, nonce=kiosk.nonce("s1", STATUS_BY_CARD), **fields)
        response = post_by_card(kiosk, None, code, evidence=signed)
        assert (response.status_code, response.json()["error"]) == (403, "evidence")
    signed = kiosk.evidence(maria, Purpose.LOOKUP, STATUS_BY_CARD, nonce=kiosk.nonce("s1", STATUS_BY_CARD))
    assert post_by_card(kiosk, None, code, evidence=signed).status_code == 200
    again = post_by_card(kiosk, None, code, evidence=signed)
    assert (again.status_code, again.json()["error"]) == (403, "nonce")


def test_a_card_of_which_nobody_knows_whether_it_was_cancelled_opens_nothing(kiosk, citizen, code):
    response = post_by_card(kiosk, citizen("maria"), code)
    assert (response.status_code, response.json()["error"]) == (403, "level-revocation")


@pytest.mark.usefixtures("lists")
def test_a_forged_signature_opens_nothing(kiosk, citizen, code):
    signed = kiosk.evidence(citizen("maria"), Purpose.LOOKUP, STATUS_BY_CARD, nonce=kiosk.nonce("s1", STATUS_BY_CARD))
    forged = signed.model_copy(update={"signature": kiosk.evidence(
        citizen("joao"), Purpose.LOOKUP, STATUS_BY_CARD).signature})
    response = post_by_card(kiosk, None, code, evidence=forged)
    assert (response.status_code, response.json()["error"]) == (403, "evidence-not-genuine")


@pytest.mark.usefixtures("lists")
def test_who_tries_code_after_code_by_card_is_slowed_like_anybody(kiosk, citizen, code):
    for number in range(status.TRIES_OF_A_SOURCE):
        ask(kiosk, tracking.code("0000", number, 0))
    assert ask_by_card(kiosk, citizen("maria"), code).outcome == "too-many"
