"""What an enrolled kiosk asks for, signed: events, heartbeats, numbers, nonces, look-ups, a ticket's status."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from central import fulfilment, intake, lookups, numbers, proofs, publishing, status
from central.centre import Centre
from central.models import HeartbeatRow, Kiosk
from offline_cache.contract.charges import ChargeAnswer, ChargeRequest
from offline_cache.contract.messages import (
    CATALOGUE_DIRECTIVE,
    DocumentAnswer,
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

    @router.post("/heartbeats")
    def heartbeats(beat: Heartbeat, kiosk: KioskId) -> HeartbeatAnswer:
        now = centre.now()
        with centre.database.transaction() as session:
            session.merge(HeartbeatRow(kiosk=kiosk, received=now, body=beat.model_dump(mode="json")))
            safe_seq = session.get_one(Kiosk, kiosk).safe_seq
        fulfilment.run(centre)
        behind = beat.catalogue_version < publishing.newest_version(centre.state)
        return HeartbeatAnswer(
            safe_seq=safe_seq,
            time=now.isoformat(timespec="milliseconds"),
            directives=(CATALOGUE_DIRECTIVE,) if behind else (),
        )

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

    return router
