"""What the centre wishes of a kiosk in the directives of a heartbeat's answer, apart from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from offline_cache import clock, rotation, standing
from offline_cache.client import CentreClient
from offline_cache.contract.messages import ALLOCATIONS_DIRECTIVE, KEY_DIRECTIVE, AllocationRequest, Enrolment
from offline_cache.folder import StateFolder
from offline_cache.store import Store

log = structlog.get_logger()


def of(store: Store, directives: Iterable[str]) -> list[str]:
    """The wishes to fulfil, the most urgent last. A kiosk that lives on its spare wishes for allocations by itself."""
    found = standing.current(store)
    lacking = found is not None and found.renewable
    wished = set(directives) | ({ALLOCATIONS_DIRECTIVE} if lacking else set())
    return [wish for wish in (KEY_DIRECTIVE, ALLOCATIONS_DIRECTIVE) if wish in wished]


def fulfil(wish: str, folder: StateFolder, store: Store, client: CentreClient) -> None:
    """Raises Unreachable or Refused; the wish comes again with the next heartbeat."""
    if wish == KEY_DIRECTIVE:
        try:
            rotation.rotate(folder, store, client)
        except OSError as error:
            # Where systemd hands the key in, nobody may write it: a technician enrols the machine again.
            log.error("device-key-not-changed", why=type(error).__name__)
        return
    found = standing.current(store)
    if found is not None:
        request = AllocationRequest(replaces=found.enrolment.allocation, generation=found.generation)
        standing.renew(store, client.post("allocations", request, Enrolment), clock.read())
        log.info("allocations-renewed")
