"""Whether something was published, asked halfway between two heartbeats: one small request, conditional.

Otherwise a push would be heard of a minute later at worst, and a catalogue takes its time to be rehearsed. What was
published says nothing of who should run it: that is what the heartbeat, sent at once, is told.
"""

from __future__ import annotations

import math

import requests

from offline_cache.catalogue_client import ask_timestamp, seen_etag
from offline_cache.connection import Connection
from offline_cache.folder import StateFolder


class News:
    """`due_s`: when to ask next, in monotonic seconds."""

    def __init__(self, folder: StateFolder) -> None:
        self.due_s = math.inf
        self._halfway_s = math.inf
        self._etag = seen_etag(folder)

    def after_heartbeat(self, answered_s: float, every_s: float) -> None:
        """To be asked halfway to the next one; at once, where it is not known yet what there is."""
        self._halfway_s = answered_s + every_s / 2
        self.due_s = self._halfway_s if self._etag else answered_s

    def changed(self, connection: Connection) -> bool:
        """Whether the centre's timestamp is another than the one seen before. Raises Unreachable."""
        self.due_s = self._halfway_s if self.due_s < self._halfway_s else math.inf
        response = ask_timestamp(connection, self._etag)
        if response.status_code != requests.codes.ok:
            return False
        known, self._etag = self._etag, str(response.headers.get("ETag", ""))
        return bool(known) and known != self._etag
