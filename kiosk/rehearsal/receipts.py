"""The papers of a catalogue, composed as the kiosk composes them, of made-up requests. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.catalog.model import Catalogue, Identification, Language, Service
from kiosk.issuing import compose
from kiosk.rehearsal import samples
from offline_cache.contract.evidence import Evidence
from printer.receipt import Receipt


def of(catalogue: Catalogue, service: Service, language: Language, now: datetime) -> Receipt | None:
    """The paper of one service; None where there is none, or where the centre makes it."""
    if service.kind in {"info", "tracking", "document"} or service.lookup == "charge":
        return None
    rule = service.guide
    if rule is not None and not rule.kind.payable_as_printed:
        return None
    local = now.astimezone(ZoneInfo(catalogue.operator.time_zone))
    applicant = None
    if service.identification is not Identification.NONE:
        # What a card signed is no part of a paper: a stand-in marks that there was one.
        signed: Any = Evidence.__new__(Evidence) if service.identification is Identification.CARD_PIN else None
        applicant = compose.Applicant(samples.HOLDER.name, samples.HOLDER.national_id, signed)
    request = compose.Request(
        catalogue=catalogue, service=service, language=language, kiosk="K017", kiosk_label="Totem 017",
        clock_trusted=True, simulation=True, applicant=applicant, answers=samples.answers(service, local.date()),
        debt=samples.DEBT if service.lookup == "debts" else None,
    )  # fmt: skip
    allocated = compose.Allocated("00000000-0000-7000-8000-000000000000", "7K2M-0004-QXAW", 4711)
    return compose.complete(request, allocated, now=local, pin="482731").receipt
