"""Fetching the catalogue by TUF: nothing that the centre's keys did not sign, and never an older one.

python-tuf's client keeps its own cache of metadata; with an emptied cache it would accept a rollback, so the highest
versions ever seen are kept in the store too, and compared after each refresh.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import requests
from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from offline_cache import floors
from offline_cache.client import TIMEOUT_S, Unreachable, session
from offline_cache.contract.messages import NONCE_HEADER
from offline_cache.folder import StateFolder
from offline_cache.signing import draw_nonce
from offline_cache.store import Store

if TYPE_CHECKING:
    from pathlib import Path

TARGET = "catalogue.json"
FLOOR_PREFIX = "tuf."
ROLES = ("root", "timestamp", "snapshot", "targets")
CHUNK = 65_536


class NotVouchedFor(Exception):
    """The metadata does not vouch for what is offered; what the kiosk has stays."""


@dataclass(frozen=True)
class Fetched:
    """A catalogue that TUF vouched for, and the versions of the metadata that did."""

    body: bytes
    versions: dict[str, int]


class Fetcher(FetcherInterface):
    """TUF's files through our own session: pinned authority, no redirects, bounded times."""

    def __init__(self, made: requests.Session) -> None:
        self._session = made

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            response = self._session.get(
                url, headers={NONCE_HEADER: draw_nonce()}, timeout=TIMEOUT_S, stream=True, allow_redirects=False
            )
        except requests.RequestException as error:
            raise DownloadError(type(error).__name__) from error
        if response.status_code != requests.codes.ok:
            raise DownloadHTTPError("no such file", response.status_code)
        return response.iter_content(CHUNK)


def fetch(folder: StateFolder, store: Store, now: datetime) -> Fetched | None:
    """The newest catalogue, or None if the centre has published none yet.

    `now` is at least the time floor: a clock that was set back does not make expired metadata good. Raises
    Unreachable, or NotVouchedFor with the reason.
    """
    settings = folder.settings().centre
    base = f"{settings.url.rstrip('/')}/v1/catalogue"
    work = folder.tuf / "work"
    for path in (folder.tuf / "metadata", work):
        path.mkdir(parents=True, exist_ok=True)
    with session(settings) as made:
        try:
            updater = Updater(
                metadata_dir=str(folder.tuf / "metadata"),
                metadata_base_url=f"{base}/metadata/",
                target_dir=str(work),
                target_base_url=f"{base}/targets/",
                fetcher=Fetcher(made),
                config=UpdaterConfig(),
                bootstrap=(folder.tuf / "root.json").read_bytes(),
            )
            # The client reads the clock once; ours may be behind what is known to have passed.
            updater._trusted_set.reference_time = now
            updater.refresh()
            versions = _versions(updater)
            _not_below(store, versions)
            target = updater.get_targetinfo(TARGET)
            if target is None:
                return None
            body = _read(updater, target, work / TARGET)
        except DownloadHTTPError as error:
            raise Unreachable(str(error)) from error
        except DownloadError as error:
            raise Unreachable(str(error)) from error
        except RepositoryError as error:
            raise NotVouchedFor(f"{type(error).__name__}: {error}") from error
    for role, version in versions.items():
        floors.lift(store, FLOOR_PREFIX + role, version)
    return Fetched(body=body, versions=versions)


def _read(updater: Updater, target: object, path: Path) -> bytes:
    """The target's bytes, verified by the client while it downloads; the file in between is removed."""
    try:
        updater.download_target(target, str(path))  # type: ignore[arg-type]
        return path.read_bytes()
    finally:
        path.unlink(missing_ok=True)


def _versions(updater: Updater) -> dict[str, int]:
    trusted = updater._trusted_set
    return {role: int(trusted[role].version) for role in ROLES}


def _not_below(store: Store, versions: dict[str, int]) -> None:
    for role, version in versions.items():
        floor = floors.value(store, FLOOR_PREFIX + role)
        if version < floor:
            raise NotVouchedFor(f"{role} {version} is older than {floor}, which was seen before")
