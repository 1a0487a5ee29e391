"""What the centre told this kiosk beside its data: which life of the centre it is, how densely kiosks may come back,
and how much of the audit log it has seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog

from offline_cache import audit, outbox, standing
from offline_cache.contract.messages import HeartbeatAnswer
from offline_cache.store import Store

log = structlog.get_logger()

_EPOCH = "centre.epoch"
_SPREAD = "centre.spread_s"
LINKS = 500


@dataclass
class Witness:
    """`since`: the audit record that the centre has seen last; None until it said so in this process."""

    store: Store
    since: int | None = None
    spread_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.spread_s = float(self._told(_SPREAD) or 0.0)

    def audit_fields(self) -> dict[str, object]:
        """The part of a heartbeat that speaks of the audit log."""
        newest, head = audit.last(self.store)
        found = standing.current(self.store)
        fields: dict[str, object] = {
            "audit_last": newest, "audit_seq": newest, "audit_head": head,
            "generation": 0 if found is None else found.generation,
        }  # fmt: skip
        if self.since is None or self.since > newest:
            return fields
        links = audit.links(self.store, self.since, LINKS)
        reached = self.since + len(links)
        return fields | {
            "audit_since": self.since, "audit_links": links, "audit_seq": reached,
            "audit_head": audit.hash_of(self.store, reached),
        }  # fmt: skip

    def heard(self, answer: HeartbeatAnswer) -> bool:
        """Takes an answer in; True if the centre is another one than before: restored from its backup."""
        self.since = answer.witnessed
        known = self._told(_EPOCH)
        restored = bool(answer.epoch and known and answer.epoch != known)
        told = {}
        if answer.epoch and answer.epoch != known:
            told[_EPOCH] = answer.epoch
        if answer.spread_s != self.spread_s:
            self.spread_s = answer.spread_s
            told[_SPREAD] = str(answer.spread_s)
        if told:
            with self.store.transaction():
                if restored:
                    log.warning("centre-restored", offered=outbox.offer_again(self.store))
                for name, value in told.items():
                    self.store.execute("insert or replace into meta (key, value) values (?, ?)", (name, value))
        return restored

    def _told(self, name: str) -> str | None:
        row = self.store.row("select value from meta where key = ?", (name,))
        return None if row is None else str(row["value"])
