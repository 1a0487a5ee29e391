"""The sync process as a process: killed, ended, asked while it is busy, and the centre killed under it."""

import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from central.state import CentralState
from offline_cache import lookups, outbox, standing
from offline_cache.client import LIMIT_S
from offline_cache.contract.messages import EventKind
from offline_cache.contract.payloads import RatingPayload
from offline_cache.store import open_store
from offline_cache.sync import Sync
from offline_cache.sync_process import once
from offline_cache.wake import Mailbox
from tests.central.world import wait_until
from tests.centre import Centre, complaint, serving_process, sync_process
from tests.offline_cache.looping import recover, settle

QUIET_S = 2.0
RATING = RatingPayload(service="ouvidoria", stars=5).model_dump_json().encode()


def ask_in_thread(folder, answers, limit_s=5.0):
    request = {"do": "nonce", "session": "s", "service": "iptu"}

    def ask():
        began_s = time.monotonic()
        answers.append((lookups.ask(folder, request, limit_s), time.monotonic() - began_s))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_killed_in_the_middle_of_a_drain_everything_is_at_the_centre_once(with_fee, kiosk, relay, centre):
    with open_store(kiosk) as store:
        settle(Sync(kiosk, store, random.Random(1)))
        items = [complaint(store).ticket_id for _ in range(160)]
        name = standing.load(store).kiosk
        # Killed when the centre has begun to take them, whether the kiosk has heard of it or not.
        with sync_process(kiosk) as process:
            wait_until(lambda: centre.events(name))
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        after_first = outbox.status(store)
        # Killed once more as soon as a batch is settled.
        with sync_process(kiosk) as process:
            wait_until(lambda: outbox.status(store).waiting <= 60)
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        with sync_process(kiosk):
            wait_until(lambda: outbox.status(store).waiting == 0)
        assert sorted(centre.events(name)) == sorted(items)
        assert after_first.waiting in (60, 160)
        assert len(centre.rows(f"SELECT code FROM tickets WHERE kiosk = '{name}'")) == 160


def test_killed_while_the_answer_is_on_its_way_nothing_is_doubled(with_fee, kiosk, relay, centre):
    # No heartbeat whose held answer keeps the events back, however slow this machine is.
    centre.settings(kiosk, relay.port, heartbeat_s=600)
    with open_store(kiosk) as store:
        settle(Sync(kiosk, store, random.Random(1)))
        name = standing.load(store).kiosk
        with sync_process(kiosk) as process, Mailbox(kiosk, "kiosk") as screen:
            wait_until(lambda: {"link": True} in screen.receive(0.1))
            # What is asked at a start has been asked: an answer that is held would keep the events back.
            wait_until(lambda: time.monotonic() - relay.busy_s > QUIET_S)
            relay.answers = "hold"
            items = [complaint(store).ticket_id for _ in range(60)]
            wait_until(lambda: centre.events(name))
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        taken = centre.events(name)
        assert taken
        assert outbox.status(store).waiting == 60
        relay.answers = "pass"
        with sync_process(kiosk):
            wait_until(lambda: outbox.status(store).waiting == 0)
        assert sorted(centre.events(name)) == sorted(items)
        assert {item.outcome for item in outbox.items(store)} >= {"duplicate"}


def test_the_process_ends_at_once_in_the_middle_of_a_request_that_hangs(with_fee, kiosk, centre):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        centre.settings(kiosk, mute.getsockname()[1])
        with sync_process(kiosk) as process:
            mute.settimeout(20)
            connection, _ = mute.accept()
            assert connection.recv(1), "it has begun to speak"
            began_s = time.monotonic()
            process.terminate()
            process.wait(20)
            assert time.monotonic() - began_s < LIMIT_S / 2, "it did not wait for the answer"


def test_a_look_up_ends_within_its_limit_while_another_request_hangs(with_fee, kiosk, centre):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        centre.settings(kiosk, mute.getsockname()[1])
        with sync_process(kiosk):
            mute.settimeout(20)
            _held, _ = mute.accept()
            answers = []
            ask_in_thread(kiosk, answers, limit_s=1.0).join()
            answer, took_s = answers[0]
            assert answer == lookups.NO_LINK
            assert 1 <= took_s < LIMIT_S / 2


def test_look_ups_are_served_between_the_batches_of_a_long_outbox(with_fee, kiosk, centre):
    with open_store(kiosk) as store:
        settle(Sync(kiosk, store, random.Random(1)))
        for _ in range(400):
            outbox.enqueue(store, EventKind.RATING, RATING)
        with sync_process(kiosk):
            wait_until(lambda: kiosk.socket("lookup").exists())
            answers = []
            ask_in_thread(kiosk, answers).join()
            assert answers[0][0].get("nonce"), answers
            assert outbox.status(store).waiting > 0, "the outbox was not emptied first"
            wait_until(lambda: outbox.status(store).waiting == 0)


def test_a_second_process_on_the_same_folder_says_so_and_ends(with_fee, kiosk):
    with sync_process(kiosk):
        wait_until(lambda: kiosk.socket("lookup").exists())
        with pytest.raises(BlockingIOError, match="totem queue retry"):
            once(kiosk)
        command = [sys.executable, "-m", "kiosk.cli", "run", "sync", "--state", str(kiosk.path)]
        second = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert second.returncode == 2
    assert second.stderr.startswith("totem: a sync process runs on this folder")
    assert second.stderr.count("\n") == 1


def test_the_centre_is_killed_and_started_again_and_the_kiosk_finds_it(with_fee, kiosk, centre, relay, tmp_path):
    with open_store(kiosk) as store:
        sync = Sync(kiosk, store, random.Random(1))
        settle(sync)
        # the one to be killed stands on a copy, for a folder is served by one process
        shutil.copytree(centre.state.path, tmp_path / "central", ignore=shutil.ignore_patterns(".*.new"))
        with serving_process(CentralState(tmp_path / "central"), 0) as (port, process):
            relay.upstream = port
            process.kill()
            process.wait(10)
            relay.cut()
            relay.up = True
            item = complaint(store).ticket_id
            sync.step(time.monotonic() + 3)
            sync.step(time.monotonic() + 3)
            assert not sync.link
        relay.upstream = centre.port
        recover(sync)
        wait_until(lambda: not sync.step(time.monotonic()) and outbox.status(store).waiting == 0)
        assert item in Centre(centre.state, centre.port).events(standing.load(store).kiosk)


def test_sending_once_empties_the_outbox(with_fee, kiosk, relay):
    assert once(kiosk)
    with open_store(kiosk) as store:
        complaint(store)
    relay.up = False
    assert not once(kiosk)
    relay.up = True
    assert once(kiosk)
    with open_store(kiosk) as store:
        assert outbox.status(store).waiting == 0
