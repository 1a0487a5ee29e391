"""One running centre: its folder, keys, database and clock, handed to every route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from central import keys, publishing
from central.database import Database
from central.keys import Keys
from central.state import CentralState
from kiosk.catalog.model import Catalogue


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Centre:
    state: CentralState
    keys: Keys
    database: Database
    clock: Callable[[], datetime] = utc_now

    def now(self) -> datetime:
        return self.clock()

    def local_now(self) -> datetime:
        """The operator's time, as papers show it."""
        return self.now().astimezone(ZoneInfo(self.catalogue().operator.time_zone))

    def catalogue(self, version: int | None = None) -> Catalogue:
        """A published catalogue, the newest by default; KeyError if that version was never published."""
        return publishing.published(self.state, version)

    @property
    def anchors(self) -> tuple[str, ...]:
        return self.state.anchors_pem()


def open_centre(state: CentralState, clock: Callable[[], datetime] = utc_now) -> Centre:
    """Loads keys and opens the database of an initialised folder; FileNotFoundError says what to do."""
    if state.settings.database_url is None and not state.database.is_file():
        raise FileNotFoundError(
            f"{state.database} is missing: stop the server, put the last backup in its place, or make an empty one "
            "with `totem central init`"
        )
    return Centre(state, keys.load(state.keys), Database(state.database_url), clock)
