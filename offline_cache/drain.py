"""Emptying the outbox: which items go into the next batch, and what an answer to it means.

One item that the centre will not take never keeps the others back: a refused batch is halved until the item stands
alone, and then it waits by itself, longer each time, but is never dropped.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import structlog

from offline_cache import outbox
from offline_cache.backoff import Backoff
from offline_cache.client import CentreClient, Refused, Unreachable
from offline_cache.contract.messages import Event, EventAnswer, EventBatch, EventResult
from offline_cache.store import Store

log = structlog.get_logger()

# After a refusal of one item alone: if the centre refuses whatever it gets, it is not asked as fast as it answers.
PAUSE_CAP_S = 5.0


@dataclass
class _Hold:
    until_s: float
    backoff: Backoff


class Drain:
    """Times are monotonic seconds. What is held back is forgotten with the process: then it is tried once more."""

    def __init__(self, store: Store, cap_s: float, draw: random.Random) -> None:
        self._store = store
        self._cap_s = cap_s
        self._draw = draw
        self._size = outbox.BATCH_ITEMS
        self._holds: dict[str, _Hold] = {}
        self._pause = Backoff(min(cap_s, PAUSE_CAP_S), draw)
        self._not_before_s = 0.0

    def step(self, client: CentreClient, now_s: float) -> bool:
        """Sends one batch; False if nothing is to be sent now.

        Raises Unreachable, or Refused for the kiosk as a whole; every item then waits as before.
        """
        if now_s < self._not_before_s:
            return False
        held = [item for item, hold in self._holds.items() if hold.until_s > now_s]
        items = outbox.batch(self._store, self._size, without=held)
        if not items:
            return False
        try:
            answer = client.post("events", EventBatch(items=tuple(items)), EventAnswer)
        except Unreachable:
            # Perhaps the line is too slow for so much at once.
            self._size = max(1, len(items) // 2)
            self._not_before_s = now_s + self._pause.after_failure()
            raise
        except Refused as error:
            if error.of_the_kiosk:
                raise
            self._refused(items, error, now_s)
            return True
        self._settle(items, answer, now_s)
        return True

    def try_all(self) -> None:
        """A technician wishes it: nothing is held back any more."""
        self._holds.clear()
        self._not_before_s = 0.0

    def _settle(self, items: list[Event], answer: EventAnswer, now_s: float) -> None:
        sent = {item.id: item.seq for item in items}
        results = [result for result in answer.results if result.id in sent]
        settled = outbox.settle(self._store, sent, results, answer.safe_seq)
        log.info("events-sent", count=len(items), settled=settled)
        taken = {result.id for result in results if result.outcome != "retry"}
        wishes = {result.id: result.retry_after_s for result in results}
        for item in items:
            if item.id in taken:
                self._holds.pop(item.id, None)
            else:
                self._hold(item.id, now_s, wishes.get(item.id))
        self._size = min(outbox.BATCH_ITEMS, self._size * 2)
        self._pause.succeeded()

    def _refused(self, items: list[Event], error: Refused, now_s: float) -> None:
        log.warning("events-refused", count=len(items), code=error.code, status=error.status)
        if len(items) > 1:
            self._size = len(items) // 2
            return
        (item,) = items
        outbox.settle(self._store, {item.id: item.seq}, [EventResult(id=item.id, outcome="retry")], 0)
        self._hold(item.id, now_s, error.retry_after_s)
        self._not_before_s = now_s + self._pause.after_failure()

    def _hold(self, item: str, now_s: float, wish_s: float | None) -> None:
        hold = self._holds.setdefault(item, _Hold(now_s, Backoff(self._cap_s, self._draw)))
        hold.until_s = now_s + hold.backoff.after_failure(wish_s)
