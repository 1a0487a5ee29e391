"""Leasing guide numbers early, so that an outage finds the kiosk with enough of them."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass

import structlog

from offline_cache import catalogue_cache, numbers
from offline_cache.backoff import Backoff
from offline_cache.client import CentreClient, Refused, Unreachable
from offline_cache.contract.messages import NumberBlock, NumberBlockRequest
from offline_cache.store import Store

log = structlog.get_logger()

BLOCK_SIZE = 50
LOW_NUMBERS = 20


@dataclass
class _Series:
    """`passed_over`: blocks that came and could not be taken; the next request must not ask for the same again."""

    backoff: Backoff
    not_before_s: float = 0.0
    passed_over: int = 0


class Leasing:
    """Times are monotonic seconds. A series whose lease fails waits by itself."""

    def __init__(self, store: Store, cap_s: float, draw: random.Random) -> None:
        self._store = store
        self._cap_s = cap_s
        self._draw = draw
        self._known: dict[str, _Series] = {}
        self._of_catalogue: tuple[int | None, tuple[str, ...]] = (None, ())

    def step(self, client: CentreClient, now_s: float) -> bool:
        """Leases one block of a series that runs low; False if none does. Raises Unreachable, or Refused for the
        kiosk as a whole.
        """
        for series in self._series():
            known = self._known.setdefault(series, _Series(Backoff(self._cap_s, self._draw)))
            if now_s < known.not_before_s or numbers.left(self._store, series) >= LOW_NUMBERS:
                continue
            try:
                self._lease(client, series, known)
            except Unreachable:
                known.not_before_s = now_s + known.backoff.after_failure()
                raise
            except Refused as error:
                if error.of_the_kiosk:
                    raise
                log.error("lease-refused", series=series, code=error.code)
                known.not_before_s = now_s + known.backoff.after_failure(error.retry_after_s)
            except numbers.BlockRefusedError as error:
                log.error("numbers-refused", series=series, why=str(error))
                known.passed_over += 1
                known.not_before_s = now_s + known.backoff.after_failure()
            else:
                known.backoff.succeeded()
            return True
        return False

    def _series(self) -> tuple[str, ...]:
        version = catalogue_cache.current_version(self._store)
        if version != self._of_catalogue[0]:
            current = catalogue_cache.current(self._store)
            self._of_catalogue = version, current.series if current else ()
        return self._of_catalogue[1]

    def _lease(self, client: CentreClient, series: str, known: _Series) -> None:
        # The same request until its block has come: a lost answer costs no numbers.
        serial = numbers.blocks(self._store, series)
        name = f"{client.enrolment.kiosk}/{series}/{serial}/{known.passed_over}"
        request = NumberBlockRequest(
            request_id=str(uuid.uuid5(uuid.NAMESPACE_OID, name)), series=series, size=BLOCK_SIZE
        )
        numbers.add_block(self._store, client.post("number-blocks", request, NumberBlock))
        log.info("numbers-leased", series=series)
