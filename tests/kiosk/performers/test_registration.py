"""The one transaction: what the session gathered is there whole, sealed, or not at all."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from kiosk.catalog.model import Catalogue, Output
from kiosk.journey.state import PrinterCondition, State
from kiosk.performers import registration
from offline_cache import numbers, outbox, print_jobs
from offline_cache.contract.messages import EventKind
from offline_cache.contract.payloads import Subject, TicketPayload
from offline_cache.folder import StateFolder
from offline_cache.numbers import NoNumbersError
from offline_cache.store import Store, open_store
from tests.kiosk.journey.test_reducer import DEBT, MARIA
from tests.kiosk.performers.requests import KINDS, STORY, request
from tests.offline_cache.conftest import ENROLMENT
from tests.offline_cache.sealing import PRIVATE


@pytest.fixture
def store(folder: StateFolder):
    with open_store(folder) as opened:
        yield opened


def payload_of(store: Store) -> TicketPayload:
    """What the centre will read: the one ticket that waits."""
    from kiosk.issuing import seal

    (event,) = outbox.batch(store)
    assert event.kind is EventKind.TICKET
    opened = seal.open_sealed(base64.b64decode(event.sealed), PRIVATE, event.associated_data(ENROLMENT.kiosk))
    return TicketPayload.model_validate_json(opened)


def nothing_happened(store: Store, folder: StateFolder) -> None:
    assert outbox.batch(store) == []
    assert print_jobs.waiting(store) == []
    assert not folder.print_keys.exists() or list(folder.print_keys.iterdir()) == []
    assert numbers.left(store, "taxas") == 20
    assert store.rows("select * from counters") == []


@pytest.mark.parametrize("service", KINDS)
def test_every_kind_of_request_is_one_sealed_ticket_and_one_paper_that_waits_for_the_card(
    store: Store, folder: StateFolder, catalogue: Catalogue, service: str
) -> None:
    done = registration.register(store, folder, request(catalogue, service))
    payload = payload_of(store)
    assert (payload.id, payload.code, payload.pin) == (done.ticket.id, done.ticket.code, done.ticket.pin)
    assert payload.service == service
    (job,) = print_jobs.waiting(store)
    assert (job.id, job.ticket_id, job.held) == (done.ticket.job, done.ticket.id, True)
    paper = print_jobs.decrypt(folder, job).model_dump_json()
    assert done.ticket.pin in paper
    assert done.ticket.code in paper


@pytest.mark.parametrize("service", KINDS)
def test_the_picture_on_the_screen_shows_no_pin(
    store: Store, folder: StateFolder, catalogue: Catalogue, service: str
) -> None:
    done = registration.register(store, folder, request(catalogue, service))
    shown = done.masked.model_dump_json()
    assert done.ticket.pin not in shown
    assert registration.MASKED_PIN in shown


def test_who_was_proven_travels_with_the_proof_and_who_only_said_so_as_a_claim(
    store: Store, folder: StateFolder, catalogue: Catalogue
) -> None:
    registration.register(store, folder, request(catalogue, "iptu"))
    proven = payload_of(store)
    assert (proven.national_id, proven.claimed) == (MARIA.national_id, False)
    assert proven.evidence is not None
    store.execute("update outbox set state = 1")
    registration.register(store, folder, request(catalogue, "poda-arvore"))
    claimed = payload_of(store)
    assert (claimed.national_id, claimed.claimed, claimed.evidence) == (MARIA.national_id, True, None)


def test_for_whom_and_on_what_basis_travel_beside_the_answers(
    store: Store, folder: StateFolder, catalogue: Catalogue
) -> None:
    state = request(catalogue, "poda-arvore")
    assert state.session is not None
    about = {"acting": "sindico", "subject-name": "Condomínio Sol", "subject-id": "11222333000181"}
    asked = replace(state.session, answers={**state.session.answers, **about})
    registration.register(store, folder, replace(state, session=asked))
    payload = payload_of(store)
    assert payload.subject == Subject(name="Condomínio Sol", national_id="11222333000181", basis="sindico")
    assert payload.answers == {"motivo": "risco", "onde": "Rua A"}
    store.execute("update outbox set state = 1")
    own = replace(state.session, answers={**asked.answers, "acting": "myself"})
    registration.register(store, folder, replace(state, session=own))
    assert payload_of(store).subject is None


def test_an_anonymous_complaint_names_nobody_even_if_a_name_is_known(
    store: Store, folder: StateFolder, catalogue: Catalogue
) -> None:
    state = request(catalogue, "ouvidoria")
    assert state.session is not None
    registration.register(store, folder, replace(state, session=replace(state.session, holder=MARIA)))
    payload = payload_of(store)
    assert payload.answers["relato"] == STORY
    assert (payload.anonymous, payload.name, payload.national_id, payload.evidence) == (True, None, None, None)
    assert "session" not in payload.model_dump_json()


def test_the_guide_is_of_the_debt_that_was_chosen_and_of_no_answer_that_looks_like_one(
    store: Store, folder: StateFolder, catalogue: Catalogue
) -> None:
    state = request(catalogue, "iptu")
    assert state.session is not None
    other = DEBT.model_copy(update={"id": "d2", "amount_cents": 99, "guide_number": "2", "txid": "VA2"})
    asked = replace(state.session, debts=(other, DEBT), answers={"claim:name": "d2", "debt": DEBT.id})
    done = registration.register(store, folder, replace(state, session=asked))
    assert done.ticket.amount_cents == DEBT.amount_cents


def test_a_ticket_without_a_printer_has_no_paper_and_waits_for_none(
    store: Store, folder: StateFolder, catalogue: Catalogue
) -> None:
    state = request(catalogue, "ouvidoria")
    away = replace(state, devices=replace(state.devices, printer=PrinterCondition.ABSENT))
    assert registration.register(store, folder, away).ticket.job is None
    assert print_jobs.waiting(store) == []
    assert len(outbox.batch(store)) == 1


def without(state: State, **lost: object) -> State:
    assert state.session is not None
    return replace(state, session=replace(state.session, **lost))  # type: ignore[arg-type]


@pytest.mark.parametrize("lost", [{"answers": {}}, {"debts": ()}, {"evidence": None}, {"holder": None}])
def test_a_request_that_lacks_something_leaves_nothing_behind(
    store: Store, folder: StateFolder, catalogue: Catalogue, lost: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="iptu"):
        registration.register(store, folder, without(request(catalogue, "iptu"), **lost))
    nothing_happened(store, folder)


def test_without_a_number_no_guide_is_issued(store: Store, folder: StateFolder, catalogue: Catalogue) -> None:
    store.execute("update number_blocks set next = last + 1, state = 'spent'")
    with pytest.raises(NoNumbersError):
        registration.register(store, folder, request(catalogue, "taxa-alvara"))
    assert outbox.batch(store) == []
    assert print_jobs.waiting(store) == []


def test_a_paper_that_cannot_be_written_leaves_no_ticket_and_no_key(
    store: Store, folder: StateFolder, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is on disk before the job is: it must go when the job does not come."""

    def full(*_args: object, **_options: object) -> None:
        assert list(folder.print_keys.iterdir())
        raise OSError("no space left on device")

    monkeypatch.setattr(print_jobs, "insert", full)
    with pytest.raises(OSError, match="no space"):
        registration.register(store, folder, request(catalogue, "taxa-alvara"))
    nothing_happened(store, folder)


