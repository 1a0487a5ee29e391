"""What a kiosk may purge is what the backup holds, and nothing more."""

import contextlib
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from central import backup
from offline_cache.contract.messages import EventBatch
from tests.central.test_wire import BEAT
from tests.central.world import make_state, running, wait_until


def safe_seq(kiosk):
    return kiosk.post("/v1/heartbeats", BEAT).json()["safe_seq"]


def test_nothing_is_safe_before_a_backup_and_everything_after(tmp_path, anchors):
    with running(make_state(tmp_path, anchors, backup_every_s=3600)) as world:
        kiosk = world.enrol()
        events = [kiosk.event("rating", b"{}", key=key(world)) for _ in range(3)]
        answer = kiosk.post("/v1/events", EventBatch(items=tuple(events))).json()
        assert answer["safe_seq"] == 0
        assert backup.run(world.centre) == {kiosk.id: 3}
        assert safe_seq(kiosk) == 3
        with sqlite3.connect(world.state.backup) as copy:
            assert copy.execute("SELECT count(*) FROM events").fetchone() == (3,)
        assert stat.S_IMODE(world.state.backup.stat().st_mode) == 0o600


def key(world):
    return world.centre.keys.sealing_public()[0]


def test_a_gap_holds_safety_back_until_it_is_filled(tmp_path, anchors):
    with running(make_state(tmp_path, anchors, backup_every_s=3600)) as world:
        kiosk = world.enrol()
        first, second, third = (kiosk.event("rating", b"{}", key=key(world)) for _ in range(3))
        kiosk.send(first, third)
        backup.run(world.centre)
        assert safe_seq(kiosk) == 1
        kiosk.send(second)
        assert safe_seq(kiosk) == 1
        backup.run(world.centre)
        assert safe_seq(kiosk) == 3


def test_a_demonstration_backs_itself_up(tmp_path, anchors):
    with running(make_state(tmp_path, anchors, backup_every_s=0.05)) as world:
        kiosk = world.enrol()
        kiosk.send(kiosk.event("rating", b"{}", key=key(world)))
        wait_until(lambda: safe_seq(kiosk) == 1)


def test_a_real_centre_leaves_backups_to_its_administrators(tmp_path, anchors):
    with running(make_state(tmp_path, anchors, demonstration=False, backup_every_s=0.01)) as world:
        assert world.http.get(f"{world.url}/v1/health").json() == {"status": "ok"}
        assert not world.state.backup.exists()


def test_backups_that_are_made_at_once_follow_each_other_and_each_is_whole(tmp_path, anchors, monkeypatch):
    copying = threading.Lock()
    real = backup._of_sqlite

    def alone(source, target):
        assert copying.acquire(blocking=False), "two copies at once would write one file"
        try:
            return real(source, target)
        finally:
            copying.release()

    monkeypatch.setattr(backup, "_of_sqlite", alone)
    with running(make_state(tmp_path, anchors, backup_every_s=3600)) as world:
        kiosk = world.enrol()
        kiosk.send(kiosk.event("rating", b"{}", key=key(world)))
        with ThreadPoolExecutor(4) as four:
            made = [turn.result() for turn in [four.submit(backup.run, world.centre) for _ in range(12)]]
    assert made == [{kiosk.id: 1}] * 12


def test_where_nothing_was_written_nothing_is_copied_and_what_failed_is_tried_again(tmp_path, anchors):
    with running(make_state(tmp_path, anchors, backup_every_s=3600)) as world:
        kiosk = world.enrol()
        done = []
        with contextlib.closing(backup.WhenWritten(world.state.database)) as written:
            with pytest.raises(ZeroDivisionError):
                written.do(lambda: 1 / 0)
            written.do(lambda: done.append(backup.run(world.centre)))
            for _ in range(3):  # the first turn may find what the backup itself has written
                written.do(lambda: done.append(backup.run(world.centre)))
            made = len(done)
            assert made <= 2
            written.do(lambda: done.append(None))
            assert len(done) == made
            kiosk.send(kiosk.event("rating", b"{}", key=key(world)))
            written.do(lambda: done.append(backup.run(world.centre)))
            assert done[-1] == {kiosk.id: 1}
