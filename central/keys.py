"""The centre's own keys, one file each in keys/: answers, sealing, and the key of the PIN's hashes.

A key is made once and never replaced silently: `make` leaves what is there. Those of documents, which rotate, are in
`document_keys`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from central import document_keys, private_files
from kiosk.catalog.model import SealingKey

# Ed25519, X25519 and the HMAC key alike.
KEY_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """All keys of one centre, loaded. `answers`: those that sign answers, the newest first; `sealing`: private raw
    X25519 keys by key id, the newest first.
    """

    answers: tuple[Ed25519PrivateKey, ...]
    sealing: dict[str, bytes]
    blinding: bytes

    @property
    def answer_key(self) -> str:
        """The newest public key of answers, base64, as enrolments hand it over and heartbeats make it known."""
        return base64.b64encode(self.answers[0].public_key().public_bytes_raw()).decode()

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


def make(folder: Path, at: datetime, office: str = "Totem") -> Keys:
    """Makes what is missing, and loads. `office` is who signs documents, as readers of PDFs show it."""
    stamp = at.strftime("%Y%m%d")
    _make_if_none(folder, "answers*.key", "answers.key", Ed25519PrivateKey.generate().private_bytes_raw())
    document_keys.make(folder, at, office)
    _make_if_none(folder, "sealing-*.key", f"sealing-{stamp}.key", X25519PrivateKey.generate().private_bytes_raw())
    _make_if_none(folder, "blinding*.key", "blinding.key", secrets.token_bytes(32))
    return load(folder)


def rotate_sealing(folder: Path, at: datetime) -> str:
    """Makes a newer sealing key beside those that are there, which open what was sealed to them; its id. Kiosks seal to
    it once a catalogue was published that names it.
    """
    name = f"sealing-{at.strftime('%Y%m%d%H%M%S')}"
    private_files.write(folder / f"{name}.key", X25519PrivateKey.generate().private_bytes_raw())
    return name


def sealing_key(folder: Path, key_id: str) -> bytes | None:
    """A key that was made since this process began; None if there is none of that name."""
    file = folder / f"{key_id}.key"
    return _raw(file) if re.fullmatch(r"sealing-\d{8,14}", key_id) and file.is_file() else None


def retire_sealing(folder: Path, at: datetime, longest_offline: timedelta) -> list[str]:
    """Removes keys that nothing can be sealed to any more: the one that came after them is older than any kiosk is ever
    without a link. The ids of the removed.
    """
    return _retire(_sealing_files(folder), at, longest_offline)


def rotate_answers(folder: Path, at: datetime) -> str:
    """Makes a newer key of answers beside those that are there, which go on to sign as well; its name. A kiosk relies
    on the newest from its next heartbeat on.
    """
    name = f"answers-{at.strftime('%Y%m%d%H%M%S')}"
    private_files.write(folder / f"{name}.key", Ed25519PrivateKey.generate().private_bytes_raw())
    return name


def retire_answers(folder: Path, at: datetime, longest_offline: timedelta) -> list[str]:
    """Removes keys on which no kiosk relies any more, as `retire_sealing` does."""
    return _retire(_answer_files(folder), at, longest_offline)


def _retire(files: list[Path], at: datetime, longest_offline: timedelta) -> list[str]:
    """Of files, the newest first."""
    gone = [
        file for successor, file in itertools.pairwise(files)
        if at.timestamp() - successor.stat().st_mtime > longest_offline.total_seconds()
    ]
    for file in gone:
        file.unlink()
    return [file.stem for file in gone]


def _sealing_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("sealing-*.key"), key=lambda file: file.stem, reverse=True)


def _answer_files(folder: Path) -> list[Path]:
    """The first one has no date, and sorts before all that have."""
    return sorted(folder.glob("answers*.key"), key=lambda file: file.stem, reverse=True)


def _make_if_none(folder: Path, like: str, name: str, raw: bytes) -> None:
    if not any(folder.glob(like)):
        private_files.write(folder / name, raw)


def load(folder: Path) -> Keys:
    """The keys of a folder; FileNotFoundError and ValueError say what to do."""
    sealing = _sealing_files(folder)
    if not sealing:
        raise FileNotFoundError(f"{folder} holds no keys: run `totem central init` first")
    return Keys(
        answers=tuple(
            Ed25519PrivateKey.from_private_bytes(_raw(file))
            for file in _answer_files(folder) or [folder / "answers.key"]
        ),
        sealing={file.stem: _raw(file) for file in sealing},
        blinding=_raw(folder / "blinding.key"),
    )


def _raw(file: Path) -> bytes:
    if not file.is_file():
        raise FileNotFoundError(f"{file} is missing: put it back from a copy, for a new one opens nothing")
    raw = file.read_bytes()
    if len(raw) != KEY_BYTES:
        raise ValueError(f"{file} is not a key: put it back from a copy")
    return raw
