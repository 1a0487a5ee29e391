"""The centre's tables. The schema that runs is made by the migrations; a test holds both together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """Always UTC, always aware, on databases that forget the zone too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# 64 bits on PostgreSQL; SQLite's INTEGER has them anyway, and only it may be an automatic key there.
WIDE = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    type_annotation_map = {int: WIDE, datetime: UtcTime, dict[str, Any]: JSON}  # noqa: RUF012  SQLAlchemy's own form


class EnrolmentSecret(Base):
    """Handed to a technician, good for one kiosk: a new one, or `readmits`. Only its hash is kept. `approval` is
    `wanted` or `given` where an administrator has to approve the kiosk that `asked` with that key; else None.
    """

    __tablename__ = "enrolment_secrets"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires: Mapped[datetime]
    kiosk: Mapped[str | None] = mapped_column(ForeignKey("kiosks.id"))
    readmits: Mapped[str | None] = mapped_column(String(16))
    approval: Mapped[str | None] = mapped_column(String(8))
    public_key: Mapped[str | None] = mapped_column(String(64))
    label: Mapped[str | None] = mapped_column(String(120))
    asked: Mapped[datetime | None]


class Kiosk(Base):
    """`counter`: the last one seen in a signed request. `safe_seq`: everything up to it lies in the backup.

    `generation`, `audit_seq` and `audit_head`: the newest record of its audit log that was witnessed. `left_generation`
    and `left_seq`: where its log stood when a disk came back from an image; whoever goes on from there is a second
    machine. `alarm`: what an administrator must look at. `wishes`: directives that were not fulfilled yet, by spaces.
    """

    __tablename__ = "kiosks"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    label: Mapped[str] = mapped_column(String(120))
    public_key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(16), default="active")
    simulation: Mapped[bool]
    counter: Mapped[int] = mapped_column(default=0)
    safe_seq: Mapped[int] = mapped_column(default=0)
    enrolled: Mapped[datetime]
    group: Mapped[str | None] = mapped_column("kiosk_group", String(48))
    next_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    generation: Mapped[int] = mapped_column(default=0)
    audit_seq: Mapped[int | None]
    audit_head: Mapped[str | None] = mapped_column(String(64))
    left_generation: Mapped[int | None]
    left_seq: Mapped[int | None]
    alarm: Mapped[str | None] = mapped_column(String(16))
    wishes: Mapped[str] = mapped_column(String(64), default="")


