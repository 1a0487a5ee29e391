"""A catalogue with a sealing key whose private half the tests hold, and tickets sealed with it."""

import os
from collections.abc import Callable

from kiosk.catalog.model import Catalogue, SealingKey
from kiosk.issuing import seal
from kiosk.issuing.compose import Allocated
from offline_cache import catalogue_cache
from offline_cache.clock import Reading
from offline_cache.contract.messages import Event, EventKind
from offline_cache.issue import Issued, Prepared, PreparedJob, issue
from offline_cache.store import Store
from tests.offline_cache.conftest import ENROLMENT, READING

PRIVATE = bytes(range(32))
VERSION = 7


def sealing_key() -> SealingKey:
    import base64

    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    public = X25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw()
    return SealingKey(key_id="centre-1", public_key=base64.b64encode(public).decode())


def catalogue(version: int = VERSION, phone: str = "156") -> bytes:
    text = dict.fromkeys(("pt-BR", "es", "it", "en"), "x")
    return Catalogue.model_validate(
        {
            "version": version,
            "published": "2026-11-22T00:00:00Z",
            "operator": {
                "id": "town", "name_line1": "Town", "name_line2": "of Tests", "city": "Town", "state": "SP",
                "website": "https://town.example", "phone": phone, "pix_name": "TOWN", "pix_city": "TOWN",
                "colours": {"brand": "#000000", "press": "#000000", "tint": "#FFFFFF", "accent": "#000000"},
            },
            "headline": text, "privacy_notice": text, "satisfaction_question": text, "trust_anchors": [],
            "sealing_keys": [sealing_key().model_dump()],
            "categories": [{"id": "all", "title": text, "icon": "all"}],
            "services": [
                {
                    "id": "complaint", "kind": "ticket", "title": text, "summary": text, "department": text,
                    "description": {"needs": text, "cost": text, "deadline": text, "audience": text},
                    "icon": "all", "category": "all", "identification": "none", "anonymous": True, "offline": "queue",
                }
            ],
        }
    ).model_dump_json(by_alias=True).encode()


def give_catalogue(store: Store) -> None:
    catalogue_cache.keep(store, catalogue(), READING)


def preparing(payload: bytes = b"a ticket", *, job: bool = False) -> Callable[[Allocated], Prepared]:
    """Seals as the kiosk does."""

    def prepare(allocated: Allocated) -> Prepared:
        unsealed = Event(
            id=allocated.ticket_id, seq=1, kind=EventKind.TICKET, code=allocated.code, catalogue_version=VERSION,
            key_id="centre-1", sealed="", fingerprint="0" * 64,
        )
        sealed = seal.seal(payload, sealing_key(), unsealed.associated_data(ENROLMENT.kiosk))
        paper = PreparedJob("job-" + allocated.code, os.urandom(200), 1120.0, b"abcd") if job else None
        return Prepared(sealed, "centre-1", VERSION, paper)

    return prepare


def ticket(store: Store, payload: bytes = b"a ticket", reading: Reading = READING) -> Issued:
    return issue(store, series=None, prepare=preparing(payload), reading=reading)
