"""Fetching the catalogue by TUF: nothing that the centre's keys did not sign, and never an older one.

python-tuf's client keeps its own cache of metadata; with an emptied cache it would accept a rollback, so the highest
versions ever seen are kept in the store too, and compared after each refresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import requests
from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    LengthOrHashMismatchError,
    RepositoryError,
)
from tuf.api.metadata import TargetFile
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from offline_cache import catalogue_cache, floors
from offline_cache.client import LIMIT_S, Unreachable
from offline_cache.connection import Connection, reason
from offline_cache.contract.messages import NONCE_HEADER
from offline_cache.enrolment import ROOT
from offline_cache.folder import StateFolder
from offline_cache.signing import draw_nonce
from offline_cache.store import Store

TARGET = "catalogue.json"
FLOOR_PREFIX = "tuf."
ROLES = ("root", "timestamp", "snapshot", "targets")


class NotVouchedFor(Exception):
    """The metadata does not vouch for what is offered; what the kiosk has stays."""


class Fetcher(FetcherInterface):
    """TUF's files over the kiosk's own connection; `between` is called before each, for whoever waits for it."""

    def __init__(self, connection: Connection, between: Callable[[], object]) -> None:
        self._connection = connection
        self._between = between

    def _fetch(self, url: str) -> Iterator[bytes]:
        self._between()
        try:
            response = self._connection.exchange("GET", url, limit_s=LIMIT_S, headers={NONCE_HEADER: draw_nonce()})
        except OSError as error:
            raise DownloadError(reason(error)) from error
        if response.status_code != requests.codes.ok:
            raise DownloadHTTPError(f"status {response.status_code}", response.status_code)
        return iter((response.content,))


def fetch(
    folder: StateFolder,
    store: Store,
    connection: Connection,
    now: datetime,
    between: Callable[[], object] = lambda: None,
) -> bytes | None:
    """The newest catalogue, verified; None if there is none yet, or it is the one that the store has.

    `now` is what expiry is held against: it must not be a clock that was set back. Raises Unreachable, or
    NotVouchedFor with the reason.
    """
    metadata, work = folder.tuf / "metadata", folder.tuf / "work"
    for path in (metadata, work):
        path.mkdir(parents=True, exist_ok=True)
    try:
        updater = Updater(
            metadata_dir=str(metadata),
            metadata_base_url=f"{connection.base}/catalogue/metadata/",
            target_dir=str(work),
            target_base_url=f"{connection.base}/catalogue/targets/",
            fetcher=Fetcher(connection, between),
            config=UpdaterConfig(),
            bootstrap=(folder.tuf / ROOT).read_bytes(),
        )
        # The client reads the clock once, as it is made.
        updater._trusted_set.reference_time = now
        updater.refresh()
        _lift_floors(store, updater)
        target = updater.get_targetinfo(TARGET)
        return None if target is None or _is_kept(store, target) else _download(updater, target, work / TARGET)
    except DownloadHTTPError as error:
        if error.status_code == requests.codes.not_found and not (metadata / "timestamp.json").exists():
            return None
        raise Unreachable(str(error)) from error
    except (RepositoryError, DownloadLengthMismatchError) as error:
        raise NotVouchedFor(f"{type(error).__name__}: {error}") from error
    except DownloadError as error:
        raise Unreachable(str(error)) from error
    except FileNotFoundError as error:
        raise NotVouchedFor(f"{error.filename} is missing: enrol this kiosk again") from error


def _is_kept(store: Store, target: TargetFile) -> bool:
    kept = catalogue_cache.current(store)
    if kept is None:
        return False
    try:
        target.verify_length_and_hashes(kept.content)
    except LengthOrHashMismatchError:
        return False
    return True


def _download(updater: Updater, target: TargetFile, path: Path) -> bytes:
    """The target's bytes, verified by the client while it downloads; the file in between is removed."""
    try:
        updater.download_target(target, str(path))
        return path.read_bytes()
    finally:
        path.unlink(missing_ok=True)


def _lift_floors(store: Store, updater: Updater) -> None:
    trusted = updater._trusted_set
    versions = {role: int(trusted[role].version) for role in ROLES}
    for role, version in versions.items():
        floor = floors.value(store, FLOOR_PREFIX + role)
        if version < floor:
            raise NotVouchedFor(f"{role} {version} is older than {floor}, which was seen before")
    with store.transaction():
        for role, version in versions.items():
            floors.lift(store, FLOOR_PREFIX + role, version)
