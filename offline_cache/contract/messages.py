"""The messages between kiosk and centre, version 1. JSON over TLS; device requests signed (RFC 9421), answers too.

Every path below is under /v1. Success is only an answer that carries a valid receipt of the centre: a captive portal
that says 200 is a failure.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kiosk.catalog.model import Texts
from offline_cache.contract.application import Application, Release
from offline_cache.contract.charges import Charge
from offline_cache.contract.evidence import Evidence
from offline_cache.contract.machine import Machine
from printer.receipt import Receipt

# Covered by the device's signature: rises by at least one with each request of a key, whatever the clock says.
COUNTER_HEADER = "Totem-Counter"
# Base64 of 16 random bytes of the kiosk; the answer is signed over it.
NONCE_HEADER = "Totem-Nonce"
# Base64 of the centre's Ed25519 signature over ANSWER_TAG || nonce || status (3 ASCII digits) || SHA-256(body);
# several, by commas, while the centre changes its key: one by each that a kiosk may rely on.
ANSWER_HEADER = "Totem-Answer"
ANSWER_TAG = b"totem-answer-v1"
# GET /revocation-lists/NAME?offset=N, and /catalogue/targets/NAME?offset=N, give so many bytes at most, and say how
# long the whole is.
LIST_SIZE_HEADER = "Totem-Size"
LIST_PIECE_BYTES = 256 * 1024
# What a device signs of each request (RFC 9421 component names); the label is "totem", the algorithm ed25519,
# the key id is the kiosk id.
COVERED_COMPONENTS = ("@method", "@authority", "@target-uri", "content-digest", "totem-counter", "totem-nonce")
SIGNATURE_LABEL = "totem"
# No counter comes near it, and every database holds it.
HIGHEST = 1 << 62
# An identifier: letters, digits and marks of ASCII.
Word = Annotated[str, Field(pattern=r"^[!-~]{1,128}$")]


class Message(BaseModel):
    """Both ends refuse fields they do not know: the version is in the path."""

    # pydantic would keep the strings it has read in a cache of the process, citizens' names among them.
    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")


class EventKind(StrEnum):
    TICKET = "ticket"
    RATING = "rating"
    PAPER = "paper"


def associated_data(
    *, item: str, kind: EventKind, code: str | None, kiosk: str, catalogue_version: int, key_id: str
) -> bytes:
    """What a sealing binds besides the payload (as the `info` of HPKE, RFC 9180 5.1: no other place is offered)."""
    return "\n".join(["totem-event-v1", item, kind, code or "-", kiosk, str(catalogue_version), key_id]).encode()


class Event(Message):
    """One item of the outbox. `sealed`: base64 of the HPKE ciphertext, never sealed again; `code` only for tickets."""

    id: str = Field(description="UUIDv7, made by the kiosk, kept by the centre for ever", pattern=r"^[0-9a-f-]{36}$")
    seq: int = Field(ge=1, le=HIGHEST)
    kind: EventKind
    code: Word | None = None
    catalogue_version: int = Field(ge=0, le=1 << 31)
    key_id: Word
    sealed: str
    fingerprint: str = Field(description="SHA-256 of the sealed bytes, hex", pattern=r"^[0-9a-f]{64}$")

    def associated_data(self, kiosk: str) -> bytes:
        """What the sealing of this event binds besides the payload."""
        return associated_data(
            item=self.id,
            kind=self.kind,
            code=self.code,
            kiosk=kiosk,
            catalogue_version=self.catalogue_version,
            key_id=self.key_id,
        )


class EventBatch(Message):
    """POST /events: at most 100, ordered by seq."""

    items: tuple[Event, ...] = Field(min_length=1, max_length=100)


class EventResult(Message):
    """created | duplicate | quarantined: custody is the centre's. retry: it stays the kiosk's."""

    id: str
    outcome: Literal["created", "duplicate", "quarantined", "retry"]
    retry_after_s: int | None = None


class EventAnswer(Message):
    """`safe_seq`: everything of this kiosk up to it lies in the centre's backup and may be purged."""

    results: tuple[EventResult, ...]
    safe_seq: int


