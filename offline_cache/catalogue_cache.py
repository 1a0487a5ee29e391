"""Verified catalogues, kept so that a kiosk serves for weeks without the centre: the current one and the one before.

What comes in here was verified by its signatures before. A version below the highest one seen is refused (somebody
rolls back), and so is one that was found bad.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from kiosk.catalog.model import Catalogue
from offline_cache import clock, floors
from offline_cache.audit import AuditEvent, record
from offline_cache.clock import Reading
from offline_cache.store import Store

FLOOR = "catalogue"


class CatalogueRefusedError(Exception):
    """The version may not replace what is kept."""


@dataclass(frozen=True)
class KeptCatalogue:
    """The JSON as it was signed."""

    version: int
    content: bytes

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue.model_validate_json(self.content)

    @property
    def series(self) -> tuple[str, ...]:
        """The series of which this kiosk needs numbers of its own."""
        from kiosk.issuing.compose import takes_number

        taken = {takes_number(service) for service in self.catalogue.services}
        return tuple(sorted(series for series in taken if series is not None))


def keep(store: Store, content: bytes, reading: Reading | None = None) -> bool:
    """Makes a verified catalogue the current one; False if it already is, or was found bad before.

    CatalogueRefusedError if it is none that this program reads, for a version below the highest seen, and for a known
    version with other content.
    """
    now = reading or clock.read()
    try:
        version = Catalogue.model_validate_json(content).version
    except ValidationError as error:
        # How many, not which: the message of pydantic quotes what it read.
        line = f"the catalogue has {error.error_count()} faults that this program cannot read: publish a corrected one"
        raise CatalogueRefusedError(line) from None
    with store.transaction():
        known = store.row("select content, state from catalogue where version = ?", (version,))
        if known is not None:
            if bytes(known["content"]) != content:
                raise CatalogueRefusedError(f"catalogue {version} came again with other content")
            if known["state"] != "previous":
                return False
        highest = floors.value(store, FLOOR)
        if version < highest:
            raise CatalogueRefusedError(f"catalogue {version} is older than {highest}, which this kiosk has seen")
        store.execute("delete from catalogue where state = 'previous'")
        store.execute("update catalogue set state = 'previous' where state = 'current'")
        store.execute(
            "insert into catalogue (version, content, state, kept_at) values (?, ?, 'current', ?)",
            (version, content, now.iso),
        )
        floors.lift(store, FLOOR, version)
        record(store, AuditEvent.CATALOGUE_KEPT, now, {"version": version})
    return True


def current(store: Store) -> KeptCatalogue | None:
    """The catalogue to serve, or None before the first one came."""
    row = store.row("select version, content from catalogue where state = 'current'")
    return None if row is None else KeptCatalogue(int(row["version"]), bytes(row["content"]))


def current_version(store: Store) -> int | None:
    """The version of the catalogue to serve, without reading it."""
    row = store.row("select version from catalogue where state = 'current'")
    return None if row is None else int(row["version"])


def mark_bad(store: Store, version: int, reading: Reading | None = None) -> None:
    """Never serves this version again; if it was the current one, the one before is served."""
    with store.transaction():
        row = store.row("select state from catalogue where version = ?", (version,))
        if row is None or row["state"] == "bad":
            return
        store.execute("update catalogue set state = 'bad' where version = ?", (version,))
        if row["state"] == "current":
            store.execute("update catalogue set state = 'current' where state = 'previous'")
        record(store, AuditEvent.CATALOGUE_BAD, reading or clock.read(), {"version": version})
