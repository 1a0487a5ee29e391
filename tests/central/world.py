"""A centre as a kiosk meets it: a real HTTPS server, a device that signs, citizens whose cards sign."""

import base64
import hashlib
import itertools
import json
import secrets
import threading
import time
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
import yaml
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from central import debts_csv, enrolment, keys, private_files, publishing, serve, tls
from central.database import Database
from central.state import CentralState, Settings, make_folder
from devices.virtual import wallet
from kiosk.issuing.seal import seal
from kiosk.issuing.tracking import code
from offline_cache.contract.evidence import Evidence, Purpose, Statement
from offline_cache.contract.messages import (
    NONCE_HEADER,
    Enrolment,
    EnrolmentRequest,
    Event,
    EventBatch,
    EventKind,
)
from offline_cache.contract.payloads import TicketPayload
from offline_cache.signing import SigningAuth, draw_nonce, verify_answer

TEST_DEADLINE_S = 20


def texts(words):
    return dict.fromkeys(("pt-BR", "es", "it", "en"), words)


def service(service_id, kind, identification, offline, **more):
    described = dict.fromkeys(("needs", "cost", "deadline", "audience", "channels"), texts("-"))
    described["steps"] = [texts("-")]
    return {
        "id": service_id,
        "kind": kind,
        "title": texts(service_id),
        "summary": texts("-"),
        "description": described,
        "department": texts("Secretaria da Fazenda"),
        "icon": "info",
        "category": "all",
        "identification": identification,
        "offline": offline,
        "retention_days": 365,
        **more,
    }


def question(name):
    return {"id": name, "type": "text", "label": texts("?"), "required": False}


GUIDE = {"febraban_id": "0971", "series": "fees", "pix_key": "pix@vilaaurora.example"}
CATALOGUE = {
    "operator": {
        "id": "vila-aurora",
        "name_line1": "Prefeitura de",
        "name_line2": "Vila Aurora",
        "city": "Vila Aurora",
        "state": "SP",
        "website": "vilaaurora.example",
        "phone": "156",
        "colours": {"brand": "#16316B", "press": "#0B1C44", "tint": "#E8EDF7", "accent": "#FFC24A"},
        "pix_name": "VILA AURORA",
        "pix_city": "VILA AURORA",
    },
    "headline": texts("-"),
    "privacy_notice": texts("-"),
    "satisfaction_question": texts("-"),
    "categories": [{"id": "all", "title": texts("All"), "icon": "info"}],
    "services": [
        service("iptu", "guide", "card+pin", "refuse", lookup="debts", guide=GUIDE),
        service(
            "certidao", "document", "card+pin", "refuse", lookup="certificate",
            document_template="certidao-negativa", outputs=["thermal", "a4", "phone"],
        ),
        service("ouvidoria", "ticket", "none", "queue", anonymous=True, form=[question("what")]),
        service("poda", "ticket", "claimed", "queue", form=[question("motivo")]),
    ],
}
YAML = yaml.safe_dump(CATALOGUE)