class EnrolmentRequest(Message):
    """POST /enrolments, not signed by RFC 9421: the device key is made known here. `public_key`: Ed25519, base64."""

    secret: str
    public_key: str
    label: str = Field(pattern=r"^[^\x00]*$")
    simulation: bool


class Enrolment(Message):
    """Two tracking-code allocations: the one in use and the spare. Neither is ever given to anybody else. `generation`
    rises with each disk that this kiosk begins anew on: `seq`, request counters and leases begin above the last one's.
    """

    kiosk: str
    label: str
    allocation: str = Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{4}$")
    spare_allocation: str = Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{4}$")
    answer_key: str = Field(description="Ed25519 public key of the centre's answers, base64")
    generation: int = Field(default=0, ge=0)


class AllocationRequest(Message):
    """POST /allocations: two fresh allocations, since codes of the old ones may be unknown here. Repeatable: who names
    what was replaced before gets what replaced it.
    """

    replaces: str = Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{4}$")
    generation: int = Field(ge=0, lt=1 << 20)


class DeviceKeyRequest(Message):
    """POST /device-keys: the key that signs from now on. `proof`: its own signature over `device_key_proof`."""

    public_key: str
    proof: str


def device_key_proof(kiosk: str, public_key: str) -> bytes:
    """What a new key signs to show that its private half is there."""
    return f"totem-device-key-v1\n{kiosk}\n{public_key}".encode()


class DeviceKeyAnswer(Message):
    """The key is known; the old one is refused from the first request that the new one signs."""

    public_key: str


class HeldBlock(Message):
    """A leased block that still has numbers: `next` is the first that was not given."""

    block: str
    next: int


class Heartbeat(Message):
    """POST /heartbeats. Ages and counts only, nothing personal."""

    queue_depth: int
    oldest_unsynced_s: int | None
    printer: str
    reader: str
    page_printer: str | None = Field(default=None, description="the A4 printer; null where there is none")
    disk_free_mb: int
    clock: str = Field(description="the kiosk's idea of the time, ISO 8601 UTC")
    boot_id: str
    catalogue_version: int
    audit_head: str = Field(
        max_length=64, pattern="^[0-9a-f]*$", description="hash of the audit record audit_seq, 64 hex digits"
    )
    audit_seq: int = Field(default=0, ge=0, le=HIGHEST)
    audit_last: int = Field(
        default=0, ge=0, le=HIGHEST, description="the newest record; more may be on disk than links were sent"
    )
    audit_since: int | None = Field(default=None, description="the record that the centre has witnessed last")
    audit_links: tuple[str, ...] = Field(
        default=(), max_length=500, description="digests of the records after audit_since, up to audit_seq"
    )
    generation: int = Field(
        default=0, ge=0, lt=1 << 20, description="as in Enrolment: each has an audit log of its own"
    )
    blocks: tuple[HeldBlock, ...] = Field(
        default=(), description="of guide numbers; one that is not here was given to its end, or lost"
    )
    faults: int = Field(default=0, description="failures of the screen's programs since the store was made")
    last_fault: str | None = Field(default=None, description="number, kind and place of the last one")
    catalogue_proven: bool = Field(
        default=False, description="the first session under the catalogue has ended well, or it is an old one"
    )
    catalogue_bad: tuple[int, ...] = Field(default=(), description="versions that this kiosk tried and took back")
    machine: Machine | None = Field(default=None, description="heat, throttling, memory and clock")
    application: Application | None = Field(default=None, description="the program that runs, and how it fares")


# Of HeartbeatAnswer.directives: the kiosk should run the catalogue that `catalogue` names.
CATALOGUE_DIRECTIVE = "catalogue"
# The kiosk should run the release that `release` names.
RELEASE_DIRECTIVE = "release"
# Ask for other allocations: this disk was restored from an image, and codes it would give may have been given.
ALLOCATIONS_DIRECTIVE = "allocations"
# Send another heartbeat at once, with the links of the audit log from the record that was witnessed.
AUDIT_DIRECTIVE = "audit"
# Make a new device key.
KEY_DIRECTIVE = "device-key"


