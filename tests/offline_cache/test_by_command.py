"""A catalogue on its way by command: a centre in a process of its own, a sync process, and a screen that rehearses."""

import json
import shutil
import threading
import time

from offline_cache import catalogue_cache
from offline_cache.store import open_store
from tests.central.commands import Typed
from tests.central.world import CATALOGUE
from tests.centre import ANCHOR, LIMIT_S, serving, sync_process


class Screen:
    """Does to the store what the kiosk's screen does; `spoiled` names catalogues whose first session crashes."""

    def __init__(self, store):
        self.store, self.spoiled = store, set()

    def shows(self):
        waiting = catalogue_cache.candidate(self.store)
        if waiting is not None:
            catalogue_cache.accept(self.store, waiting.version)
        kept = catalogue_cache.current(self.store)
        phone = kept.catalogue.operator.phone if kept else None
        if not catalogue_cache.proven(self.store):
            catalogue_cache.session_began(self.store, "boot")
            catalogue_cache.session_ended(self.store, well=phone not in self.spoiled)
        return phone

    def until(self, condition, what):
        deadline_s = time.monotonic() + LIMIT_S
        while not condition(self.shows()):
            assert time.monotonic() < deadline_s, what
            threading.Event().wait(0.05)


def test_signed_pushed_shown_rolled_back_withdrawn_and_taken_back_by_itself(tmp_path):
    def write(phone):
        value = CATALOGUE | {"operator": CATALOGUE["operator"] | {"phone": phone}}
        file = tmp_path / f"{phone}.yaml"
        file.write_text(json.dumps(value), encoding="utf-8")
        return file

    with serving(tmp_path / "central", ANCHOR, catalogue=False) as centre:
        totem, keys = Typed(centre.state.path), tmp_path / "keys"

        def status():
            return json.loads(totem("status", "--json"))

        totem("init", "--keys", keys, "--count", 2, "--threshold", 2)
        totem("sign", write("A"), "--keys", keys)
        totem("push", tmp_path / "A.signed.json")
        folder = centre.folder(tmp_path / "kiosk")
        centre.settings(folder, centre.port, heartbeat_s=0.2)
        with sync_process(folder), open_store(folder) as store:
            screen = Screen(store)
            screen.until(lambda phone: phone == "A", "the first catalogue")
            totem("push", write("B"), "--keys", keys)
            screen.until(lambda phone: phone == "B" and status()["rollouts"][0]["state"] == "done", "the second")
            assert status()["running"] == {"2": 1}
            assert "taken back" in totem("rollback")
            screen.until(lambda phone: phone == "A", "back to the first")

            old = tmp_path / "old"
            shutil.copytree(centre.state.path / "tuf", old)
            signed = tmp_path / "C.signed.json"
            totem("sign", write("C"), "--keys", keys, "--min-version", 3)
            totem("push", signed)
            screen.until(lambda phone: phone == "C" and status()["rollouts"][0]["state"] == "done", "the third")
            assert [entry["version"] for entry in status()["versions"]] == [3]
            assert "is not published, or was withdrawn" in totem("rollout", 1, code=2)
            assert "nothing was rolled out that the signed metadata still lists" in totem("rollback", code=2)

            screen.spoiled.add("D")
            totem("push", write("D"), "--keys", keys)
            screen.until(lambda _: status()["rollouts"][0]["state"] == "stopped", "the fourth is stopped")
            assert screen.shows() == "C"
            assert status()["bad"] == {"4": 1}
            assert "1 kiosk took version 4 back" in totem("status")

            # who has the centre's disk puts the old files back, and the kiosk's own cache is lost
            shutil.copytree(old, centre.state.path / "tuf", dirs_exist_ok=True)
            log = folder.path / "sync.log"
            shutil.rmtree(folder.tuf / "metadata")
            told = log.read_text(encoding="utf-8").count("was seen before")
            screen.until(
                lambda _: log.read_text(encoding="utf-8").count("was seen before") > told, "the old files are refused"
            )
            assert screen.shows() == "C"
