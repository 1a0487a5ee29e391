"""Issues guides with paper as the kiosk does, and says each code and number after its commit.

    python -m tests.power.issuing FOLDER COUNT [careless]

One paper in six is printed; the others are dropped, as by citizens who leave. `careless` opens the store without a sync
at each commit: what it says is then no promise, and whoever checks it must find out.
"""

import os
import sys
import time
from pathlib import Path

from bench import made_up_kiosk
from kiosk.performers import registration
from offline_cache import catalogue_cache, numbers, print_jobs, store, wake
from offline_cache.folder import StateFolder

PRINTED_OF = 6
LIMIT_S = 30.0


def careless() -> None:
    store._PRAGMAS = tuple(
        (name, "OFF", 0) if name == "synchronous" else (name, value, expected)
        for name, value, expected in store._PRAGMAS
    )


def main(path: str, count: str, *how: str) -> None:
    folder = StateFolder(Path(path))
    if "careless" in how:
        careless()
    with store.open_store(folder) as opened:
        _await(lambda: catalogue_cache.current(opened) is not None)
        state = made_up_kiosk.request(opened, "fee")
        for serial in range(int(count)):
            ticket = _issue(opened, folder, state)
            os.write(1, f"{ticket.code}\n".encode())
            wake.post(folder, "sync")
            if serial % PRINTED_OF == 0:
                print_jobs.release(opened, ticket.job)
                wake.post(folder, "printer")
            else:
                print_jobs.drop(folder, opened, ticket.job)


def _issue(opened, folder, state):
    """Numbers come from the centre, in blocks: one may be on its way."""
    _await(lambda: sum(numbers.summary(opened).values()) > 0)
    return registration.register(opened, folder, state).ticket


def _await(met) -> None:
    until_s = time.monotonic() + LIMIT_S
    while not met():
        if time.monotonic() > until_s:
            raise TimeoutError
        time.sleep(0.01)


if __name__ == "__main__":
    main(*sys.argv[1:])
