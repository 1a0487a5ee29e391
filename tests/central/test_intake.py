"""Events: nothing acknowledged is lost, nothing is done twice, one bad item harms no other."""

import base64
import hashlib
import json
import uuid

import pytest
import yaml

from central import listings, publishing, vigilance
from kiosk.issuing.seal import new_key
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.messages import Event, EventKind
from offline_cache.contract.payloads import PaperPayload, RatingPayload, TicketPayload
from tests.central.world import CATALOGUE, make_state, rows, running, service, texts


def reason(kiosk, event):
    found = rows(kiosk.centre, f"SELECT state, reason FROM events WHERE id = '{event.id}'")
    return found[0]["reason"]


def ticket_rows(kiosk):
    return rows(kiosk.centre, f"SELECT * FROM tickets WHERE kiosk = '{kiosk.id}'")


def test_a_ticket_arrives_once_however_often_it_is_sent(kiosk):
    event = kiosk.ticket("ouvidoria", answers={"what": "a hole in the road"})
    assert kiosk.send(event) == ["created"]
    assert kiosk.send(event) == ["duplicate"]
    assert kiosk.send(event, event) == ["duplicate", "duplicate"]
    assert [row["code"] for row in ticket_rows(kiosk)] == [event.code]


def test_the_pin_of_a_ticket_is_not_stored(kiosk):
    kiosk.send(kiosk.ticket("ouvidoria", pin="918273"))
    assert "918273" not in str(ticket_rows(kiosk))


def test_an_id_that_comes_again_with_other_bytes_is_kept_beside_and_never_over(kiosk):
    event = kiosk.ticket("ouvidoria", answers={"what": "first"})
    other = kiosk.ticket("ouvidoria", event_id=event.id, answers={"what": "second"})
    assert kiosk.send(event) == ["created"]
    assert kiosk.send(other, other) == ["quarantined", "quarantined"]
    assert kiosk.send(event) == ["duplicate"]
    assert [row["answers"] for row in ticket_rows(kiosk)] == ['{"what": "first"}']
    kept = rows(kiosk.centre, f"SELECT item FROM conflicts WHERE event_id = '{event.id}'")
    assert len(kept) == 1
    assert other.sealed in kept[0]["item"]


def test_an_event_of_another_kiosk_under_the_same_id_is_a_conflict(world, kiosk):
    event = kiosk.ticket("ouvidoria")
    assert kiosk.send(event) == ["created"]
    assert world.enrol().send(event) == ["quarantined"]
    assert ticket_rows(kiosk)[0]["code"] == event.code


def test_a_poison_item_blocks_none_of_its_batch_and_does_not_come_back(kiosk):
    poison = kiosk.event(EventKind.TICKET, b"\x00not json", ticket_code=kiosk.code())
    good = [kiosk.ticket("ouvidoria") for _ in range(3)]
    assert kiosk.send(good[0], poison, *good[1:]) == ["created", "quarantined", "created", "created"]
    assert reason(kiosk, poison) == "invalid"
    assert kiosk.send(poison) == ["duplicate"]
    assert len(ticket_rows(kiosk)) == 3


def test_what_is_sealed_for_another_kiosk_cannot_be_opened(world, kiosk):
    event = world.enrol().ticket("ouvidoria")
    assert kiosk.send(event) == ["quarantined"]
    assert reason(kiosk, event) == "cannot-open"


def test_an_event_whose_envelope_was_changed_cannot_be_opened(kiosk):
    event = kiosk.ticket("ouvidoria").model_copy(update={"catalogue_version": 2})
    assert kiosk.send(event) == ["quarantined"]
    assert reason(kiosk, event) == "cannot-open"


def test_a_key_the_centre_does_not_have_is_named(kiosk):
    key = kiosk.centre.catalogue().sealing_keys[0].model_copy(
        update={"key_id": "elsewhere", "public_key": base64.b64encode(new_key()[1]).decode()}
    )
    event = kiosk.event(EventKind.RATING, RatingPayload(service="iptu", stars=5), key=key)
    assert kiosk.send(event) == ["quarantined"]
    assert reason(kiosk, event) == "unknown-key"


