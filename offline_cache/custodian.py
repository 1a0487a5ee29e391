"""The custodian of the store (`totem run store`): alone, before the others, under the exclusive lock.

It creates and migrates, and reads every page of what is there. A damaged store is put aside by renaming, never
deleted, and a fresh one begins on the spare allocation, with `seq` and request counter above all that the lost store
can have used. What can still be read of the damaged one is carried over: sealed tickets, catalogue and floors.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from offline_cache import catalogue_cache, clock, damage, floors
from offline_cache.audit import AuditEvent, record
from offline_cache.durable_files import make_folder_durably, sync_folder, write_durably
from offline_cache.folder import StateFolder
from offline_cache.salvage import Salvaged, salvage
from offline_cache.schema import LATEST, migrate
from offline_cache.standing import Standing, begin_generation, copy_path, current, put, read_copy, write_copy
from offline_cache.store import (
    SALT_BYTES,
    Hold,
    Store,
    StoreCorruptError,
    connect,
    key_id,
    key_id_path,
    plain_errors,
    read_key,
    read_salt,
    salt_path,
    version_of,
)

# The suffixes of SQLite's files: the store, its log, the log's index.
_FILES = ("", "-wal", "-shm")


@dataclass(frozen=True)
class Prepared:
    """How the store was found, for the log. `quarantined`: where the damaged one lies now."""

    created: bool
    migrated_from: int | None
    quarantined: Path | None


def prepare(folder: StateFolder, reading: clock.Reading | None = None) -> Prepared:
    """Leaves a whole store of this program's version in the folder, or raises a StoreError that says what to do."""
    make_folder_durably(folder.path)
    hold = Hold(folder, exclusive=True)
    try:
        prepared = _prepare(folder, reading or clock.read())
        damage.looked_after(folder)
        return prepared
    finally:
        hold.close()


def _prepare(folder: StateFolder, reading: clock.Reading) -> Prepared:
    key = read_key(folder)
    if not key_id_path(folder).exists():
        if folder.database.exists():
            # Without the mark a wrong key looks like damage: prove the key before anything may be put aside.
            with plain_errors():
                connect(folder.database, key, read_salt(folder)).close()
        write_durably(key_id_path(folder), key_id(key))
    quarantined: Path | None = None
    if folder.database.exists():
        try:
            migrated_from = _check_and_migrate(folder, key)
        except StoreCorruptError:
            quarantined = _put_aside(folder)
        else:
            return Prepared(created=False, migrated_from=migrated_from, quarantined=None)
    elif folder.database.with_name(folder.database.name + "-wal").exists():
        # A log without its store would be replayed into the next one.
        quarantined = _put_aside(folder)
    salvaged = _salvage(quarantined, folder, key)
    _create(folder, key, reading, quarantined, salvaged)
    return Prepared(created=True, migrated_from=None, quarantined=quarantined)


def _check_and_migrate(folder: StateFolder, key: bytes) -> int | None:
    version = version_of(folder, key, read_salt(folder))
    with plain_errors(), Store(folder, connect(folder.database, key, read_salt(folder)), None) as store:
        # The check reads the file alone, and a cut in the middle of a checkpoint tears pages there whose good copies
        # lie in the log: only once the log was moved over does a bad page mean damage.
        store.rows("pragma wal_checkpoint(truncate)")
        complaints = store.rows("pragma cipher_integrity_check")
        found = [row["integrity_check"] for row in store.rows("pragma integrity_check(10)")]
        if complaints or found != ["ok"]:
            raise StoreCorruptError("the store is damaged")
        if read_salt(folder) is None:
            with folder.database.open("rb") as file:
                write_durably(salt_path(folder), file.read(SALT_BYTES).hex() + "\n")
        if version < LATEST:
            with store.transaction():
                migrate(store.execute, version)
        standing = current(store)
        if standing is not None and standing != read_copy(folder):
            write_copy(folder, standing)
        return version if version < LATEST else None