class Mark(Base):
    """Single values: `epoch`, which every backup has another of; `restores`, how often this centre was put back."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[str] = mapped_column(String(64))


class Allocation(Base):
    """A tracking-code prefix, given once for ever: the row is never deleted. `retired`: no codes are made of it now."""

    __tablename__ = "allocations"

    prefix: Mapped[str] = mapped_column(String(4), primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosks.id"))
    spare: Mapped[bool]
    retired: Mapped[bool] = mapped_column(default=False)


class StoredEvent(Base):
    """One item of a kiosk's outbox, kept for ever under the id that the kiosk gave it."""

    __tablename__ = "events"
    __table_args__ = (Index("events_by_kiosk", "kiosk", "seq"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosks.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    code: Mapped[str | None] = mapped_column(String(16))
    catalogue_version: Mapped[int]
    key_id: Mapped[str] = mapped_column(String(48))
    fingerprint: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    received: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(48))


class Conflict(Base):
    """An event that came under an id already taken by other bytes: kept beside it, never over it."""

    __tablename__ = "conflicts"
    __table_args__ = (UniqueConstraint("event_id", "kiosk", "fingerprint"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    event_id: Mapped[str] = mapped_column(String(36))
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosks.id"))
    seq: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    item: Mapped[dict[str, Any]]
    received: Mapped[datetime]


class Ticket(Base):
    """An opened ticket. The PIN is blinded; `proof` names the card's signed statement, used once. `subject`: for whom
    it is asked, where that is somebody else, and on what basis. An anonymous one has its times to the hour.

    Of a card: the level that the centre found, what it knows of its revocation, and its certificate's serial number.
    """

    __tablename__ = "tickets"

    id: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    pin: Mapped[str] = mapped_column(String(64))
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosks.id"))
    service: Mapped[str] = mapped_column(String(48))
    language: Mapped[str] = mapped_column(String(8))
    catalogue_version: Mapped[int]
    created: Mapped[str] = mapped_column(String(40))
    clock_trusted: Mapped[bool]
    received: Mapped[datetime]
    anonymous: Mapped[bool]
    identity: Mapped[str] = mapped_column(String(16))
    name: Mapped[str | None] = mapped_column(String(200))
    national_id: Mapped[str | None] = mapped_column(String(32))
    scheme: Mapped[str | None] = mapped_column(String(24))
    assurance: Mapped[int | None]
    revocation: Mapped[str | None] = mapped_column(String(80))
    certificate: Mapped[str | None] = mapped_column(String(64))
    proof: Mapped[str | None] = mapped_column(String(64), unique=True)
    answers: Mapped[dict[str, Any]]
    guide: Mapped[dict[str, Any] | None]
    document_code: Mapped[str | None] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(16), default="received")
    subject: Mapped[dict[str, Any] | None]


class TicketStep(Base):
    """A state that a ticket came to after its arrival, and when."""

    __tablename__ = "ticket_steps"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket: Mapped[str] = mapped_column(ForeignKey("tickets.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class Rating(Base):
    __tablename__ = "ratings"

    event: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    service: Mapped[str] = mapped_column(String(48))
    stars: Mapped[int]


class Paper(Base):
    """How the print job of a ticket ended. It may arrive before its ticket."""

    __tablename__ = "papers"

    event: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(String(36), index=True)
    outcome: Mapped[str] = mapped_column(String(16))


class Series(Base):
    """A series of guide numbers and the first one nobody has yet. `ceiling`: what `next` was at the last backup."""

    __tablename__ = "series"

    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    next: Mapped[int]
    ceiling: Mapped[int]


class NumberBlockRow(Base):
    """Numbers first..last of a series, one kiosk's alone for ever."""

    __tablename__ = "number_blocks"
    __table_args__ = (UniqueConstraint("kiosk", "request_id"),)

    block: Mapped[str] = mapped_column(String(36), primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosks.id"))
    request_id: Mapped[str] = mapped_column(String(64))
    series: Mapped[str] = mapped_column(String(48))
    first: Mapped[int]
    last: Mapped[int]


class NonceRow(Base):
    """A challenge for a card, bound to who asked and what for."""

    __tablename__ = "nonces"

    nonce: Mapped[str] = mapped_column(String(48), primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosks.id"))
    session: Mapped[str] = mapped_column(String(64))
    service: Mapped[str] = mapped_column(String(64))
    expires: Mapped[datetime]
    used: Mapped[bool] = mapped_column(default=False)


class Document(Base):
    """Composed on request; valid only once the ticket that names it has arrived."""

    __tablename__ = "documents"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosks.id"))
    service: Mapped[str] = mapped_column(String(48))
    title: Mapped[str] = mapped_column(String(200))
    holder: Mapped[str] = mapped_column(String(64))
    holder_masked: Mapped[str] = mapped_column(String(24))
    issued: Mapped[datetime]
    valid_until: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(16), default="prepared")
    ticket: Mapped[str | None] = mapped_column(String(36))
    seal: Mapped[str] = mapped_column(Text)
    receipt: Mapped[dict[str, Any]]
    without_value: Mapped[bool] = mapped_column(default=False)
    key_id: Mapped[str] = mapped_column(String(48), default="")
    revoked_because: Mapped[str | None] = mapped_column(String(200))


class DocumentCopy(Base):
    """One paper or file of a document, composed for whoever asked; `ticket` once it was handed over.

    `pages` is the signed PDF, the same bytes for every download.
    """

    __tablename__ = "document_copies"

    code: Mapped[str] = mapped_column(ForeignKey("documents.code"), primary_key=True)
    copy: Mapped[int] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosks.id"))
    composed: Mapped[datetime]
    ticket: Mapped[str | None] = mapped_column(String(36))
    pages: Mapped[bytes | None] = mapped_column(LargeBinary)


class HandOff(Base):
    """A document on its way to a phone. `token` is hashed, `pin` blinded: neither can be read back."""

    __tablename__ = "hand_offs"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(24))
    copy: Mapped[int]
    pin: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
    downloads: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)


class DocumentRecord(Base):
    """What was done with a document, by whom, in order; rows are only ever added."""

    __tablename__ = "document_records"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(ForeignKey("documents.code"), index=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(24))
    copy: Mapped[int]
    by: Mapped[str] = mapped_column(String(64))


class HeartbeatRow(Base):
    """The last heartbeat of each kiosk."""

    __tablename__ = "heartbeats"

    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosks.id"), primary_key=True)
    received: Mapped[datetime]
    body: Mapped[dict[str, Any]]


class StatusTries(Base):
    """Failed tries to see a ticket's status. `subject`: a tracking code, for ever; or the hash of a source, `until`."""

    __tablename__ = "status_tries"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int]
    until: Mapped[datetime | None] = mapped_column(index=True)


class LookupCount(Base):
    """How many look-ups of a kind a kiosk made in one hour (hours since 1970, UTC)."""

    __tablename__ = "lookup_counts"

    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosks.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    times: Mapped[int]


class Alert(Base):
    """What somebody has to look at: one row for a kiosk, a kind and a day."""

    __tablename__ = "alerts"

    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosks.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    times: Mapped[int]
    last: Mapped[datetime]


class Payment(Base):
    """One payment as the bank or the Pix provider reports it. `reference`: 44 digits of a barcode, or a Pix txid."""

    __tablename__ = "payments"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(8))
    reference: Mapped[str] = mapped_column(String(44))
    amount_cents: Mapped[int]
    paid: Mapped[str] = mapped_column(String(10))
    imported: Mapped[datetime]
