"""Whether a service can be begun now. Decided before its form is shown, so that nobody answers in vain."""

from __future__ import annotations

from kiosk.catalog.model import Identification, OfflineRule, Output, Service
from kiosk.journey.state import PRINTS, Availability, Devices, PrinterCondition, ReaderCondition, Session, State

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


def _with_link(service: Service, devices: Devices) -> Availability:
    if not devices.link:
        # A document is made at the centre alone: its request waits as any other does. A debt must be seen first.
        if service.offline is OfflineRule.QUEUE and service.lookup != "debts":
            return Availability.QUEUED
        if service.needs_centre or service.offline is OfflineRule.REFUSE:
            return Availability.NO_LINK
    rule = service.guide
    if rule is not None and rule.amount_cents is not None and devices.numbers_left(rule.series) < 1:
        return Availability.NO_NUMBERS
    return Availability.NOW
