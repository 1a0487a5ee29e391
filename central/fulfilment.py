"""Documents that were asked for while a kiosk had no link: issued when the request arrives, fetched with the card.

What the tax system cannot answer now is tried again with the next word of any kiosk.
"""

from __future__ import annotations

import structlog
from sqlalchemy import select

from central import composition, document_keys, documents, lookups, progress
from central.centre import Centre
from central.models import Kiosk, Ticket
from central.refusals import RefusedError
from kiosk.catalog.model import Language
from offline_cache.contract.national_ids import NationalId, Scheme

READY, REFUSED = "ready", "refused"
log = structlog.get_logger("central.fulfilment")


def run(centre: Centre) -> None:
    """Issues what waits. Never raises: whoever called has other news to bring."""
    try:
        for ticket in _waiting(centre):
            _fulfil(centre, ticket)
    except Exception as error:  # noqa: BLE001  it is tried again; the kiosk's own answer does not depend on it
        log.error("failed", error=type(error).__name__)


def _waiting(centre: Centre) -> list[str]:
    try:
        services = [service.id for service in centre.catalogue().services if service.kind == "document"]
    except KeyError:
        return []
    asked = select(Ticket.id).where(
        Ticket.state == "received",
        Ticket.document_code.is_(None),
        Ticket.identity == "card",
        Ticket.service.in_(services),
    )
    with centre.database.transaction() as session:
        return list(session.scalars(asked.order_by(Ticket.received)))


def _fulfil(centre: Centre, ticket_id: str) -> None:
    with centre.database.transaction() as session:
        ticket = session.get_one(Ticket, ticket_id)
    holder = documents.Holder(ticket.name or "", ticket.national_id or "")
    try:
        refused = lookups.owes(centre, NationalId(Scheme.CPF, holder.cpf))
    except RefusedError as error:
        log.warning("not-now", code=error.code)
        return
    key = document_keys.current(centre.state.keys)
    with centre.database.transaction() as session:
        ticket = session.get_one(Ticket, ticket_id, with_for_update=True)
        if ticket.state != "received":
            return
        if refused:
            progress.advance(centre, session, ticket, REFUSED)
        else:
            service = centre.catalogue().service(ticket.service)
            machine = session.get_one(Kiosk, ticket.kiosk)
            document = documents.issue(centre, session, key, machine, service, holder)
            document.state, document.ticket = "valid", ticket.id
            document.title = " ".join(composition.title(service, Language(ticket.language)))
            ticket.document_code = document.code
            progress.advance(centre, session, ticket, READY)
    log.info("fulfilled", id=ticket_id, state=ticket.state)
