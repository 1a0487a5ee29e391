"""The card worker is replaced at any moment: what was begun for one citizen reaches no other."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from kiosk.journey import events as ev
from kiosk.journey.effects import ProveHolder
from kiosk.journey.state import CardTrouble, LookupTrouble, ReaderCondition
from kiosk.performers.card import CardPerformer
from offline_cache import lookups
from offline_cache.contract.evidence import Purpose, Statement
from offline_cache.folder import StateFolder
from tests.kiosk.journey.card_checks import READ
from tests.kiosk.performers.conftest import Heard, wait_for

LOOKUP = ProveHolder(Purpose.LOOKUP, session="s1", service="iptu", needs_centre=True)
COMMIT = ProveHolder(Purpose.COMMIT, session="s1", service="iptu")
IDENTITY = {
    "event": "identity", "name": "MARIA", "scheme": "br-cpf", "national_id": "52998224725", "tries_left": 3,
    "has_key": True, "final": True, "pad": False, "checks": [asdict(check) for check in READ],
}  # fmt: skip
SHORT_S = 0.05


class Worker:
    """Stands where the child process begins; keeps what it was told, and says what a test lets it say."""

    def __init__(self, say: Callable[[dict[str, Any]], None]) -> None:
        self.say = say
        self.killed = False
        self.reads = 0
        self.proofs: list[tuple[Statement, bytes | None]] = []
        self.pid = 4711

    def start(self) -> None:
        assert not self.killed

    def kill(self) -> None:
        self.killed = True

    def read(
        self, anchors: tuple[str, ...], at: datetime | None, families: tuple[str, ...], grace: timedelta
    ) -> None:
        assert (anchors, families[:1]) == (("anchor",), ("piv-icp-brasil",))
        assert at is None
        self.reads += 1

    def prove(self, statement: Statement, pin: bytearray | None, *, on_pad: bool = False) -> None:
        self.proofs.append((statement, bytes(pin) if pin is not None else None))


class Bench:
    """A performer, every worker it made, and the pad."""

    def __init__(self, folder: StateFolder, heard: Heard, **limits: float) -> None:
        self.workers: list[Worker] = []
        self.pin = bytearray()
        self.performer = CardPerformer(folder, heard, lambda: self.pin, make_worker=self._make, **limits)
        self.performer.start()

    def _make(self, say: Callable[[dict[str, Any]], None]) -> Worker:
        self.workers.append(Worker(say))
        return self.workers[-1]

    @property
    def living(self) -> list[Worker]:
        return [worker for worker in self.workers if not worker.killed]


@pytest.fixture
def bench_of(folder: StateFolder, heard: Heard) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(**limits: float) -> Bench:
        made.append(Bench(folder, heard, **limits))
        return made[-1]

    yield make
    for bench in made:
        bench.performer.close()
        assert not bench.living


@pytest.fixture
def counter(folder: StateFolder) -> Iterator[lookups.Counter]:
    """Where the sync process answers; a test says when."""
    made = lookups.Counter(folder)
    yield made
    made.close()


def no_thread_proves() -> bool:
    return all(thread.name != "prove" for thread in threading.enumerate())


def test_what_the_worker_says_becomes_the_journeys_events(bench_of: Callable[..., Bench], heard: Heard) -> None:
    (worker,) = bench_of().workers
    for frame in ({"event": "reader", "present": True}, {"event": "card", "present": True}, IDENTITY):
        worker.say(frame)
    worker.say({"event": "pin-refused", "tries_left": 2})
    reader, card, read, refused = heard.all()
    assert (reader, card) == (ev.ReaderChanged(ReaderCondition.READY), ev.CardInserted())
    assert isinstance(read, ev.CardRead)
    assert (read.holder.masked_id, read.holder.proven) == ("***.982.247-**", False)
    assert refused == ev.PinRefused(2)


def test_nothing_that_a_replaced_worker_says_reaches_the_next_session(
    bench_of: Callable[..., Bench], heard: Heard
) -> None:
    bench = bench_of()
    bench.performer.replace()
    old, new = bench.workers
    for frame in (IDENTITY, {"event": "died"}, {"event": "card", "present": False}):
        old.say(frame)
    assert heard.all() == []
    assert bench.living == [new]


def test_a_pin_on_its_way_never_reaches_the_card_of_the_next_citizen(
    bench_of: Callable[..., Bench], heard: Heard, counter: lookups.Counter
) -> None:
    """The nonce comes when the citizen has gone: neither the PIN nor its time limit is the next one's."""
    bench = bench_of(prove_limit_s=SHORT_S)
    bench.pin = bytearray(b"123456")
    bench.performer.prove(LOOKUP, "kiosk-1", link=True)
    bench.performer.replace()
    assert bench.pin == bytes(6), "the session is over, and the PIN is still in memory"
    wait_for(lambda: _waiting(counter))
    counter.serve(lambda _request: {"nonce": "AAAA"})
    wait_for(no_thread_proves)
    old, new = bench.workers
    assert new.proofs == []
    assert all(pin in (None, bytes(6)) for _, pin in old.proofs)
    with pytest.raises(queue.Empty):
        heard.next(4 * SHORT_S)
    assert bench.living == [new]


