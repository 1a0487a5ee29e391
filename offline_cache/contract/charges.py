"""Guides that are made payable before they are printed: what the centre's registrar gave, as kiosks get it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from kiosk.catalog.guide_kinds import GuideKind


class Charge(BaseModel):
    """A guide that can be paid now, as its registrar made it.

    `code` is what is read: the 44 digits of a boleto, the payload of a dynamic Pix, the text of a pagoPA QR or of an
    EPC QR, the 46 digits of Cuaderno 57. `number` is what people call it, `reference` what a payment names it by;
    `postal` is the text of the Data Matrix of a pagoPA notice's postal part; `due` an ISO date.
    """

    # pydantic would keep the strings it has read in a cache of the process, citizens' names among them.
    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")

    kind: GuideKind
    number: str = Field(min_length=1, max_length=40)
    code: str = Field(min_length=1, max_length=600)
    reference: str = Field(min_length=1, max_length=46)
    amount_cents: int = Field(gt=0)
    due: str | None = None
    payee: str = Field(min_length=1, max_length=70)
    postal: str | None = None


class ChargeRequest(BaseModel):
    """POST /charges: make a guide of the service's fixed amount payable. Says nothing of who asks.

    `request_id` makes it repeatable: the same id gets the same charge.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    request_id: str = Field(pattern=r"^[0-9a-f-]{16,36}$")
    service: str


class ChargeAnswer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    charge: Charge
