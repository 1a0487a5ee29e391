"""How fast the store takes a ticket in, beside raw sqlite3 and beside well-known queues, all as durable: WAL and FULL.

    python -m bench.queues [--rounds N] [--each N]

One after the other in turns, so that a machine that is busy is busy for all; what is told are medians of ratios.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import made_up_kiosk
from kiosk.performers import registration
from offline_cache import clock, outbox
from offline_cache.contract.messages import EventKind, EventResult
from offline_cache.issue import Prepared, PreparedJob, issue
from offline_cache.store import Store, open_store

# A ticket as it is sealed, and a receipt as it is encrypted: as long as those of a fee guide with barcode and Pix.
SEALED = os.urandom(925)
RECEIPT = os.urandom(2326)


@dataclass(frozen=True)
class Contestant:
    """`put` takes one thing in durably; `take`, where it has one, takes so many out and says for good that they are
    done.
    """

    name: str
    put: Callable[[], object]
    take: Callable[[int], object] | None = None


def raw(folder: Path) -> Contestant:
    """sqlite3 with the same settings: WAL, FULL, psow=0. One insert a commit."""
    made = sqlite3.connect(f"{(folder / 'raw.db').as_uri()}?psow=0", uri=True, isolation_level=None)
    _wal(made)
    made.execute("create table queue (id integer primary key autoincrement, body blob, state integer default 0)")
    return Contestant("raw sqlite3", lambda: made.execute("insert into queue (body) values (?)", (SEALED,)))


def _wal(connection: sqlite3.Connection) -> None:
    connection.execute("pragma journal_mode=WAL")
    connection.execute("pragma synchronous=FULL")
    assert connection.execute("pragma synchronous").fetchone() == (2,)


def whole_issue(store: Store) -> Contestant:
    """Code, number, sealed ticket, print job and audit: the product's transaction, sealing and encrypting aside."""
    job = iter(range(10**9))
    prepared = lambda _allocated: Prepared(  # noqa: E731  one thing, once
        SEALED, "made-up", 1, PreparedJob(f"job-{next(job)}", RECEIPT, clock.boottime_s() + 120, b"abcd")
    )
    return Contestant("issue (all of it)", lambda: issue(store, series="taxas", prepare=prepared))


def whole_commit(store: Store) -> Contestant:
    """The same with everything that goes before: composing, sealing, encrypting."""
    state = made_up_kiosk.request(store)
    return Contestant("register (with seal)", lambda: registration.register(store, store.folder, state))


def outbox_alone(store: Store, name: str, batch: int) -> Contestant:
    """The outbox as a queue: one sealed payload in; the oldest out and acknowledged, one by one or as they are sent."""

    def put() -> None:
        now = clock.read()
        with store.transaction():
            outbox.insert(
                store, item=outbox.new_id(now, os.urandom), kind=EventKind.RATING, code=None, catalogue_version=1,
                key_id="made-up", sealed=SEALED, reading=now,
            )

    def take(count: int) -> None:
        while count > 0:
            items = outbox.batch(store, min(batch, count))
            sent = {item.id: item.seq for item in items}
            outbox.settle(store, sent, [EventResult(id=item, outcome="created") for item in sent], 0)
            count -= len(items)

    return Contestant(name, put, take)


def litequeue(folder: Path) -> Contestant:
    from litequeue import LiteQueue

    made = LiteQueue(str(folder / "lite.db"))
    made.conn.execute("pragma synchronous=FULL")
    body = SEALED.hex()

    def take(count: int) -> None:
        for _ in range(count):
            made.done(made.pop().message_id)

    assert made.conn.execute("pragma synchronous").fetchone()[0] == 2
    return Contestant("litequeue", lambda: made.put(body), take)


def persist_queue(folder: Path) -> Contestant:
    from persistqueue import SQLiteAckQueue

    made = SQLiteAckQueue(str(folder / "persist"), auto_commit=True)
    for connection in (made._getter, made._putter):
        connection.execute("pragma synchronous=FULL")
        assert connection.execute("pragma synchronous").fetchone() == (2,)

    def take(count: int) -> None:
        for _ in range(count):
            made.ack(made.get())

    return Contestant("persist-queue", lambda: made.put(SEALED), take)


def huey(folder: Path) -> Contestant:
    """It deletes before it works: taking is all there is to acknowledge."""
    from huey.storage import SqliteStorage

    made = SqliteStorage(filename=str(folder / "huey.db"), fsync=True)

    def take(count: int) -> None:
        for _ in range(count):
            assert made.dequeue() is not None

    return Contestant("huey", lambda: made.enqueue(SEALED), take)


def diskcache(folder: Path) -> Contestant:
    """It has no acknowledgement either."""
    from diskcache import Deque
    from diskcache.core import Cache

    made = Deque.fromcache(Cache(str(folder / "disk"), eviction_policy="none", sqlite_synchronous=2))

    def take(count: int) -> None:
        for _ in range(count):
            made.popleft()

    return Contestant("diskcache", lambda: made.append(SEALED), take)


def _seconds(work: Callable[[], object], times: int) -> float:
    began_s = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began_s) / times


def _seconds_to_take(take: Callable[[int], object], count: int) -> float:
    began_s = time.perf_counter()
    take(count)
    return (time.perf_counter() - began_s) / count


Spent = dict[str, list[float]]


def measure(contestants: list[Contestant], rounds: int, each: int) -> tuple[Spent, Spent]:
    """Seconds a thing, of each round: put, and take."""
    put: dict[str, list[float]] = {one.name: [] for one in contestants}
    take: dict[str, list[float]] = {one.name: [] for one in contestants if one.take}
    for number in range(rounds + 1):
        # the first round only warms up
        for one in contestants[number % len(contestants) :] + contestants[: number % len(contestants)]:
            spent = _seconds(one.put, each)
            if number:
                put[one.name].append(spent)
        for one in contestants:
            if one.take is not None:
                spent = _seconds_to_take(one.take, each)
                if number:
                    take[one.name].append(spent)
    return put, take


def _tell(title: str, spent: dict[str, list[float]], against: str) -> None:
    print(f"{title}: rate against {against}, median of {len(spent[against])} rounds (per second)")
    for name, seconds in spent.items():
        ratios = [base / own for base, own in zip(spent[against], seconds, strict=True)]
        print(f"  {name:22} {statistics.median(ratios):5.2f}   ({1 / statistics.median(seconds):7.0f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--folder", type=Path, help="where the files lie: the disk that is measured")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.folder) as name, ExitStack() as stack:
        place = Path(name)
        stores = [
            stack.enter_context(open_store(made_up_kiosk.prepare(place / part, at_least=50_000)))
            for part in ("issue", "register", "outbox", "batches")
        ]
        stack.callback(lambda: [shutil.rmtree(store.folder.run, ignore_errors=True) for store in stores])
        contestants = [
            raw(place), whole_issue(stores[0]), whole_commit(stores[1]), outbox_alone(stores[2], "outbox", 1),
            outbox_alone(stores[3], "outbox, as it is sent", outbox.BATCH_ITEMS), litequeue(place),
            persist_queue(place), huey(place), diskcache(place),
        ]  # fmt: skip
        put, take = measure(contestants, wanted.rounds, wanted.each)
    _tell("put", put, "raw sqlite3")
    _tell("take and acknowledge", take, "persist-queue")
    _tell("take and acknowledge", take, "litequeue")


if __name__ == "__main__":
    main()
