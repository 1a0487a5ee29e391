"""The centre's own keys, one file each in keys/: answers, documents, sealing, and the key of the PIN's hashes.

A key is made once and never replaced silently: `make` leaves what is there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from central import private_files
from kiosk.catalog.model import SealingKey


@dataclass(frozen=True)
class DocumentKey:
    """Signs documents; its public half is published for whoever verifies them."""

    key_id: str
    private: Ed25519PrivateKey

    @property
    def public_raw(self) -> bytes:
        return self.private.public_key().public_bytes_raw()


@dataclass(frozen=True)
class Keys:
    """All keys of one centre, loaded. `sealing`: private raw X25519 keys by key id, the newest first."""

    answers: Ed25519PrivateKey
    document: DocumentKey
    sealing: dict[str, bytes]
    blinding: bytes

    @property
    def answer_key(self) -> str:
        """The public key of answers, base64, as the enrolment hands it over."""
        return base64.b64encode(self.answers.public_key().public_bytes_raw()).decode()

    def sealing_public(self) -> tuple[SealingKey, ...]:
        """What the catalogue publishes."""
        return tuple(
            SealingKey(
                key_id=key_id,
                public_key=base64.b64encode(X25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw()).decode(),
            )
            for key_id, raw in self.sealing.items()
        )

    def blind(self, purpose: str, *parts: str) -> str:
        """HMAC-SHA256 under a key outside the database, hex: what must be comparable and not readable.

        A six-digit PIN falls to any slow hash as well; the key kept apart from the database is what protects it.
        """
        message = b"".join(len(raw).to_bytes(2, "big") + raw for raw in (part.encode() for part in (purpose, *parts)))
        return hmac.new(self.blinding, message, hashlib.sha256).hexdigest()


def make(folder: Path, at: datetime) -> Keys:
    """Makes what is missing, and loads."""
    stamp = at.strftime("%Y%m%d")
    _make_if_none(folder, "answers*.key", "answers.key", Ed25519PrivateKey.generate().private_bytes_raw())
    _make_if_none(folder, "document-*.key", f"document-{stamp}.key", Ed25519PrivateKey.generate().private_bytes_raw())
    _make_if_none(folder, "sealing-*.key", f"sealing-{stamp}.key", X25519PrivateKey.generate().private_bytes_raw())
    _make_if_none(folder, "blinding*.key", "blinding.key", secrets.token_bytes(32))
    return load(folder)


def _make_if_none(folder: Path, like: str, name: str, raw: bytes) -> None:
    if not any(folder.glob(like)):
        private_files.write(folder / name, raw)


def load(folder: Path) -> Keys:
    """The keys of a folder; FileNotFoundError says what to do."""
    documents = sorted(folder.glob("document-*.key"), reverse=True)
    sealing = sorted(folder.glob("sealing-*.key"), reverse=True)
    if not documents or not sealing:
        raise FileNotFoundError(f"{folder} holds no keys: run `totem central init` first")
    return Keys(
        answers=Ed25519PrivateKey.from_private_bytes((folder / "answers.key").read_bytes()),
        document=DocumentKey(documents[0].stem, Ed25519PrivateKey.from_private_bytes(documents[0].read_bytes())),
        sealing={file.stem: file.read_bytes() for file in sealing},
        blinding=(folder / "blinding.key").read_bytes(),
    )
