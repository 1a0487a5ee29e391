"""A document: the ways to have it, what stands in the way of each, and asking for it without a network."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.catalog.model import Output
from kiosk.journey import availability
from kiosk.journey import effects as ef
from kiosk.journey import events as ev
from kiosk.journey import state as st
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.messages import DocumentAnswer
from tests.kiosk.journey.card_checks import PROVED, READ
from tests.kiosk.journey.test_reducer import MARIA, START, TICKET, evidence, play

CERTIFICATE = "certidao-negativa"
DOCUMENT = DocumentAnswer(outcome="issued", number="2026/1", code="ABCDEFGHJKMN", pages="JVBERi0=")
TO_PROVED = (
    START, ev.ServiceChosen(CERTIFICATE), ev.Continued(), ev.CardInserted(), ev.CardRead(MARIA, 3, READ),
    ev.PinTyped(6), ev.Continued(), ev.Proved(evidence(Purpose.LOOKUP, service=CERTIFICATE), PROVED),
)  # fmt: skip
TO_REVIEW = (*TO_PROVED, ev.DocumentComposed("s1", DOCUMENT))
A4_READY = ev.PagePrinterChanged(st.PrinterCondition.READY)


@pytest.fixture
def ready(catalogue) -> st.State:
    devices = st.Devices(
        printer=st.PrinterCondition.READY, page_printer=st.PrinterCondition.READY, reader=st.ReaderCondition.READY,
        link=True, enrolled=True, card_present=False,
    )  # fmt: skip
    return st.State(catalogue=catalogue, devices=devices, stage=st.Attract())


def committed(ticket):
    proved = ev.Proved(evidence(Purpose.COMMIT, service=CERTIFICATE), PROVED)
    return (ev.Continued(), proved, ev.Committed("s1", ticket), ev.CardRemoved())


def session(state) -> st.Session:
    assert state.session is not None
    return state.session


def test_the_first_way_of_the_catalogue_that_is_open_is_proposed(ready) -> None:
    state, _ = play(ready, *TO_REVIEW)
    assert session(state).output is Output.THERMAL
    state, _ = play(ready, ev.PrinterChanged(st.PrinterCondition.PAPER_OUT), *TO_REVIEW)
    assert session(state).output is Output.A4
    out = (ev.PrinterChanged(st.PrinterCondition.JAM), ev.PagePrinterChanged(st.PrinterCondition.STOPPED))
    state, _ = play(ready, *out, *TO_REVIEW)
    assert session(state).output is Output.PHONE


@pytest.mark.parametrize(
    ("closed", "way"),
    [
        (ev.PrinterChanged(st.PrinterCondition.COVER_OPEN), Output.THERMAL),
        (ev.PagePrinterChanged(st.PrinterCondition.PAPER_OUT), Output.A4),
        (ev.LinkChanged(up=False), Output.PHONE),
    ],
)
def test_a_way_that_is_closed_cannot_be_chosen(ready, closed, way) -> None:
    state, _ = play(ready, *TO_REVIEW)
    assert session(play(state, ev.OutputChosen(way))[0]).output is way
    state, _ = play(state, closed)
    other = next(each for each in Output if each is not way)
    state, _ = play(state, ev.OutputChosen(other), ev.OutputChosen(way))
    assert session(state).output is other


def test_without_a_file_of_the_centre_there_is_paper_from_the_receipt_printer_alone(ready) -> None:
    plain = DOCUMENT.model_copy(update={"pages": None})
    state, _ = play(ready, *TO_PROVED, ev.DocumentComposed("s1", plain), ev.OutputChosen(Output.A4))
    assert session(state).output is Output.THERMAL
    assert availability.ways(session(state), state.devices) == (Output.THERMAL,)


def test_a_way_is_chosen_on_the_review_and_nowhere_else(ready) -> None:
    state, _ = play(ready, *TO_REVIEW, *committed(TICKET), ev.OutputChosen(Output.PHONE))
    assert session(state).output is Output.THERMAL


def test_what_keeps_the_a4_printer_from_printing_is_shown_while_it_prints(ready) -> None:
    state, _ = play(ready, *TO_REVIEW, ev.OutputChosen(Output.A4), *committed(TICKET))
    assert state.stage == st.Printing()
    state, _ = play(state, ev.PagePrinterChanged(st.PrinterCondition.PAPER_OUT))
    assert state.stage == st.Printing(trouble=st.PrinterCondition.PAPER_OUT)
    state, _ = play(state, ev.PagePrinterChanged(st.PrinterCondition.STOPPED))
    assert state.stage == st.Printing(trouble=st.PrinterCondition.STOPPED)
    state, _ = play(state, ev.PrinterChanged(st.PrinterCondition.JAM), A4_READY)
    assert state.stage == st.Printing(), "the receipt printer has nothing to do with it"


def test_a_phone_needs_no_printer_and_its_screen_comes_at_once(ready) -> None:
    none = (ev.PrinterChanged(st.PrinterCondition.ABSENT), ev.PagePrinterChanged(st.PrinterCondition.ABSENT))
    state, asked = play(ready, *none, *TO_REVIEW, *committed(replace(TICKET, job=None)))
    assert state.stage == st.Done(st.JobState.ABANDONED)
    assert not any(isinstance(effect, ef.ReleasePrintJob) for effect in asked)


def test_a_service_on_paper_alone_is_refused_where_no_paper_can_come(catalogue, ready) -> None:
    service = catalogue.service(CERTIFICATE)
    on_paper = service.model_copy(update={"outputs": (Output.THERMAL, Output.A4)})
    devices = replace(
        ready.devices, printer=st.PrinterCondition.JAM, page_printer=st.PrinterCondition.PAPER_OUT
    )
    state = replace(ready, devices=devices)
    assert availability.of(on_paper, state) is st.Availability.NO_PRINTER
    assert availability.of(service, state) is st.Availability.NOW


def test_without_a_link_the_document_is_asked_for_and_the_card_still_proves_who_asks(ready) -> None:
    state, asked = play(ready, ev.LinkChanged(up=False), *TO_PROVED)
    assert isinstance(state.stage, st.Review)
    assert session(state).queued
    assert session(state).document is None
    proofs = [effect for effect in asked if isinstance(effect, ef.ProveHolder)]
    assert [proof.needs_centre for proof in proofs] == [False]
    assert not any(isinstance(effect, ef.LookUp) for effect in asked)
    state, asked = play(state, ev.Continued(), ev.Proved(evidence(Purpose.COMMIT, service=CERTIFICATE), PROVED))
    assert ef.Commit() in asked


def test_a_link_that_dies_before_the_look_up_leads_to_asking_for_it(ready) -> None:
    lost = (ev.LookupRefused("s1", st.LookupTrouble.NO_LINK), ev.LinkChanged(up=False))
    state, _ = play(ready, *TO_PROVED, *lost, ev.Continued(), TO_PROVED[-1])
    assert isinstance(state.stage, st.Review)
    assert session(state).queued


def test_a_document_that_is_refused_offline_is_not_begun(catalogue, ready) -> None:
    refused = catalogue.service(CERTIFICATE).model_copy(update={"offline": "refuse"})
    state, _ = play(ready, ev.LinkChanged(up=False))
    assert availability.of(refused, state) is st.Availability.NO_LINK
