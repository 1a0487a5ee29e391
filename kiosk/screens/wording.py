"""Words that several screens share: why something cannot be had now, lists of names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from kiosk.journey.state import Availability
from kiosk.screens.scene import Text


def why_not(text: Text, availability: Availability) -> str:
    """Short, for a tile or a button."""
    match availability:
        case Availability.NOW | Availability.QUEUED:
            return ""
        case Availability.NO_LINK:
            return text("Needs internet")
        case Availability.NO_READER:
            return text("Card reader is off")
        case Availability.NO_PRINTER:
            return text("Not printing now")
        case Availability.NO_NUMBERS | Availability.NOT_ENROLLED | Availability.NO_SPACE:
            return text("Not available now")
        case Availability.CLOSED:
            return text("Closed now")
    assert_never(availability)


def explained(text: Text, availability: Availability) -> str:
    """What is, then what to do; marked up."""
    match availability:
        case Availability.NOW:
            return text("[b]Available now.[/b]")
        case Availability.QUEUED:
            return text("[b]You can ask now.[/b] We have no internet: your request goes out as soon as it is back.")
        case Availability.NO_LINK:
            return text("[b]No internet now.[/b] This service comes back with it. Try again later.")
        case Availability.NO_READER:
            return text("[b]The card reader does not answer.[/b] Try again later.")
        case Availability.NO_PRINTER:
            return text("[b]The printer is not ready.[/b] Try again later.")
        case Availability.NO_NUMBERS:
            return text("[b]This service waits for the internet.[/b] Try again later.")
        case Availability.NOT_ENROLLED | Availability.NO_SPACE:
            return text("[b]This kiosk cannot take requests now.[/b] You can still read the information.")
        case Availability.CLOSED:
            return text("[b]Closed now.[/b] This service is not offered at this time.")
    assert_never(availability)


def listed(text: Text, names: Sequence[str], most: int = 3) -> str:
    """Names one after the other; beyond `most`, how many more there are."""
    shown = ", ".join(names[:most])
    rest = len(names) - most
    return text("{names} and {n} more", names=shown, n=rest) if rest > 0 else shown
