"""Draining a long queue over a slow line: in batches, as the sync process does, beside one POST for each ticket.

    python -m bench.drain [--tickets N] [--each N] [--round-trip-ms MS] [--sqlite]

The kiosk's own store and sync loop, the centre's real processes behind TLS on a PostgreSQL of their own (Debian package
postgresql), and between them a line with that round trip. Both ways are the same loop over the same connection, kept
open: only how many tickets go into one request differs. One POST each is measured on a sample and told per ticket.
"""

from __future__ import annotations

import argparse
import base64
import logging
import random
import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import structlog

from bench import centre as bench_centre
from bench import postgresql
from bench.slow_line import slow_line
from central.centre import Centre
from central.state import CentralState
from kiosk.catalog import read
from kiosk.catalog.model import Catalogue
from offline_cache import catalogue_cache, clock, custodian, outbox, standing
from offline_cache.contract.messages import Enrolment
from offline_cache.folder import StateFolder
from offline_cache.store import Store, create_keys, open_store
from offline_cache.sync import Sync

COMMIT = 500


def kiosk(path: Path, device: bench_centre.Device, centre: Centre, catalogue: Catalogue) -> StateFolder:
    """The folder of a kiosk that the centre knows."""
    folder = StateFolder(path)
    create_keys(folder)
    (path / "simulation").touch()
    custodian.prepare(folder)
    (folder.keys / "device.key").write_text(device.key.private_bytes_raw().hex())
    enrolment = Enrolment(
        kiosk=device.kiosk, label=device.kiosk, allocation=device.allocation, spare_allocation="ZZZZ",
        answer_key=centre.keys.answer_key,
    )  # fmt: skip
    with open_store(folder) as store:
        standing.save(store, enrolment, clock.read())
        catalogue_cache.keep(store, read.to_json(catalogue))
    return folder


def queue(store: Store, device: bench_centre.Device, catalogue: Catalogue, count: int) -> None:
    """That many sealed tickets, as the centre can open them."""
    now = clock.read()
    for begin in range(0, count, COMMIT):
        events = [device.ticket(catalogue) for _ in range(min(COMMIT, count - begin))]
        with store.transaction():
            for event in events:
                outbox.insert(
                    store, item=event.id, kind=event.kind, code=event.code, catalogue_version=event.catalogue_version,
                    key_id=event.key_id, sealed=base64.b64decode(event.sealed), reading=now,
                )  # fmt: skip


def drained(sync: Sync, store: Store, down_to: int) -> float:
    """Seconds until no more than that wait."""
    began_s = time.monotonic()
    while _waiting(store) > down_to:
        if not sync.step(time.monotonic()):
            time.sleep(min(0.01, sync.idle_s(time.monotonic())))
    return time.monotonic() - began_s


def _waiting(store: Store) -> int:
    return int(store.rows("select count(*) as n from outbox where state = 0")[0]["n"])


def settings(folder: StateFolder, state: CentralState, port: int) -> None:
    (folder.path / "totem.toml").write_text(
        f'[centre]\nurl = "https://localhost:{port}"\nca = "{state.tls / "ca.pem"}"\n', encoding="utf-8"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--each", type=int, default=200, help="how many are sent by one POST each")
    parser.add_argument("--round-trip-ms", type=float, default=50)
    wanted = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        url = None if wanted.sqlite else stack.enter_context(postgresql.running())
        state, centre, (device,) = bench_centre.make(Path(name) / "central", url, 1)
        catalogue = centre.catalogue()
        folder = kiosk(Path(name) / "kiosk", device, centre, catalogue)
        stack.callback(shutil.rmtree, folder.run, ignore_errors=True)
        port = stack.enter_context(bench_centre.serving(state, wanted.processes))
        settings(folder, state, stack.enter_context(slow_line(port, wanted.round_trip_ms / 1000)))
        store = stack.enter_context(open_store(folder))
        sync = Sync(folder, store, random.Random(7))
        while not sync.link or sync.step(time.monotonic()):
            sync.step(time.monotonic())
        queue(store, device, catalogue, wanted.tickets + wanted.each)
        whole, outbox.BATCH_ITEMS = outbox.BATCH_ITEMS, 1
        sync._drain._size = 1
        each_s = drained(sync, store, wanted.tickets) / wanted.each
        outbox.BATCH_ITEMS = sync._drain._size = whole
        all_s = drained(sync, store, 0)
        with centre.database.engine.connect() as connection:
            arrived = connection.exec_driver_sql("select count(*) from tickets").scalar_one()
        centre.database.close()
    assert arrived == wanted.tickets + wanted.each, arrived
    alone_s = each_s * wanted.tickets
    print(f"round trip {wanted.round_trip_ms:.0f} ms; all {arrived} tickets are at the centre, once")
    print(f"one POST each: {each_s * 1000:.1f} ms a ticket (of {wanted.each}), so {alone_s:.0f} s for {wanted.tickets}")
    print(f"in batches of {whole}: {all_s:.1f} s for {wanted.tickets}, {alone_s / all_s:.1f} times faster")


if __name__ == "__main__":
    main()
