"""Publishing the catalogue as a TUF repository: what a kiosk runs is what these keys signed, and never an older one.

One Ed25519 key per role, consistent snapshots, one target. Everything is written beside and renamed, the timestamp
last: a client sees the old version or the new one, whole.
"""

from __future__ import annotations

import fcntl
import functools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from central import keys, private_files
from central.state import CentralState
from kiosk.catalog.crest import MOST_BYTES
from kiosk.catalog.model import Catalogue
from kiosk.catalog.read import from_json, from_yaml, to_json

TARGET = "catalogue.json"
ROLES = (Root.type, Targets.type, Snapshot.type, Timestamp.type)
# Root and targets are signed by people at a desk, snapshot and timestamp by the server as it runs.
LIFETIMES = {
    Root.type: timedelta(days=5 * 365),
    Targets.type: timedelta(days=365),
    Snapshot.type: timedelta(days=30),
    Timestamp.type: timedelta(days=7),
}


def initialise(state: CentralState, now: datetime) -> None:
    """Makes the four keys and 1.root.json; what exists stays. Targets come with the first catalogue."""
    state.tuf_metadata.mkdir(mode=0o700, parents=True, exist_ok=True)
    state.tuf_targets.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(state):
        for role in ROLES:
            file = state.keys / f"tuf-{role}.key"
            if not file.exists():
                private_files.write(file, Ed25519PrivateKey.generate().private_bytes_raw())
        if not (state.tuf_metadata / "1.root.json").exists():
            root = Root(expires=_until(Root.type, now), consistent_snapshot=True)
            for role in ROLES:
                root.add_key(_signer(state, role).public_key, role)
            _write(state, "1.root.json", Metadata(root), Root.type)


def files_of(folder: Path) -> Callable[[str], bytes]:
    """What gives the files that lie beside a catalogue; of one that is too large no more than shows that it is."""

    def read(name: str) -> bytes:
        with (folder / name).open("rb") as file:
            return file.read(MOST_BYTES + 1)

    return read


def publish(state: CentralState, yaml_text: str, now: datetime, folder: Path | None = None) -> Catalogue:
    """Signs and publishes the next version of the catalogue; CatalogueError of `kiosk.catalog.read` if it is wrong.

    `folder` is where the files lie that the catalogue names (the operator's emblem).
    Version, time, trust anchors and sealing keys are the centre's, never the author's.
    """
    with _locked(state):
        # a version is used once, whether its publication was finished or not
        version = max(_versions(state), default=0) + 1
        catalogue = from_yaml(
            yaml_text,
            version=version,
            published=now.isoformat(timespec="seconds"),
            trust_anchors=state.anchors_pem(),
            sealing_keys=keys.load(state.keys).sealing_public(),
            files=files_of(folder) if folder is not None else None,
        )
        body = to_json(catalogue)
        target = TargetFile.from_data(TARGET, body, ["sha256"])
        private_files.write(state.tuf_targets / f"{target.hashes['sha256']}.{TARGET}", body)
        private_files.write(state.catalogues / f"{version}.json", body)
        number = _next(state, Targets.type)
        targets = Targets(version=number, expires=_until(Targets.type, now), targets={TARGET: target})
        _write(state, f"{number}.targets.json", Metadata(targets), Targets.type)
        _sign_online(state, number, now)
    return catalogue


def renew(state: CentralState, now: datetime) -> bool:
    """Signs snapshot and timestamp anew when less than half of a lifetime is left; True if it did.

    Without it a quiet month would end with kiosks that cannot tell a current catalogue from a frozen one.
    """
    with _locked(state):
        if not (state.tuf_metadata / "timestamp.json").exists():
            return False
        timestamp = Metadata[Timestamp].from_file(str(state.tuf_metadata / "timestamp.json")).signed
        snapshot_file = f"{timestamp.snapshot_meta.version}.snapshot.json"
        snapshot = Metadata[Snapshot].from_file(str(state.tuf_metadata / snapshot_file)).signed
        if all(role.expires - now > LIFETIMES[role.type] / 2 for role in (timestamp, snapshot)):
            return False
        _sign_online(state, snapshot.meta["targets.json"].version, now)
        return True


def published(state: CentralState, version: int | None = None) -> Catalogue:
    """A catalogue that was published, the newest by default; KeyError if there is none of that version."""
    number = newest_version(state) if version is None else version
    file = state.catalogues / f"{number}.json"
    if not file.is_file():
        raise KeyError(number)
    return _read(file)


@functools.lru_cache(maxsize=16)
def _read(file: Path) -> Catalogue:
    """A published version never changes."""
    return from_json(file.read_bytes())


def newest_version(state: CentralState) -> int:
    """The version that kiosks should run, which the timestamp leads to; 0 before the first publication."""
    file = state.tuf_metadata / "timestamp.json"
    return _signed_version(state, file.read_bytes()) if file.is_file() else 0


@functools.lru_cache(maxsize=4)
def _signed_version(state: CentralState, timestamp: bytes) -> int:
    number = Metadata[Timestamp].from_bytes(timestamp).signed.snapshot_meta.version
    snapshot = Metadata[Snapshot].from_file(str(state.tuf_metadata / f"{number}.snapshot.json")).signed
    number = snapshot.meta["targets.json"].version
    targets = Metadata[Targets].from_file(str(state.tuf_metadata / f"{number}.targets.json")).signed
    digest = targets.targets[TARGET].hashes["sha256"]
    return _read(state.tuf_targets / f"{digest}.{TARGET}").version


def _sign_online(state: CentralState, targets_version: int, now: datetime) -> None:
    number = _next(state, Snapshot.type)
    snapshot = Snapshot(
        version=number,
        expires=_until(Snapshot.type, now),
        meta={"targets.json": MetaFile(version=targets_version)},
    )
    _write(state, f"{number}.snapshot.json", Metadata(snapshot), Snapshot.type)
    file = state.tuf_metadata / "timestamp.json"
    before = Metadata[Timestamp].from_file(str(file)).signed.version if file.exists() else 0
    timestamp = Timestamp(
        version=before + 1,
        expires=_until(Timestamp.type, now),
        snapshot_meta=MetaFile(version=number),
    )
    _write(state, "timestamp.json", Metadata(timestamp), Timestamp.type)


def _write(state: CentralState, name: str, metadata: Metadata, role: str) -> None:  # type: ignore[type-arg]
    metadata.sign(_signer(state, role))
    private_files.write(state.tuf_metadata / name, metadata.to_bytes())


def _signer(state: CentralState, role: str) -> CryptoSigner:
    return CryptoSigner(Ed25519PrivateKey.from_private_bytes((state.keys / f"tuf-{role}.key").read_bytes()))


def _until(role: str, now: datetime) -> datetime:
    return (now + LIFETIMES[role]).replace(microsecond=0)


def _next(state: CentralState, role: str) -> int:
    """One more than any version ever written, whether its publication was finished or not."""
    return max((_leading(file.name) for file in state.tuf_metadata.glob(f"*.{role}.json")), default=0) + 1


def _versions(state: CentralState) -> list[int]:
    return [_leading(file.name) for file in state.catalogues.glob("*.json")]


def _leading(name: str) -> int:
    found = re.match(r"(\d+)\.", name)
    return int(found[1]) if found else 0


@contextmanager
def _locked(state: CentralState) -> Iterator[None]:
    """One publisher at a time: the server renews while an administrator pushes."""
    with (state.path / "tuf" / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
