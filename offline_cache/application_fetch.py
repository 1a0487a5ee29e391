"""Fetching the release that the centre names: verified, piece by piece, and left for whoever puts it in place.

A release is large and a line may be slow: one request a step, so that whoever looks something up meanwhile waits for no
more than that. What has arrived is kept when this process ends. The sync process replaces no program: it leaves what
came in a folder, in which whoever does believes nothing (kiosk/technician/updating).
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import requests
import structlog
from tuf.api.metadata import TargetFile
from tuf.ngclient import Updater

from offline_cache import disk, release
from offline_cache.backoff import Backoff
from offline_cache.catalogue_client import Fetcher, NotWritten, translated, updated
from offline_cache.client import LIMIT_S, Unreachable
from offline_cache.connection import Connection, reason
from offline_cache.contract import hand_over
from offline_cache.contract.hand_over import Offered
from offline_cache.contract.messages import LIST_SIZE_HEADER, NONCE_HEADER
from offline_cache.durable_files import sync_folder
from offline_cache.folder import StateFolder
from offline_cache.signed_metadata import NotVouchedFor, vouched
from offline_cache.signing import draw_nonce
from offline_cache.store import Store

EVERY_S = 600.0
# Unpacked and built a release takes some four times its archive, on whatever disk that is; citizens come first.
TIMES_ITS_LENGTH = 4
_HASHED_AT_ONCE = 8 * 1024 * 1024
log = structlog.get_logger()


@dataclass
class _Coming:
    """A verified description, and the file into which its pieces come."""

    offered: Offered
    digest: str
    file: Path


class ApplicationFetch:
    """`wish` says which release is wanted; `step` does what is due for it. Times are monotonic seconds."""

    def __init__(self, folder: StateFolder, store: Store, draw: random.Random) -> None:
        self._folder, self._store = folder, store
        self._place = folder.path / hand_over.FOLDER
        self._backoff = Backoff(EVERY_S, draw)
        self._wanted: int | None = None
        self._coming: _Coming | None = None
        self.due_s = 0.0

    def wish(self, wanted: int | None, now_s: float) -> None:
        """The release that the centre names; None withdraws a wish that was not carried out yet."""
        if wanted == self._wanted:
            return
        self._wanted, self._coming = wanted, None
        self._backoff.succeeded()
        self.due_s = now_s
        if wanted is None or wanted == release.here().number:
            self._clear()

    def due(self, now_s: float) -> bool:
        return self._wanted is not None and now_s >= self.due_s

    def step(
        self, connection: Connection, now: datetime, now_s: float, between: Callable[[], object] = lambda: None
    ) -> bool:
        """One piece of the work; False if nothing is due. `now` is what expiry is held against.

        Raises Unreachable, NotVouchedFor or NotWritten, and begins again later.
        """
        if self._wanted is None or not self.due(now_s) or not self._missing(self._wanted):
            return False
        try:
            with translated("program"):
                if self._coming is None:
                    self._coming = self._found(self._wanted, connection, now, between)
                elif not self._piece(self._coming, connection, between):
                    self._hand_over(self._coming)
                    # By then it was taken over or refused; what was refused for want of room is offered again.
                    self._coming, self.due_s = None, now_s + EVERY_S
                    self._backoff.succeeded()
        except (Unreachable, NotVouchedFor, NotWritten):
            self._coming = None
            self.due_s = now_s + self._backoff.after_failure()
            raise
        return True

    def _missing(self, wanted: int) -> bool:
        """False for what runs here, was tried here, lies ready, or is being put in place."""
        told = release.told(self._folder)
        return (
            wanted not in {release.here().number, told.next, *told.bad}
            and not (self._place / hand_over.WISH).exists()
        )

    # ---- what is wanted ---------------------------------------------------------------------------------

    def _found(
        self, wanted: int, connection: Connection, now: datetime, between: Callable[[], object]
    ) -> _Coming:
        updater = updated(self._folder, self._store, Fetcher(connection, between), connection.base, now)
        target, offered = self._chosen(updater, wanted)
        room_mb = disk.free_mb(self._folder) - disk.NEEDED_MB
        if room_mb < TIMES_ITS_LENGTH * offered.length >> 20:
            raise NotWritten(f"the disk is full: release {wanted} needs {TIMES_ITS_LENGTH * offered.length >> 20} MB")
        self._place.mkdir(mode=0o700, exist_ok=True)
        file = self._place / f"{target.hashes['sha256']}.part"
        for other in self._place.glob("*.part"):
            if other != file:
                other.unlink()
        before = self._place / hand_over.ARCHIVE
        if not file.exists() and before.exists() and before.stat().st_size == offered.length:
            # The same, handed over before; if it is not, that is found out at its end.
            before.replace(file)
        log.info("release-found", target=offered.target, bytes=offered.length)
        return _Coming(offered, target.hashes["sha256"], file)

    def _chosen(self, updater: Updater, wanted: int) -> tuple[TargetFile, Offered]:
        """The program alone where the packages are the same as here, else with the wheels of this platform."""
        lock = release.here().lock
        for platform in ("any", release.this_platform()):
            name = hand_over.target_name(wanted, platform)
            target = updater.get_targetinfo(name)
            if target is None:
                continue
            offered = vouched(updater, target)
            if offered.lock == lock or offered.with_wheels:
                return target, offered
        raise NotVouchedFor(f"the signed metadata lists no release {wanted} for this kiosk")

    # ---- its bytes --------------------------------------------------------------------------------------

    def _piece(self, coming: _Coming, connection: Connection, between: Callable[[], object]) -> bool:
        """One more piece; False once all of it is here and is what was signed."""
        have = coming.file.stat().st_size if coming.file.exists() else 0
        if have < coming.offered.length:
            piece = self._asked(coming, connection, have)
            with coming.file.open("ab") as file:
                file.write(piece)
            return True
        if have > coming.offered.length or _digest(coming.file, between) != coming.digest:
            coming.file.unlink()
            raise NotVouchedFor(f"what came as {coming.offered.target} is not what was signed")
        return False

    def _asked(self, coming: _Coming, connection: Connection, offset: int) -> bytes:
        url = f"{connection.base}/catalogue/targets/{coming.digest}.{coming.offered.target}?offset={offset}"
        try:
            response = connection.exchange("GET", url, limit_s=LIMIT_S, headers={NONCE_HEADER: draw_nonce()})
        except OSError as error:
            raise Unreachable(reason(error)) from error
        if response.status_code != requests.codes.ok or not response.content:
            raise Unreachable(f"status {response.status_code}")
        if response.headers.get(LIST_SIZE_HEADER) != str(coming.offered.length):
            raise NotVouchedFor(f"the centre has another length for {coming.offered.target} than was signed")
        return response.content

    # ---- the hand-over ----------------------------------------------------------------------------------

    def _hand_over(self, coming: _Coming) -> None:
        """The wish comes last: whoever sees it finds everything else whole."""
        (self._place / hand_over.WISH).unlink(missing_ok=True)
        _copy_metadata(self._folder.tuf / "metadata", self._place / hand_over.METADATA)
        _synced(coming.file)
        coming.file.replace(self._place / hand_over.ARCHIVE)
        self._say(coming.offered.release, coming.offered.target)
        log.info("release-handed-over", release=coming.offered.release)

    def _say(self, number: int, target: str) -> None:
        beside = self._place / "wish.new"
        beside.write_text(json.dumps({"release": number, "target": target}), encoding="utf-8")
        _synced(beside)
        beside.replace(self._place / hand_over.WISH)
        sync_folder(self._place)

    def _clear(self) -> None:
        """Nothing is wished for; the wish goes first. Whoever waits to put a release in place is told so."""
        for file in (self._place / hand_over.WISH, self._place / hand_over.ARCHIVE, *self._place.glob("*.part")):
            file.unlink(missing_ok=True)
        here, told = release.here().number, release.told(self._folder)
        if told.next is not None and told.next != here and self._place.is_dir():
            self._say(here, hand_over.NOTHING)


def _digest(file: Path, between: Callable[[], object]) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while part := opened.read(_HASHED_AT_ONCE):
            digest.update(part)
            between()
    return digest.hexdigest()


def _copy_metadata(known: Path, to: Path) -> None:
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(mode=0o700)
    roots = (known / "root_history").glob("*.root.json")
    others = (file for file in known.glob("*.json") if file.name != "root.json")
    for file in (*roots, *others):
        shutil.copyfile(file, to / file.name)
        _synced(to / file.name)
    sync_folder(to)


def _synced(file: Path) -> None:
    fd = os.open(file, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
