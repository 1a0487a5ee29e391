"""One bad item keeps nothing back, and a centre that refuses is not asked as fast as it answers."""

import random

import pytest

from offline_cache import outbox, standing
from offline_cache.client import CentreClient, Refused, Unreachable, read_key
from offline_cache.connection import Connection
from offline_cache.contract.messages import EventKind
from offline_cache.drain import Drain
from offline_cache.store import open_store
from tests.offline_cache.lines import Scripted, reset, signed
from tests.offline_cache.sealing import give_catalogue


class FussyCentre:
    """Signs as the centre; `verdicts` decides about an item: an outcome, or a status for its whole batch."""

    def __init__(self, keys):
        self.keys, self.verdicts, self.taken, self.batches = keys, {}, [], []

    def __call__(self, sock, request):
        ids = [item["id"] for item in request.json()["items"]]
        self.batches.append(ids)
        verdicts = {item: self.verdicts.get(item, self.verdicts.get("*", "created")) for item in ids}
        for verdict in verdicts.values():
            if verdict == "cut":
                reset(sock)
                return
            if isinstance(verdict, int):
                sock.sendall(signed(self.keys, request, verdict, {"error": "no", "detail": "no"}, Retry_After="30"))
                return
        self.taken += [item for item in ids if verdicts[item] != "retry"]
        results = [{"id": item, "outcome": verdicts[item]} for item in ids if verdicts[item] != "forgotten"]
        sock.sendall(signed(self.keys, request, 200, {"results": results, "safe_seq": 0}))


@pytest.fixture
def fussy(centre):
    return FussyCentre(centre.centre.keys)


@pytest.fixture
def kiosk_store(centre, kiosk):
    with open_store(kiosk) as store:
        give_catalogue(store)
        yield store


@pytest.fixture
def client(centre, fussy, kiosk, kiosk_store):
    with Scripted(centre.state.tls, fussy) as server:
        centre.settings(kiosk, server.port)
        connection = Connection(kiosk.settings().centre, check_dates=True)
        key = read_key(kiosk.keys / "device.key")
        yield CentreClient(
            connection, standing.load(kiosk_store), key, lambda: standing.next_request_counter(kiosk_store)
        )
        connection.close()


def fill(store, count):
    return [outbox.enqueue(store, EventKind.RATING, b"{}") for _ in range(count)]


def run(drain, client, until_s, start_s=0.0):
    """Steps as the loop would on a clock of its own: at once while something is sent, then second by second."""
    now_s = start_s
    while now_s < until_s:
        while drain.step(client, now_s):
            pass
        now_s += 1.0


def test_everything_goes_in_the_order_it_was_written(client, kiosk_store, fussy):
    items = fill(kiosk_store, 130)
    drain = Drain(kiosk_store, 60, random.Random(1))
    run(drain, client, 1)
    assert fussy.taken == items
    assert [len(batch) for batch in fussy.batches] == [100, 30]
    assert outbox.status(kiosk_store).waiting == 0


@pytest.mark.parametrize("verdict", [400, 403, 413, 422, 500])
@pytest.mark.parametrize("place", [0, 17, 39])
def test_an_item_that_spoils_its_batch_holds_no_other_back(client, kiosk_store, fussy, verdict, place):
    items = fill(kiosk_store, 40)
    fussy.verdicts = {items[place]: verdict}
    run(Drain(kiosk_store, 60, random.Random(1)), client, 15)
    assert sorted(fussy.taken) == sorted(set(items) - {items[place]})
    assert outbox.status(kiosk_store).waiting == 1


def test_an_item_that_spoils_its_batch_is_tried_ever_more_rarely_but_never_dropped(client, kiosk_store, fussy):
    items = fill(kiosk_store, 3)
    fussy.verdicts = {items[1]: 422}
    drain = Drain(kiosk_store, 60, random.Random(1))
    run(drain, client, 600)
    alone = [batch for batch in fussy.batches if batch == [items[1]]]
    # Retry-After asks for 30 s each time, so 600 s hold 20 tries at most.
    assert 5 <= len(alone) <= 20
    assert list(outbox.items(kiosk_store))[1].attempts == len(alone)
    fussy.verdicts = {}
    run(drain, client, 800, start_s=600)
    assert fussy.taken[-1] == items[1]
    assert outbox.status(kiosk_store).waiting == 0


def test_a_new_item_does_not_wait_for_one_that_is_held_back(client, kiosk_store, fussy):
    bad = fill(kiosk_store, 1)[0]
    fussy.verdicts = {bad: 422}
    drain = Drain(kiosk_store, 60, random.Random(1))
    run(drain, client, 10)
    new = fill(kiosk_store, 1)
    assert drain.step(client, 20.0)
    assert fussy.taken == new


def test_a_centre_that_refuses_everything_is_not_asked_as_fast_as_it_answers(client, kiosk_store, fussy):
    items = fill(kiosk_store, 60)
    fussy.verdicts = {"*": 500}
    drain = Drain(kiosk_store, 60, random.Random(1))
    run(drain, client, 60)
    assert len(fussy.batches) < 60
    fussy.verdicts = {}
    run(drain, client, 400, start_s=60)
    assert sorted(fussy.taken) == sorted(items)


@pytest.mark.parametrize("verdict", ["retry", "forgotten"])
def test_an_item_that_stays_the_kiosks_waits_by_itself(client, kiosk_store, fussy, verdict):
    items = fill(kiosk_store, 120)
    stuck = set(items[:100])
    fussy.verdicts = dict.fromkeys(stuck, verdict)
    drain = Drain(kiosk_store, 60, random.Random(1))
    run(drain, client, 3)
    assert [item for item in fussy.taken if item not in stuck] == items[100:]
    assert len(fussy.batches) < 12
    fussy.verdicts = {}
    run(drain, client, 300, start_s=3)
    assert outbox.status(kiosk_store).waiting == 0


@pytest.mark.parametrize("verdict", [401, 429, 503])
def test_a_refusal_of_the_kiosk_as_a_whole_changes_no_item(client, kiosk_store, fussy, verdict):
    fill(kiosk_store, 5)
    fussy.verdicts = {"*": verdict}
    drain = Drain(kiosk_store, 60, random.Random(1))
    with pytest.raises(Refused) as caught:
        drain.step(client, 0.0)
    assert caught.value.retry_after_s == 30
    assert [item.attempts for item in outbox.items(kiosk_store)] == [0] * 5
    fussy.verdicts = {}
    assert drain.step(client, 0.0)
    assert [len(batch) for batch in fussy.batches] == [5, 5]


def test_a_line_that_breaks_under_a_batch_gets_a_smaller_one(client, kiosk_store, fussy):
    items = fill(kiosk_store, 40)
    fussy.verdicts = {"*": "cut"}
    drain = Drain(kiosk_store, 60, random.Random(1))
    for now_s in (0.0, 100.0, 200.0):
        with pytest.raises(Unreachable):
            drain.step(client, now_s)
        assert not drain.step(client, now_s)
    assert [len(batch) for batch in fussy.batches] == [40, 20, 10]
    fussy.verdicts = {}
    run(drain, client, 301, start_s=300)
    assert fussy.taken == items


def test_a_technicians_wish_holds_nothing_back(client, kiosk_store, fussy):
    items = fill(kiosk_store, 1)
    fussy.verdicts = {items[0]: 422}
    drain = Drain(kiosk_store, 60, random.Random(1))
    drain.step(client, 0.0)
    assert not drain.step(client, 5.1)
    drain.try_all()
    fussy.verdicts = {}
    assert drain.step(client, 5.1)
    assert fussy.taken == items
