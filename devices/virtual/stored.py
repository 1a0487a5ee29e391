"""Emulated cards of other families than PIV, as files of a wallet: what is on the chip, its keys among it."""

from __future__ import annotations

import json

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from devices.virtual.authority import Key
from devices.virtual.belgium import BelgianCard
from devices.virtual.cie import CieCard
from devices.virtual.cns import CnsCard
from devices.virtual.iso7816 import FileSystem, PinCounter

Stored = BelgianCard | CieCard | CnsCard


def dumped(card: Stored) -> str:
    """The chip as JSON."""
    value: dict[str, object] = {
        "kind": type(card).__name__,
        "key": _pem(card.key),
        "files": {path.hex(): content.hex() for path, content in card.files.files.items()},
    }
    if not isinstance(card, CieCard):
        value["pin"] = card.pin.block.hex()
    if isinstance(card, BelgianCard):
        value["chip_key"] = _pem(card.chip_key)
    return json.dumps(value)


def loaded(text: str) -> Stored:
    """A fresh card: its PIN counter is full."""
    value = json.loads(text)
    files = FileSystem({bytes.fromhex(path): bytes.fromhex(content) for path, content in value["files"].items()})
    key = _key(value["key"])
    match value["kind"]:
        case "BelgianCard":
            chip_key = _key(value["chip_key"])
            assert isinstance(chip_key, ec.EllipticCurvePrivateKey)
            return BelgianCard(key, chip_key, files, PinCounter(bytes.fromhex(value["pin"])))
        case "CnsCard":
            assert isinstance(key, rsa.RSAPrivateKey)
            return CnsCard(key, files, PinCounter(bytes.fromhex(value["pin"])))
        case "CieCard":
            assert isinstance(key, rsa.RSAPrivateKey)
            return CieCard(key, files)
        case kind:
            raise ValueError(f"a stored card of an unknown kind: {kind}")


def _pem(key: Key) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")


def _key(text: str) -> Key:
    key = serialization.load_pem_private_key(text.encode("ascii"), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    return key
