"""What the centre takes in: batches of tickets, heartbeats, and ten thousand kiosks that come back at once.

    python -m bench.centre [--sqlite] [--processes N] [--kiosks N] [--seconds S] [--arrivals S]

By default on a PostgreSQL of its own (Debian package postgresql), the centre's real processes behind their real TLS.
Every request is signed as a kiosk signs it and every ticket sealed as a kiosk seals it, beforehand: what is measured is
the centre and the wire. `--arrivals S`: all kiosks have a ticket waiting, the centre comes up, and each tries as the
backoff lets it for a spread of S seconds, after an hour without it.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import http.client
import itertools
import multiprocessing
import os
import random
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from bench import made_up_kiosk, postgresql
from central import enrolment, keys, publishing, tls
from central.centre import Centre, open_centre
from central.models import Kiosk, Ticket
from central.state import CentralState, Settings, make_folder
from kiosk.catalog.model import Catalogue
from kiosk.issuing import seal, tracking
from offline_cache.backoff import Backoff
from offline_cache.contract.messages import Event, EventBatch, EventKind, Heartbeat
from offline_cache.contract.payloads import TicketPayload
from offline_cache.signing import SigningAuth

BATCH = 100
CONNECTIONS = 64
# All kiosks lose the centre at once, for so long.
OUTAGE_S, HEARTBEAT_S = 3600.0, 60.0
SERVICE = "ouvidoria"
ANSWERS = {"tipo": "reclamacao", "assunto": "iluminacao", "relato": "O poste da rua esta apagado."}


@dataclass
class Device:
    """A kiosk that has prepared what it is going to send."""

    kiosk: str
    allocation: str
    key: Ed25519PrivateKey
    counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    seq: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def request(self, url: str, path: str, body: bytes) -> tuple[str, bytes, dict[str, str]]:
        auth = SigningAuth(self.kiosk, self.key, lambda: next(self.counter))
        prepared = requests.Request(
            "POST", f"{url}/v1/{path}", data=body, headers={"Content-Type": "application/json"}, auth=auth
        ).prepare()
        return f"/v1/{path}", body, dict(prepared.headers)

    def batch(self, catalogue: Catalogue, count: int) -> bytes:
        return EventBatch(items=tuple(self.ticket(catalogue) for _ in range(count))).model_dump_json().encode()

    def ticket(self, catalogue: Catalogue) -> Event:
        seq = next(self.seq)
        item, key = str(uuid.uuid4()), catalogue.sealing_keys[0]
        code = tracking.code(self.allocation, seq, 7)
        payload = TicketPayload(
            id=item, code=code, pin="482731", kiosk=self.kiosk, service=SERVICE, language="pt-BR",
            catalogue_version=catalogue.version, created=datetime.now(UTC).isoformat(timespec="seconds"),
            clock_trusted=True, anonymous=True, answers=ANSWERS,
        )  # fmt: skip
        fields = {"id": item, "seq": seq, "kind": EventKind.TICKET, "code": code, "key_id": key.key_id}
        blank = Event(**fields, catalogue_version=catalogue.version, sealed="", fingerprint="0" * 64)
        sealed = seal.seal(payload.model_dump_json().encode(), key, blank.associated_data(self.kiosk))
        return blank.model_copy(
            update={"sealed": base64.b64encode(sealed).decode(), "fingerprint": hashlib.sha256(sealed).hexdigest()}
        )

    def heartbeat(self, version: int) -> bytes:
        return Heartbeat(
            queue_depth=0, oldest_unsynced_s=None, printer="ready", reader="ready", disk_free_mb=9000,
            clock=datetime.now(UTC).isoformat(timespec="seconds"), boot_id=str(uuid.uuid4()), catalogue_version=version,
            audit_head="0" * 64,
        ).model_dump_json().encode()  # fmt: skip


def make(folder: Path, url: str | None, kiosks: int) -> tuple[CentralState, Centre, list[Device]]:
    """A centre with the demonstration's catalogue and that many kiosks, written straight into its database."""
    state = make_folder(folder, Settings(demonstration=True, database_url=url, backup_every_s=3600))
    keys.make(state.keys, datetime.now(UTC))
    tls.make(state)
    publishing.initialise(state, datetime.now(UTC))
    text = made_up_kiosk.CATALOGUE.read_text(encoding="utf-8")
    publishing.publish(state, text, datetime.now(UTC), made_up_kiosk.CATALOGUE.parent)
    if url is None:
        state.database.touch()
    centre = open_centre(state)
    centre.database.migrate()
    devices = []
    with centre.database.transaction() as session:
        for number in range(kiosks):
            key, name = Ed25519PrivateKey.generate(), f"VA-{number + 1:05d}"
            public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
            session.add(
                Kiosk(id=name, label=name, public_key=public, simulation=True, enrolled=datetime.now(UTC),
                      state="active", counter=0, safe_seq=0, generation=0, wishes="")
            )  # fmt: skip
            prefix = "".join(tracking.ALPHABET[number >> shift & 31] for shift in (15, 10, 5, 0))
            devices.append(Device(name, prefix, key))
        session.flush()
        for device in devices:
            session.add(enrolment.Allocation(prefix=device.allocation, kiosk=device.kiosk, spare=False, retired=False))
    return state, centre, devices


