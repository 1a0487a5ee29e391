"""Whatever the line does, everything arrives once, in order, and nobody else is believed. Over real sockets."""

import os
import random
import shutil
import socket
import time
from collections.abc import Iterator

import pytest

from offline_cache import outbox
from offline_cache.client import CentreClient
from offline_cache.store import open_store
from offline_cache.sync import Sync
from tests.centre import complaint
from tests.offline_cache.looping import recover, settle
from tests.offline_cache.meddler import RETRY_AFTER, STATUSES, TRICKS, Meddler
from tests.offline_cache.oracle import account

TICKETS = 25
LIMIT_S = 60.0


@pytest.fixture
def draw() -> random.Random:
    return random.Random(f"line {os.environ['TOTEM_SEED']}")


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch):
    """A hung exchange is given up sooner than in the field."""
    monkeypatch.setattr(CentreClient.post, "__defaults__", (0.4,))


@pytest.fixture
def hostile(centre, with_fee, tmp_path, draw) -> Iterator:
    """A kiosk that has been on line before, and the somebody who sits on its line from now on."""
    tricks = iter(())

    def play():
        return next(tricks, None)

    meddler = Meddler(centre.port, centre.state.tls, play, draw)
    folder = centre.folder(tmp_path / "kiosk", port=meddler.port)
    with meddler, open_store(folder) as store:
        sync = Sync(folder, store, draw)
        recover(sync)
        settle(sync)

        def begin(chosen) -> None:
            nonlocal tricks
            tricks = chosen

        yield sync, meddler, begin
    shutil.rmtree(folder.run, ignore_errors=True)


def drain(sync: Sync) -> None:
    """Until nothing waits. A technician asks now and then: a forged Retry-After holds a kiosk for an hour at most."""
    until_s = time.monotonic() + LIMIT_S
    while outbox.status(sync.store).waiting:
        assert time.monotonic() < until_s, outbox.status(sync.store)
        if not sync.step(time.monotonic()):
            assert sync._not_before_s - time.monotonic() <= 3600 + 60
            sync.hear({"retry": True})


def everything_arrived_once(centre, sync: Sync, issued: list) -> None:
    kiosk = sync._connect().enrolment.kiosk
    query = f"SELECT id, code, seq, fingerprint FROM events WHERE kiosk = '{kiosk}' ORDER BY seq"
    there = [row for row in centre.rows(query) if row["code"]]
    assert [row["code"] for row in there] == [ticket.code for ticket in issued]
    account(centre, sync.folder, [ticket.code for ticket in issued])


@pytest.mark.parametrize("trick", TRICKS)
def test_one_trick_after_another(centre, hostile, trick):
    sync, meddler, begin = hostile
    issued = [complaint(sync.store) for _ in range(3)]
    begin(iter([trick, trick, trick]))
    sync.hear({"fault": True})
    drain(sync)
    assert meddler.done[trick] == 3
    everything_arrived_once(centre, sync, issued)
    # Replayed, altered and overtaken requests are refused, each with its reason.
    assert meddler.answers_to_forged <= {400, 401, 403, 409, 422}
    settle(sync)


@pytest.mark.parametrize("turn", ["status", "retry_after"])
def test_each_status_and_each_absurd_wish_there_is(centre, hostile, turn):
    sync, meddler, begin = hostile
    issued = [complaint(sync.store) for _ in range(3)]
    every = {"status": STATUSES, "retry_after": RETRY_AFTER}[turn]
    meddler.next_one = iter(every)
    begin(iter([turn] * len(every)))
    sync.hear({"fault": True})
    until_s = time.monotonic() + LIMIT_S
    while meddler.done.get(turn, 0) < len(every):
        assert time.monotonic() < until_s, meddler.done
        if not sync.step(time.monotonic()):
            sync.hear({"retry": True})
    drain(sync)
    everything_arrived_once(centre, sync, issued)


@pytest.mark.parametrize("why", [socket.EAI_NONAME, socket.EAI_AGAIN, socket.EAI_FAIL])
def test_a_name_that_nobody_resolves_is_an_outage_like_others(centre, hostile, monkeypatch, why):
    sync, _, _ = hostile
    issued = [complaint(sync.store) for _ in range(3)]
    with monkeypatch.context() as without:
        without.setattr(socket, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(socket.gaierror(why, "no name")))
        sync._client.connection.close()
        sync.hear({"fault": True})
        for _ in range(5):
            sync.step(time.monotonic())
            sync.hear({"retry": True})
        assert not sync.link
        assert sync.answer({"do": "nonce", "session": "s", "service": "iptu"})["error"] == "no-link"
        assert outbox.status(sync.store).waiting == 3
    drain(sync)
    everything_arrived_once(centre, sync, issued)


def test_all_of_them_at_random_for_as_long_as_it_takes(centre, hostile, draw):
    sync, meddler, begin = hostile
    issued = [complaint(sync.store) for _ in range(TICKETS)]

    def at_random():
        while True:
            yield draw.choice(TRICKS) if draw.random() < 0.7 else None

    begin(at_random())
    drain(sync)
    everything_arrived_once(centre, sync, issued)
    assert meddler.answers_to_forged <= {400, 401, 403, 409, 422}
