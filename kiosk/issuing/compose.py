"""What a citizen's request becomes at the commit: the payload for the centre and the paper. Pure.

Called inside the store's transaction, with what the store gave out; it draws nothing and reads no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import assert_never

from kiosk.catalog import acting
from kiosk.catalog.model import Catalogue, Identification, Language, OfflineRule, Service
from kiosk.issuing import dates, guides, masks, papers, ways_words
from kiosk.issuing.guides import Guide
from kiosk.issuing.id_names import id_name
from kiosk.issuing.queued_words import queued_document
from kiosk.issuing.words import PaperWords, words
from offline_cache.contract.charges import Charge
from offline_cache.contract.evidence import Evidence
from offline_cache.contract.messages import Debt, DocumentAnswer
from offline_cache.contract.national_ids import NationalId, Scheme
from offline_cache.contract.payloads import Subject, TicketPayload
from printer.receipt import Receipt


@dataclass(frozen=True)
class Applicant:
    """Who asks. Without `evidence` (the card's signature) it is a claim; proven is card and PIN alone."""

    name: str
    national_id: str
    evidence: Evidence | None = None
    scheme: Scheme = Scheme.CPF


@dataclass(frozen=True)
class Request:
    """Everything the session gathered. `applicant` is None where nobody was asked; `queued`: the centre is away, and a
    document is asked for, not given. `hand_off`: of the page from which a phone takes the document.
    """

    catalogue: Catalogue
    service: Service
    language: Language
    kiosk: str
    kiosk_label: str
    clock_trusted: bool
    simulation: bool
    queued: bool = False
    applicant: Applicant | None = None
    subject: Subject | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    debt: Debt | None = None
    charge: Charge | None = None
    document: DocumentAnswer | None = None
    hand_off: str | None = None


@dataclass(frozen=True)
class Allocated:
    """What the store took for this request: id, tracking code, and a number where the service takes one."""

    ticket_id: str
    code: str
    number: int | None


@dataclass(frozen=True)
class Completed:
    """`title`, `amount_cents` and `due` (ISO date) are for the screen."""

    payload: TicketPayload
    receipt: Receipt
    title: str
    amount_cents: int | None = None
    due: str | None = None


def takes_number(service: Service) -> str | None:
    """The series from which the service takes a number of this kiosk's block; None if it takes none, as where a
    registrar numbers.
    """
    rule = service.guide
    return rule.series if rule is not None and rule.amount_cents is not None else None


def complete(request: Request, allocated: Allocated, *, now: datetime, pin: str) -> Completed:
    """Payload and paper of a request. `now` carries the kiosk's time zone; `pin` has six digits.

    ValueError when the request lacks what its service needs (a debt, a number, a document, an identity), which the
    session never lets happen.
    """
    _check(request)
    follow = papers.Follow(code=allocated.code, pin=pin)
    match request.service.kind:
        case "guide":
            return _guide(request, allocated, now, follow)
        case "document":
            return _document(request, allocated, now, follow)
        case "ticket":
            return _ticket(request, allocated, now, follow)
        case "info" | "tracking":
            raise ValueError(f"service {request.service.id} registers nothing")
        case _ as never:
            assert_never(never)


def _check(request: Request) -> None:
    """Nobody is taken for somebody else: the identity is exactly as strong as the service asks."""
    asked, applicant = request.service.identification, request.applicant
    if (applicant is None) != (asked is Identification.NONE):
        raise ValueError(f"service {request.service.id} asks for identification {asked}")
    signed = applicant is not None and applicant.evidence is not None
    if asked is Identification.CARD_PIN and not signed:
        raise ValueError(f"service {request.service.id} needs the signature of the citizen's card")
    if asked is Identification.CLAIMED and signed:
        raise ValueError(f"service {request.service.id} takes typed identities; a signature does not belong there")


def _guide(request: Request, allocated: Allocated, now: datetime, follow: papers.Follow) -> Completed:
    guide = _make_guide(request, allocated, now)
    language = request.language
    say = words(language)
    rows = _applicant_rows(request, say.taxpayer)
    if request.debt is not None:
        title = request.debt.title
        about = ways_words.words(language).what_for
        if request.debt.property_id is not None:
            rows.append((say.property_id, request.debt.property_id))
            about = say.property
        if request.debt.detail:
            rows.append((about, request.debt.detail))
    else:
        title = request.service.title.in_language(language)
        rows += _answer_rows(request)
    receipt = papers.guide_paper(
        _sheet(request),
        title=title,
        guide=guide,
        rows=rows,
        identity=_identity_row(request, say),
        issued=now if request.clock_trusted else None,
        follow=follow,
    )
    return Completed(
        payload=_payload(request, allocated, now, follow, guide=guide),
        receipt=receipt,
        title=title,
        amount_cents=guide.amount_cents,
        due=guide.due.isoformat() if guide.due else None,
    )


def _make_guide(request: Request, allocated: Allocated, now: datetime) -> Guide:
    rule, operator = request.service.guide, request.catalogue.operator
    if rule is None:
        raise ValueError(f"service {request.service.id} has no rule for guides")
    if request.debt is not None:
        return guides.of_debt(rule, operator, request.debt)
    if rule.kind.registered and request.charge is not None and rule.amount_cents is not None:
        return guides.of_charge(rule, request.charge, rule.amount_cents)
    if allocated.number is None:
        raise ValueError(f"service {request.service.id} needs a debt, a charge or a number")
    return guides.of_number(rule, operator, allocated.number, now.date() if request.clock_trusted else None)


def _document(request: Request, allocated: Allocated, now: datetime, follow: papers.Follow) -> Completed:
    document = request.document
    if document is None and request.queued and request.service.offline is OfflineRule.QUEUE:
        return _protocol(request, allocated, now, follow)
    if document is None or document.receipt is None or document.code is None:
        raise ValueError(f"service {request.service.id} needs the document that the centre composed")
    return Completed(
        payload=_payload(request, allocated, now, follow, document_code=document.code, hand_off=request.hand_off),
        receipt=papers.with_tracking(document.receipt, follow.code, follow.pin, words(request.language)),
        title=request.service.title.in_language(request.language),
    )


def _ticket(request: Request, allocated: Allocated, now: datetime, follow: papers.Follow) -> Completed:
    service, language = request.service, request.language
    say = words(language)
    days = service.response_days
    answer_by = now.date() + timedelta(days=days) if days is not None and request.clock_trusted else None
    deadline = _deadline(say, language, answer_by, days)
    receipt = papers.ticket_paper(
        _sheet(request),
        title=service.receipt_title.in_language(language) if service.receipt_title else say.ticket_title,
        rows=[*_applicant_rows(request, say.applicant), *_subject_rows(request), *_answer_rows(request)],
        identity=_identity_row(request, say),
        registered=now if request.clock_trusted else None,
        answer_by=answer_by,
        answer_days=days,
        anonymous=service.anonymous,
        queued=request.queued,
        steps=[step.in_language(language).replace("{deadline}", deadline) for step in service.next_steps],
        follow=follow,
    )
    return Completed(
        payload=_payload(request, allocated, now, follow), receipt=receipt, title=service.title.in_language(language)
    )


def _protocol(request: Request, allocated: Allocated, now: datetime, follow: papers.Follow) -> Completed:
    """A document asked for while the centre was away: the paper says when and how it will be had."""
    service, language = request.service, request.language
    say, later = words(language), queued_document(language)
    title = service.title.in_language(language)
    operator = request.catalogue.operator
    receipt = papers.ticket_paper(
        _sheet(request),
        title=say.ticket_title,
        rows=[(later.document, title), *_applicant_rows(request, say.applicant)],
        identity=_identity_row(request, say),
        registered=now if request.clock_trusted else None,
        answer_by=None,
        answer_days=None,
        anonymous=False,
        queued=True,
        steps=[step.format(title=title, website=operator.website, phone=operator.phone) for step in later.steps],
        follow=follow,
    )
    return Completed(payload=_payload(request, allocated, now, follow), receipt=receipt, title=title)


def _payload(
    request: Request, allocated: Allocated, now: datetime, follow: papers.Follow, *, guide: Guide | None = None,
    document_code: str | None = None, hand_off: str | None = None,
) -> TicketPayload:  # fmt: skip
    applicant = request.applicant
    return TicketPayload(
        id=allocated.ticket_id,
        code=allocated.code,
        pin=follow.pin,
        kiosk=request.kiosk,
        service=request.service.id,
        language=request.language,
        catalogue_version=request.catalogue.version,
        created=_made(request, now).isoformat(timespec="seconds"),
        clock_trusted=request.clock_trusted,
        anonymous=request.service.anonymous,
        name=applicant.name if applicant else None,
        national_id=applicant.national_id if applicant else None,
        scheme=applicant.scheme if applicant else None,
        claimed=applicant is not None and applicant.evidence is None,
        evidence=applicant.evidence if applicant else None,
        subject=request.subject,
        answers=dict(request.answers),
        guide=guide.record() if guide else None,
        document_code=document_code,
        hand_off=hand_off,
    )


def _made(request: Request, now: datetime) -> datetime:
    """When, in UTC. Of an anonymous request the hour alone: a minute and a camera would name who stood here."""
    made = now.astimezone(UTC)
    return made.replace(minute=0, second=0, microsecond=0) if request.service.anonymous else made


def _sheet(request: Request) -> papers.Sheet:
    return papers.Sheet(
        operator=request.catalogue.operator,
        department=request.service.department.in_language(request.language),
        kiosk=request.kiosk_label,
        language=request.language,
        simulation=request.simulation,
    )


def _applicant_rows(request: Request, label: str) -> list[papers.Row]:
    applicant = request.applicant
    if applicant is None:
        return []
    named = [(label, masks.paper_name(applicant.name))] if applicant.name else []
    masked = masks.mask(NationalId(applicant.scheme, applicant.national_id))
    return [*named, (id_name(applicant.scheme, request.language), masked)]


def _subject_rows(request: Request) -> list[papers.Row]:
    """For whom, masked, and on what basis: what the applicant said, nobody checked it here."""
    subject, language = request.subject, request.language
    if subject is None:
        return []
    labels = {name: texts.in_language(language) for name, texts in acting.LABELS.items()}
    rows = [(labels["name"], masks.paper_name(subject.name))]
    if subject.national_id is not None:
        rows.append((labels["number"], masks.last_three(subject.national_id)))
    bases = [basis.label.in_language(language) for basis in request.service.acts_for if basis.id == subject.basis]
    return [*rows, *((labels["basis"], basis) for basis in bases)]


def _answer_rows(request: Request) -> list[papers.Row]:
    """Choices that have a short name; what somebody wrote in their own words is on no paper."""
    language = request.language
    return [
        (asked.short.in_language(language), choice.label.in_language(language))
        for asked in request.service.form
        if asked.short is not None
        for choice in asked.choices
        if choice.id == request.answers.get(asked.id)
    ]


def _identity_row(request: Request, say: PaperWords) -> papers.Row | None:
    """How the identity came about: a claim is never printed as a proof."""
    match request.service.identification:
        case Identification.NONE:
            return None
        case Identification.CLAIMED:
            return say.identity_claimed, say.not_checked
        case Identification.CARD:
            return say.identity_card, say.without_pin
        case Identification.CARD_PIN:
            return say.identity_proven, say.by_card_and_pin
        case _ as never:
            assert_never(never)


def _deadline(say: PaperWords, language: Language, answer_by: date | None, days: int | None) -> str:
    if answer_by is not None:
        return say.deadline_by.format(date=dates.day(answer_by, language))
    return say.deadline_in.format(days=days)
