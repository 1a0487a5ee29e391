"""The centre and the kiosk's own rooms fit: the real catalogue, composed requests, what administrators then see."""

import json
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from central import listings, publishing
from devices.virtual import wallet
from kiosk.catalog.model import Language
from kiosk.issuing import arrecadacao, compose, pix
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.messages import DocumentAnswer, EventKind, GuidesAnswer, Lookup
from tests.central.world import make_state, running

CATALOGUE = Path(__file__).parents[2] / "catalogs" / "vila-aurora" / "catalogue.yaml"


COMPLAINT = {"tipo": "reclamacao", "assunto": "ruas", "relato": "Um buraco na rua."}


@pytest.fixture(scope="module")
def world(tmp_path_factory, anchors, cards):
    state = make_state(tmp_path_factory.mktemp("central"), anchors)
    # the catalogue's services ask for level 3, which takes the issuers' revocation lists
    shutil.copytree(cards / wallet.LISTS, state.revocation)
    with running(state) as world:
        publishing.publish(state, CATALOGUE.read_text(encoding="utf-8"), world.now(), CATALOGUE.parent)
        yield world


def request(kiosk, service, **more):
    catalogue = kiosk.centre.catalogue()
    fields = {
        "catalogue": catalogue,
        "service": catalogue.service(service),
        "language": Language.PT_BR,
        "kiosk": kiosk.id,
        "kiosk_label": f"Totem {kiosk.id}",
        "clock_trusted": True,
        "simulation": True,
    }
    return compose.Request(**(fields | more))


def commit(kiosk, asked, number=None):
    """What the kiosk's store and sync do with a composed request."""
    blank = kiosk.ticket("ouvidoria")
    allocated = compose.Allocated(ticket_id=blank.id, code=blank.code, number=number)
    completed = compose.complete(asked, allocated, now=datetime.now(UTC), pin=f"{secrets.randbelow(10**6):06d}")
    event = kiosk.event(EventKind.TICKET, completed.payload, event_id=blank.id, ticket_code=blank.code)
    assert kiosk.send(event) == ["created"]
    listed = json.loads(json.dumps(listings.tickets(kiosk.centre.centre)))
    return completed, next(row for row in listed if row["code"] == blank.code)


def applicant(kiosk, citizen, service):
    evidence = kiosk.evidence(citizen, Purpose.COMMIT, service)
    return compose.Applicant(name=citizen.name, national_id=citizen.cpf, evidence=evidence)


def look_up(kiosk, citizen, path, service):
    evidence = kiosk.evidence(citizen, Purpose.LOOKUP, service, nonce=kiosk.nonce("s1", service))
    return kiosk.post(path, Lookup(session="s1", service=service, language="pt-BR", evidence=evidence)).content


def test_a_debt_becomes_a_guide_whose_codes_the_centre_holds(kiosk, citizen):
    maria = citizen("maria")
    debt = GuidesAnswer.model_validate_json(look_up(kiosk, maria, "/v1/guides", "iptu")).debts[0]
    asked = request(
        kiosk, "iptu", applicant=applicant(kiosk, maria, "iptu"), debt=debt, answers={"debt": debt.id}
    )
    _, row = commit(kiosk, asked)
    decoded = arrecadacao.decode(row["guide"]["barcode"])
    assert (decoded.amount_cents, decoded.free_field) == (41280, debt.free_field)
    assert pix.parse(row["guide"]["pix"]).txid == debt.txid
    assert (row["identity"], row["name"], row["national_id"]) == ("card", "Maria D. O.", "***.982.247-**")


def test_a_composed_document_is_handed_over_by_its_ticket(kiosk, citizen):
    joao = citizen("joao")
    service = "certidao-negativa"
    document = DocumentAnswer.model_validate_json(look_up(kiosk, joao, "/v1/documents", service))
    asked = request(kiosk, service, applicant=applicant(kiosk, joao, service), document=document)
    _, row = commit(kiosk, asked)
    assert row["document"] == {"code": document.code, "number": document.number, "state": "valid"}


def test_a_fee_with_a_number_of_a_block_arrives(kiosk):
    _, row = commit(kiosk, request(kiosk, "taxa-alvara", answers={"finalidade": "novo"}), number=7)
    assert arrecadacao.decode(row["guide"]["barcode"]).amount_cents > 0


def test_an_anonymous_complaint_arrives_without_anybody(kiosk):
    _, row = commit(kiosk, request(kiosk, "ouvidoria", queued=True, answers=COMPLAINT))
    assert (row["identity"], row["name"], row["national_id"]) == ("anonymous", None, None)


def test_a_list_of_tickets_shows_nobody_whole(kiosk, citizen):
    listed = json.dumps(listings.tickets(kiosk.centre.centre), ensure_ascii=False)
    for person in (citizen("maria"), citizen("joao")):
        assert person.cpf not in listed
        assert person.name not in listed


@pytest.mark.parametrize(
    "spoiled",
    [
        {"tipo": "protesto"},
        {"relato": ""},
        {"relato": "a" * 1001},
        {"cpf": "52998224725"},
        {"relato": ["Um buraco"]},
    ],
)
def test_answers_that_the_form_does_not_allow_wait_for_an_administrator(kiosk, spoiled):
    event = kiosk.ticket("ouvidoria", answers=COMPLAINT | spoiled)
    assert kiosk.send(event) == ["quarantined"]
    waiting = {row["id"]: row["reason"] for row in listings.quarantine(kiosk.centre.centre)}
    assert waiting[event.id] == "answers"
