"""Becoming a kiosk of a centre: a key of its own, a single-use secret, and the first trust in the catalogue."""

from __future__ import annotations

import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from offline_cache import catalogue_cache, client, clock, standing
from offline_cache.contract.messages import Enrolment, EnrolmentRequest
from offline_cache.durable_files import write_durably
from offline_cache.folder import StateFolder
from offline_cache.store import open_store

DEVICE_KEY = "device.key"
ROOT = "root.json"


def is_enrolled(folder: StateFolder) -> bool:
    return standing.read_copy(folder) is not None


def enrol(folder: StateFolder, *, secret: str, root: Path, sealing_sha256: str | None = None) -> Enrolment:
    """Enrols with a single-use secret. `root` is the TUF root that came with it; `sealing_sha256` is of the key to
    which the first catalogue must seal, whenever it comes.

    Raises client.Unreachable or client.Refused; then nothing was changed but the key, which is used again next time.
    """
    settings = folder.settings()
    folder.tuf.mkdir(exist_ok=True)
    write_durably(folder.tuf / ROOT, root.read_text(encoding="utf-8"))
    public = public_key(folder)
    enrolment = client.enrol(
        settings.centre,
        EnrolmentRequest(secret=secret, public_key=public, label=settings.label, simulation=folder.simulation),
    )
    with open_store(folder) as store:
        standing.save(store, enrolment, clock.read(), sealing_sha256)
    return enrolment


def public_key(folder: StateFolder) -> str:
    """The device's public key in base64; the key is made if there is none."""
    return base64.b64encode(_device_key(folder).public_key().public_bytes_raw()).decode()


def check_sealing(folder: StateFolder, sealing_sha256: str) -> None:
    """A catalogue that was here before the token seals to the key that the token names; SealsElsewhereError if not."""
    with open_store(folder) as store:
        kept = catalogue_cache.current(store)
    if kept is not None and not catalogue_cache.seals_to(kept.catalogue, sealing_sha256):
        raise catalogue_cache.SealsElsewhereError(
            "the catalogue of this kiosk seals requests to another key than the token names: have the administrator "
            "look, and make another token"
        )


def _device_key(folder: StateFolder) -> Ed25519PrivateKey:
    """The device's own key, made here and never leaving; on disk before the centre knows of it."""
    path = folder.keys / DEVICE_KEY
    if not path.exists():
        write_durably(path, Ed25519PrivateKey.generate().private_bytes_raw().hex())
    return client.read_key(path)
