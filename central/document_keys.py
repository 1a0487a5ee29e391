"""The keys that documents are made with: one seals the QR (Ed25519), one signs the PDF (PAdES). They rotate together.

The newest signs. When it is replaced, its private halves are destroyed and its public ones stay published, so that
papers of yesterday can still be checked; revoked, it is published as that and nothing it made is believed any more
without asking the centre. They never leave the centre's folder; a running server reads them anew for each document.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from central import document_certificates, private_files
from central.sealing import SealKey

State = Literal["current", "retired", "revoked"]
KEY_BYTES = 32


@dataclass(frozen=True)
class DocumentKey:
    """What makes documents now. `signer`: the PDF key in PEM (PKCS8), `chain`: its certificate first, in PEM."""

    seal: SealKey
    signer: bytes
    chain: bytes


def make(folder: Path, at: datetime, office: str) -> None:
    """The first pair and the authority that certifies it; what is there stays."""
    if not (folder / "documents-ca.pem").exists():
        key, pem = document_certificates.authority(office, at)
        private_files.write(folder / "documents-ca.key", key)
        private_files.write(folder / "documents-ca.pem", pem)
    if not any(fact["state"] == "current" for fact in facts(folder)):
        _new(folder, at, None)


def current(folder: Path) -> DocumentKey:
    """The pair that signs now; FileNotFoundError and ValueError say what to do."""
    key_id = _current_id(folder)
    raw = (folder / f"{key_id}.key").read_bytes()
    if len(raw) != KEY_BYTES:
        raise ValueError(f"{folder / key_id}.key is not a key: put it back from a copy")
    return DocumentKey(
        seal=SealKey(key_id, Ed25519PrivateKey.from_private_bytes(raw)),
        signer=(folder / f"{key_id}.signer").read_bytes(),
        chain=(folder / f"{key_id}.pem").read_bytes(),
    )


def published(folder: Path) -> dict[str, Any]:
    """What /v1/document-keys answers: every key there ever was, and the authority of the PDF certificates."""
    return {"keys": facts(folder), "authority": (folder / "documents-ca.pem").read_text(encoding="ascii")}


def facts(folder: Path) -> list[dict[str, str]]:
    """The published half of every key, the newest first."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("document-*.json")]
    return sorted(found, key=lambda fact: (fact["made"], fact["key_id"]), reverse=True)


def rotate(folder: Path, at: datetime, bag: tuple[bytes, str] | None = None) -> str:
    """Makes the next pair, and retires those before; answers its id.

    `bag`: a PKCS#12 file and its password, whose certificate (of ICP-Brasil, say) signs PDFs from now on. ValueError
    if it cannot be opened or holds no key.
    """
    before = [fact for fact in facts(folder) if fact["state"] == "current"]
    key_id = _new(folder, at, bag)
    for fact in before:
        _become(folder, fact["key_id"], "retired")
    return key_id


def revoke(folder: Path, key_id: str, at: datetime) -> str | None:
    """A key that somebody else may hold: published as revoked. Answers the id of a new one, if it was the current."""
    state = {fact["key_id"]: fact["state"] for fact in facts(folder)}.get(key_id)
    if state is None:
        raise ValueError(f"there is no key {key_id}: `totem central keys list` shows them")
    successor = rotate(folder, at) if state == "current" else None
    _become(folder, key_id, "revoked")
    return successor


def is_revoked(folder: Path, key_id: str) -> bool:
    return any(fact["key_id"] == key_id and fact["state"] == "revoked" for fact in facts(folder))


def _current_id(folder: Path) -> str:
    for fact in facts(folder):
        if fact["state"] == "current":
            return fact["key_id"]
    raise FileNotFoundError(f"{folder} holds no keys of documents: run `totem central init` first")


def _new(folder: Path, at: datetime, bag: tuple[bytes, str] | None) -> str:
    """The fact file last: without it the other files are nothing."""
    stamp = f"document-{at:%Y%m%d}"
    taken = {fact["key_id"] for fact in facts(folder)}
    key_id = next(name for name in (stamp, *(f"{stamp}-{n}" for n in range(2, 1000))) if name not in taken)
    seal = Ed25519PrivateKey.generate()
    signer, chain = _from_bag(*bag) if bag else _certified(folder, at)
    private_files.write(folder / f"{key_id}.key", seal.private_bytes_raw())
    private_files.write(folder / f"{key_id}.signer", signer)
    private_files.write(folder / f"{key_id}.pem", chain)
    leaf = x509.load_pem_x509_certificates(chain)[0].public_bytes(Encoding.PEM).decode()
    _write(folder, {
        "key_id": key_id,
        "algorithm": "Ed25519",
        "public_key": base64.b64encode(seal.public_key().public_bytes_raw()).decode(),
        "certificate": leaf,
        "made": at.isoformat(timespec="milliseconds"),
        "state": "current",
    })
    return key_id


def _certified(folder: Path, at: datetime) -> tuple[bytes, bytes]:
    ca_key = (folder / "documents-ca.key")
    if not ca_key.is_file():
        raise FileNotFoundError(f"{ca_key} is missing: put it back for as long as keys are made")
    return document_certificates.signer(ca_key.read_bytes(), (folder / "documents-ca.pem").read_bytes(), at)


def _from_bag(content: bytes, password: str) -> tuple[bytes, bytes]:
    try:
        bag = load_pkcs12(content, password.encode())
    except ValueError as error:
        raise ValueError("the PKCS#12 file cannot be opened: wrong password, or no PKCS#12") from error
    if bag.key is None or bag.cert is None:
        raise ValueError("the PKCS#12 file holds no key with its certificate")
    if isinstance(bag.key, ec.EllipticCurvePrivateKey) and bag.key.curve.name != "secp256r1":
        raise ValueError("the key of the PKCS#12 file is on another curve than P-256")
    chain = [bag.cert.certificate, *(other.certificate for other in bag.additional_certs)]
    pem = bag.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem, b"".join(certificate.public_bytes(Encoding.PEM) for certificate in chain)


def _become(folder: Path, key_id: str, state: State) -> None:
    """Told first, destroyed then: what is no more current signs nothing more."""
    file = folder / f"{key_id}.json"
    _write(folder, {**json.loads(file.read_text(encoding="utf-8")), "state": state})
    for private in (folder / f"{key_id}.key", folder / f"{key_id}.signer"):
        private.unlink(missing_ok=True)


def _write(folder: Path, fact: dict[str, str]) -> None:
    private_files.write(folder / f"{fact['key_id']}.json", json.dumps(fact, indent=1).encode())
