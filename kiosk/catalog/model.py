"""The service catalogue: who serves, which services there are, what each asks and gives.

Written by administrators in YAML, signed and pushed as JSON, read by the kiosk and by the centre through this model
alone. Names of the description follow CPSV-AP 3.2 and the Carta de Serviços (Lei 13.460/2017, art. 7).
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from kiosk.catalog import acting, contrast, crest, rules
from kiosk.catalog.document_templates import DocumentTemplate
from kiosk.catalog.form_fields import Choice, FormField, TopicPath
from kiosk.catalog.guide_kinds import GuideKind
from kiosk.catalog.id_numbers import IdScheme
from kiosk.catalog.places import named
from kiosk.catalog.texts import Language, Record, Slug, Texts, plain_values

# What the parts of a catalogue are made of is had from here too.
__all__ = [
    "CardFamily", "Catalogue", "Category", "Choice", "Colours", "Crest", "FormField", "GuideRule", "Hours",
    "Identification", "Language", "OfflineRule", "Operator", "Output", "Record", "SealingKey", "Service",
    "ServiceDescription", "SessionLimits", "SimpleService", "Slug", "Texts", "Topic",
]

# Short enough to stand, with the number, in the 25 characters of a Pix txid.
Series = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,11}$")]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]

MOST_BASE64 = crest.MOST_BYTES * 4 // 3 + 4


class Identification(StrEnum):
    """What a service asks of who comes; the order is that of strength."""

    NONE = "none"
    CLAIMED = "claimed"
    CARD = "card"
    CARD_PIN = "card+pin"


class OfflineRule(StrEnum):
    """What happens to a service while the centre cannot be reached; applied before the form is shown."""

    ISSUE = "issue"
    QUEUE = "queue"
    REFUSE = "refuse"


class Output(StrEnum):
    """How a citizen gets a document: on the receipt printer, on A4 paper, or as a file on their phone."""

    THERMAL = "thermal"
    A4 = "a4"
    PHONE = "phone"


class SimpleService(Record):
    """What a service is, in easy language."""

    summary: Texts | None = None
    needs: Texts | None = None


class GuideRule(Record):
    """How a guide of this service is made. Offline issue is for kinds that are payable as printed alone.

    Payable as printed are an arrecadação with a static Pix beside it, for an amount in reais (value ids 6 and 8), of a
    body with a FEBRABAN number (not segment 6, which takes a CNPJ), and a static Pix alone. The numbers of their series
    must be such as the tax system never gives itself. Every other kind is made payable by a `registrar` of the centre.
    """

    kind: GuideKind = GuideKind.ARRECADACAO
    amount_cents: int | None = Field(default=None, gt=0, description="fixed amount; None: from the look-up")
    due_days: int | None = Field(default=None, ge=0, description="due date counted from issue; None: from the debt")
    segment: Literal[1, 2, 3, 4, 5, 7, 9] = Field(default=1, description="arrecadacao: whose body it is")
    value_id: Literal[6, 8] = Field(default=8, description="arrecadacao: 6 checks modulo 10, 8 modulo 11")
    febraban_id: Annotated[str, StringConstraints(pattern=r"^\d{4}$")] | None = Field(
        default=None, description="arrecadacao: the body's number at FEBRABAN"
    )
    series: Series | None = Field(default=None, description="arrecadacao and pix-static: whose numbers it takes")
    pix_key: Annotated[str, StringConstraints(min_length=1, max_length=77)] | None = Field(
        default=None, description="arrecadacao and pix-static: the receiver's Pix key"
    )
    registrar: Slug | None = Field(
        default=None, description="every other kind: which registrar of the centre (central.toml) makes it payable"
    )


class ServiceDescription(Record):
    """What the citizen reads before starting: its Carta de Serviços (Lei 13.460/2017, art. 7, par. 2)."""

    needs: Texts
    cost: Texts
    deadline: Texts
    audience: Texts
    steps: tuple[Texts, ...] = Field(default=(), description="what happens, from the request to its end")
    channels: Texts | None = Field(default=None, description="where else the service is had, and how to follow it")


Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# 24:00 is the end of a day.
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]


class Hours(Record):
    """When something can be had, in the operator's time zone; days of the week with one opening time."""

    days: tuple[Day, ...] = Field(min_length=1)
    opens: TimeOfDay
    closes: TimeOfDay

    @model_validator(mode="after")
    def _in_order(self) -> Hours:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes: write two entries for a night")
        return self