class Citizen:
    """A card of the wallet, held by its owner who knows the PIN."""

    def __init__(self, folder: Path, name: str) -> None:
        written = wallet.person(folder, name)
        self.name, self.cpf = written.holder, written.cpf
        self._key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
        certificate = (folder / f"{name}.crt").read_text(encoding="ascii")
        self._certificate = "".join(line for line in certificate.splitlines() if "-----" not in line)

    def sign(self, statement: Statement) -> Evidence:
        digest = statement.digest()
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            signature = self._key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
        else:
            signature = self._key.sign(digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
        encoded = base64.b64encode(signature).decode()
        return Evidence(statement=statement, certificates=(self._certificate,), signature=encoded)


class Device:
    """An enrolled kiosk on the wire."""

    def __init__(self, centre: "World", key: Ed25519PrivateKey, enrolled: Enrolment) -> None:
        self.centre, self.key, self.enrolled = centre, key, enrolled
        self.id = enrolled.kiosk
        self.counter = itertools.count(1)
        self.seq = itertools.count(1)
        self.codes = itertools.count()

    def auth(self, counter=None, kiosk=None) -> SigningAuth:
        return SigningAuth(kiosk or self.id, self.key, lambda: next(self.counter) if counter is None else counter)

    def post(self, path: str, message, auth=None) -> requests.Response:
        """Sends, and insists on the signature of the answer."""
        response = self.centre.http.post(
            self.centre.url + path,
            data=message.model_dump_json(),
            headers={"Content-Type": "application/json"},
            auth=auth or self.auth(),
            allow_redirects=False,
        )
        verify_answer(response, response.request.headers[NONCE_HEADER], self.enrolled.answer_key)
        return response

    def send(self, *items: Event) -> list[str]:
        """The outcome of each item of one batch."""
        response = self.post("/v1/events", EventBatch(items=items))
        assert response.status_code == 200, response.text
        results = response.json()["results"]
        assert [result["id"] for result in results] == [item.id for item in items]
        return [result["outcome"] for result in results]

    def nonce(self, session: str, service_id: str) -> str:
        from offline_cache.contract.messages import NonceRequest

        return self.post("/v1/nonces", NonceRequest(session=session, service=service_id)).json()["nonce"]

    def code(self) -> str:
        return code(self.enrolled.allocation, next(self.codes), secrets.randbelow(1024))

    def event(self, kind: EventKind, payload, *, event_id=None, ticket_code=None, version=1, key=None) -> Event:
        """A sealed item, as the kiosk's outbox holds it."""
        key = key or self.centre.catalogue().sealing_keys[0]
        fields = {
            "id": event_id or str(uuid.uuid4()),
            "seq": next(self.seq),
            "kind": kind,
            "code": ticket_code,
            "catalogue_version": version,
            "key_id": key.key_id,
        }
        blank = Event(**fields, sealed="", fingerprint="0" * 64)
        plain = payload if isinstance(payload, bytes) else payload.model_dump_json().encode()
        sealed = seal(plain, key, blank.associated_data(self.id))
        return Event(
            **fields, sealed=base64.b64encode(sealed).decode(), fingerprint=hashlib.sha256(sealed).hexdigest()
        )

    def ticket(self, service_id: str, *, event_id=None, **more) -> Event:
        """A ticket of this kiosk; `more` overrides what its payload says."""
        event_id = event_id or str(uuid.uuid4())
        fields = {
            "id": event_id,
            "code": self.code(),
            "pin": "482731",
            "kiosk": self.id,
            "service": service_id,
            "language": "pt-BR",
            "catalogue_version": 1,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "clock_trusted": True,
            "anonymous": service_id == "ouvidoria",
        } | more
        payload = TicketPayload(**fields)
        return self.event(EventKind.TICKET, payload, event_id=event_id, ticket_code=payload.code)

    def evidence(self, citizen: Citizen, purpose_: Purpose, service_id: str, *, nonce=None, **more) -> Evidence:
        """The citizen's card signs; without a nonce of the centre the kiosk draws its own."""
        drawn = nonce or base64.b64encode(secrets.token_bytes(32)).decode()
        fields = {
            "purpose": purpose_,
            "kiosk": self.id,
            "session": "s1",
            "service": service_id,
            "nonce": drawn,
            "nonce_of_centre": nonce is not None,
        } | more
        return citizen.sign(Statement(**fields))


class World:
    """A running centre, its clock, and what an administrator does with it."""

    def __init__(self, state: CentralState, port: int) -> None:
        self.state = state
        self.url = f"https://localhost:{port}"
        self.http = requests.Session()
        # else REQUESTS_CA_BUNDLE of the machine would replace the pinned authority
        self.http.trust_env = False
        self.http.verify = str(state.tls / "ca.pem")
        self.ahead = timedelta()
        self.centre = None

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def catalogue(self):
        return publishing.published(self.state)

    def secret(self) -> str:
        return enrolment.make_secret(self.centre, timedelta(hours=1))

    def request_enrolment(self, secret: str, key: Ed25519PrivateKey, **more) -> requests.Response:
        public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
        fields = {"secret": secret, "public_key": public, "label": "T", "simulation": True} | more
        message = EnrolmentRequest(**fields)
        return self.http.post(
            f"{self.url}/v1/enrolments", json=message.model_dump(), headers={NONCE_HEADER: draw_nonce()}
        )

    def enrol(self) -> Device:
        key = Ed25519PrivateKey.generate()
        response = self.request_enrolment(self.secret(), key)
        assert response.status_code == 200, response.text
        enrolled = Enrolment.model_validate_json(response.content)
        verify_answer(response, response.request.headers[NONCE_HEADER], enrolled.answer_key)
        return Device(self, key, enrolled)


def wait_until(condition) -> None:
    deadline = time.monotonic() + TEST_DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        threading.Event().wait(0.01)


def make_state(folder: Path, anchors: str, **settings) -> CentralState:
    """What `totem central init` makes."""
    now = datetime.now(UTC)
    state = make_folder(folder, Settings(**({"demonstration": True, "backup_every_s": 0.1} | settings)))
    keys.make(state.keys, now)
    tls.make(state)
    publishing.initialise(state, now)
    private_files.write(state.anchors / "01-demo.pem", anchors.encode())
    debts_csv.copy_sample(state.debts, now.date())
    database = Database(state.database_url)
    database.migrate()
    database.close()
    return state


@contextmanager
def running(state: CentralState):
    """The centre's own server in a thread, on a free port."""
    listening = serve.bind("127.0.0.1", 0)
    world = World(state, listening.getsockname()[1])
    server = serve.server(state, world.now)
    world.centre = server.config.app.state.centre
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield world
    finally:
        world.http.close()
        server.should_exit = True
        thread.join(TEST_DEADLINE_S)


def rows(world: World, query: str) -> list[dict]:
    """What the centre's database holds, read aside from its code."""
    import sqlite3

    with sqlite3.connect(world.state.database) as connection:
        connection.row_factory = sqlite3.Row
        return [json.loads(json.dumps(dict(row), default=str)) for row in connection.execute(query)]
