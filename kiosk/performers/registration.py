"""The commit: what the session gathered becomes a sealed ticket and an encrypted print job, in one transaction."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.catalog import acting
from kiosk.catalog.model import Catalogue, Identification, Output, Service
from kiosk.issuing import compose, papers, seal, tracking
from kiosk.issuing.status_paper import status_paper
from kiosk.journey import form
from kiosk.journey.state import PRINTS, Session, State, Ticket
from offline_cache import clock, issue, print_jobs, standing
from offline_cache.contract.messages import EventKind, TicketStatus, associated_data
from offline_cache.contract.payloads import Subject
from offline_cache.folder import StateFolder
from offline_cache.store import Store
from printer.receipt import AnyBlock, Field_, Receipt, Text

MASKED_PIN = "******"


@dataclass(frozen=True)
class Registered:
    """`masked` is the receipt as the screen shows it, with the PIN that only the paper tells hidden; None where the
    paper is another one (A4).
    """

    ticket: Ticket
    receipt: Receipt
    masked: Receipt | None


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
    token = tracking.hand_off_token(secrets.token_bytes(tracking.HAND_OFF_BYTES)) if _to_phone(session) else None
    request = replace(request, hand_off=token)
    made: compose.Completed | None = None
    masked: Receipt | None = None

    def prepare(allocated: compose.Allocated) -> issue.Prepared:
        nonlocal made, masked
        made = compose.complete(request, allocated, now=now, pin=pin)
        # Here, because after the commit nothing may fail any more.
        masked = _masked(made.receipt, pin) if _on_pages(session) is None else None
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
        pages = _on_pages(session)
        job = _job(folder, job_id, made.receipt, service.print_deadline_s, pages) if prints else None
        return issue.Prepared(sealed=sealed, key_id=key.key_id, catalogue_version=catalogue.version, job=job)

    try:
        issued = issue.issue(
            store, series=compose.takes_number(service), prepare=prepare, anonymous=service.anonymous
        )
    except BaseException:
        print_jobs.destroy_key(folder, job_id)
        raise
    assert made is not None
    ticket = Ticket(
        id=issued.ticket_id,
        code=issued.code,
        pin=pin,
        job=issued.job,
        title=made.title,
        page=papers.hand_off_page(catalogue.operator.website, token) if token
        else papers.status_page(catalogue.operator.website, issued.code),
        amount_cents=made.amount_cents,
        due=made.due,
        queued=not state.devices.link,
    )
    return Registered(ticket=ticket, receipt=made.receipt, masked=masked)


# Whoever asked stands before the printer and waits.
STATUS_LIMIT_S = 60


def print_status(store: Store, folder: StateFolder, state: State, status: TicketStatus) -> str:
    """Writes the print job of a status, which belongs to no ticket of this session; answers its id."""
    catalogue, session = state.catalogue, state.session
    if catalogue is None or session is None:
        raise ValueError("there is nobody to print for")
    language = session.language
    sheet = papers.Sheet(
        operator=catalogue.operator, department=status.department.in_language(language),
        kiosk=folder.settings().label, language=language, simulation=folder.simulation,
    )  # fmt: skip
    trusted = state.devices.clock_trusted
    receipt = status_paper(sheet, status, datetime.now(ZoneInfo(catalogue.operator.time_zone)) if trusted else None)
    made = _job(folder, secrets.token_hex(8), receipt, STATUS_LIMIT_S)
    try:
        with store.transaction():
            print_jobs.insert(
                store, job_id=made.id, ticket_id="", content=made.content, deadline_s=made.deadline_s,
                process_id=made.process_id, held=False,
            )  # fmt: skip
    except BaseException:
        print_jobs.destroy_key(folder, made.id)
        raise
    return made.id


def _prints(state: State, session: Session, service: Service) -> bool:
    """A ticket may be told on the screen: to who wants no paper, and to all where the paper cannot come now. So is a
    document that goes to a phone, or is not made yet.
    """
    if service.paper == "optional" and not session.paper:
        return False
    if service.kind == "document" and session.document is not None:
        return not _to_phone(session)
    return service.kind == "guide" or state.devices.printer in PRINTS


def _to_phone(session: Session) -> bool:
    return session.document is not None and session.output is Output.PHONE


def _on_pages(session: Session) -> bytes | None:
    """The PDF, where the citizen wants it on A4; ValueError if the centre has sent none."""
    if session.document is None or session.output is not Output.A4:
        return None
    if session.document.pages is None:
        raise ValueError("the centre sent no pages of this document")
    return base64.b64decode(session.document.pages, validate=True)


def _job(
    folder: StateFolder, job_id: str, receipt: Receipt, limit_s: int, pages: bytes | None = None
) -> issue.PreparedJob:
    """Held until the card is out: the journey lets it go. `pages`: the PDF that is printed instead."""
    key = print_jobs.new_key(folder, job_id)
    return issue.PreparedJob(
        id=job_id,
        content=print_jobs.encrypt(key, receipt) if pages is None else print_jobs.encrypt_pages(key, pages),
        outlet="receipt" if pages is None else "pages",
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
    subject = _subject(answers)
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
        queued=session.queued or not state.devices.link,
        applicant=applicant,
        subject=subject,
        answers=answers,
        debt=next((debt for debt in session.debts if debt.id in picked), None),
        charge=session.charge,
        document=session.document,
    )


def _subject(answers: dict[str, str]) -> Subject | None:
    """Takes the answers about somebody else out of the form's; None where one asks for oneself."""
    basis, name, number = (answers.pop(each, None) for each in (acting.ACTING, acting.SUBJECT_NAME, acting.SUBJECT_ID))
    if basis is None or name is None or basis == acting.MYSELF:
        return None
    return Subject(name=name, national_id=number, basis=basis)


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