def _waiting(counter: lookups.Counter) -> bool:
    import select

    return bool(select.select([counter.fileno()], [], [], 0)[0])


def test_the_pin_goes_to_the_worker_with_the_centres_nonce_and_is_zeroed(
    bench_of: Callable[..., Bench], counter: lookups.Counter
) -> None:
    bench = bench_of()
    bench.pin = bytearray(b"123456")
    bench.performer.prove(LOOKUP, "kiosk-1", link=True)
    wait_for(lambda: _waiting(counter))
    counter.serve(lambda request: {"nonce": "AAAA"} if request["do"] == "nonce" else {})
    wait_for(no_thread_proves)
    ((statement, pin),) = bench.workers[0].proofs
    assert (statement.nonce, statement.nonce_of_centre, pin) == ("AAAA", True, b"123456")
    assert bench.pin == bytes(6)


def test_without_a_nonce_a_look_up_is_refused_and_the_pin_is_zeroed_unused(
    bench_of: Callable[..., Bench], heard: Heard
) -> None:
    bench = bench_of()
    bench.pin = bytearray(b"123456")
    bench.performer.prove(LOOKUP, "kiosk-1", link=True)
    assert heard.next() == ev.LookupRefused("s1", LookupTrouble.NO_LINK)
    wait_for(no_thread_proves)
    assert bench.workers[0].proofs == []
    assert bench.pin == bytes(6)


def test_offline_the_commit_is_signed_over_a_nonce_of_the_kiosk_without_a_pin(bench_of: Callable[..., Bench]) -> None:
    bench = bench_of()
    bench.pin = bytearray(b"123456")
    bench.performer.prove(COMMIT, "kiosk-1", link=False)
    wait_for(lambda: bool(bench.workers[0].proofs))
    ((statement, pin),) = bench.workers[0].proofs
    assert (statement.nonce_of_centre, pin) == (False, None)


def test_a_worker_that_breaks_on_the_pin_leaves_no_pin_behind(
    bench_of: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_self: Worker, _statement: Statement, _pin: bytearray | None) -> None:
        raise RuntimeError("123456")

    monkeypatch.setattr(Worker, "prove", breaks)
    monkeypatch.setattr(threading, "excepthook", lambda _arguments: None)
    bench = bench_of()
    bench.pin = bytearray(b"123456")
    bench.performer.prove(LOOKUP, "kiosk-1", link=False)
    wait_for(no_thread_proves)
    assert bench.pin == bytes(6)


@pytest.mark.parametrize("command", ["read", "prove"])
def test_a_card_that_says_nothing_is_given_up_and_its_worker_replaced(
    bench_of: Callable[..., Bench], heard: Heard, command: str
) -> None:
    bench = bench_of(read_limit_s=SHORT_S, prove_limit_s=SHORT_S)
    if command == "read":
        bench.performer.read(("anchor",), ("piv-icp-brasil",), timedelta(hours=24), clock_trusted=False)
    else:
        bench.performer.prove(COMMIT, "kiosk-1", link=False)
    assert heard.next() == ev.CardRefused(CardTrouble.UNREADABLE)
    wait_for(lambda: len(bench.workers) == 2)
    assert bench.workers[0].killed


def test_a_card_that_answers_in_time_is_not_given_up(bench_of: Callable[..., Bench], heard: Heard) -> None:
    bench = bench_of(read_limit_s=SHORT_S)
    bench.performer.read(("anchor",), ("piv-icp-brasil",), timedelta(hours=24), clock_trusted=False)
    bench.workers[0].say(IDENTITY)
    assert isinstance(heard.next(), ev.CardRead)
    with pytest.raises(queue.Empty):
        heard.next(4 * SHORT_S)
    assert len(bench.workers) == 1


def test_a_worker_that_dies_is_replaced_and_who_waited_for_it_is_told(
    bench_of: Callable[..., Bench], heard: Heard
) -> None:
    bench = bench_of()
    bench.workers[0].say({"event": "died"})
    assert heard.all() == [ev.CardRefused(CardTrouble.UNREADABLE)]
    assert len(bench.living) == 1


def test_a_worker_that_says_what_no_worker_says_is_replaced(bench_of: Callable[..., Bench], heard: Heard) -> None:
    bench = bench_of()
    bench.workers[0].say({"event": "refused", "trouble": "never-heard-of"})
    assert heard.all() == [ev.CardRefused(CardTrouble.UNREADABLE)]
    assert len(bench.workers) == 2


def test_workers_that_die_at_once_are_no_reader_and_are_not_started_in_a_rush(
    bench_of: Callable[..., Bench], heard: Heard
) -> None:
    bench = bench_of(short_life_s=SHORT_S)
    bench.workers[0].say({"event": "died"})
    bench.workers[1].say({"event": "died"})
    assert ev.ReaderChanged(ReaderCondition.ABSENT) in heard.all()
    assert len(bench.workers) == 2
    wait_for(lambda: len(bench.workers) == 3)


def test_whoever_replaces_the_worker_at_the_same_moment_there_is_one(bench_of: Callable[..., Bench]) -> None:
    bench = bench_of()
    together = threading.Barrier(8)

    def replace() -> None:
        together.wait()
        bench.performer.replace()

    threads = [threading.Thread(target=replace) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bench.living) == 1
