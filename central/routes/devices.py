"""What an enrolled kiosk asks for, signed: events, heartbeats, numbers, nonces, look-ups, a ticket's status."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from central import enrolment, fulfilment, heartbeats, intake, lookups, numbers, proofs, status
from central.centre import Centre
from offline_cache.contract.charges import ChargeAnswer, ChargeRequest
from offline_cache.contract.messages import (
    AllocationRequest,
    DeviceKeyAnswer,
    DeviceKeyRequest,
    DocumentAnswer,
    Enrolment,
    EventAnswer,
    EventBatch,
    GuidesAnswer,
    Heartbeat,
    HeartbeatAnswer,
    Lookup,
    Nonce,
    NonceRequest,
    NumberBlock,
    NumberBlockRequest,
    StatusAnswer,
    StatusRequest,
)
from offline_cache.contract.status_by_card import CardStatusRequest


def _kiosk(request: Request) -> str:
    return str(request.state.kiosk)


KioskId = Annotated[str, Depends(_kiosk)]


def routes(centre: Centre) -> APIRouter:
    """Every path here asks for a device's signature."""
    router = APIRouter(prefix="/v1")

    @router.post("/events")
    def events(batch: EventBatch, kiosk: KioskId) -> EventAnswer:
        answer = intake.receive(centre, kiosk, batch)
        fulfilment.run(centre)
        return answer

    # Kiosks run programs of different ages, which refuse fields that they do not know: nothing is said of nothing.
    @router.post("/heartbeats", response_model_exclude_none=True)
    def beats(beat: Heartbeat, kiosk: KioskId) -> HeartbeatAnswer:
        return heartbeats.receive(centre, kiosk, beat)

    @router.post("/allocations")
    def allocations(request: AllocationRequest, kiosk: KioskId) -> Enrolment:
        return enrolment.renew_allocations(centre, kiosk, request)

    @router.post("/device-keys")
    def device_keys(request: DeviceKeyRequest, kiosk: KioskId) -> DeviceKeyAnswer:
        return enrolment.change_key(centre, kiosk, request)

    @router.post("/number-blocks")
    def number_blocks(request: NumberBlockRequest, kiosk: KioskId) -> NumberBlock:
        return numbers.lease(centre, kiosk, request)

    @router.post("/nonces")
    def nonces(request: NonceRequest, kiosk: KioskId) -> Nonce:
        return Nonce(nonce=proofs.draw_nonce(centre, kiosk, request))

    @router.post("/guides")
    def guides(lookup: Lookup, kiosk: KioskId) -> GuidesAnswer:
        return lookups.guides(centre, kiosk, lookup)

    @router.post("/charges")
    def charges(request: ChargeRequest) -> ChargeAnswer:
        return lookups.charge(centre, request)

    @router.post("/documents")
    def documents(lookup: Lookup, kiosk: KioskId) -> DocumentAnswer:
        return lookups.document(centre, kiosk, lookup)

    @router.post("/ticket-status")
    def ticket_status(request: StatusRequest, kiosk: KioskId) -> StatusAnswer:
        return status.of_kiosk(centre, kiosk, request)

    @router.post("/ticket-status-by-card")
    def ticket_status_by_card(request: CardStatusRequest, kiosk: KioskId) -> StatusAnswer:
        return status.by_card(centre, kiosk, request)

    return router
