"""A real centre in a process of its own, and kiosk folders that are enrolled there over the wire."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from central import enrolment as enrolling
from central import publishing
from central.centre import open_centre
from central.state import CentralState
from kiosk.issuing.seal import seal
from offline_cache import catalogue_cache, custodian, enrolment, standing
from offline_cache.contract.messages import EventKind, associated_data
from offline_cache.contract.payloads import TicketPayload
from offline_cache.folder import StateFolder
from offline_cache.issue import Issued, Prepared, issue
from offline_cache.store import Store, create_keys
from tests.central.world import YAML, make_state, rows, wait_until

LIMIT_S = 20.0
# No card is read in these tests.
ANCHOR = ""


class Centre:
    """`totem central serve` over a folder; the tests look into the folder aside from it."""

    def __init__(self, state: CentralState, port: int) -> None:
        self.state, self.port = state, port
        self.centre = open_centre(state)

    def publish(self, yaml_text: str = YAML) -> int:
        return publishing.publish(self.state, yaml_text, datetime.now(UTC)).version

    def rows(self, query: str) -> list[dict]:
        return rows(self, query)

    def events(self, kiosk: str) -> list[str]:
        return [row["id"] for row in self.rows("SELECT id, kiosk FROM events") if row["kiosk"] == kiosk]

    def folder(self, path: Path, *, port: int | None = None, enrolled: bool = True) -> StateFolder:
        """A prepared state folder that reaches the centre at `port`, enrolled over the centre's own."""
        folder = StateFolder(path)
        create_keys(folder)
        (path / "simulation").touch()
        custodian.prepare(folder)
        self.settings(folder, self.port)
        if enrolled:
            secret = enrolling.make_secret(self.centre, timedelta(hours=1))
            enrolment.enrol(folder, secret=secret, root=self.root)
        self.settings(folder, self.port if port is None else port)
        return folder

    @property
    def root(self) -> Path:
        return self.state.tuf_metadata / "1.root.json"

    def settings(self, folder: StateFolder, port: int, *, ca: Path | None = None, heartbeat_s: float = 2.0) -> None:
        lines = [
            "[centre]", f'url = "https://localhost:{port}"', f'ca = "{ca or self.state.tls / "ca.pem"}"',
            "[sync]", f"heartbeat_s = {heartbeat_s}", "retry_cap_s = 0.2",
        ]  # fmt: skip
        (folder.path / "totem.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@contextmanager
def serving(path: Path, anchors: str, *, catalogue: bool = True):
    state = make_state(path, anchors)
    if catalogue:
        publishing.publish(state, YAML, datetime.now(UTC))
    with serving_process(state, 0) as (port, _process):
        yield Centre(state, port)


@contextmanager
def serving_process(state: CentralState, port: int):
    state.port_file.unlink(missing_ok=True)
    with (state.path / "log").open("ab") as log:
        command = [sys.executable, "-m", "kiosk.cli", "central", "serve", "--state", str(state.path)]
        process = subprocess.Popen([*command, "--port", str(port)], stdout=log, stderr=log)
    try:
        wait_until(lambda: state.port_file.is_file() and state.port_file.read_text().strip())
        taken = int(state.port_file.read_text())
        wait_until(lambda: _answers(taken))
        yield taken, process
    finally:
        process.kill()
        process.wait(LIMIT_S)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def sync_process(folder: StateFolder):
    """`totem run sync`; killed at the end if it still runs."""
    environment = {name: value for name, value in os.environ.items() if name != "NOTIFY_SOCKET"}
    with (folder.path / "sync.log").open("ab") as log:
        command = [sys.executable, "-m", "kiosk.cli", "run", "sync", "--state", str(folder.path)]
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait(LIMIT_S)
        shutil.rmtree(folder.run, ignore_errors=True)


def complaint(store: Store) -> Issued:
    """An anonymous ticket, committed as the kiosk does, sealed to the centre."""
    kept, kiosk = catalogue_cache.current(store), standing.load(store).kiosk
    key = kept.catalogue.sealing_keys[0]

    def prepare(allocated):
        payload = TicketPayload(
            id=allocated.ticket_id, code=allocated.code, pin="482731", kiosk=kiosk, service="ouvidoria",
            language="pt-BR", catalogue_version=kept.version, created="2026-11-22T12:00:00Z", clock_trusted=True,
            anonymous=True,
        )  # fmt: skip
        bound = associated_data(
            item=allocated.ticket_id, kind=EventKind.TICKET, code=allocated.code, kiosk=kiosk,
            catalogue_version=kept.version, key_id=key.key_id,
        )  # fmt: skip
        return Prepared(seal(payload.model_dump_json().encode(), key, bound), key.key_id, kept.version, None)

    return issue(store, series=None, prepare=prepare)
