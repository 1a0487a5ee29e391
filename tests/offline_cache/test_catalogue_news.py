"""What an update costs when there is none, counted at the server; and how soon a push is heard of."""

import random
import shutil
import time

import pytest

from central.routes import public
from offline_cache import catalogue_cache
from offline_cache.store import open_store
from offline_cache.sync import Sync
from tests.central.world import YAML, make_state, running
from tests.centre import ANCHOR, Centre
from tests.offline_cache.looping import settle


@pytest.fixture
def served(monkeypatch):
    """Every file of the catalogue that the server was asked for: its name, whether on a condition, the status."""
    asked, file = [], public._file

    def counted(folder, name, request):
        response = file(folder, name, request)
        asked.append((name, "if-none-match" in request.headers, response.status_code))
        return response

    monkeypatch.setattr(public, "_file", counted)
    return asked


@pytest.fixture
def centre(served, tmp_path):
    with running(make_state(tmp_path / "central", ANCHOR)) as world:
        made = Centre(world.state, int(world.url.rpartition(":")[2]))
        made.publish()
        yield made


@pytest.fixture
def sync(centre, tmp_path):
    """A kiosk that beats once a minute, and runs what is published."""
    folder = centre.folder(tmp_path / "kiosk")
    centre.settings(folder, centre.port, heartbeat_s=60.0)
    with open_store(folder) as store:
        made = Sync(folder, store, random.Random(7))
        settle(made)
        made._next_catalogue_s = 0.0
        settle(made)
        yield made
    shutil.rmtree(folder.run, ignore_errors=True)


def halfway(sync, served):
    """What the server is asked for when half of the time to the next heartbeat has passed."""
    served.clear()
    sync._news.due_s = 0.0
    settle(sync)
    return list(served)


def test_an_update_when_nothing_changed_is_one_request_on_a_condition(sync, served):
    served.clear()
    sync._next_catalogue_s = 0.0
    settle(sync)
    assert served == [("timestamp.json", True, 304)]


def test_between_two_heartbeats_is_asked_once_and_small(sync, served):
    beat_s = sync._next_heartbeat_s
    assert 29 < sync._news.due_s - time.monotonic() <= 30
    assert halfway(sync, served) == [("timestamp.json", True, 304)]
    assert sync._next_heartbeat_s == beat_s, "nothing changed: the heartbeat comes when it would"
    again = Sync(sync.folder, sync.store, random.Random(7))
    settle(again)
    assert halfway(again, served) == [("timestamp.json", True, 304)], "it is known after a start, too"


def test_a_push_is_heard_of_halfway_to_the_next_heartbeat(sync, centre):
    sync = Sync(sync.folder, sync.store, random.Random(7))
    settle(sync)
    version = centre.publish(YAML.replace("156", "157"))
    assert not sync.step(time.monotonic())
    sync._news.due_s = 0.0
    settle(sync)
    assert catalogue_cache.candidate(sync.store).version == version


def test_what_was_published_for_others_is_looked_at_once(sync, centre, served):
    sync._news.due_s = 0.0
    settle(sync)
    from central import publishing

    publishing.renew(centre.state, centre.centre.now().replace(year=centre.centre.now().year + 1))
    for expected in (200, 304):
        served.clear()
        sync._news.due_s = 0.0
        settle(sync)
        assert next(status for _, _, status in served) == expected
