"""Verified catalogues, kept so that a kiosk serves for weeks without the centre: the current one and the one before.

What comes in here was verified by its signatures before. A version below the signed minimum is refused (it was
withdrawn), and so is one that was found bad. A new one is a candidate until the screen has rehearsed it, and on trial
until its first session has ended.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import Catalogue
from kiosk.catalog.read import CatalogueError, from_json
from offline_cache import clock, floors, standing
from offline_cache.audit import AuditEvent, record
from offline_cache.clock import Reading
from offline_cache.contract import trust
from offline_cache.store import Store

FLOOR = "catalogue.min"


class CatalogueRefusedError(Exception):
    """The version may not replace what is kept."""


class SealsElsewhereError(CatalogueRefusedError):
    """The first catalogue seals citizens' requests to another key than this kiosk's token names."""


@dataclass(frozen=True)
class KeptCatalogue:
    """The JSON as it was signed."""

    version: int
    content: bytes

    @property
    def catalogue(self) -> Catalogue:
        return from_json(self.content)

    @property
    def series(self) -> tuple[str, ...]:
        """The series of which this kiosk needs numbers of its own."""
        from kiosk.issuing.compose import takes_number

        taken = {takes_number(service) for service in self.catalogue.services}
        return tuple(sorted(series for series in taken if series is not None))


def offer(
    store: Store, content: bytes, reading: Reading | None = None, *, min_version: int = 0, signed_as: int | None = None
) -> bool:
    """A verified catalogue becomes the candidate that the screen rehearses; False if nothing changes by it.

    What this program cannot read is bad under the version that it was `signed_as`: the centre is told so.

    The first one of all is current at once: there is nothing to serve meanwhile, and nothing to go back to. So is the
    one that was served before the present one, for its screens have been shown. CatalogueRefusedError as `keep`.
    """
    try:
        version = _readable(content)
    except CatalogueRefusedError:
        if signed_as is not None:
            _never(store, signed_as, content, reading or clock.read())
        raise
    if signed_as not in {None, version}:
        raise CatalogueRefusedError(f"catalogue {version} was signed as {signed_as}: publish it again")
    if current_version(store) is None:
        return keep(store, content, reading, min_version=min_version)
    with store.transaction():
        if not _may_come(store, version, content, min_version):
            return False
        if store.row("select 1 from catalogue where version = ? and state = 'previous'", (version,)) is not None:
            store.execute("delete from catalogue_trial")
            return keep(store, content, reading, min_version=min_version)
        # The same again does not begin a trial anew.
        found = candidate(store)
        if found is not None and found.content == content:
            return False
        store.execute(
            "insert into catalogue_trial (id, version, content, stage) values (1, ?, ?, 'candidate')"
            " on conflict (id) do update set version = excluded.version, content = excluded.content,"
            " stage = 'candidate', boot_id = null",
            (version, content),
        )
        floors.lift(store, FLOOR, min_version)
    return True


def candidate(store: Store) -> KeptCatalogue | None:
    """What waits to be rehearsed."""
    row = store.row("select version, content from catalogue_trial where stage = 'candidate'")
    return None if row is None else KeptCatalogue(int(row["version"]), bytes(row["content"]))


def accept(store: Store, version: int, reading: Reading | None = None) -> bool:
    """The candidate was rehearsed: it is current, and on trial. False if another has taken its place meanwhile."""
    with store.transaction():
        found = candidate(store)
        if found is None or found.version != version:
            return False
        keep(store, found.content, reading)
        store.execute("update catalogue_trial set stage = 'shown', content = null")
    return True


def keep(store: Store, content: bytes, reading: Reading | None = None, *, min_version: int = 0) -> bool:
    """Makes a verified catalogue the current one; False if it already is, or was found bad before.

    CatalogueRefusedError if it is none that this program reads, for a version below the signed minimum, for a known
    version with other content, and for a first one that seals to another key than the token named.
    """
    now = reading or clock.read()
    version = _readable(content)
    with store.transaction():
        if not _may_come(store, version, content, min_version):
            return False
        told = standing.told_sealing(store)
        if told is not None:
            _hold_sealing(content, told)
        store.execute("delete from catalogue where state = 'previous' or version = ?", (version,))
        store.execute("update catalogue set state = 'previous' where state = 'current'")
        store.execute(
            "insert into catalogue (version, content, state, kept_at) values (?, ?, 'current', ?)",
            (version, content, now.iso),
        )
        floors.lift(store, FLOOR, min_version)
        record(store, AuditEvent.CATALOGUE_KEPT, now, {"version": version})
        if told is not None:
            standing.sealed_as_told(store)
    return True


def seals_to(catalogue: Catalogue, sha256: str) -> bool:
    """Whether a key of that SHA-256 (hex) is among those to which a catalogue seals."""
    return sha256 in {trust.sealing_sha256(key.public_key) for key in catalogue.sealing_keys}


def _hold_sealing(content: bytes, told: str) -> None:
    if not seals_to(from_json(content), told):
        raise SealsElsewhereError(
            "the centre's catalogue seals requests to another key than the token names: have the administrator look, "
            "and make another token"
        )


def _readable(content: bytes) -> int:
    try:
        return from_json(content).version
    except CatalogueError as error:
        # How many, not which: the lines quote what was read.
        count = len(error.problems)
        line = f"the catalogue has {count} faults that this program cannot read: publish a corrected one"
        raise CatalogueRefusedError(line) from None


def _may_come(store: Store, version: int, content: bytes, min_version: int) -> bool:
    """Whether it may become the current one; False if it is already, or was found bad."""
    lowest = max(min_version, floors.value(store, FLOOR))
    if version < lowest:
        raise CatalogueRefusedError(f"catalogue {version} was withdrawn: {lowest} is the lowest that may run")
    known = store.row("select content, state from catalogue where version = ?", (version,))
    if known is None:
        return True
    if bytes(known["content"]) != content:
        raise CatalogueRefusedError(f"catalogue {version} came again with other content")
    return bool(known["state"] == "previous")


def current(store: Store) -> KeptCatalogue | None:
    """The catalogue to serve, or None before the first one came."""
    row = store.row("select version, content from catalogue where state = 'current'")
    return None if row is None else KeptCatalogue(int(row["version"]), bytes(row["content"]))


def current_version(store: Store) -> int | None:
    """The version of the catalogue to serve, without reading it."""
    row = store.row("select version from catalogue where state = 'current'")
    return None if row is None else int(row["version"])


def previous_version(store: Store) -> int | None:
    """The version that is kept to go back to."""
    row = store.row("select version from catalogue where state = 'previous'")
    return None if row is None else int(row["version"])


def is_known(store: Store, version: int, digest: str) -> bool:
    """Whether exactly that content is here already: served, being tried, or found bad."""
    from hashlib import sha256

    rows = store.rows(
        "select content from catalogue where version = ? and state <> 'previous'"
        " union all select content from catalogue_trial where version = ? and content is not null",
        (version, version),
    )
    return any(sha256(bytes(row["content"])).hexdigest() == digest for row in rows)


def bad_versions(store: Store) -> tuple[int, ...]:
    """What this kiosk tried and took back, the newest ones."""
    rows = store.rows("select version from catalogue where state = 'bad' order by version desc limit 8")
    return tuple(sorted(int(row["version"]) for row in rows))


def mark_bad(store: Store, version: int, reading: Reading | None = None) -> None:
    """Never serves this version again; if it was the current one, the one before is served."""
    now = reading or clock.read()
    with store.transaction():
        waiting = candidate(store)
        if waiting is not None and waiting.version == version:
            _never(store, version, waiting.content, now)
            store.execute("delete from catalogue_trial")
            return
        row = store.row("select state from catalogue where version = ?", (version,))
        if row is None or row["state"] == "bad":
            return
        before = store.row("select version from catalogue where state = 'previous'")
        if row["state"] == "current" and before is None:
            # The only one there is: a kiosk that serves badly serves better than one that serves nobody.
            return
        store.execute("update catalogue set state = 'bad' where version = ?", (version,))
        store.execute("delete from catalogue_trial where version = ?", (version,))
        if row["state"] == "current":
            store.execute("update catalogue set state = 'current' where state = 'previous'")
        record(store, AuditEvent.CATALOGUE_BAD, now, {"version": version})


def _never(store: Store, version: int, content: bytes, now: Reading) -> None:
    """What was not served is bad."""
    with store.transaction():
        store.execute(
            "insert into catalogue (version, content, state, kept_at) values (?, ?, 'bad', ?)"
            " on conflict (version) do update set state = 'bad'",
            (version, content, now.iso),
        )
        record(store, AuditEvent.CATALOGUE_BAD, now, {"version": version})


# ---- the first session under a new catalogue ------------------------------------------------------------


def proven(store: Store) -> bool:
    """Whether the catalogue that is served has been through a session."""
    return store.row("select 1 as found from catalogue_trial where stage <> 'candidate'") is None


def session_began(store: Store, boot_id: str) -> None:
    """From here on, a program that dies before the session's end has failed under this catalogue."""
    store.execute("update catalogue_trial set stage = 'session', boot_id = ? where stage = 'shown'", (boot_id,))


def session_ended(store: Store, *, well: bool) -> None:
    """The first session is over: the catalogue is proven, or marked bad."""
    row = store.row("select version from catalogue_trial where stage = 'session'")
    if row is None:
        return
    if well:
        store.execute("delete from catalogue_trial where stage = 'session'")
    else:
        mark_bad(store, int(row["version"]))


def died_in_trial(store: Store, boot_id: str) -> None:
    """Called as the screen's program starts: one that died in the first session, without a power cut, died of it."""
    row = store.row("select version, boot_id from catalogue_trial where stage = 'session'")
    if row is None:
        return
    if row["boot_id"] == boot_id:
        mark_bad(store, int(row["version"]))
    else:
        store.execute("update catalogue_trial set stage = 'shown', boot_id = null")
