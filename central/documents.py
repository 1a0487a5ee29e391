"""Composing a document: its number, its code, its seal and its paper. Prepared now, valid when its ticket arrives."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy.orm import Session

from central import sealing
from central.centre import Centre
from central.models import Document, Kiosk, Series
from kiosk.catalog.model import Catalogue, Language, Service
from kiosk.issuing import digits, masks, tracking
from kiosk.issuing.document_seal import SealedClaims
from kiosk.issuing.id_names import id_name
from kiosk.issuing.papers import Sheet, document_paper
from kiosk.issuing.words import negative_certificate
from offline_cache.contract.messages import DocumentAnswer
from offline_cache.contract.profiles import HolderIdentity

log = structlog.get_logger("central.documents")


def compose(centre: Centre, kiosk: str, service: Service, language: Language, holder: HolderIdentity) -> DocumentAnswer:
    """A negative certificate for its holder, as the receipt that the kiosk prints."""
    settings = centre.state.settings
    issued = centre.local_now().replace(microsecond=0)
    valid_until = issued.date() + timedelta(days=settings.document_valid_days)
    masked = masks.mask(holder.national_id)
    catalogue = centre.catalogue()
    with centre.database.transaction() as session:
        machine = session.get_one(Kiosk, kiosk)
        number = _next_number(session, issued)
        code = tracking.document_code(secrets.token_bytes(10))
        claims = SealedClaims(
            number=number,
            code=code,
            service=service.id,
            holder_masked=masked,
            issued=issued,
            # the last second of the last day, where the paper was given
            expires=datetime.combine(valid_until, time(23, 59, 59), issued.tzinfo),
            without_value=machine.simulation,
        )
        seal = sealing.address(settings.documents_url, code, sealing.seal(centre.keys.document, claims))
        words = negative_certificate(language)
        receipt = document_paper(
            _sheet(catalogue, service, machine, language),
            title=words.title,
            number=number,
            issued=issued,
            valid_until=valid_until,
            statement=words.statement.format(operator=_operator(catalogue)),
            holder=holder.name.upper(),
            id_name=id_name(holder.national_id.scheme, language),
            masked_id=masked,
            closing=words.closing,
            code=code,
            seal_url=seal,
        )
        session.add(
            Document(
                code=code,
                number=number,
                kiosk=kiosk,
                service=service.id,
                title=" ".join(words.title),
                holder=centre.keys.blind("holder", holder.national_id.value),
                holder_masked=masked,
                issued=issued,
                valid_until=valid_until.isoformat(),
                state="prepared",
                ticket=None,
                seal=seal,
                receipt=receipt.model_dump(mode="json"),
            ),
        )
    log.info("composed", kiosk=kiosk, service=service.id, number=number)
    return DocumentAnswer(
        outcome="issued", number=number, code=code, valid_until=valid_until.isoformat(), receipt=receipt
    )


def _sheet(catalogue: Catalogue, service: Service, machine: Kiosk, language: Language) -> Sheet:
    return Sheet(
        operator=catalogue.operator,
        department=service.department.in_language(language),
        kiosk=f"Totem {machine.id}",
        language=language,
        simulation=machine.simulation,
    )


def _operator(catalogue: Catalogue) -> str:
    return f"{catalogue.operator.name_line1} {catalogue.operator.name_line2}"


def _next_number(session: Session, issued: datetime) -> str:
    """2026/018.442-7: year, running number, check digit (mod 10); never given twice."""
    name = f"documents-{issued.year}"
    series = session.get(Series, name, with_for_update=True)
    if series is None:
        series = Series(name=name, next=1)
        session.add(series)
    running = series.next
    series.next += 1
    digit = digits.mod10(f"{issued.year}{running:06d}")
    return f"{issued.year}/{running // 1000:03d}.{running % 1000:03d}-{digit}"