class Topic(Record):
    """One entry of the operator's taxonomy, with those below it."""

    id: Slug
    title: Texts
    topics: tuple[Topic, ...] = ()


class Service(Record):
    id: Slug
    kind: Literal["guide", "document", "ticket", "info", "tracking"]
    title: Texts
    summary: Texts
    description: ServiceDescription
    department: Texts
    icon: Slug
    category: Slug
    frequent: bool = False
    keywords: tuple[Texts, ...] = Field(default=(), description="other words by which citizens look for it")
    simple: SimpleService | None = Field(default=None, description="for who asks for simplified texts")
    identification: Identification
    assurance: int | None = Field(
        default=None, ge=0, le=4,
        description="how well the identity must be proven: 0 claimed, 1 signed data, 2 genuine chip or PIN, 3 PIN and "
        "a fresh revocation list, 4 an officer too; None: what its identification gives by itself",
    )
    anonymous: bool = False
    classification: TopicPath | None = Field(default=None, description="its place in the taxonomy: area/subject")
    hours: tuple[Hours, ...] = Field(default=(), description="when it can be begun; always, if none are given")
    valid_from: date | None = Field(default=None, description="the first day on which it is offered")
    valid_until: date | None = Field(default=None, description="the last day on which it is offered")
    offline: OfflineRule
    lookup: Literal["debts", "certificate", "charge"] | None = Field(
        default=None, description="charge: the registrar makes a guide of the fixed amount payable before the form"
    )
    acts_for: tuple[acting.Basis, ...] = Field(
        default=(), description="on which bases one may ask for somebody else; none: for oneself alone"
    )
    form: tuple[FormField, ...] = ()
    guide: GuideRule | None = None
    document_template: DocumentTemplate | None = None
    outputs: tuple[Output, ...] = Field(
        default=(Output.THERMAL,), min_length=1, description="of a document; the first is proposed"
    )
    info: Texts | None = Field(default=None, description="the text of kind info")
    receipt_title: Texts | None = Field(default=None, description="a ticket's title on paper, in capitals")
    next_steps: tuple[Texts, ...] = Field(
        default=(), description="printed on a ticket; {deadline} becomes `by 24 Dec 2026` or `within 30 days`"
    )
    response_days: int | None = Field(default=None, gt=0)
    paper: Literal["required", "optional"] = Field(
        default="required", description="optional: the citizen may read the code from the screen instead"
    )
    print_deadline_s: int = Field(default=120, ge=30, le=600)
    retention_days: int = Field(default=365, gt=0)

    @model_validator(mode="wrap")
    @classmethod
    def _consistent(cls, value: Any, handler: ModelWrapValidatorHandler[Service], info: ValidationInfo) -> Service:
        made = handler(value)
        if broken := rules.of_service(plain_values(made, value, info.context)):
            raise ValueError("\n".join(broken))
        return made

    @property
    def questions(self) -> tuple[FormField, ...]:
        """All that is asked: for whom, where that may be somebody else, then the form."""
        return (*acting.questions(self.acts_for), *self.form)

    @property
    def needs_centre(self) -> bool:
        """True when the session cannot reach its end without a look-up at the centre."""
        return self.lookup is not None

    @property
    def level(self) -> int:
        """The assurance that is asked of a card."""
        if self.assurance is not None:
            return self.assurance
        return {Identification.CARD: 1, Identification.CARD_PIN: 2}.get(self.identification, 0)


class Category(Record):
    id: Slug
    title: Texts
    icon: Slug


class Colours(Record):
    """The operator's four colours (the others belong to the house)."""

    brand: Colour
    press: Colour
    tint: Colour
    accent: Colour

    @model_validator(mode="after")
    def _readable(self) -> Colours:
        if broken := contrast.hard_to_read(self.model_dump()):
            raise ValueError("\n".join(broken))
        return self


