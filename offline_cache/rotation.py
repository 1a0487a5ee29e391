"""Another device key, made here when the centre asks for it: the old one signs until the centre has said that it knows
the new one.
"""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from offline_cache import clock
from offline_cache.audit import AuditEvent, record
from offline_cache.client import CentreClient, read_key
from offline_cache.contract.messages import DeviceKeyAnswer, DeviceKeyRequest, device_key_proof
from offline_cache.durable_files import sync_folder, write_durably
from offline_cache.enrolment import DEVICE_KEY
from offline_cache.folder import StateFolder
from offline_cache.store import Store

NEXT_KEY = "device.key.next"


def rotate(folder: StateFolder, store: Store, client: CentreClient) -> None:
    """Makes the new key known and uses it from now on. Repeatable: the same new key until it is taken.

    Raises Unreachable or Refused, and OSError where the keys of this machine cannot be written.
    """
    path = folder.keys / NEXT_KEY
    if not path.exists():
        write_durably(path, Ed25519PrivateKey.generate().private_bytes_raw().hex())
    key = read_key(path)
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    proof = base64.b64encode(key.sign(device_key_proof(client.enrolment.kiosk, public))).decode()
    client.post("device-keys", DeviceKeyRequest(public_key=public, proof=proof), DeviceKeyAnswer)
    path.replace(folder.keys / DEVICE_KEY)
    sync_folder(folder.keys)
    with store.transaction():
        record(store, AuditEvent.DEVICE_KEY_CHANGED, clock.read())