def test_bytes_that_do_not_fit_their_fingerprint_are_quarantined(kiosk):
    event = kiosk.ticket("ouvidoria").model_copy(update={"fingerprint": hashlib.sha256(b"other").hexdigest()})
    assert kiosk.send(event) == ["quarantined"]
    assert reason(kiosk, event) == "fingerprint"


@pytest.mark.parametrize("sealed", ["", "é", "not base64!", "AAAA"])
def test_what_is_not_even_sealed_is_quarantined_and_harms_no_other(kiosk, sealed):
    event = kiosk.ticket("ouvidoria").model_copy(update={"sealed": sealed})
    short = kiosk.ticket("ouvidoria").model_copy(
        update={"sealed": "AAAA", "fingerprint": hashlib.sha256(b"\x00\x00\x00").hexdigest()}
    )
    assert kiosk.send(event, short, kiosk.ticket("ouvidoria")) == ["quarantined", "quarantined", "created"]
    assert (reason(kiosk, event), reason(kiosk, short)) == ("fingerprint", "cannot-open")


def test_what_the_centre_itself_fails_on_is_kept_and_harms_no_other(kiosk, citizen):
    # no time zone puts the first hour of year 1 into UTC
    event = proven(kiosk, citizen("maria"), created="0001-01-01T00:00:00+14:00")
    assert kiosk.send(event, kiosk.ticket("ouvidoria")) == ["quarantined", "created"]
    assert reason(kiosk, event) == "failed"


def test_a_code_of_somebody_elses_prefix_is_quarantined(world, kiosk):
    event = kiosk.ticket("ouvidoria", code=world.enrol().code())
    assert kiosk.send(event) == ["quarantined"]
    assert reason(kiosk, event) == "foreign-code"


def test_a_code_is_registered_once(kiosk):
    code = kiosk.code()
    events = [kiosk.ticket("ouvidoria", code=code) for _ in range(2)]
    assert kiosk.send(*events) == ["created", "quarantined"]
    assert reason(kiosk, events[1]) == "code-taken"


