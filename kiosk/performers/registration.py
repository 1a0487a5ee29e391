"""The commit: what the session gathered becomes a sealed ticket and an encrypted print job, in one transaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.catalog.model import Catalogue, Identification, Service
from kiosk.issuing import compose, papers, seal, tracking
from kiosk.journey import form
from kiosk.journey.state import PRINTS, Session, State, Ticket
from offline_cache import clock, issue, print_jobs, standing
from offline_cache.contract.messages import EventKind, associated_data
from offline_cache.folder import StateFolder
from offline_cache.store import Store
from printer.receipt import AnyBlock, Field_, Receipt, Text

MASKED_PIN = "******"


@dataclass(frozen=True)
class Registered:
    """`masked` is the receipt as the screen shows it, with the PIN that only the paper tells hidden."""

    ticket: Ticket
    receipt: Receipt
    masked: Receipt


def register(store: Store, folder: StateFolder, state: State) -> Registered:
    """Writes the session's request. Raises what `issue` raises; then nothing was written, and no key is left."""
    session, catalogue = state.session, state.catalogue
    if session is None or session.service is None or catalogue is None:
        raise ValueError("there is no request to register")
    service = session.service
    now = datetime.now(ZoneInfo(catalogue.operator.time_zone))
    request = _request(folder, state, session, catalogue, store)
    prints = _prints(state, session, service)
    pin = tracking.pin(secrets.randbelow)
    job_id = secrets.token_hex(8)
    made: compose.Completed | None = None
    masked: Receipt | None = None

    def prepare(allocated: compose.Allocated) -> issue.Prepared:
        nonlocal made, masked
        made = compose.complete(request, allocated, now=now, pin=pin)
        # Here, because after the commit nothing may fail any more.
        masked = _masked(made.receipt, pin)
        key = catalogue.sealing_keys[0]
        bound = associated_data(
            item=allocated.ticket_id,
            kind=EventKind.TICKET,
            code=allocated.code,
            kiosk=request.kiosk,
            catalogue_version=catalogue.version,
            key_id=key.key_id,
        )
        sealed = seal.seal(made.payload.model_dump_json().encode(), key, bound)
        job = _job(folder, job_id, made.receipt, service.print_deadline_s) if prints else None
        return issue.Prepared(sealed=sealed, key_id=key.key_id, catalogue_version=catalogue.version, job=job)

    try:
        issued = issue.issue(store, series=compose.takes_number(service), prepare=prepare)
    except BaseException:
        print_jobs.destroy_key(folder, job_id)
        raise
    assert made is not None
    assert masked is not None
    ticket = Ticket(
        id=issued.ticket_id,
        code=issued.code,
        pin=pin,
        job=issued.job,
        title=made.title,
        page=papers.status_page(catalogue.operator.website, issued.code),
        amount_cents=made.amount_cents,
        due=made.due,
        queued=not state.devices.link,
    )
    return Registered(ticket=ticket, receipt=made.receipt, masked=masked)


def _prints(state: State, session: Session, service: Service) -> bool:
    """A ticket may be told on the screen: to who wants no paper, and to all where the paper cannot come now."""
    if service.paper == "optional" and not session.paper:
        return False
    return service.kind != "ticket" or state.devices.printer in PRINTS


def _job(folder: StateFolder, job_id: str, receipt: Receipt, limit_s: int) -> issue.PreparedJob:
    """Held until the card is out: the journey lets it go."""
    key = print_jobs.new_key(folder, job_id)
    return issue.PreparedJob(
        id=job_id,
        content=print_jobs.encrypt(key, receipt),
        deadline_s=clock.boottime_s() + limit_s,
        process_id=print_jobs.new_process_id(),
        held=True,
    )


def _request(
    folder: StateFolder, state: State, session: Session, catalogue: Catalogue, store: Store
) -> compose.Request:
    service, holder = session.service, session.holder
    assert service is not None
    enrolled = standing.current(store)
    answers = {page.id: said for page in form.pages(session) if (said := session.answers.get(page.id, "").strip())}
    picked = {answers.get(field.id) for field in service.form if field.type == "debt"}
    applicant = None
    if holder is not None and service.identification is not Identification.NONE:
        applicant = compose.Applicant(
            name=holder.name, national_id=holder.national_id, evidence=session.evidence, scheme=holder.scheme
        )
    return compose.Request(
        catalogue=catalogue,
        service=service,
        language=session.language,
        kiosk=enrolled.enrolment.kiosk if enrolled else "",
        kiosk_label=folder.settings().label,
        clock_trusted=state.devices.clock_trusted,
        simulation=folder.simulation,
        queued=not state.devices.link,
        applicant=applicant,
        answers=answers,
        debt=next((debt for debt in session.debts if debt.id in picked), None),
        charge=session.charge,
        document=session.document,
    )


def _masked(receipt: Receipt, pin: str) -> Receipt:
    """The paper for the screen: the code's PIN is on paper alone."""
    hidden = tuple(_hide(block, pin) for block in receipt.blocks)
    return receipt.model_copy(update={"blocks": hidden})


def _hide(block: AnyBlock, pin: str) -> AnyBlock:
    match block:
        case Text():
            return block.model_copy(update={"text": block.text.replace(pin, MASKED_PIN)})
        case Field_():
            return block.model_copy(update={"value": block.value.replace(pin, MASKED_PIN)})
        case _:
            return block
