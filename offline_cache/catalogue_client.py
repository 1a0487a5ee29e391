"""Fetching the catalogue by TUF: nothing that the centre's keys did not sign, and never an older one."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import requests
from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    RepositoryError,
    StorageError,
)
from tuf.api.metadata import Metadata, TargetFile, Timestamp
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from offline_cache import catalogue_cache, floors
from offline_cache.client import LIMIT_S, Unreachable
from offline_cache.connection import Connection, reason
from offline_cache.contract.messages import NONCE_HEADER
from offline_cache.enrolment import ROOT
from offline_cache.folder import StateFolder
from offline_cache.signed_metadata import NotVouchedFor, refreshed
from offline_cache.signing import draw_nonce
from offline_cache.store import Store

# OPERATOR.VERSION.json
TARGET = re.compile(r"(?P<operator>[a-z0-9][a-z0-9-]{0,47})\.(?P<version>[1-9][0-9]{0,8})\.json")
SEEN = "seen.json"


class NotWritten(Exception):
    """What was fetched could not be written here; one plain line that says why. What the kiosk has stays."""


class Fetcher(FetcherInterface):
    """TUF's files over the kiosk's own connection; `between` is called before each, for whoever waits for it."""

    def __init__(self, connection: Connection, between: Callable[[], object]) -> None:
        self._connection = connection
        self._between = between
        # Of the timestamp that was read.
        self.etag = ""

    def _fetch(self, url: str) -> Iterator[bytes]:
        self._between()
        try:
            response = self._connection.exchange("GET", url, limit_s=LIMIT_S, headers={NONCE_HEADER: draw_nonce()})
        except OSError as error:
            raise DownloadError(reason(error)) from error
        if response.status_code != requests.codes.ok:
            raise DownloadHTTPError(f"status {response.status_code}", response.status_code)
        if url.endswith("/timestamp.json"):
            self.etag = str(response.headers.get("ETag", ""))
        return iter((response.content,))


class StoreFloors:
    """The floors of signed metadata, in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def value(self, name: str) -> int:
        return floors.value(self._store, name)

    def lift(self, to: Mapping[str, int]) -> None:
        with self._store.transaction():
            for name, version in to.items():
                floors.lift(self._store, name, version)


def updated(folder: StateFolder, store: Store, fetcher: Fetcher, base: str, now: datetime) -> Updater:
    """The four roles as the centre has them, verified and not older than ever before; for the targets' sake.

    Raises what `translated` translates.
    """
    metadata, work = folder.tuf / "metadata", folder.tuf / "work"

    def updater_now() -> Updater:
        made = Updater(
            metadata_dir=str(metadata),
            metadata_base_url=f"{base}/catalogue/metadata/",
            target_dir=str(work),
            target_base_url=f"{base}/catalogue/targets/",
            fetcher=fetcher,
            config=UpdaterConfig(),
            bootstrap=(folder.tuf / ROOT).read_bytes(),
        )
        # The client reads the clock once, as it is made.
        made._trusted_set.reference_time = now
        return made

    for path in (metadata, work):
        path.mkdir(parents=True, exist_ok=True)
    return refreshed(StoreFloors(store), updater_now, metadata)


@contextmanager
def translated(what: str) -> Iterator[None]:
    """What TUF's client and the disk say, as Unreachable, NotVouchedFor or NotWritten. `what` is being fetched."""
    try:
        yield
    except (RepositoryError, DownloadLengthMismatchError) as error:
        raise NotVouchedFor(f"{type(error).__name__}: {error}") from error
    except DownloadError as error:
        raise Unreachable(str(error)) from error
    except OSError as error:
        if isinstance(error, FileNotFoundError) and error.filename is not None:
            raise NotVouchedFor(f"{error.filename} is missing: enrol this kiosk again") from error
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        why = "the disk is full" if full else f"the disk refuses it ({type(error).__name__})"
        raise NotWritten(f"{why}: the {what} that is here stays; make room") from error


@dataclass(frozen=True)
class Fetched:
    """A catalogue as it was signed, its version, and the lowest that may run."""

    content: bytes
    version: int
    min_version: int


def fetch(
    folder: StateFolder,
    store: Store,
    connection: Connection,
    now: datetime,
    wanted: str,
    between: Callable[[], object] = lambda: None,
) -> Fetched | None:
    """The catalogue that the centre names, verified; None if nothing was published, or the store has it.

    `wanted` is a wish of the centre's and proves nothing: what comes of it is what the signed metadata vouches for.
    `now` is what expiry is held against: it must not be a clock that was set back. Raises Unreachable, NotVouchedFor
    with the reason, or NotWritten.
    """
    with translated("catalogue"):
        return _fetch(folder, store, connection, now, wanted, between)


