"""Keeping the revocation lists that the catalogue names: asked of the centre piece by piece, replaced whole.

The centre fetches them of the authorities. A list carries its own signature, so the card worker believes neither the
centre nor this process; what is kept here is only what parses as a list and is not older than what was there.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import requests
import structlog

from offline_cache.backoff import Backoff
from offline_cache.client import LIMIT_S, Unreachable
from offline_cache.connection import Connection, reason
from offline_cache.contract.messages import LIST_SIZE_HEADER, NONCE_HEADER
from offline_cache.contract.revocation import MAX_LIST_BYTES, list_name, this_update
from offline_cache.signing import draw_nonce

EVERY_S = 1800.0
log = structlog.get_logger()


@dataclass
class _Coming:
    """A list of which some pieces are here; `tag` says of which version."""

    name: str
    tag: str | None = None
    body: bytearray = field(default_factory=bytearray)


class RevocationFetch:
    """One request a step, so that whoever looks something up meanwhile waits for no more than that."""

    def __init__(self, folder: Path, draw: random.Random) -> None:
        self._folder = folder
        self._backoff = Backoff(EVERY_S, draw)
        self._tags: dict[str, str] = {}
        self._waiting: list[_Coming] = []
        self.due_s = 0.0

    def step(self, connection: Connection, addresses: Sequence[str], now_s: float) -> bool:
        """Asks for the next piece; False if nothing is due. Raises Unreachable, and begins again later."""
        if not self._waiting:
            if now_s < self.due_s:
                return False
            self._waiting = [_Coming(list_name(address)) for address in addresses]
            self.due_s = now_s + EVERY_S
            return bool(self._waiting)
        coming = self._waiting[0]
        try:
            whole = self._piece(connection, coming)
        except OSError as error:
            self._waiting.clear()
            self.due_s = now_s + self._backoff.after_failure()
            raise Unreachable(reason(error)) from error
        if whole:
            self._waiting.pop(0)
            self._backoff.succeeded()
        return True

    def _piece(self, connection: Connection, coming: _Coming) -> bool:
        """Whether no more of this list is to come."""
        headers = {NONCE_HEADER: draw_nonce()}
        if not coming.body and coming.name in self._tags:
            headers["If-None-Match"] = self._tags[coming.name]
        url = f"{connection.base}/revocation-lists/{coming.name}?offset={len(coming.body)}"
        response = connection.exchange("GET", url, limit_s=LIMIT_S, headers=headers)
        tag = response.headers.get("ETag", "")
        if response.status_code != requests.codes.ok:
            if response.status_code != requests.codes.not_modified:
                log.info("list-not-there", name=coming.name, status=response.status_code)
            return True
        if coming.tag not in {None, tag}:  # another version meanwhile: from the beginning
            coming.tag, coming.body = None, bytearray()
            return False
        coming.tag = tag
        coming.body += response.content
        size = int(response.headers.get(LIST_SIZE_HEADER, "0"))
        if not response.content or size > MAX_LIST_BYTES or len(coming.body) > size:
            log.warning("list-refused", name=coming.name)
            return True
        if len(coming.body) < size:
            return False
        self._keep(coming)
        return True

    def _keep(self, coming: _Coming) -> None:
        made, path = this_update(bytes(coming.body)), self._folder / coming.name
        before = this_update(path.read_bytes()) if path.is_file() else None
        if made is None or (before is not None and before > made):
            log.warning("list-refused", name=coming.name)
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".new")
        aside.write_bytes(coming.body)
        aside.replace(path)
        self._tags[coming.name] = coming.tag or ""
        log.info("list-kept", name=coming.name, made=made.isoformat())