PDF = b"%PDF-1.7 of a document"


def of_a_document(catalogue: Catalogue, **session: object) -> State:
    state = request(catalogue, "certidao-negativa")
    assert state.session is not None
    assert state.session.document is not None
    with_file = state.session.document.model_copy(update={"pages": base64.b64encode(PDF).decode()})
    return replace(state, session=replace(state.session, **{"document": with_file, **session}))


def test_an_a4_document_waits_for_the_a4_printer_as_the_file_that_the_centre_signed(
    store: Store, folder: StateFolder, catalogue: Catalogue
) -> None:
    done = registration.register(store, folder, of_a_document(catalogue, output=Output.A4))
    assert print_jobs.waiting(store, "receipt") == []
    (job,) = print_jobs.waiting(store, "pages")
    assert (job.id, job.held) == (done.ticket.job, True)
    assert print_jobs.decrypt_pages(folder, job) == PDF
    assert done.masked is None, "the screen has no picture of it"
    assert PDF not in (folder.path / "store.db").read_bytes()


def test_a_document_for_a_phone_is_not_printed_and_its_address_travels_sealed(
    store: Store, folder: StateFolder, catalogue: Catalogue
) -> None:
    done = registration.register(store, folder, of_a_document(catalogue, output=Output.PHONE))
    assert print_jobs.waiting(store) == []
    token = payload_of(store).hand_off
    assert token is not None
    assert done.ticket.page == f"https://{catalogue.operator.website}/d/{token}"
    assert done.ticket.job is None
    store.execute("update outbox set state = 1")
    registration.register(store, folder, of_a_document(catalogue, output=Output.PHONE))
    assert payload_of(store).hand_off not in (None, token)


def test_a_document_asked_for_offline_is_a_ticket_whose_paper_says_when_and_how(
    store: Store, folder: StateFolder, catalogue: Catalogue
) -> None:
    state = of_a_document(catalogue, document=None, queued=True)
    registration.register(store, folder, state)
    payload = payload_of(store)
    assert (payload.document_code, payload.hand_off) == (None, None)
    assert payload.evidence is not None
    (job,) = print_jobs.waiting(store, "receipt")
    paper = print_jobs.decrypt(folder, job).model_dump_json()
    for said in ("Quando: assim que este totem voltar a ter rede", "volte a qualquer totem com seu cart", "/p"):
        assert said in paper


def test_a_document_that_was_not_composed_is_not_registered_while_the_link_is_there(
    store: Store, folder: StateFolder, catalogue: Catalogue
) -> None:
    with pytest.raises(ValueError, match="needs the document"):
        registration.register(store, folder, of_a_document(catalogue, document=None))
    nothing_happened(store, folder)