class HeartbeatAnswer(Message):
    """`epoch` changes when the centre was restored from a backup: what it had acknowledged may be offered again.
    `spread_s`: while the centre cannot be reached, a kiosk tries once in so many seconds on average. `witnessed`: the
    newest audit record that the centre has seen.
    """

    safe_seq: int
    time: str = Field(description="the centre's time, ISO 8601 UTC")
    directives: tuple[str, ...] = ()
    catalogue: str | None = Field(
        default=None, description="the target that this kiosk should run; only what TUF vouches for is followed"
    )
    release: Release | None = Field(
        default=None, description="of the program; a wish, of which TUF says whether it may be followed"
    )
    answer_key: str | None = Field(
        default=None, description="Ed25519 key, base64: from now on only answers that it signed are the centre's"
    )
    epoch: str = ""
    spread_s: float = Field(default=0, ge=0, le=3600)
    witnessed: int | None = None


class NumberBlockRequest(Message):
    """POST /number-blocks. `request_id` makes it repeatable: the same id gets the same block."""

    request_id: str
    series: str
    size: int = Field(ge=1, le=1000)


class NumberBlock(Message):
    """Numbers first..last of a series, this kiosk's alone for ever."""

    block: str
    series: str
    first: int
    last: int


class NonceRequest(Message):
    """POST /nonces: a nonce bound to this kiosk, session and service, good once and for 10 minutes."""

    session: Word
    service: Word


class Nonce(Message):
    nonce: str


class Lookup(Message):
    """POST /guides (what does this citizen owe) and POST /documents (compose this document)."""

    session: str
    service: str
    language: str
    evidence: Evidence


class Debt(Message):
    """One open debt. The tax system gave its number; a kiosk makes an arrecadação or a static Pix of it, and prints
    every other kind as its registrar made it payable (`charge`).
    """

    id: str
    title: str
    detail: str
    property_id: str | None = None
    amount_cents: int = Field(gt=0)
    due: str = Field(description="ISO date")
    guide_number: str
    free_field: str = Field(description="of the arrecadação barcode, after the FEBRABAN id", pattern=r"^\d{25}$")
    txid: str
    charge: Charge | None = None


class GuidesAnswer(Message):
    debts: tuple[Debt, ...]
    holder: str
    holder_masked_id: str


class DocumentAnswer(Message):
    """The composed, sealed document; or why there is none (a negative certificate is refused while debts are open)."""

    outcome: Literal["issued", "refused"]
    reason: str | None = None
    number: str | None = None
    code: str | None = None
    valid_until: str | None = None
    receipt: Receipt | None = None
    copy_number: int = Field(default=1, ge=1, description="from the second on the paper says which copy it is")
    pages: str | None = Field(default=None, description="the signed PDF (A4), base64, where the service gives it")


class StatusRequest(Message):
    """POST /ticket-status: what has become of the request of that tracking code."""

    code: str
    pin: str = Field(pattern=r"^\d{6}$")


class StatusStep(Message):
    """What became of a ticket, and when (ISO 8601, in the operator's zone)."""

    state: str
    at: str


class TicketStatus(Message):
    """What whoever holds code and PIN may know of a ticket: never names, never the citizen's words.

    Times in ISO 8601 in the operator's zone; `registered` and `answer_by` (a date) are None where the kiosk's clock was
    not trusted. `answer_days`: within how many days of the registration the service answers.
    """

    code: str
    title: Texts
    department: Texts
    state: str
    registered: str | None
    arrived: str
    answer_by: str | None
    answer_days: int | None = None
    history: tuple[StatusStep, ...] = Field(default=(), description="after its arrival, the first first")


class StatusAnswer(Message):
    """`refused` says nothing of what was wrong. `on-its-way`: a kiosk of ours gave the code; the ticket is not here."""

    outcome: Literal["found", "on-its-way", "refused", "used-up", "too-many"]
    status: TicketStatus | None = None


class TimeAnswer(Message):
    """GET /time."""

    time: str


class Refusal(Message):
    """The body of every 4xx and 5xx: a code for machines, a line for people."""

    error: str
    detail: str
    counter: int | None = Field(default=None, description="of error `counter`: the highest that was seen of this kiosk")
