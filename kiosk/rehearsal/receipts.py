"""The papers of a catalogue, composed as the kiosk and the centre compose them, of made-up requests. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.catalog.guide_kinds import GuideKind
from kiosk.catalog.model import Catalogue, GuideRule, Identification, Language, Operator, Service
from kiosk.issuing import boleto, compose, cuaderno57, pagopa, papers, pix, sepa
from kiosk.issuing.id_names import id_name
from kiosk.issuing.words import negative_certificate
from kiosk.rehearsal import samples
from offline_cache.contract.charges import Charge
from offline_cache.contract.evidence import Evidence
from offline_cache.contract.messages import DocumentAnswer
from printer.receipt import Receipt

CODE = "7K4M-Q2PX-9RTD-5WHF"
# As long as a real seal, so that its QR code is as large.
SEAL = "6BF4A9C1D2E83750" * 15


def of(catalogue: Catalogue, service: Service, language: Language, now: datetime) -> Receipt | None:
    """The paper of one service; None where there is none."""
    if service.kind in {"info", "tracking"}:
        return None
    local = now.astimezone(ZoneInfo(catalogue.operator.time_zone))
    example = samples.of(catalogue.operator.country)
    applicant = None
    if service.identification is not Identification.NONE:
        # What a card signed is no part of a paper: a stand-in marks that there was one.
        signed: Any = Evidence.__new__(Evidence) if service.identification is Identification.CARD_PIN else None
        holder = example.holder
        applicant = compose.Applicant(holder.name, holder.national_id, signed, holder.scheme)
    debt, charge = example.debt if service.lookup == "debts" else None, None
    rule = service.guide
    if rule is not None and rule.kind.registered:
        due = date.fromisoformat(example.debt.due) if debt else _due(rule, local.date())
        amount_cents = debt.amount_cents if debt else rule.amount_cents or 1
        charge = _charge(rule.kind, catalogue.operator, amount_cents, due)
        debt = debt and debt.model_copy(update={"charge": charge})
    request = compose.Request(
        catalogue=catalogue, service=service, language=language, kiosk="K017", kiosk_label="Totem 017",
        clock_trusted=True, simulation=True, applicant=applicant,
        answers=samples.answers(service, local.date(), example), debt=debt, charge=charge,
        document=_document(catalogue, service, language, local) if service.kind == "document" else None,
    )  # fmt: skip
    allocated = compose.Allocated("00000000-0000-7000-8000-000000000000", "7K2M-0004-QXAW", 4711)
    return compose.complete(request, allocated, now=local, pin="482731").receipt


def _due(rule: GuideRule, today: date) -> date | None:
    return today + timedelta(days=rule.due_days) if rule.due_days is not None else None


def _charge(kind: GuideKind, operator: Operator, amount_cents: int, due: date | None) -> Charge:
    """As a registrar of that kind makes it: its codes can be read, and nobody can pay them."""
    number = "471"
    payee = f"{operator.name_line1} {operator.name_line2}".strip()
    match kind:
        case GuideKind.BOLETO:
            code = boleto.make(bank="998", due=due, amount_cents=amount_cents, free_field="7" * 25).barcode
        case GuideKind.PAGOPA:
            notice = pagopa.make(number="301000000000000144", creditor="81005750021", amount_cents=amount_cents)
            number, code = notice.number, notice.qr
        case GuideKind.CUADERNO_57:
            dated = due or date.max
            code = cuaderno57.make(
                issuer="22350466", suffix="501", reference=number, amount_cents=amount_cents, due=dated
            ).barcode
        case GuideKind.SEPA:
            code = sepa.payload(sepa.Transfer(payee, "ES9121000418450200051332", amount_cents, "RF740000000001"))
        case _:
            code = pix.dynamic(
                url="pix.example.com/v2/8b3da2f39a4140d1", name=operator.pix_name or "TOTEM",
                city=operator.pix_city or "TOTEM", amount_cents=amount_cents,
            )  # fmt: skip
    return Charge(
        kind=kind, number=number, code=code, reference=number, amount_cents=amount_cents,
        due=due.isoformat() if due else None, payee=payee,
    )  # fmt: skip


def _document(catalogue: Catalogue, service: Service, language: Language, now: datetime) -> DocumentAnswer:
    """As the centre composes it, under a seal that seals nothing."""
    operator, holder = catalogue.operator, samples.of(catalogue.operator.country).holder
    say = negative_certificate(language)
    sheet = papers.Sheet(
        operator=operator, department=service.department.in_language(language), kiosk="Totem 017", language=language,
        simulation=True,
    )  # fmt: skip
    receipt = papers.document_paper(
        sheet, title=say.title, number="2026/000.018-4", issued=now, valid_until=now.date() + timedelta(days=90),
        statement=say.statement.format(operator=f"{operator.name_line1} {operator.name_line2}".strip()),
        holder=holder.name, id_name=id_name(holder.scheme, language), masked_id=holder.masked_id, closing=say.closing,
        code=CODE, seal_url=f"https://{operator.website}/v/{CODE}#{SEAL}",
    )  # fmt: skip
    return DocumentAnswer(outcome="issued", number="2026/000.018-4", code=CODE, receipt=receipt)