def test_a_mistyped_code_is_quarantined(kiosk):
    code = kiosk.code()
    event = kiosk.ticket("ouvidoria", code=code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert kiosk.send(event) == ["quarantined"]
    assert reason(kiosk, event) == "code"


@pytest.mark.parametrize(("service", "version"), [("never-published", 1), ("ouvidoria", 99)])
def test_a_ticket_must_be_of_a_service_that_was_published(kiosk, service, version):
    ticket = TicketPayload(
        id=str(uuid.uuid4()),
        code=kiosk.code(),
        pin="123456",
        kiosk=kiosk.id,
        service=service,
        language="pt-BR",
        catalogue_version=version,
        created="2026-11-24T12:00:00+00:00",
        clock_trusted=True,
        anonymous=True,
    )
    event = kiosk.event(EventKind.TICKET, ticket, event_id=ticket.id, ticket_code=ticket.code, version=version)
    assert kiosk.send(event) == ["quarantined"]
    assert reason(kiosk, event) == "unknown-service"


def test_an_anonymous_service_takes_no_name(kiosk):
    event = kiosk.ticket("ouvidoria", name="Maria")
    assert kiosk.send(event) == ["quarantined"]
    assert reason(kiosk, event) == "anonymous"


def test_a_claim_is_stored_as_a_claim(kiosk):
    assert kiosk.send(kiosk.ticket("poda", name="Maria", national_id="52998224725", claimed=True)) == ["created"]
    assert ticket_rows(kiosk)[0]["identity"] == "claimed"


def proven(kiosk, citizen, **more):
    fields = {"name": citizen.name, "national_id": citizen.cpf}
    evidence = kiosk.evidence(citizen, Purpose.COMMIT, "iptu")
    return kiosk.ticket("iptu", **({**fields, "evidence": evidence} | more))


SUBJECT = {"name": "Condomínio Sol", "national_id": "11222333000181", "basis": "sindico"}


@pytest.fixture
def kiosk_of_a_prefeitura_where_one_acts_for_others(tmp_path, anchors):
    basis = {"id": "sindico", "label": texts("As a manager"), "number": ["cnpj"]}
    friend = {"id": "amigo", "label": texts("For a friend")}
    poda = service("poda", "ticket", "claimed", "queue", acts_for=[basis, friend])
    state = make_state(tmp_path / "central", anchors)
    with running(state) as world:
        publishing.publish(state, yaml.safe_dump(CATALOGUE | {"services": [poda]}), world.now())
        yield world.enrol()


def test_for_whom_somebody_asks_and_on_what_basis_is_kept_beside_who_asks(
    kiosk_of_a_prefeitura_where_one_acts_for_others,
):
    kiosk = kiosk_of_a_prefeitura_where_one_acts_for_others
    event = kiosk.ticket("poda", name="Maria das Dores", national_id="52998224725", scheme="br-cpf", claimed=True,
                         subject=SUBJECT)  # fmt: skip
    assert kiosk.send(event) == ["created"]
    (listed,) = listings.tickets(kiosk.centre.centre)
    assert listed["name"] == "Maria D."
    assert listed["subject"] == {"name": "Condomínio S.", "national_id": "***********181", "basis": "sindico"}
    friend = {"name": "Ana", "national_id": None, "basis": "amigo"}
    assert kiosk.send(kiosk.ticket("poda", name="M", national_id="52998224725", scheme="br-cpf", claimed=True,
                                   subject=friend)) == ["created"]  # fmt: skip


@pytest.mark.parametrize(
    "change", [{"basis": "king"}, {"national_id": "11222333000182"}, {"national_id": None}, {"basis": "amigo"}]
)
def test_a_subject_that_the_service_does_not_know_is_quarantined(
    kiosk_of_a_prefeitura_where_one_acts_for_others, change
):
    kiosk = kiosk_of_a_prefeitura_where_one_acts_for_others
    event = kiosk.ticket("poda", name="M", national_id="52998224725", scheme="br-cpf", claimed=True,
                         subject=SUBJECT | change)  # fmt: skip
    assert kiosk.send(event) == ["quarantined"]
    assert reason(kiosk, event) == "subject"


def test_a_proof_made_without_the_link_is_checked_on_arrival(kiosk, citizen):
    assert kiosk.send(proven(kiosk, citizen("maria"))) == ["created"]
    row = ticket_rows(kiosk)[0]
    assert (row["identity"], row["national_id"]) == ("card", "52998224725")


def test_a_proof_over_a_nonce_of_the_centre_is_good_once_even_weeks_later(kiosk, citizen):
    nonce = kiosk.nonce("s1", "iptu")
    evidence = kiosk.evidence(citizen("joao"), Purpose.COMMIT, "iptu", nonce=nonce)
    events = [proven(kiosk, citizen("joao"), evidence=evidence) for _ in range(2)]
    assert kiosk.send(events[0]) == ["created"]
    assert kiosk.send(events[1]) == ["quarantined"]
    assert reason(kiosk, events[1]) == "evidence-used"


def test_a_nonce_the_centre_never_gave_is_quarantined(kiosk, citizen):
    invented = base64.b64encode(b"x" * 32).decode()
    evidence = kiosk.evidence(citizen("maria"), Purpose.COMMIT, "iptu", nonce=invented)
    event = proven(kiosk, citizen("maria"), evidence=evidence)
    assert kiosk.send(event) == ["quarantined"]
    assert reason(kiosk, event) == "nonce"
    assert ticket_rows(kiosk) == []


def bad_proofs(kiosk, citizen):
    maria = citizen("maria")
    yield "evidence-missing", {"evidence": None}
    yield "evidence-of-somebody-else", {"national_id": "11144477735"}
    yield "evidence-of-something-else", {"evidence": kiosk.evidence(maria, Purpose.LOOKUP, "iptu")}
    yield "evidence-of-something-else", {"evidence": kiosk.evidence(maria, Purpose.COMMIT, "certidao")}
    yield "evidence-of-something-else", {"evidence": kiosk.evidence(maria, Purpose.COMMIT, "iptu", kiosk="VA-999")}
    good = kiosk.evidence(maria, Purpose.COMMIT, "iptu")
    forged = good.model_copy(update={"statement": good.statement.model_copy(update={"session": "s2"})})
    yield "evidence-not-genuine", {"evidence": forged}
    yield "evidence-not-trusted", {"evidence": kiosk.evidence(citizen("ana"), Purpose.COMMIT, "iptu")}
    yield "evidence-expired", {"evidence": kiosk.evidence(citizen("bia"), Purpose.COMMIT, "iptu")}


def test_a_ticket_whose_proof_does_not_hold_is_quarantined_and_harms_no_other(kiosk, citizen):
    for expected, wrong in bad_proofs(kiosk, citizen):
        event = proven(kiosk, citizen("maria"), **wrong)
        assert kiosk.send(event, kiosk.ticket("ouvidoria")) == ["quarantined", "created"]
        assert reason(kiosk, event) == expected


def test_ratings_and_papers_arrive_once(kiosk):
    rating = kiosk.event(EventKind.RATING, RatingPayload(service="iptu", stars=4))
    paper = kiosk.event(EventKind.PAPER, PaperPayload(ticket_id=str(uuid.uuid4()), outcome="confirmed"))
    assert kiosk.send(rating, paper) == ["created", "created"]
    assert kiosk.send(rating, paper) == ["duplicate", "duplicate"]
    assert rows(kiosk.centre, f"SELECT stars FROM ratings WHERE event = '{rating.id}'") == [{"stars": 4}]
    assert rows(kiosk.centre, f"SELECT outcome FROM papers WHERE event = '{paper.id}'") == [{"outcome": "confirmed"}]


def test_a_citizen_who_saw_no_paper_is_listed_with_the_ticket_and_alerts(kiosk):
    ticket = kiosk.ticket("poda")
    told = [
        kiosk.event(EventKind.PAPER, PaperPayload(ticket_id=ticket.id, outcome=outcome))
        for outcome in ("unknown", "denied")
    ]
    assert kiosk.send(ticket, *told) == ["created"] * 3
    assert kiosk.send(ticket, *told) == ["duplicate"] * 3
    centre = kiosk.centre.centre
    assert next(row for row in listings.tickets(centre) if row["id"] == ticket.id)["papers"] == ["unknown", "denied"]
    (alert,) = [row for row in vigilance.alerts(centre) if row["kind"] == "paper-denied" and row["kiosk"] == kiosk.id]
    assert alert["times"] == 1


def test_a_paper_tells_of_its_ticket_no_more_than_the_hour(kiosk):
    paper = kiosk.event(EventKind.PAPER, PaperPayload(ticket_id=str(uuid.uuid4()), outcome="confirmed"))
    assert kiosk.send(paper) == ["created"]
    (row,) = rows(kiosk.centre, f"SELECT received FROM events WHERE id = '{paper.id}'")
    assert ":00:00" in row["received"]


def test_a_rating_of_six_stars_is_quarantined(kiosk):
    event = kiosk.event(EventKind.RATING, b'{"service":"iptu","stars":6}')
    assert kiosk.send(event) == ["quarantined"]


def test_more_than_a_hundred_items_are_refused_whole(kiosk):
    item = kiosk.ticket("ouvidoria").model_dump(mode="json")
    items = [item | {"id": str(uuid.uuid4())} for _ in range(101)]

    class Batch:
        def model_dump_json(self):
            return json.dumps({"items": items})

    assert kiosk.post("/v1/events", Batch()).status_code == 422


def test_an_event_of_the_contract_survives_the_wire_unchanged(kiosk):
    event = kiosk.ticket("ouvidoria")
    assert Event.model_validate_json(event.model_dump_json()) == event
    kiosk.send(event)
    stored = rows(kiosk.centre, f"SELECT hex(sealed) AS sealed FROM events WHERE id = '{event.id}'")
    assert bytes.fromhex(stored[0]["sealed"]) == base64.b64decode(event.sealed)