def _salvage(quarantined: Path | None, folder: StateFolder, key: bytes) -> Salvaged:
    salt = read_salt(folder)
    if quarantined is None or salt is None:
        return Salvaged()
    return salvage(quarantined / folder.database.name, key, salt)


def _put_aside(folder: StateFolder) -> Path:
    """Renames the store and its log into a folder of their own.

    The store first: if the power fails in between, it is missing and counts as lost. Without its log it would pass for
    whole, but older, and give codes again.
    """
    shelf = folder.path / "quarantine"
    shelf.mkdir(mode=0o700, exist_ok=True)
    number = 1 + max((int(entry.name) for entry in shelf.iterdir() if entry.name.isdigit()), default=0)
    place = shelf / f"{number:04d}"
    place.mkdir(mode=0o700)
    for suffix in _FILES:
        file = folder.database.with_name(folder.database.name + suffix)
        if file.exists():
            file.rename(place / file.name)
    for changed in (place, shelf, folder.path):
        sync_folder(changed)
    return place


def _create(
    folder: StateFolder, key: bytes, reading: clock.Reading, quarantined: Path | None, salvaged: Salvaged
) -> None:
    """Builds the store under another name and renames it when whole. A folder that was enrolled has lost a store."""
    known = read_copy(folder) if copy_path(folder).exists() else None
    standing = None if known is None else known.after_loss()
    if standing is not None:
        write_copy(folder, standing)
    salt = read_salt(folder)
    if salt is None:
        salt = os.urandom(SALT_BYTES)
        write_durably(salt_path(folder), salt.hex() + "\n")
    fresh = folder.database.with_name(folder.database.name + ".new")
    for suffix in _FILES:
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600))
    # Closing the last connection moves the log into the file; the rename then moves one whole file.
    with plain_errors(), Store(folder, connect(fresh, key, salt, create=True), None) as store, store.transaction():
        migrate(store.execute, 0)
        store.execute("insert into meta (key, value) values ('created', ?)", (reading.iso,))
        record(store, AuditEvent.STORE_CREATED, reading)
        if quarantined is not None:
            record(store, AuditEvent.STORE_QUARANTINED, reading, {"shelf": quarantined.name})
        if standing is not None:
            _carry_over(store, standing, salvaged, reading)
    fresh.rename(folder.database)
    sync_folder(folder.path)
    if standing is not None:
        write_copy(folder, standing.model_copy(update={"opened": True}))


def _carry_over(store: Store, standing: Standing, salvaged: Salvaged, reading: clock.Reading) -> None:
    """The lost store's allocation, numbers and print jobs are left behind; its tickets go on to the centre."""
    put(store, standing)
    for item in sorted(salvaged.items.values(), key=lambda item: item.seq):
        store.execute(
            "insert or ignore into outbox (seq, id, kind, code, catalogue_version, key_id, sealed, fingerprint, state,"
            " created_boot_id, created_monotonic, created_wall, clock_trusted)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                item.seq, item.id, item.kind, item.code, item.catalogue_version, item.key_id, item.sealed,
                item.fingerprint, 2 if item.sealed is None else 0, item.created_boot_id, item.created_monotonic,
                item.created_wall, item.clock_trusted,
            ),
        )  # fmt: skip
    begin_generation(store, standing.generation)
    for name, value in salvaged.floors.items():
        floors.lift(store, name, value)
    if salvaged.catalogue is not None:
        try:
            catalogue_cache.keep(store, salvaged.catalogue[1], reading)
        except catalogue_cache.CatalogueRefusedError:
            # Older than one that was seen: the centre has the newer one.
            salvaged.catalogue = None
    ids: dict[str, str | int] = {
        "items": len(salvaged.items), "catalogue": 0 if salvaged.catalogue is None else salvaged.catalogue[0]
    }  # fmt: skip
    record(store, AuditEvent.STORE_SALVAGED, reading, ids)
