"""Look-ups: what a citizen owes, a document composed for them, a charge of a fixed amount.

The first two need the card's fresh proof; a charge belongs to nobody until a ticket brings it.
"""

from __future__ import annotations

from datetime import date, timedelta

import structlog

from central import debts, documents, registrar
from central.centre import Centre
from central.debts import DebtsError, OpenDebt, overdue
from central.proofs import holder_for_lookup
from central.refusals import RefusedError
from central.registrar import Claim, Debtor, RegistrarError
from kiosk.catalog.model import Language, Service
from kiosk.issuing.masks import mask
from offline_cache.contract.charges import Charge, ChargeAnswer, ChargeRequest
from offline_cache.contract.messages import Debt, DocumentAnswer, GuidesAnswer, Lookup
from offline_cache.contract.national_ids import NationalId

HAS_DEBTS = "has-debts"
log = structlog.get_logger("central.lookups")


def guides(centre: Centre, kiosk: str, lookup: Lookup) -> GuidesAnswer:
    """The open debts of whoever the card proves, and of nobody else."""
    service = _service(centre, lookup.service, "debts")
    holder = holder_for_lookup(centre, kiosk, lookup, service)
    owed = [each.debt for each in _owed(centre, holder.national_id) if each.service == service.id]
    debtor = Debtor(holder.name, holder.national_id)
    return GuidesAnswer(
        debts=tuple(_payable(centre, service, debt, debtor) for debt in owed),
        holder=holder.name,
        holder_masked_id=mask(holder.national_id),
    )


def charge(centre: Centre, request: ChargeRequest) -> ChargeAnswer:
    """A guide of the service's fixed amount, payable from now on; the same request gets the same one."""
    service = _service(centre, request.service, "charge")
    rule = service.guide
    assert rule is not None, "the catalogue's rules"
    assert rule.amount_cents is not None, "the catalogue's rules"
    due = centre.local_now().date() + timedelta(days=rule.due_days) if rule.due_days is not None else None
    claim = Claim(
        key=f"{service.id}/{request.request_id}", title=service.title.in_language(centre.catalogue().languages[0]),
        amount_cents=rule.amount_cents, due=due,
    )  # fmt: skip
    return ChargeAnswer(charge=_register(centre, service, claim))


def _payable(centre: Centre, service: Service, debt: Debt, debtor: Debtor) -> Debt:
    """A debt whose guide a registrar makes payable, with what it gave. An amount or a day that has changed is another
    charge.
    """
    if service.guide is None or not service.guide.kind.registered:
        return debt
    key = f"{service.id}/{debt.id}/{debt.amount_cents}/{debt.due}"
    due = date.fromisoformat(debt.due)
    claim = Claim(key=key, title=debt.title, amount_cents=debt.amount_cents, due=due, debtor=debtor)
    return debt.model_copy(update={"charge": _register(centre, service, claim)})


def _register(centre: Centre, service: Service, claim: Claim) -> Charge:
    """A registrar that is away spoils this look-up and nothing else."""
    rule = service.guide
    assert rule is not None, "the catalogue's rules"
    try:
        return registrar.named(centre.state, rule.registrar, rule.kind).register(claim)
    except (RegistrarError, OSError) as error:
        log.error("registrar", why=str(error))
        raise RefusedError(502, "registrar-away", "the registrar cannot be asked now") from error


def document(centre: Centre, kiosk: str, lookup: Lookup) -> DocumentAnswer:
    """A negative certificate, unless something is overdue."""
    service = _service(centre, lookup.service, "certificate")
    try:
        language = Language(lookup.language)
    except ValueError as error:
        raise RefusedError(422, "invalid", "wrong: language") from error
    holder = holder_for_lookup(centre, kiosk, lookup, service)
    if owes(centre, holder.national_id):
        return DocumentAnswer(outcome="refused", reason=HAS_DEBTS)
    return documents.answer(centre, kiosk, service, language, documents.Holder(holder.name, holder.national_id.value))


def owes(centre: Centre, whose: NationalId) -> bool:
    """Whether something of theirs is overdue; RefusedError while the tax system is away."""
    return overdue(_owed(centre, whose), centre.local_now().date())


def _owed(centre: Centre, whose: NationalId) -> tuple[OpenDebt, ...]:
    """A tax system that is away spoils this look-up and nothing else the kiosk wants of the centre."""
    try:
        return debts.source(centre.state).open_debts(whose)
    except (DebtsError, OSError) as error:
        log.error("debts", why=str(error))
        raise RefusedError(502, "debts-away", "the tax system cannot be asked now") from error


def _service(centre: Centre, name: str, kind: str) -> Service:
    try:
        service = centre.catalogue().service(name)
    except KeyError as error:
        raise RefusedError(404, "unknown-service", "the catalogue has no such service") from error
    if service.lookup != kind:
        raise RefusedError(422, "wrong-service", "this service does not look this up")
    return service
