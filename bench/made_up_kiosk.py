"""A kiosk without a screen and without a centre, made where there is none: enough to issue real tickets.

Its enrolment and its numbers are made up, so its folder is marked as a simulation; nobody can open what it seals.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime
from pathlib import Path

from kiosk.catalog import read
from kiosk.catalog.model import Catalogue, Language, SealingKey
from kiosk.issuing import seal, tracking
from kiosk.journey.state import Devices, PrinterCondition, Session, State
from offline_cache import catalogue_cache, clock, custodian, numbers, standing
from offline_cache.contract.messages import Enrolment, NumberBlock
from offline_cache.durable_files import make_folder_durably, write_durably
from offline_cache.folder import StateFolder
from offline_cache.store import Store, create_keys, open_store

CATALOGUE = Path(__file__).resolve().parents[1] / "catalogs" / "vila-aurora" / "catalogue.yaml"
# A guide with a number of the kiosk's own, with barcode and Pix: the most that one commit holds.
SERVICE = "taxa-alvara"
_SETTINGS = 'label = "VA-001"\n[centre]\nurl = "https://localhost:1"\nca = "ca.pem"\n'
_BLOCK = 100_000


class OtherFolderError(Exception):
    """The folder holds something else; one line that says what to do."""


def prepare(path: Path, at_least: int = 1) -> StateFolder:
    """The folder of a kiosk that can issue, with a store the custodian has checked and `at_least` numbers left.

    What is there is kept, and what is missing is made: a cut in the middle of making it is mended by the next call.
    """
    folder = StateFolder(path)
    mark = path / "simulation"
    if path.exists() and not mark.exists() and {entry.name for entry in path.iterdir()} - {"simulation.new"}:
        raise OtherFolderError(f"{path} is not a simulated kiosk's folder: name another, or an empty one, with --state")
    make_folder_durably(path)
    if not mark.exists():
        write_durably(mark, "Made up for measuring: nothing that was issued here has any value.\n")
    if not (path / "totem.toml").exists():
        write_durably(path / "totem.toml", _SETTINGS)
    create_keys(folder)
    custodian.prepare(folder)
    folder.make_run()
    with open_store(folder) as store:
        if standing.current(store) is None:
            standing.save(store, _enrolment(), clock.read())
        if catalogue_cache.current(store) is None:
            catalogue_cache.keep(store, read.to_json(_catalogue()))
        series = _series(store)
        while numbers.left(store, series) < at_least:
            _lease(store, series)
    return folder


def request(store: Store, service: str = SERVICE) -> State:
    """What a citizen has gathered at the moment of the commit."""
    kept = catalogue_cache.current(store)
    assert kept is not None
    catalogue = kept.catalogue
    session = Session(
        id=str(uuid.uuid4()), language=Language.PT_BR, started_s=0.0, service=catalogue.service(service),
        answers={"finalidade": "renovacao"},
    )  # fmt: skip
    return State(
        catalogue=catalogue,
        devices=Devices(printer=PrinterCondition.READY, link=False, enrolled=True, clock_trusted=True),
        session=session,
    )


def _series(store: Store) -> str:
    kept = catalogue_cache.current(store)
    assert kept is not None
    return kept.series[0]


def _lease(store: Store, series: str) -> None:
    first = 1 + max((row["last"] for row in store.rows("select last from number_blocks")), default=0)
    name = f"made-up-{first}"
    numbers.add_block(store, NumberBlock(block=name, series=series, first=first, last=first + _BLOCK - 1))


def _enrolment() -> Enrolment:
    used, spare = ("".join(secrets.choice(tracking.ALPHABET) for _ in range(4)) for _ in range(2))
    return Enrolment(kiosk="VA-001", label="VA-001", allocation=used, spare_allocation=spare, answer_key="")


def _catalogue() -> Catalogue:
    import base64

    _private, public = seal.new_key()
    return read.from_yaml(
        CATALOGUE.read_text(encoding="utf-8"),
        version=1,
        published=datetime.now(UTC).isoformat(timespec="seconds"),
        trust_anchors=(),
        sealing_keys=(SealingKey(key_id="made-up", public_key=base64.b64encode(public).decode()),),
        files=lambda name: (CATALOGUE.parent / name).read_bytes(),
    )
