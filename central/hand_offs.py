"""A document on its way to the citizen's phone: a page whose address stands in a QR on the kiosk's screen, and the PIN
beside it as second factor. Three downloads within ten minutes of the request's arrival, five wrong PINs, then never
again: whoever needs it later comes back with their card.

The kiosk draws the address and seals it into the ticket: nobody learns it but the screen before the citizen and the
centre. Here it is kept as a hash.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from central.centre import Centre
from central.documents import Act, record, state_of
from central.models import Document, DocumentCopy, HandOff
from offline_cache.contract.payloads import TicketPayload

OPEN_FOR = timedelta(minutes=10)
MOST_DOWNLOADS = 3
MOST_FAILURES = 5
PHONE = "phone"
log = structlog.get_logger("central.hand-offs")


class Withheld(StrEnum):
    """Why nothing is given. `NOT_HERE` also stands for what never was: nobody learns which addresses exist."""

    NOT_HERE = "not-here"
    WRONG_PIN = "wrong-pin"
    OVER = "over"


@dataclass(frozen=True)
class Given:
    """The signed PDF. `left`: downloads that remain."""

    pages: bytes
    number: str
    left: int


def offer(centre: Centre, session: Session, ticket: TicketPayload, copy: DocumentCopy) -> None:
    """Opens the page that the ticket names, in the caller's transaction."""
    assert ticket.hand_off is not None
    session.add(
        HandOff(
            token=_digest(ticket.hand_off),
            code=copy.code,
            copy=copy.copy,
            pin=centre.keys.blind("hand-off", ticket.hand_off, ticket.pin),
            until=centre.now() + OPEN_FOR,
            downloads=0,
            failures=0,
        ),
    )
    record(centre, session, copy.code, Act.OFFERED, copy.copy, ticket.kiosk)


def state(centre: Centre, token: str) -> Withheld | None:
    """Whether the PIN is worth typing now; None if it is."""
    with centre.database.transaction() as session:
        found = session.get(HandOff, _digest(token))
        if found is None:
            return Withheld.NOT_HERE
        return None if _is_open(centre, found) else Withheld.OVER


def take(centre: Centre, token: str, pin: str) -> Given | Withheld:
    """The document for whoever has the address and the PIN. Each download is counted before a byte is sent."""
    digest = _digest(token)
    given = centre.keys.blind("hand-off", token, pin.replace(" ", ""))
    with centre.database.transaction() as session:
        found = session.get(HandOff, digest)
        if found is None:
            return Withheld.NOT_HERE
        right = hmac.compare_digest(given, found.pin)
        counter = HandOff.downloads if right else HandOff.failures
        # the database counts: two requests at the same moment never take the same one
        counted = session.execute(
            update(HandOff)
            .where(
                HandOff.token == digest,
                HandOff.until > centre.now(),
                HandOff.downloads < MOST_DOWNLOADS,
                HandOff.failures < MOST_FAILURES,
            )
            .values({counter: counter + 1}),
        )
        if counted.rowcount != 1:  # type: ignore[attr-defined]
            return Withheld.OVER
        session.refresh(found)
        if not right:
            log.info("wrong-pin", failures=found.failures)
            return Withheld.WRONG_PIN if found.failures < MOST_FAILURES else Withheld.OVER
        document = session.get_one(Document, found.code)
        pages = _pages(session, found)
        if pages is None or state_of(document, centre.local_now().date()) != "valid":
            return Withheld.OVER
        record(centre, session, found.code, Act.DOWNLOADED, found.copy, PHONE)
        log.info("downloaded", number=document.number, copy=found.copy)
        return Given(pages, document.number, MOST_DOWNLOADS - found.downloads)


def _is_open(centre: Centre, found: HandOff) -> bool:
    used_up = found.downloads >= MOST_DOWNLOADS or found.failures >= MOST_FAILURES
    return not used_up and centre.now() < found.until


def _pages(session: Session, found: HandOff) -> bytes | None:
    where: Any = (DocumentCopy.code == found.code, DocumentCopy.copy == found.copy)
    return session.scalar(select(DocumentCopy.pages).where(*where))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
