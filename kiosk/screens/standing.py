"""What works here now and what waits, as the still screen tells it: what is, then what comes back with what."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.catalog.model import Language, Service
from kiosk.journey import availability
from kiosk.journey.state import PRINTS, Availability, Devices, PrinterCondition, ReaderCondition, State
from kiosk.screens.scene import Text
from kiosk.screens.wording import listed
from kiosk.widgets.words import plain


@dataclass(frozen=True)
class Standing:
    """`cause` is why the waiting services wait; None when nothing waits. Where they wait for more than one thing, or
    for something that has no name for a citizen, it is NOT_ENROLLED: nothing is promised that would not come.
    """

    working: tuple[Service, ...]
    waiting: tuple[Service, ...]
    cause: Availability | None


def expecting(state: State) -> State:
    """The state as it will be once the parts have spoken: for the few seconds after a start, unknown is not absent."""
    devices = state.devices
    if devices.printer is PrinterCondition.UNKNOWN:
        devices = replace(devices, printer=PrinterCondition.READY)
    if devices.reader is ReaderCondition.UNKNOWN:
        devices = replace(devices, reader=ReaderCondition.READY)
    if devices.link is None:
        devices = replace(devices, link=True)
    return replace(state, devices=devices)


def standing_of(state: State) -> Standing:
    """How the services of the present catalogue stand. A part that has not spoken yet is not called broken."""
    state = expecting(state)
    services = state.catalogue.services if state.catalogue else ()
    found = [(service, availability.of(service, state)) for service in services]
    working = tuple(service for service, verdict in found if verdict in availability.BEGINNABLE)
    waiting = tuple(service for service, verdict in found if verdict not in availability.BEGINNABLE)
    causes = {verdict for _, verdict in found if verdict not in availability.BEGINNABLE}
    return Standing(working, waiting, _one(causes, state.devices) if causes else None)


def _one(causes: set[Availability], devices: Devices) -> Availability:
    """The missing part that everything waits for, if it is one."""
    missing = {
        Availability.NO_LINK: not devices.link,
        Availability.NO_PRINTER: devices.printer not in PRINTS,
        Availability.NO_READER: devices.reader is not ReaderCondition.READY,
    }
    parts = [part for part, is_missing in missing.items() if is_missing]
    # New numbers come over the link.
    told = {Availability.NO_LINK if cause is Availability.NO_NUMBERS else cause for cause in causes}
    return parts[0] if len(parts) == 1 and told == {parts[0]} else Availability.NOT_ENROLLED


def headline(text: Text, cause: Availability) -> str:
    """The big words of a kiosk of which a part waits."""
    match cause:
        case Availability.NO_LINK:
            return text("No internet, but open")
        case Availability.NO_PRINTER:
            return text("Not printing, but open")
        case Availability.NO_READER:
            return text("Not reading cards, but open")
        case _:
            return text("Only part of it works now")


def what_waits(text: Text, standing: Standing, language: Language) -> str:
    """Which services, and what they come back with; marked up."""
    names = plain(listed(text, [service.title.in_language(language) for service in standing.waiting]))
    match standing.cause:
        case Availability.NO_LINK:
            return text("[b]Not now. Back with the internet:[/b] {names}.", names=names)
        case Availability.NO_PRINTER:
            return text("[b]Not now. Back with the printer:[/b] {names}.", names=names)
        case Availability.NO_READER:
            return text("[b]Not now. Back with the card reader:[/b] {names}.", names=names)
        case _:
            return text("[b]Not now:[/b] {names}.", names=names)


def sign(cause: Availability | None) -> str:
    """The icon of a cause."""
    match cause:
        case Availability.NO_LINK:
            return "wifi-slash"
        case Availability.NO_PRINTER:
            return "printer"
        case Availability.NO_READER:
            return "identification-card"
        case _:
            return "warning-fill"
