"""A release on its way by command: a centre and a sync process, each of their own, up to what root takes over."""

import json
import random
import threading
import time
from pathlib import Path

from offline_cache import release
from offline_cache.contract import hand_over
from offline_cache.contract.messages import LIST_PIECE_BYTES
from tests.central.checkout import Builder
from tests.central.commands import Typed
from tests.centre import ANCHOR, LIMIT_S, serving, sync_process

LOCK = (Path(__file__).resolve().parents[2] / release.LOCK).read_text(encoding="utf-8")


def until(condition, what):
    deadline_s = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline_s, what
        threading.Event().wait(0.05)


def test_pushed_fetched_handed_over_taken_back_and_never_asked_for_again(tmp_path):
    # of the same dependencies as here, and too large for one piece
    noise = "".join(f"# {random.Random(number).getrandbits(256):064x}\n" for number in range(9000))
    (archive,) = Builder(tmp_path)(1, systemd__appliance_lock=LOCK, printer____init___py=noise)
    assert archive.stat().st_size > LIST_PIECE_BYTES
    with serving(tmp_path / "central", ANCHOR) as centre:
        totem, keys = Typed(centre.state.path, group="release"), tmp_path / "keys"
        totem("init", "--keys", keys)
        folder = centre.folder(tmp_path / "kiosk")
        centre.settings(folder, centre.port, heartbeat_s=0.2)
        place = folder.path / hand_over.FOLDER
        with sync_process(folder):
            until(lambda: json.loads(totem("status", "--json"))["running"] == {"0": 1}, "the first heartbeat")
            totem("push", archive, "--keys", keys)
            until((place / hand_over.WISH).exists, "it is handed over")
            assert json.loads((place / hand_over.WISH).read_text()) == {"release": 1, "target": archive.name}
            assert (place / hand_over.ARCHIVE).read_bytes() == archive.read_bytes()
            assert {"1.root.json", "application.json", "timestamp.json"} <= {
                file.name for file in (place / hand_over.METADATA).iterdir()
            }
            found = json.loads(totem("status", "--json"))["rollouts"][0]
            assert (found["state"], found["waits_for"]) == ("running", ["VA-001"])
            # what root says of it, once it was tried
            report = {"state": "current", "bad": [1], "why": "health:printer", "next": None}
            release.report_path(folder).write_text(json.dumps(report), encoding="utf-8")
            until(lambda: json.loads(totem("status", "--json"))["rollouts"][0]["state"] == "stopped", "it is stopped")
            until(lambda: not (place / hand_over.WISH).exists(), "the wish is withdrawn")
        (alert,) = centre.rows("SELECT kiosk, kind FROM alerts")
        assert alert == {"kiosk": "VA-001", "kind": "release-taken-back"}
        assert "VA-001 runs release 0: health:printer" in totem("status")