@contextmanager
def serving(state: CentralState, processes: int) -> Iterator[int]:
    state.port_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "kiosk.cli", "central", "serve", "--state", str(state.path), "--port", "0"]
    with (state.path / "log").open("ab") as log:
        process = subprocess.Popen([*command, "--processes", str(processes)], stdout=log, stderr=log)
    try:
        while not state.port_file.is_file() or not state.port_file.read_text().strip():
            time.sleep(0.05)
            if process.poll() is not None:
                raise RuntimeError((state.path / "log").read_text()[-2000:])
        yield int(state.port_file.read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


Prepared = list[tuple[str, bytes, dict[str, str]]]


def _send(port: int, ca: str, prepared: Prepared, until_s: float) -> tuple[int, list[float]]:
    """One client's process: one connection, request after request; how many were taken, and each one's seconds."""
    context = ssl.create_default_context(cafile=ca)
    connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=60)
    spent = []
    for path, body, headers in prepared:
        began_s = time.monotonic()
        if began_s > until_s:
            break
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {said[:200]!r}")
        spent.append(time.monotonic() - began_s)
    connection.close()
    return len(spent), spent


def rate(port: int, ca: str, prepared: list[Prepared], seconds: float) -> tuple[float, float]:
    """Requests a second of several clients at once, and the 99th percentile of one, in seconds."""
    with multiprocessing.get_context("fork").Pool(len(prepared)) as pool:
        began_s = time.monotonic()
        done = pool.starmap(_send, [(port, ca, one, began_s + seconds) for one in prepared])
        took_s = time.monotonic() - began_s
    spent = sorted(itertools.chain.from_iterable(one for _, one in done))
    return sum(count for count, _ in done) / took_s, spent[int(len(spent) * 0.99)]


def coming_back(
    state: CentralState, centre: Centre, devices: list[Device], catalogue: Catalogue, spread_s: float, processes: int
) -> None:
    """Each kiosk tries by its own backoff, as after a long outage, until its heartbeat and its ticket are in."""
    with serving(state, processes) as port:
        url, ca = f"https://localhost:{port}", str(state.tls / "ca.pem")
        prepared = [
            [device.request(url, "heartbeats", device.heartbeat(catalogue.version)),
             device.request(url, "events", device.batch(catalogue, 1))]
            for device in devices
        ]  # fmt: skip
        draw = random.Random(7)
        waits = sorted(((_first_try(spread_s, draw), one) for one in prepared), key=lambda wait: wait[0])
        # By the kiosks' own waits: a bench that is held up for a second lets a second's kiosks come at once.
        began_s, arrivals, late_s = time.monotonic(), Counter(int(due_s) for due_s, _ in waits), 0.0
        context = ssl.create_default_context(cafile=ca)
        with ThreadPoolExecutor(CONNECTIONS) as many:
            visits = []
            for due_s, one in waits:
                time.sleep(max(0.0, began_s + due_s - time.monotonic()))
                late_s = max(late_s, time.monotonic() - began_s - due_s)
                visits.append(many.submit(_visit, port, context, one))
            spent = [visit.result() for visit in visits]
        took_s = time.monotonic() - began_s
    arrived = _count(centre)
    spent.sort()
    print(
        f"{len(devices)} kiosks were back in {took_s:.0f} s, {arrived} tickets are in: at most {max(arrivals.values())}"
        f" arrivals/s, {len(devices) / waits[-1][0]:.0f} on average; connection, heartbeat and ticket took"
        f" {statistics.median(spent) * 1000:.0f} ms (median), {spent[int(len(spent) * 0.99)] * 1000:.0f} ms (99 of 100)"
        f"; the bench itself was {late_s:.1f} s late at most"
    )
    assert arrived == len(devices), arrived


def _first_try(spread_s: float, draw: random.Random) -> float:
    """Seconds from the centre's return to a kiosk's next try. It has missed it since its heartbeat in the first minute
    of the outage, and has tried since then as the product does: with that backoff, up to twice the spread.
    """
    backoff, at_s = Backoff(2 * spread_s, draw), draw.uniform(0, HEARTBEAT_S)
    while at_s < OUTAGE_S:
        at_s += backoff.after_failure()
    return at_s - OUTAGE_S


def _visit(port: int, context: ssl.SSLContext, requests_: Prepared) -> float:
    """One kiosk that has come: its connection, its heartbeat, its ticket; the seconds it took."""
    began_s = time.monotonic()
    connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=60)
    for path, body, headers in requests_:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(answer.status)
    connection.close()
    return time.monotonic() - began_s


def _count(centre: Centre) -> int:
    with centre.database.transaction() as session:
        return int(session.scalar(select(func.count()).select_from(Ticket)) or 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--kiosks", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--batches", type=int, default=30, help="of each of four clients")
    parser.add_argument("--arrivals", type=float, metavar="S", help="the spread in seconds")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        url = None if wanted.sqlite else stack.enter_context(postgresql.running())
        state, centre, devices = make(Path(name) / "central", url, wanted.kiosks)
        catalogue = centre.catalogue()
        if wanted.arrivals is not None:
            coming_back(state, centre, devices, catalogue, wanted.arrivals, wanted.processes)
            return
        with serving(state, wanted.processes) as port:
            base, ca = f"https://localhost:{port}", str(state.tls / "ca.pem")
            four = devices[:4]
            beats = [
                [one.request(base, "heartbeats", one.heartbeat(catalogue.version)) for _ in range(600)] for one in four
            ]
            per_s, slow_s = rate(port, ca, beats, wanted.seconds)
            print(f"heartbeats: {per_s:7.0f}/s, 99 of 100 within {slow_s * 1000:.0f} ms")
            batches = [
                [one.request(base, "events", one.batch(catalogue, BATCH)) for _ in range(wanted.batches)]
                for one in four
            ]
            per_s, slow_s = rate(port, ca, batches, wanted.seconds)
            print(f"tickets:    {per_s * BATCH:7.0f}/s in batches of {BATCH}, 99 of 100 within {slow_s * 1000:.0f} ms")
        centre.database.close()


if __name__ == "__main__":
    main()
