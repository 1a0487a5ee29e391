"""Personal look-ups: what a citizen owes, and a document composed for them. Both need the card's fresh proof."""

from __future__ import annotations

import structlog

from central import debts, documents
from central.centre import Centre
from central.debts import DebtsError, overdue
from central.proofs import holder_for_lookup
from central.refusals import RefusedError
from kiosk.catalog.model import Language, Service
from kiosk.issuing.masks import mask_cpf
from offline_cache.contract.messages import Debt, DocumentAnswer, GuidesAnswer, Lookup

HAS_DEBTS = "has-debts"
log = structlog.get_logger("central.lookups")


def guides(centre: Centre, kiosk: str, lookup: Lookup) -> GuidesAnswer:
    """The open debts of whoever the card proves, and of nobody else."""
    _service(centre, lookup, "debts")
    holder = holder_for_lookup(centre, kiosk, lookup)
    return GuidesAnswer(
        debts=_owed(centre, holder.national_id.value),
        holder=holder.name,
        holder_masked_id=mask_cpf(holder.national_id.value),
    )


def document(centre: Centre, kiosk: str, lookup: Lookup) -> DocumentAnswer:
    """A negative certificate, unless something is overdue."""
    service = _service(centre, lookup, "certificate")
    try:
        language = Language(lookup.language)
    except ValueError as error:
        raise RefusedError(422, "invalid", "wrong: language") from error
    holder = holder_for_lookup(centre, kiosk, lookup)
    if owes(centre, holder.national_id.value):
        return DocumentAnswer(outcome="refused", reason=HAS_DEBTS)
    return documents.answer(centre, kiosk, service, language, documents.Holder(holder.name, holder.national_id.value))


def owes(centre: Centre, cpf: str) -> bool:
    """Whether something of theirs is overdue; RefusedError while the tax system is away."""
    return overdue(_owed(centre, cpf), centre.local_now().date())


def _owed(centre: Centre, cpf: str) -> tuple[Debt, ...]:
    """A tax system that is away spoils this look-up and nothing else the kiosk wants of the centre."""
    try:
        return debts.source(centre.state).open_debts(cpf)
    except (DebtsError, OSError) as error:
        log.error("debts", why=str(error))
        raise RefusedError(502, "debts-away", "the tax system cannot be asked now") from error


def _service(centre: Centre, lookup: Lookup, kind: str) -> Service:
    try:
        service = centre.catalogue().service(lookup.service)
    except KeyError as error:
        raise RefusedError(404, "unknown-service", "the catalogue has no such service") from error
    if service.lookup != kind:
        raise RefusedError(422, "wrong-service", "this service does not look this up")
    return service
