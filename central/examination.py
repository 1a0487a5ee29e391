"""Opening one item of a kiosk's outbox and judging what can be judged without the database."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from pydantic import ValidationError

from central import keys, revocation
from central.centre import Centre
from kiosk.catalog import answers
from kiosk.catalog.id_numbers import scheme_of
from kiosk.catalog.model import Identification, Service
from kiosk.issuing.seal import SealError, open_sealed
from kiosk.issuing.tracking import is_valid
from offline_cache.contract.certificates import parse
from offline_cache.contract.checks import CheckName, EvidenceRefused, Lack, assurance, lack
from offline_cache.contract.evidence import Evidence, Purpose
from offline_cache.contract.messages import Event, EventKind
from offline_cache.contract.national_ids import Scheme
from offline_cache.contract.payloads import PaperPayload, RatingPayload, TicketPayload
from offline_cache.contract.verification import Verified

log = structlog.get_logger("central.examination")
CLOCK_TOLERANCE = timedelta(minutes=10)


class QuarantinedError(Exception):
    """The centre keeps the item and an administrator looks at it; the reason is a code without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Proof:
    """What the centre itself found of a card: the level, what is known of its revocation, the certificate's serial."""

    assurance: int
    revocation: str
    certificate: str


@dataclass(frozen=True)
class Opened:
    """An item that holds what it says. `identity` tells how the applicant is known, `proof` how well by a card."""

    payload: TicketPayload | RatingPayload | PaperPayload
    identity: str = "none"
    proof: Proof | None = None


@dataclass(frozen=True)
class Spoiled:
    """An item that cannot be processed as it is, and why."""

    reason: str


def sealed_bytes(item: Event) -> bytes:
    """The bytes as they came; as text if they are not base64, where they fit no fingerprint of sealed bytes."""
    try:
        return base64.b64decode(item.sealed, validate=True)
    except ValueError:
        return item.sealed.encode()


def examine(centre: Centre, kiosk: str, item: Event) -> Opened | Spoiled:
    """Never raises, whatever the item holds: a batch must not stop at one of its items."""
    try:
        return _open(centre, kiosk, item)
    except QuarantinedError as error:
        return Spoiled(error.reason)
    except Exception as error:  # noqa: BLE001  custody first; an administrator replays what this code could not read
        # its words may hold what the item held
        log.error("examination-failed", kiosk=kiosk, id=item.id, error=type(error).__name__)
        return Spoiled("failed")


def _open(centre: Centre, kiosk: str, item: Event) -> Opened:
    sealed = sealed_bytes(item)
    if hashlib.sha256(sealed).hexdigest() != item.fingerprint:
        raise QuarantinedError("fingerprint")
    private = centre.keys.sealing.get(item.key_id) or keys.sealing_key(centre.state.keys, item.key_id)
    if private is None:
        raise QuarantinedError("unknown-key")
    try:
        plain = open_sealed(sealed, private, item.associated_data(kiosk))
    except SealError as error:
        raise QuarantinedError("cannot-open") from error
    try:
        match item.kind:
            case EventKind.TICKET:
                return _judge_ticket(centre, kiosk, item, TicketPayload.model_validate_json(plain))
            case EventKind.RATING:
                return Opened(RatingPayload.model_validate_json(plain))
            case EventKind.PAPER:
                return Opened(PaperPayload.model_validate_json(plain))
    except ValidationError as error:
        raise QuarantinedError("invalid") from error


def _judge_ticket(centre: Centre, kiosk: str, item: Event, ticket: TicketPayload) -> Opened:
    said = (ticket.id, ticket.code, ticket.kiosk, ticket.catalogue_version)
    if said != (item.id, item.code, kiosk, item.catalogue_version):
        raise QuarantinedError("mismatch")
    if not is_valid(ticket.code):
        raise QuarantinedError("code")
    try:
        catalogue = centre.catalogue(ticket.catalogue_version)
        service = catalogue.service(ticket.service)
    except KeyError as error:
        raise QuarantinedError("unknown-service") from error
    _check_subject(ticket, service)
    _check_answers(ticket, service, ZoneInfo(catalogue.operator.time_zone))
    return Opened(ticket, *_identity(centre, ticket, service))


