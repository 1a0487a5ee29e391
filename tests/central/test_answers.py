"""Whatever a kiosk sends, the centre judges each answer by the same form: what would not do there waits here."""

import json
import uuid

import pytest

from central import listings, publishing
from kiosk.catalog.form_fields import FieldType
from offline_cache.contract.messages import EventKind
from offline_cache.contract.payloads import TicketPayload
from tests.central.world import CATALOGUE, service, texts

CHOICES = [{"id": name, "label": texts(name)} for name in ("a", "b", "c")]
# Every type of question, with what belongs to it.
FORM = {
    "text": {"max_length": 10, "pattern": "[A-Z]{3}", "pattern_message": texts("Three letters")},
    "long-text": {"min_length": 2, "max_length": 20},
    "number": {"minimum": 2, "maximum": 9},
    "money": {"maximum": 10000},
    "date": {"earliest": "2026-01-01", "latest": "2027-12-31"},
    "choice": {"choices": CHOICES},
    "choices": {"choices": CHOICES, "most": 2},
    "yes-no": {},
    "national-id": {"schemes": ["cpf", "cnpj", "codice-fiscale", "dni", "nie", "passport", "crnm"]},
    "address": {},
    "phone": {},
    "email": {},
    "consent": {},
}
GOOD = {
    "q-text": "ABC", "q-long-text": "a long text", "q-number": "3", "q-money": "9999", "q-date": "2026-11-22",
    "q-choice": "a", "q-choices": "a,b", "q-yes-no": "no", "q-national-id": "52998224725",
    "q-address.postcode": "01310100", "q-address.street": "Av. Paulista, 1000", "q-address.place": "São Paulo",
    "q-phone": "11912345678", "q-email": "ana@example.org", "q-consent": "yes",
}  # fmt: skip
BAD = [
    {"q-text": "abc"}, {"q-text": "ABCD"}, {"q-long-text": "a"}, {"q-long-text": "a" * 21}, {"q-number": "1"},
    {"q-number": "2.5"}, {"q-money": "10001"}, {"q-date": "2025-12-31"}, {"q-date": "2026-02-30"}, {"q-choice": "d"},
    {"q-choices": "a,b,c"}, {"q-choices": "a,a"}, {"q-yes-no": "maybe"}, {"q-national-id": "52998224724"},
    {"q-address.postcode": "1"}, {"q-address.street": ""}, {"q-phone": "12"}, {"q-email": "ana@"},
    {"q-consent": "no"}, {"q-consent": ""}, {"nobody-asked": "x"}, {"q-detail": "asked only where q-choice is b"},
    {"q-choice": "b"},
]  # fmt: skip


@pytest.fixture(scope="module")
def asking(world):
    """A service that asks everything is published; gives its version."""
    form = [{"id": f"q-{kind}", "type": kind, "label": texts("?"), **more} for kind, more in FORM.items()]
    asked_where = {"field": "q-choice", "equals": ["b"]}
    form.append({"id": "q-detail", "type": "text", "label": texts("?"), "show_if": asked_where})
    whole = CATALOGUE | {"services": [service("everything", "ticket", "claimed", "queue", form=form)]}
    return publishing.publish(world.state, json.dumps(whole), world.now()).version


def sent(kiosk, version, answers):
    payload = TicketPayload(
        id=str(uuid.uuid4()), code=kiosk.code(), pin="482731", kiosk=kiosk.id, service="everything", language="pt-BR",
        catalogue_version=version, created="2026-11-22T12:00:00+00:00", clock_trusted=True, anonymous=False,
        answers=answers,
    )  # fmt: skip
    event = kiosk.event(
        EventKind.TICKET, payload, event_id=payload.id, ticket_code=payload.code, version=version
    )
    return kiosk.send(event)[0], event.id


def test_every_type_of_question_is_among_them():
    assert {*FORM, "debt"} == set(FieldType.__args__)


def test_answers_that_will_do_arrive(kiosk, asking):
    assert sent(kiosk, asking, GOOD)[0] == "created"
    assert sent(kiosk, asking, GOOD | {"q-choice": "b", "q-detail": "detail"})[0] == "created"


@pytest.mark.parametrize("spoiled", BAD, ids=str)
def test_an_answer_that_will_not_do_waits_for_an_administrator(kiosk, asking, spoiled):
    outcome, event = sent(kiosk, asking, GOOD | spoiled)
    assert outcome == "quarantined"
    waiting = {row["id"]: row["reason"] for row in listings.quarantine(kiosk.centre.centre)}
    assert waiting[event] == "answers"
