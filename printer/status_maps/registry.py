"""Status maps by the name that profiles give."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from printer.profiles import Profile
from printer.status import StatusMap
from printer.status_maps.bematech import BematechMap
from printer.status_maps.citizen import CitizenMap
from printer.status_maps.custom import CustomMap
from printer.status_maps.daruma import DarumaMap
from printer.status_maps.epson import EpsonMap
from printer.status_maps.star import StarMap

_MAPS: Mapping[str, Callable[[], StatusMap]] = {
    "epson": EpsonMap,
    "citizen": CitizenMap,
    "custom": CustomMap,
    "star": StarMap,
    "bematech": BematechMap,
    "daruma": DarumaMap,
}


def map_of(profile: Profile) -> StatusMap:
    """A fresh map for one connection to a printer of this profile."""
    return _MAPS[profile.status]()
