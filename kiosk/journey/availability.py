"""Whether a service can be begun now. Decided before its form is shown, so that nobody answers in vain."""

from __future__ import annotations

from datetime import datetime

from kiosk.catalog.model import Identification, OfflineRule, Output, Service
from kiosk.issuing.compose import takes_number
from kiosk.journey.state import (
    PRINTS,
    Availability,
    Devices,
    PrinterCondition,
    ReaderCondition,
    Session,
    State,
    TooLow,
)
from offline_cache.contract.national_ids import OF_THE_TAX_SYSTEM

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CARD = frozenset({Identification.CARD, Identification.CARD_PIN})
# What a citizen can still begin; the rest is refused with its reason.
BEGINNABLE = frozenset({Availability.NOW, Availability.QUEUED})


def of(service: Service, state: State) -> Availability:
    """The first thing that stands in the way, or NOW, or QUEUED (accepted here, answered when the link is back)."""
    devices = state.devices
    if service.kind == "info":
        return Availability.NOW
    if not devices.enrolled:
        return Availability.NOT_ENROLLED
    if not devices.space:
        return Availability.NO_SPACE
    if not is_open(service, devices.local):
        return Availability.CLOSED
    if service.identification in CARD and devices.reader is not ReaderCondition.READY:
        return Availability.NO_READER
    if service.kind == "guide" and devices.printer not in PRINTS:
        return Availability.NO_PRINTER
    standing = _with_link(service, devices)
    # A document that is queued gives a code, which the screen can tell as well.
    if standing is Availability.NOW and service.kind == "document" and not outputs(service, devices):
        return Availability.NO_PRINTER
    return standing


def outputs(service: Service, devices: Devices) -> tuple[Output, ...]:
    """The ways to have this document that are open now, in the order of the catalogue."""
    return tuple(output for output in service.outputs if _open(output, devices))


def ways(session: Session, devices: Devices) -> tuple[Output, ...]:
    """The same for the document that the centre has composed: a file goes where the centre has sent one."""
    if session.service is None or session.document is None:
        return ()
    with_file = session.document.pages is not None
    return tuple(way for way in outputs(session.service, devices) if with_file or way is Output.THERMAL)


def printer_of(output: Output, devices: Devices) -> PrinterCondition:
    """How the printer stands that this way needs; a phone needs none."""
    match output:
        case Output.THERMAL:
            return devices.printer
        case Output.A4:
            return devices.page_printer
        case Output.PHONE:
            return PrinterCondition.READY


def _open(output: Output, devices: Devices) -> bool:
    if output is Output.PHONE and not devices.link:
        return False
    return printer_of(output, devices) in PRINTS


def is_open(service: Service, local: datetime | None) -> bool:
    """Whether it is offered at that moment; without a trusted clock nothing is closed."""
    if local is None:
        return True
    if (service.valid_from and local.date() < service.valid_from) or (
        service.valid_until and local.date() > service.valid_until
    ):
        return False
    day, now = DAYS[local.weekday()], f"{local:%H:%M}"
    return not service.hours or any(
        day in hours.days and hours.opens <= now < hours.closes for hours in service.hours
    )


def _with_link(service: Service, devices: Devices) -> Availability:
    if not devices.link:
        # A document is made at the centre alone: its request waits as any other does. A debt must be seen first.
        if service.offline is OfflineRule.QUEUE and service.lookup in {None, "certificate"}:
            return Availability.QUEUED
        if service.needs_centre or service.offline is OfflineRule.REFUSE:
            return Availability.NO_LINK
    series = takes_number(service)
    if series is not None and devices.numbers_left(series) < 1:
        return Availability.NO_NUMBERS
    return Availability.NOW


def foreign(state: State, session: Session) -> bool:
    """Whether the card's number is none by which the operator's tax system knows people."""
    if session.holder is None or state.catalogue is None:
        return False
    return session.holder.scheme not in OF_THE_TAX_SYSTEM[state.catalogue.operator.country]


def still_usable(state: State, stage: TooLow) -> tuple[Service, ...]:
    """What somebody whose card is not enough for the chosen service can begin now: by that card first, then without."""
    session, catalogue = state.session, state.catalogue
    if session is None or catalogue is None:
        return ()
    unknown = foreign(state, session)

    def usable(service: Service) -> bool:
        if service.kind in {"info", "tracking"} or service.anonymous or of(service, state) not in BEGINNABLE:
            return False
        if service.identification not in CARD:
            return True
        by_itself = session.holder.level if session.holder else 0
        comes_to = stage.reach if service.identification is Identification.CARD_PIN else by_itself
        return comes_to >= service.level and not (service.lookup and unknown)

    found = [service for service in catalogue.services if service != session.service and usable(service)]
    return tuple(sorted(found, key=lambda service: service.identification not in CARD))
