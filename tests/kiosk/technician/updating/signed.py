"""Who signs releases, in memory: keys, metadata and archives, good ones and bad ones."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from offline_cache.contract import hand_over

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TOP = (Root.type, Targets.type, Snapshot.type, Timestamp.type)


def archive(files: dict[str, bytes], *, modes: dict[str, int] | None = None) -> bytes:
    """As `totem release build` makes it."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(files[name]), (modes or {}).get(name, 0o644)
            tar.addfile(member, io.BytesIO(files[name]))
    return gzip.compress(raw.getvalue(), mtime=0)


class Signers:
    """A repository of one's own; `offer` writes it out as the sync process leaves it."""

    def __init__(self) -> None:
        self.keys = {role: CryptoSigner.generate_ed25519() for role in (*TOP, hand_over.ROLE, "vila-aurora")}
        self.root = Root(expires=NOW + timedelta(days=365), consistent_snapshot=True)
        for role in TOP:
            self.root.add_key(self.keys[role].public_key, role)
        self.roots = [self._signed(self.root, Root.type)]
        self.version = 0
        self.releases: dict[str, TargetFile] = {}
        self.misplaced: dict[str, TargetFile] = {}

    @property
    def pinned(self) -> bytes:
        return self.roots[0]

    def release(self, content: bytes, number: int, *, platform: str = "any", **said: object) -> str:
        """Lists an archive; `said` replaces what is signed beside it."""
        name = hand_over.target_name(number, platform)
        target = TargetFile.from_data(name, content, ["sha256"])
        custom = {
            "release": number, "version": "1.0.0", "min_release": 0, "lock": "", "schema": 4, "oldest_reader": 4,
        }  # fmt: skip
        target.unrecognized_fields["custom"] = custom | said
        self.releases[name] = target
        return name

    def rotate(self, role: str) -> None:
        """A new root with another key for a role."""
        before = self.keys[role]
        self.keys[role] = CryptoSigner.generate_ed25519()
        self.root.revoke_key(before.public_key.keyid, role)
        self.root.add_key(self.keys[role].public_key, role)
        self.root.version += 1
        self.roots.append(self._signed(self.root, Root.type))

    def metadata(self, *, version: int | None = None, expires: datetime = NOW + timedelta(days=7)) -> dict[str, bytes]:
        """All files of the next version, or of that one again."""
        self.version = self.version + 1 if version is None else version
        number = self.version
        roles = {
            name: DelegatedRole(name, [self.keys[name].public_key.keyid], 1, terminating=True, paths=[f"{path}.*"])
            for name, path in ((hand_over.ROLE, "totem"), ("vila-aurora", "vila-aurora"))
        }
        keys = {self.keys[name].public_key.keyid: self.keys[name].public_key for name in roles}
        top = Targets(
            version=number, expires=expires, targets=self.misplaced, delegations=Delegations(keys=keys, roles=roles)
        )
        own = Targets(version=number, expires=expires, targets=self.releases)
        meta = {f"{name}.json": MetaFile(version=number) for name in (Targets.type, hand_over.ROLE)}
        snapshot = Snapshot(version=number, expires=expires, meta=meta)
        timestamp = Timestamp(version=number, expires=expires, snapshot_meta=MetaFile(version=number))
        return {
            **{f"{at}.root.json": root for at, root in enumerate(self.roots, start=1)},
            "targets.json": self._signed(top, Targets.type),
            f"{hand_over.ROLE}.json": self._signed(own, hand_over.ROLE),
            "snapshot.json": self._signed(snapshot, Snapshot.type),
            "timestamp.json": self._signed(timestamp, Timestamp.type),
        }

    def _signed(self, role: Root | Targets | Snapshot | Timestamp, key: str) -> bytes:
        made = Metadata(role)
        made.sign(self.keys[key])
        return made.to_bytes()


def offer(place: Path, metadata: dict[str, bytes], content: bytes, target: str) -> None:
    """What the sync process leaves in its folder."""
    folder = place / hand_over.METADATA
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    for name, body in metadata.items():
        (folder / name).write_bytes(body)
    (place / hand_over.ARCHIVE).write_bytes(content)
    (place / hand_over.WISH).write_text(json.dumps({"release": 0, "target": target}))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
