"""Every screen that a catalogue makes, as states under names that pictures and failures carry. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time

from kiosk.catalog.model import Catalogue, Identification, Language, Service
from kiosk.issuing.compose import takes_number
from kiosk.journey import form
from kiosk.journey.citizen import CLAIM_ID, CLAIM_NAME
from kiosk.journey.state import (
    Attract,
    Claim,
    Details,
    Devices,
    Done,
    Help,
    InsertCard,
    JobState,
    PrinterCondition,
    Question,
    ReaderCondition,
    Review,
    Services,
    Session,
    State,
    Ticket,
)
from kiosk.rehearsal import samples

TICKET = Ticket("id", "7K2M-0004-QXAW", "482731", "job", "", due=None)
Act = tuple[str, State]


def of(catalogue: Catalogue, language: Language, today: date) -> Iterator[Act]:
    """The screens of the whole, then those of each service, in the order in which a citizen meets them."""
    devices = Devices(
        printer=PrinterCondition.READY, reader=ReaderCondition.READY, link=True, enrolled=True, card_present=False,
        local=datetime.combine(today, time(10, 0)),
        numbers=tuple((series, 100) for series in sorted(filter(None, map(takes_number, catalogue.services)))),
    )
    still = State(catalogue=catalogue, devices=devices, stage=Attract(), language=language, now_s=100)
    visit = Session(id="rehearsal", language=language, started_s=0)
    yield "attract", still
    yield "services", replace(still, stage=Services(), session=visit)
    yield "help", replace(still, stage=Services(), session=visit, overlay=Help())
    for category in catalogue.categories:
        yield f"category {category.id}", replace(still, stage=Services(category.id), session=visit)
    for service in catalogue.services:
        for name, state in _of_service(still, visit, service, today):
            yield f"{service.id} {name}", state


def _of_service(still: State, visit: Session, service: Service, today: date) -> Iterator[Act]:
    assert still.catalogue is not None
    example = samples.of(still.catalogue.operator.country)
    session = replace(visit, service=service)
    yield "details", replace(still, stage=Details(), session=session)
    if service.kind in {"info", "tracking"}:
        return
    if service.identification is Identification.CLAIMED:
        number = samples.NUMBERS[still.catalogue.claimed_ids[0]]
        claimed = {CLAIM_NAME: example.name, CLAIM_ID: number}
        yield "claim", replace(still, stage=Claim(), session=replace(session, answers=claimed))
    elif service.identification is not Identification.NONE:
        yield "insert card", replace(still, stage=InsertCard(), session=session)
    proven = service.identification is Identification.CARD_PIN
    holder = None if service.identification is Identification.NONE else replace(example.holder, proven=proven)
    session = replace(session, holder=holder, debts=(example.debt,) if service.lookup == "debts" else ())
    seen: set[str] = set()
    for given in samples.every_way(service, today, example):
        filled = replace(session, answers=given)
        for index, page in enumerate(form.pages(filled)):
            if page.id not in seen:
                seen.add(page.id)
                empty = replace(session, answers={name: said for name, said in given.items() if name != page.id})
                yield f"question {page.id}", replace(still, stage=Question(index), session=empty)
                yield f"question {page.id} answered", replace(still, stage=Question(index), session=filled)
    yield "review", replace(still, stage=Review(), session=filled)
    done = replace(filled, ticket=replace(TICKET, title=service.title.in_language(still.language)))
    yield "done", replace(still, stage=Done(JobState.CONFIRMED), session=done)
