"""How densely kiosks may come back is the centre's word, kept by the kiosk through restarts and outages."""

import random
import statistics
import time

from offline_cache.store import open_store
from offline_cache.sync import Sync
from tests.offline_cache.lines import Relay
from tests.offline_cache.looping import recover
from tests.offline_cache.own_centre import own_centre
from tests.offline_cache.test_fleet import at_work


def test_kiosks_come_back_as_rarely_as_the_centre_wished_when_it_was_last_heard(tmp_path):
    with own_centre(tmp_path / "central", reconnect_spread_s=30.0) as centre, Relay(centre.port) as relay:
        folder = centre.folder(tmp_path / "kiosk", port=relay.port)
        with at_work(folder) as (sync, _store):
            recover(sync)
        relay.cut()
        with open_store(folder) as store:
            # Another process, which has not spoken with the centre yet.
            sync, waits = Sync(folder, store, random.Random(7)), []
            for _ in range(200):
                sync._not_before_s = 0.0
                sync._next_heartbeat_s = 0.0
                began_s = time.monotonic()
                sync.step(began_s)
                assert not sync.link
                waits.append(sync._not_before_s - time.monotonic())
    # Once the doubling is over: once in 30 s on average, never later than 60.
    assert max(waits) <= 60
    assert 20 < statistics.mean(waits[20:]) < 40