class Crest(Record):
    """The operator's emblem as two PNGs in base64: in its own colours, and in one, whose shape is the alpha channel.

    What administrators write names two files beside the catalogue; publishing puts the pictures in their place, and
    beside them the shape as printers take it: 104 x 104 dots, rows of bits in base64.
    """

    colour: str = Field(max_length=MOST_BASE64)
    one_colour: str = Field(max_length=MOST_BASE64)
    paper: str = ""

    @field_validator("colour", "one_colour")
    @classmethod
    def _picture(cls, text: str) -> str:
        try:
            crest.check(b64decode(text, validate=True))
        except (binascii.Error, crest.CrestError) as error:
            raise ValueError(str(error) if isinstance(error, crest.CrestError) else "is no base64") from error
        return text

    @field_validator("paper")
    @classmethod
    def _dots(cls, text: str) -> str:
        try:
            if text and len(b64decode(text, validate=True)) != crest.PAPER_DOTS * crest.PAPER_ROW_BYTES:
                raise ValueError("is not 104 x 104 dots")
        except binascii.Error as error:
            raise ValueError("is no base64") from error
        return text

    @property
    def colour_png(self) -> bytes:
        return b64decode(self.colour)

    @property
    def one_colour_png(self) -> bytes:
        return b64decode(self.one_colour)


class Operator(Record):
    id: Slug
    name_line1: str
    name_line2: str
    city: str
    state: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    country: Literal["BR", "ES", "IT"] = "BR"
    website: str
    phone: str
    colours: Colours
    crest: Crest | None = None
    time_zone: str = Field(default="America/Sao_Paulo", description="IANA name: the time that citizens read")
    pix_name: Annotated[str, StringConstraints(max_length=25)] = Field(default="", description="of who is paid by Pix")
    pix_city: Annotated[str, StringConstraints(max_length=15)] = ""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{name[:40]} is not a time zone of the IANA database, as America/Sao_Paulo is") from error
        return name


class SealingKey(Record):
    """A public HPKE key of the centre (X25519, base64 of its 32 raw bytes), under which tickets are sealed."""

    key_id: Slug
    public_key: str


class SessionLimits(Record):
    """Seconds; WCAG 2.2.1 asks at least 20 s of warning. `retract_s`: how long a paper may lie in the outlet before a
    printer that can do so takes it back.
    """

    idle_s: int = Field(default=120, ge=10)
    warning_s: int = Field(default=20, ge=20)
    absolute_s: int = Field(default=900, ge=60)
    retract_s: int = Field(default=60, ge=20, le=600)


CardFamily = Literal["piv-icp-brasil", "icp-brasil", "belgian-eid", "cie", "cns", "dnie", "portuguese", "estonian"]


class Catalogue(Record):
    """One version of everything a kiosk serves."""

    version: int = Field(ge=1)
    published: str
    operator: Operator
    languages: tuple[Language, ...] = Field(
        default=(Language.PT_BR, Language.ES, Language.IT, Language.EN),
        min_length=1,
        description="what the first screen offers; the first one is the kiosk's own",
    )
    headline: Texts
    privacy_notice: Texts
    satisfaction_question: Texts
    limits: SessionLimits = SessionLimits()
    trust_anchors: tuple[str, ...] = Field(description="PEM certificates of the roots that citizens' cards chain to")
    card_families: tuple[CardFamily, ...] = Field(
        default=("piv-icp-brasil",), description="the cards that citizens may identify with here"
    )
    revocation_lists: tuple[Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{1,500}$")], ...] = Field(
        default=(), description="addresses of the authorities' revocation lists, as their certificates name them"
    )
    revocation_grace_h: int = Field(
        default=24, ge=0, le=720, description="how many hours the next revocation list may be late"
    )
    claimed_ids: tuple[IdScheme, ...] = Field(
        default=(IdScheme.CPF,), min_length=1, description="the numbers by which citizens say who they are, where typed"
    )
    sealing_keys: tuple[SealingKey, ...] = Field(min_length=1, description="the first one is used")
    taxonomy: tuple[Topic, ...] = Field(default=(), description="how requests are classified, in levels")
    categories: tuple[Category, ...]
    services: tuple[Service, ...] = Field(min_length=1)

    @model_validator(mode="wrap")
    @classmethod
    def _consistent(
        cls, value: Any, handler: ModelWrapValidatorHandler[Catalogue], info: ValidationInfo
    ) -> Catalogue:
        made = handler(value)
        plain = plain_values(made, value, info.context)
        if broken := rules.of_catalogue(plain):
            raise ValueError("\n".join(f"{named(plain, place)}: {words}" for place, words in broken))
        return made

    def service(self, service_id: str) -> Service:
        """The service of that id; KeyError if the catalogue has none."""
        for service in self.services:
            if service.id == service_id:
                return service
        raise KeyError(service_id)
