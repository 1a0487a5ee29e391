"""A kiosk that reads catalogues from the real centre, and the centre's repository as somebody with its disk sees it."""

import json
import shutil
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central import publishing
from offline_cache import catalogue_cache
from offline_cache.catalogue_client import fetch
from offline_cache.connection import Connection
from tests.central.world import CATALOGUE

NOW = datetime.now(UTC)


class Repository:
    """The centre's repository on disk; what a test does to it is undone after it."""

    def __init__(self, centre, aside):
        self.centre, self.aside = centre, aside
        self.tuf = centre.state.path / "tuf"
        self.saved = 0

    def save(self):
        self.saved += 1
        for name in ("tuf", "catalogues", "keys"):
            shutil.copytree(self.centre.state.path / name, self.aside / str(self.saved) / name)
        return self.saved

    def restore(self, number):
        for name in ("tuf", "catalogues", "keys"):
            shutil.rmtree(self.centre.state.path / name)
            shutil.copytree(self.aside / str(number) / name, self.centre.state.path / name)

    def publish(self, phone="156"):
        changed = json.loads(json.dumps(CATALOGUE))
        changed["operator"]["phone"] = phone
        return self.centre.publish(json.dumps(changed))

    def new_key(self, role):
        (self.centre.state.keys / f"tuf-{role}.key").write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def target(self):
        version = publishing.newest_version(self.centre.state)
        body = (self.centre.state.catalogues / f"{version}.json").read_bytes()
        return next(file for file in (self.tuf / "targets").iterdir() if file.read_bytes() == body)


class Kiosk:
    def __init__(self, folder, store, centre):
        self.folder, self.store, self.centre = folder, store, centre
        self.connection = Connection(folder.settings().centre, check_dates=True)

    def fetch(self, now=NOW, wanted=None, **more):
        """The signed bytes of what the centre names, the newest by default."""
        found = fetch(self.folder, self.store, self.connection, now, wanted or self.newest(), **more)
        return found.content if found else None

    def newest(self):
        newest = publishing.vouched(self.centre.state, publishing.newest_version(self.centre.state))
        return newest.target if newest else "vila-aurora.1.json"

    def keep(self):
        body = self.fetch()
        assert body is not None
        assert catalogue_cache.keep(self.store, body)
        return body

    def version(self):
        return catalogue_cache.current_version(self.store)

    def forget_metadata(self):
        shutil.rmtree(self.folder.tuf / "metadata")