def _fetch(
    folder: StateFolder,
    store: Store,
    connection: Connection,
    now: datetime,
    wanted: str,
    between: Callable[[], object],
) -> Fetched | None:
    asked = TARGET.fullmatch(wanted)
    if asked is None:
        raise NotVouchedFor("the centre names no catalogue")
    _same_operator(store, asked["operator"])
    # A store that was lost has none, whatever was verified before.
    if catalogue_cache.current_version(store) is not None and _nothing_new(folder, connection, now, wanted):
        return None
    fetcher = Fetcher(connection, between)
    try:
        updater = updated(folder, store, fetcher, connection.base, now)
    except DownloadHTTPError as error:
        if error.status_code == requests.codes.not_found and not (folder.tuf / "metadata/timestamp.json").exists():
            return None
        raise
    target = updater.get_targetinfo(wanted)
    if target is None:
        raise NotVouchedFor(f"the signed metadata does not list {wanted}")
    version, lowest = int(asked["version"]), _lowest(target, int(asked["version"]))
    if not catalogue_cache.is_known(store, version, target.hashes["sha256"]):
        return Fetched(_download(updater, target, folder.tuf / "work" / wanted), version, lowest)
    _remember(folder, wanted, fetcher.etag)
    return None


def _same_operator(store: Store, operator: str) -> None:
    """A kiosk stays its operator's: another one's catalogue is not followed, whoever signed it."""
    kept = catalogue_cache.current(store)
    if kept is not None and kept.catalogue.operator.id != operator:
        raise NotVouchedFor("the centre names another operator's catalogue: enrol this kiosk anew to change it")


def _nothing_new(folder: StateFolder, connection: Connection, now: datetime, wanted: str) -> bool:
    """One conditional request: the same is wanted, it is here, and the centre's timestamp is the one that was verified.

    Asked again in full once what was verified has expired, so that nobody keeps a kiosk on old metadata for ever.
    """
    try:
        seen = json.loads((folder.tuf / SEEN).read_bytes())
        timestamp = Metadata[Timestamp].from_file(str(folder.tuf / "metadata" / "timestamp.json")).signed
        if seen["wanted"] != wanted or not seen["etag"] or timestamp.expires <= now:
            return False
        etag = str(seen["etag"])
    except (OSError, ValueError, KeyError, TypeError, RepositoryError, StorageError):
        return False
    return bool(ask_timestamp(connection, etag).status_code == requests.codes.not_modified)


def seen_etag(folder: StateFolder) -> str:
    """Of the timestamp that was verified last; empty before the first, or if nobody remembers."""
    try:
        return str(json.loads((folder.tuf / SEEN).read_bytes())["etag"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def ask_timestamp(connection: Connection, etag: str) -> requests.Response:
    """The centre's timestamp, unless it is the one of that etag. Nothing is verified. Raises Unreachable."""
    url = f"{connection.base}/catalogue/metadata/timestamp.json"
    headers = {NONCE_HEADER: draw_nonce()} | ({"If-None-Match": etag} if etag else {})
    try:
        return connection.exchange("GET", url, limit_s=LIMIT_S, headers=headers)
    except OSError as error:
        raise Unreachable(reason(error)) from error


def _remember(folder: StateFolder, wanted: str, etag: str) -> None:
    """A hint that saves requests; whatever it says, only what was verified is served."""
    with suppress(OSError):
        (folder.tuf / SEEN).write_text(json.dumps({"wanted": wanted, "etag": etag}), encoding="utf-8")


def _download(updater: Updater, target: TargetFile, path: Path) -> bytes:
    """The target's bytes, verified by the client while it downloads; the file in between is removed."""
    try:
        updater.download_target(target, str(path))
        return path.read_bytes()
    finally:
        path.unlink(missing_ok=True)


def _lowest(target: TargetFile, version: int) -> int:
    """The lowest version that may run, as it was signed with this one."""
    custom = target.unrecognized_fields.get("custom")
    said = custom if isinstance(custom, dict) else {}
    lowest = said.get("min_version")
    if not isinstance(lowest, int) or said.get("version") != version:
        raise NotVouchedFor(f"the signed metadata does not say which version {target.path} is")
    return lowest