def _check_subject(ticket: TicketPayload, service: Service) -> None:
    """Somebody else on a basis that the service knows, named as that basis asks; or nobody."""
    subject = ticket.subject
    if subject is None:
        return
    schemes = {basis.id: basis.number for basis in service.acts_for}.get(subject.basis)
    named = subject.national_id is not None
    if schemes is None or named != bool(schemes):
        raise QuarantinedError("subject")
    if subject.national_id is not None and scheme_of(schemes, subject.national_id) is None:
        raise QuarantinedError("subject")


def _check_answers(ticket: TicketPayload, service: Service, zone: ZoneInfo) -> None:
    """By the form that the citizen saw, on the day on which they answered it."""
    try:
        day = datetime.fromisoformat(ticket.created).astimezone(zone).date() if ticket.clock_trusted else None
    except ValueError as error:
        raise QuarantinedError("created") from error
    if found := answers.faults(service.form, ticket.answers, day):
        # names of fields and reasons, never what was answered
        log.warning("answers", service=service.id, faults={name[:48]: why.value for name, why in found.items()})
        raise QuarantinedError("answers")


def _identity(centre: Centre, ticket: TicketPayload, service: Service) -> tuple[str, Proof | None]:
    """How the applicant is known: anonymous, none, claimed, or proven by the card's own signature."""
    if service.anonymous:
        if not ticket.anonymous or ticket.name or ticket.national_id or ticket.evidence:
            raise QuarantinedError("anonymous")
        return "anonymous", None
    if ticket.evidence is None:
        # a card that was only read, without its PIN, is a claim as well
        if service.identification is Identification.CARD_PIN:
            raise QuarantinedError("evidence-missing")
        return ("claimed" if ticket.national_id or ticket.name else "none"), None
    statement = ticket.evidence.statement
    if (statement.purpose, statement.kiosk, statement.service) != (Purpose.COMMIT, ticket.kiosk, ticket.service):
        raise QuarantinedError("evidence-of-something-else")
    try:
        catalogue = centre.catalogue(ticket.catalogue_version)
        verified = revocation.judged(centre, ticket.evidence, catalogue, _signed_at(ticket, centre.now()))
    except EvidenceRefused as error:
        raise QuarantinedError(f"evidence-{error.reason}") from error
    number = verified.holder.national_id
    if (number.value, number.scheme) != (ticket.national_id, ticket.scheme or Scheme.CPF) or ticket.claimed:
        raise QuarantinedError("evidence-of-somebody-else")
    # A list or a clock that is missing today is the centre's lack or the kiosk's: the level says so, and it is kept.
    if lack(verified.checks, service.level) not in {None, Lack.REVOCATION, Lack.CLOCK}:
        raise QuarantinedError("evidence-level")
    return "card", _proof(ticket.evidence, verified)


def _proof(evidence: Evidence, verified: Verified) -> Proof:
    known = next((check for check in verified.checks if check.name is CheckName.REVOCATION), None)
    said = f"{known.outcome}: {known.detail}".removesuffix(": ") if known else "not-checked"
    serial = parse(base64.b64decode(evidence.certificates[0])).serial_number
    return Proof(assurance(verified.checks), said[:80], f"{serial:x}"[:64])


def _signed_at(ticket: TicketPayload, now: datetime) -> datetime:
    """When the card signed: the kiosk's time if its clock was trusted and is not ahead, else now."""
    try:
        created = datetime.fromisoformat(ticket.created)
    except ValueError as error:
        raise QuarantinedError("invalid") from error
    if not ticket.clock_trusted or created.tzinfo is None or created > now + CLOCK_TOLERANCE:
        return now
    return created
